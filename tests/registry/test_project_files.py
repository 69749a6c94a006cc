"""Files of projects, installations and enterprises: the same machinery as for facilities, and what is their own."""

import datetime as dt
import json
from decimal import Decimal
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from jasyl.intake import schema
from jasyl.people import ANYBODY, Actor
from jasyl.registry import (
    FILE_NAMES,
    Provenance,
    Statement,
    as_of,
    file_kind,
    history,
    import_records,
    installations,
    load_enterprises,
    load_facilities,
    load_programmes,
    load_projects,
    projects,
    record,
)
from jasyl.registry.files import export_records, formats_of
from jasyl.registry.project_listing import ProjectFilter
from jasyl.registry.tables import assertion, enterprise, facility, installation, project
from jasyl.storage import METADATA
from jasyl.texts import LANGUAGES

BIN = "990340005977"
FOLDER = SimpleNamespace(kind="real")
PROJECT = {
    "key": "extension-1",
    "name": "Расширение",
    "kind": "extension",
    "technology": "WA.WWT",
    "status": "financed",
    "facility": "plant",
    "bin": BIN,
    "enterprise": "ТОО «Су»",
    "partners": "Банк развития; ТОО «Насос, труба»",
    "since_planned": "2021",
    "since_financed": "2022-09-26",
    "expected": "2026",
    "capacity": "50000",
    "capacity_unit": "m3/d",
    "investment": "3300000000.5",
    "investment_currency": "kzt",
    "price_year": "2022",
    "financing": "development_bank; грант",
    "region": "KZ-79",
    "lon": "69.6",
    "lat": "42.3",
}
UNIT = {"facility": "plant", "unit_no": "1", "status": "operating", "capacity": "6.25", "capacity_unit": "MW"}


def _csv(*rows):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    return "\n".join([",".join(columns), *lines]).encode()


@pytest.fixture
def take(database, agency):
    """Imports rows; a facility ``plant`` stands already."""
    told = {"name_ru": "Станция", "technology": "WA.WWT", "status": "operating", "region": "KZ-79"}
    METADATA.create_all(database.engine)
    with database.writing() as connection:
        record(connection, "facility", [Statement("plant", told, Provenance("a list", "tester"))])

    def take(what, *rows, actor=agency, **more):
        content = rows[0] if isinstance(rows[0], bytes) else _csv(*rows)
        with database.writing() as connection:
            return import_records(connection, what, content, more.pop("name", "f.csv"), actor, **more)

    return take


