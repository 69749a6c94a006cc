"""Evaluations for programs: each format read back by another reader, by the rules of its standard."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from jasyl.indicators import (
    GROUP_COLUMNS,
    POINT_COLUMNS,
    Answer,
    Catalogue,
    CityYear,
    DataPoint,
    Indicator,
    Part,
    Words,
    catalogue,
    catalogue_turtle,
    disaggregate,
    evaluate,
    evaluation_csv,
    evaluation_data,
    evaluation_turtle,
    house_benchmarks,
    ngsi_entities,
    sdmx_csv,
    sdmx_structure,
)
from jasyl.indicators.sdmx import ATTRIBUTES, DIMENSIONS, OBS_STATUS, sdmx_id
from jasyl.texts import LANGUAGES, Refusal

D = Decimal
U4SSC = catalogue("u4ssc")
NAME = Words(kk="Астана", ru="Астана", en="Astana")


def city(year: int = 2024) -> CityYear:
    answers = [
        Answer("EC.I.ES.3C", D(2), D(3), origin="utility", quality="measured"),
        Answer("EN.EN.AQ.1C.pm25", value=D("17.5"), origin="system", quality="measured"),
        Answer("EC.I.T.2A", value=D(80), quality="survey_extrapolated"),
        Answer("SC.SH.SA.3A", value=D(1), quality="personal_estimate"),
        Answer("EC.ICT.PS.2A", value=D(64), status="not_verified"),
        Answer("EC.P.IN.2C", status="not_applicable"),
        Answer("SC.SH.SI.3C", D(30), D(300)),
    ]
    poor = [
        Part.of({}, numerator=D(30), denominator=D(300)),
        Part.of({"sex": "female", "district": "Есіл; Нұра"}, numerator=D(29), denominator=D(150)),
        Part.of({"sex": "male", "district": "Есіл; Нұра"}, numerator=D(1), denominator=D(150)),
    ]
    shown = {"SC.SH.SI.3C": disaggregate(U4SSC.point("SC.SH.SI.3C"), poor)}
    return CityYear("KZ-71", year, evaluate(U4SSC, answers, house_benchmarks()), NAME, shown)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_csv_of_data_points() -> None:
    rows = read(evaluation_csv(U4SSC, [city(2023), city(2024)], "kk"))
    assert len(rows) == 2 * (112 + 2)
    assert tuple(rows[0]) == POINT_COLUMNS
    found = {(row["year"], row["point"], row["breakdown"]): row for row in rows}
    access = found["2024", "EC.I.ES.3C", ""]
    assert (access["value"], access["share"], access["points"], access["band"]) == (
        "66.6666666667",
        "0.666666666667",
        "3",
        "66-95",
    )
    assert access["benchmark_label"] == "house proposal"
    assert access["name"] == U4SSC.indicator("EC.I.ES.3C").name["kk"]
    closed = found["2024", "SC.SH.SI.3C", "sex=male;district=Есіл; Нұра"]
    assert (closed["value"], closed["numerator"], closed["reason"]) == ("", "", "suppressed")
    assert found["2024", "EC.P.IN.2C", ""]["reason"] == "not_applicable"
    for language in LANGUAGES:
        head = evaluation_csv(U4SSC, [city()], language, keys=False).decode().splitlines()[0]
        assert ("Value" in head) == (language == "en")


def test_csv_of_groups() -> None:
    rows = read(evaluation_csv(U4SSC, [city()], "en", groups=True))
    assert tuple(rows[0]) == GROUP_COLUMNS
    economy = next(row for row in rows if row["group"] == "economy")
    assert (economy["points"], economy["scored"], economy["of"], economy["share"]) == ("6", "2", "55", "0.75")


def test_json_says_what_was_chosen() -> None:
    for language in LANGUAGES:
        made = json.loads(json.dumps(evaluation_data(U4SSC, city(), language)))
        assert made["rules"]["edges"] == ["0.33", "0.66", "0.95"]
        assert made["benchmark_version"] == "house-2026.3"
        asked = {row["point"]: row["breakdowns_missing"] for row in made["points"] if not row["breakdown"]}
        assert asked["EC.P.EM.1C"] == ["sex", "age", "disability"]
        assert not asked["EC.I.ES.3C"]
        assert len(made["points"]) == 114
        assert made["points"][0]["reason_name"]
        assert {row["level"] for row in made["groups"]} == {"dimension", "subdimension", "category"}


# SDMX


def test_sdmx_csv_2_0_keeps_the_rules_of_its_field_guide() -> None:
    """Columns in fixed order first; one row per key; identifiers and codes as the standard allows."""
    content = sdmx_csv(U4SSC, [city(2023), city(2024)])
    assert len(content.decode().splitlines()) == 1 + 228  # no line breaks inside cells
    rows = read(content)
    head = list(rows[0])
    assert head[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert head[3:] == [*DIMENSIONS, "OBS_VALUE", *ATTRIBUTES]
    allowed = re.compile(r"[A-Za-z0-9_@$\-]+")
    for row in rows:
        assert (row["STRUCTURE"], row["STRUCTURE_ID"], row["ACTION"]) == ("dataflow", "JASYL:U4SSC(1.0)", "R")
        assert all(allowed.fullmatch(row[dimension]) for dimension in DIMENSIONS)
        assert row["OBS_STATUS"] in OBS_STATUS
        assert (row["OBS_VALUE"] == "") == (row["OBS_STATUS"] in "MOQ")
        assert row["OBS_VALUE"] == "" or D(row["OBS_VALUE"]).is_finite()
    keys = [tuple(row[dimension] for dimension in DIMENSIONS) for row in rows]
    assert len(set(keys)) == len(keys)


def test_sdmx_observation_status_tells_the_kind_of_value() -> None:
    rows = read(sdmx_csv(U4SSC, [city()]))
    found = {(row["DATA_POINT"], row["SEX"]): row for row in rows}
    status = {key: row["OBS_STATUS"] for key, row in found.items()}
    assert status["EC_I_ES_3C", "_T"] == "A"
    assert status["EC_I_T_2A", "_T"] == "E"
    assert status["SC_SH_SA_3A", "_T"] == "U"
    assert status["EC_ICT_PS_2A", "_T"] == "V"
    assert status["EC_P_IN_2C", "_T"] == "M"
    assert status["EC_P_EM_1C", "_T"] == "O"
    assert status["SC_SH_SI_3C", "male"] == "Q"
    assert found["EN_EN_AQ_1C_pm25", "_T"]["UNIT_MEASURE"] == "ug_m3"
    assert found["SC_SH_SI_3C", "male"]["DISTRICT"] == sdmx_id("Есіл; Нұра") != sdmx_id("Сары; Арқа")
    assert sdmx_id("Есіл").isascii()


def test_sdmx_csv_1_0_names_the_flow_in_its_first_column() -> None:
    rows = read(sdmx_csv(U4SSC, [city()], "1.0"))
    assert list(rows[0])[:2] == ["DATAFLOW", "FREQ"]
    assert {row["DATAFLOW"] for row in rows} == {"JASYL:U4SSC(1.0)"}


def test_sdmx_refuses_identifiers_that_would_fall_together() -> None:
    def one(key: str) -> Indicator:
        return Indicator(key, key, Words(en=key), points=(DataPoint(key, key, Words(en=key), "higher", "number"),))

    own = Catalogue("own", "1", Words(en="-"), (one("a.b"), one("a_b")))
    with pytest.raises(Refusal) as refused:
        sdmx_csv(own, [])
    assert refused.value.code == "indicator-sdmx-twice"


# NGSI-LD

_MODEL = {
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "id": {"type": "string", "pattern": "^urn:ngsi-ld:KeyPerformanceIndicator:[A-Za-z0-9.:-]+$"},
        "type": {"const": "KeyPerformanceIndicator"},
        "category": {"type": "array", "minItems": 1, "items": {"enum": ["quantitative", "qualitative"]}},
        "calculationFrequency": {"enum": ["yearly"]},
        "calculationMethod": {"enum": ["manual", "automatic", "semiautomatic"]},
        "calculationPeriod": {
            "type": "object",
            "properties": {"from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"}},
        },
        "currentStanding": {"enum": ["veryGood", "good", "fair", "bad", "veryBad"]},
        "kpiValue": {"type": ["number", "boolean"]},
        **{key: {"type": "string", "minLength": 1} for key in ("name", "description", "organization", "process")},
        **{key: {"type": "string", "minLength": 1} for key in ("calculationFormula", "area", "source")},
        "businessTarget": {"type": "string"},
        "@context": {"type": "array"},
    },
    "additionalProperties": False,
}
"""What the Smart Data Model KeyPerformanceIndicator 0.2.1 says of the attributes used, in the key-values form."""


def test_ngsi_ld_entities_follow_the_data_model() -> None:
    entities = ngsi_entities(U4SSC, [city()], "ru")
    assert len({entity["id"] for entity in entities}) == 112
    for entity in entities:
        normalised = {key: cell for key, cell in entity.items() if key not in ("id", "type", "@context")}
        assert all(cell["type"] == "Property" for cell in normalised.values())
        flat = {**entity, **{key: cell["value"] for key, cell in normalised.items()}}
        jsonschema.Draft202012Validator(_MODEL, format_checker=jsonschema.FormatChecker()).validate(flat)
    found: dict[str, Any] = {entity["id"]: entity for entity in entities}
    access = found["urn:ngsi-ld:KeyPerformanceIndicator:KZ-71:u4ssc:EC.I.ES.3C:2024"]
    assert access["kpiValue"]["value"] == pytest.approx(200 / 3)
    assert (access["kpiValue"]["unitCode"], access["currentStanding"]["value"]) == ("P1", "good")
    plans = found["urn:ngsi-ld:KeyPerformanceIndicator:KZ-71:u4ssc:SC.SH.SA.3A:2024"]
    assert plans["kpiValue"]["value"] is True
    air = found["urn:ngsi-ld:KeyPerformanceIndicator:KZ-71:u4ssc:EN.EN.AQ.1C.pm25:2024"]
    assert air["calculationMethod"]["value"] == "automatic"
    unknown = found["urn:ngsi-ld:KeyPerformanceIndicator:KZ-71:u4ssc:EC.P.EM.1C:2024"]
    assert "kpiValue" not in unknown
    assert "currentStanding" not in unknown


# RDF

_TOKEN = re.compile(
    r"\s*(?:(?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)"
    r"|(?P<text>\"(?:[^\"\\\n\r]|\\[tnr\"\\])*\")(?:@(?P<lang>[a-z]{2,3})|\^\^(?P<kind>[a-z]+:[A-Za-z]+))?"
    r"|(?P<prefix>@prefix)|(?P<number>\d+)(?=\s)|(?P<name>[a-z][a-z\-]*:[A-Za-z_]*)|(?P<is>a)(?=\s)|(?P<mark>[.;,]))"
)


def triples(content: bytes) -> Iterator[tuple[str, str, str]]:
    """A reader of the part of Turtle that is written, after the grammar of the W3C; anything else fails."""
    text, at, known = content.decode(), 0, dict[str, str]()
    tokens = list[re.Match[str]]()
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        assert token, text[at : at + 80]
        tokens.append(token)
        at = token.end()
    statement = list[re.Match[str]]()
    for token in tokens:
        if token["mark"] != ".":
            statement.append(token)
            continue
        if statement[0]["prefix"]:
            known[statement[1]["name"]] = statement[2]["iri"][1:-1]
        else:
            yield from _of_statement(statement, known)
        statement = []
    assert not statement


def _of_statement(statement: list[re.Match[str]], known: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    def full(token: re.Match[str]) -> str:
        if token["name"]:
            prefix, _, local = token["name"].partition(":")
            return f"<{known[prefix + ':']}{local}>"
        if token["kind"]:
            assert known[token["kind"].partition(":")[0] + ":"]
        return token[0].strip()

    subject, rest = full(statement[0]), statement[1:]
    while rest:
        verb, thing = rest[0], rest[1]
        assert verb["is"] or verb["name"]
        assert not thing["mark"]
        yield subject, "a" if verb["is"] else full(verb), full(thing)
        assert len(rest) == 2 or rest[2]["mark"] == ";"
        rest = rest[3:]


def test_turtle_of_an_evaluation_reads_back() -> None:
    found = set(triples(evaluation_turtle(U4SSC, [city()])))
    verbs = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
    access = "<urn:x-jasyl:observation:KZ-71:2024:EC.I.ES.3C>"
    value = next(thing for subject, verb, thing in found if (subject, verb) == (access, f"<{verbs}>"))
    assert re.fullmatch(r'"66\.66666+7"\^\^xsd:decimal', value)
    observations = {s for s, verb, thing in found if verb == "a" and thing.endswith("cube#Observation>")}
    assert len(observations) == 114
    concepts = {s for s, verb, thing in found if verb == "a" and thing.endswith("core#Concept>")}
    assert len(concepts) == 91 + 112 + len(U4SSC.groups)
    indicator = "<urn:x-jasyl:indicator:u4ssc:EC.I.ES.3C>"
    assert (indicator, "<http://purl.org/dc/terms/relation>", "<http://metadata.un.org/sdg/7.1>") in found
    names = {thing for s, verb, thing in found if s == indicator and verb.endswith("prefLabel>")}
    assert {name[-3:] for name in names} == {"@kk", "@ru", "@en"}
    assert (access, "<urn:x-jasyl:scorePoints>", "3") in found


@pytest.mark.parametrize("name", ["u4ssc", "sdg11", "circular"])
def test_turtle_of_every_catalogue_is_well_formed(name: str) -> None:
    assert len(list(triples(catalogue_turtle(catalogue(name))))) > 100


def test_turtle_escapes_what_texts_hold() -> None:
    odd = 'He said "no" \\ and\n\tleft'
    one = U4SSC.indicators[0]
    own = Catalogue("own", "1", Words(en=odd), (replace(one, name=Words(en=odd)),))
    labels = [thing for _, verb, thing in triples(catalogue_turtle(own)) if verb.endswith("prefLabel>")]
    assert '"He said \\"no\\" \\\\ and\\n\\tleft"@en' in labels


def test_the_sdmx_structure_holds_together_and_covers_the_files() -> None:
    root = ElementTree.fromstring(sdmx_structure(U4SSC))  # our own document
    named = {element.get("urn"): element for element in root.iter() if element.get("urn")}
    assert len(named) == sum(1 for element in root.iter() if element.get("urn"))
    refers = ("ConceptIdentity", "Enumeration", "Structure")
    references = [
        one.text for one in root.iter() if one.tag.partition("}")[2] in refers and one.text and one.text.strip()
    ]
    assert len(references) > 20
    assert set(references) <= set(named)
    kinds = ("Dimension", "TimeDimension", "Attribute", "Measure")
    components = [one.get("id") for one in root.iter() if one.tag.partition("}")[2] in kinds]
    rows = read(sdmx_csv(U4SSC, [city()]))
    assert sorted(str(one) for one in components) == sorted(list(rows[0])[3:])
    codes = {urn.partition("Code=JASYL:")[2] for urn in named if urn and "codelist.Code=" in urn}
    for row in rows:
        for column, codelist in (
            ("DATA_POINT", "CL_DATA_POINT"),
            ("UNIT_MEASURE", "CL_UNIT_MEASURE"),
            ("FREQ", "CL_FREQ"),
        ):
            assert f"{codelist}(1.0).{row[column]}" in codes
        assert f"CL_OBS_STATUS(1.0).{row['OBS_STATUS']}" in codes
    assert f"{rows[0]['STRUCTURE_ID']}" == "JASYL:U4SSC(1.0)"
    assert "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=JASYL:U4SSC(1.0)" in named