def _stand(database, table):
    with database.reading() as connection:
        return {row["key"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}


def _codes(report):
    return [problem.code for problem in report.problems]


def test_a_project_goes_in_with_everything_it_says(database, take):
    report = take("projects", PROJECT)
    assert _codes(report) == []
    row = _stand(database, project)["extension-1"]
    names = {one["id"]: one["name_ru"] for one in _stand(database, enterprise).values()}
    assert names[row["enterprise_id"]] == "ТОО «Су»"
    assert [names[one] for one in row["partner_ids"].split()] == ["Банк развития", "ТОО «Насос, труба»"]
    assert row["facility_id"] == _stand(database, facility)["plant"]["id"]
    assert (row["family"], row["capacity_w"], row["since_financed"]) == ("water", None, "2022-09-26")
    assert (row["investment"], row["investment_currency"], row["price_year"]) == (Decimal("3300000000.5"), "KZT", 2022)
    assert row["financing"] == "development_bank grant"


WRONG = {
    "unknown-facility": {"facility": "nowhere"},
    "unknown-programme": {"programme": "none"},
    "unknown-support": {"support": "none"},
    "unknown-currency": {"investment_currency": "TNG"},
    "amount-without-currency": {"investment_currency": ""},
    "stages-disorder": {"since_planned": "2023"},
    "stage-ahead": {"since_construction": "2022-10"},
    "not-choice": {"financing": "grant; thin air"},
    "bin-check": {"partners": "990340005970"},
    "below-minimum": {"investment": "-1"},
    "above-maximum": {"price_year": "20222"},
    "in-future": {"since_idea": "2199"},
    "district-elsewhere": {"district": "113200000"},
    "unknown-district": {"district": "990000000"},
    "half-a-place": {"lon": ""},
    "key-form": {"key": "Ключ"},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_with_a_project_is_told_and_nothing_goes_in(database, take, code):
    report = take("projects", {**PROJECT, "key": "good"}, {**PROJECT, **WRONG[code]})
    assert _codes(report) == [code]
    assert (report.problems[0].where.row, report.applied, _stand(database, project)) == (3, False, {})
    for language in LANGUAGES:
        assert "refusal-" not in report.problems[0].text(language)


def test_a_stopped_project_may_have_come_any_way(take):
    ends = {"status": "cancelled", "since_construction": "2023", "since_cancelled": "2024"}
    assert _codes(take("projects", {**PROJECT, **ends})) == []


def test_a_project_keeps_the_history_of_its_fields(database, take):
    take("projects", PROJECT)
    between = dt.datetime.now(dt.UTC)
    report = take("projects", {**PROJECT, "status": "under_construction", "since_construction": "2023"})
    assert set(report.recorded.changed["extension-1"]) == {"status", "since_construction"}
    row = _stand(database, project)["extension-1"]
    with database.reading() as connection:
        said = history(connection, "project", row["id"])
        then = next(as_of(connection, "project", between))
    assert [one["value"] for one in said if one["field"] == "status"] == ["financed", "under_construction"]
    assert (then["status"], row["status"]) == ("financed", "under_construction")


def test_units_of_a_facility_take_its_technology_and_keep_their_numbers_apart(database, take):
    many = {**UNIT, "unit_no": "10", "unit_count": "16", "maker": "Envision", "model": "EN-171", "technology": "RP.WON"}
    report = take("installations", UNIT, many, {**UNIT, "unit_no": "9", "decommissioned": "2020", "status": "closed"})
    assert _codes(report) == []
    with database.reading() as connection:
        rows = installations(connection, _stand(database, facility)["plant"]["id"])
    assert [row["unit_no"] for row in rows] == ["1", "9", "10"]
    assert [row["technology"] for row in rows] == ["WA.WWT", "WA.WWT", "RP.WON"]
    assert (rows[2]["unit_count"], rows[2]["capacity_w"], rows[2]["maker"]) == (16, 6_250_000, "Envision")
    assert len(take("installations", UNIT).recorded.same) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"facility": "nowhere"}, "unknown-facility"),
        ({"facility": ""}, "cell-required"),
        ({"commissioned": "2020", "decommissioned": "2019-05"}, "stages-disorder"),
        ({"unit_count": "0"}, "below-minimum"),
        ({"lon": "70"}, "half-a-place"),
        ({"key": "Ключ"}, "key-form"),
    ],
)
def test_what_is_wrong_with_a_unit_is_told(database, take, changed, code):
    assert _codes(take("installations", {**UNIT, **changed})) == [code]
    assert _stand(database, installation) == {}


def test_a_bin_says_which_enterprise_is_meant(database, take):
    assert _codes(take("enterprises", {"key": "su", "name": "ТОО «Су»", "bin": BIN, "kind": "company"})) == []
    take("enterprises", {"name": "Су (новое имя)", "bin": "99 0340 005977", "size": "small"})
    (row,) = _stand(database, enterprise).values()
    assert (row["key"], row["name_ru"], row["kind"], row["size"]) == ("su", "Су (новое имя)", "company", "small")
    assert _codes(take("enterprises", {"key": "other", "name": "X", "bin": BIN})) == ["bin-taken"]
    assert _codes(take("enterprises", {"key": "su", "name": "X", "bin": "000140000019"})) in (
        ["bin-other"],
        ["bin-check"],
    )
    assert _codes(take("enterprises", {"name": "X", "bin": "990340005970"})) == ["bin-check"]
    assert _codes(take("enterprises", {"name": "X", "bin": BIN}, {"name": "Y", "bin": BIN})) == ["value-twice"]
    assert _codes(take("enterprises", {"key": "Ключ", "name": "X"})) == ["key-form"]


def test_a_name_finds_the_enterprise_that_has_it(database, take):
    take("enterprises", {"key": "su", "name": "ТОО «Су»"})
    take("enterprises", {"name": "ТОО «Су»", "sector": "E36"})
    assert [(row["key"], row["sector"]) for row in _stand(database, enterprise).values()] == [("su", "E36")]


def test_two_rows_that_come_to_mean_one_record_are_told(database, take):
    rows = [{key: value for key, value in PROJECT.items() if key != "key"}] * 2
    assert _codes(take("projects", rows[0], {**rows[0], "status": "commissioned"})) == ["value-twice"]
    assert _codes(take("projects", *rows)) == []


def test_an_enterprise_writes_what_is_its_own(database, take):
    take("enterprises", {"key": "su", "name": "ТОО «Су»", "bin": BIN})
    own = _stand(database, enterprise)["su"]["id"]
    engineer = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=own)
    assert _codes(take("projects", PROJECT, actor=engineer)) == []
    assert _codes(take("projects", {**PROJECT, "key": "b", "bin": ""}, actor=engineer)) == ["not-allowed"]
    assert _codes(take("enterprises", {"key": "su", "name": "Су", "size": "large"}, actor=engineer)) == []
    assert _codes(take("enterprises", {"key": "new", "name": "Новое"}, actor=engineer)) == ["not-allowed"]
    assert _codes(take("installations", UNIT, actor=engineer)) == ["not-allowed"]
    with database.writing() as connection:
        record(connection, "facility", [Statement("plant", {"enterprise_id": own}, Provenance("x", "y"))])
    assert _codes(take("installations", UNIT, actor=engineer)) == []
    assert _codes(take("installations", UNIT, actor=ANYBODY)) == ["not-allowed"]


FILLED = {
    "facilities": {"key": "f-1", "name": "Ф", "technology": "RP.PV", "status": "planned", "district": "791510000"},
    "projects": PROJECT,
    "installations": {**UNIT, "key": "u-1", "lon": "69.6", "lat": "42.3", "serial": "A-7", "note": "x"},
    "enterprises": {"key": "su", "name": "ТОО «Су»", "bin": BIN, "kind": "company", "size": "small", "sector": "E36"},
    "measures": {"key": "m-1", "name": "М", "strategy": "Ж", "owner": "А", "status": "under_way", "start": "2025",
                 "due": "2027-06", "progress": "40.5", "themes": "climate; u4ssc", "effect": "-3", "effect_unit": "t/a",
                 "investment": "10", "investment_currency": "KZT", "financing": "grant", "region": "KZ-79"},
}  # fmt: skip


@pytest.mark.parametrize("what", FILE_NAMES)
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_what_is_taken_away_comes_back_unchanged(database, take, agency, what, form):
    if form not in formats_of(what):
        form = "csv"
    assert _codes(take(what, FILLED[what])) == []
    with database.reading() as connection:
        said = connection.execute(sa.select(sa.func.count()).select_from(assertion)).scalar_one()
        content = export_records(connection, FOLDER, what, form, "kk", agency)
    report = take(what, content, name=f"f.{form}")
    assert (_codes(report), report.recorded.new, report.recorded.changed) == ([], [], {})
    assert FILLED[what]["key"] in report.recorded.same
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(assertion)).scalar_one() == said


@pytest.mark.parametrize("what", FILE_NAMES)
def test_an_export_holds_what_may_be_seen_and_what_was_said_then(database, take, agency, what):
    before = dt.datetime.now(dt.UTC)
    take(what, {**FILLED[what], "level": "closed"})

    def exported(actor, moment=None):
        with database.reading() as connection:
            read = json.loads(export_records(connection, FOLDER, what, "json", "en", actor, moment=moment))
        return {row["key"] for row in read["rows"]}

    key = FILLED[what]["key"]
    assert key in exported(agency)
    assert key not in exported(ANYBODY)
    assert key not in exported(agency, before)
    assert key in exported(agency, dt.datetime.now(dt.UTC))


@pytest.mark.parametrize("what", FILE_NAMES)
def test_a_template_has_a_schema_with_headings_in_three_languages(what):
    made = schema(file_kind(what).template())
    assert made["title"] == what
    assert all(set(one["x-header"]) == set(LANGUAGES) for one in made["properties"].values())
    assert set(made["required"]) < set(made["properties"])


def test_the_starter_has_projects_whose_amounts_are_investments(database):
    with database.writing() as connection:
        load_enterprises(connection)
        load_facilities(connection)
        load_projects(connection)
        load_programmes(connection)
        rows = projects(connection, ProjectFilter())
    assert len(rows) == 50
    assert all(row["facility_key"] and row["confidence"] for row in rows)
    told = {row["key"]: row for row in rows}
    loan = told["aktobe-wastewater"]
    assert loan["investment"] is None
    assert "47400000000 KZT" in loan["note"]
    assert (told["mirny-wpp"]["investment"], told["mirny-wpp"]["investment_currency"]) == (
        Decimal(1_200_000_000),
        "USD",
    )
    assert all((row["investment"] is None) == (row["investment_currency"] is None) for row in rows)
