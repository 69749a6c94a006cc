"""Whatever comes, the answer is a clear refusal in the asked language and the service goes on."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.portal.sensorthings.conftest import AT, KWH, a_thing

from jasyl.portal.sensorthings.expression import parse
from jasyl.portal.sensorthings.fault import Fault
from jasyl.portal.sensorthings.model import SETS
from jasyl.portal.sensorthings.query_options import read_options
from jasyl.portal.sensorthings.resource_path import read_path

BOMB = " or ".join(["result gt 1"] * 560)
QUERIES = [
    ("$filter=", "sta-filter"),
    ("$filter=result gt", "sta-filter"),
    ("$filter=(((", "sta-filter"),
    ("$filter=" + "(" * 3000, "sta-filter"),
    ("$filter=" + "not " * 200 + "true", "sta-filter-deep"),
    ("$filter=" + BOMB, "sta-filter-long"),
    ("$filter=fly(result)", "sta-function"),
    ("$filter=round() eq 1", "sta-arguments"),
    ("$filter=colour eq 1", "sta-property"),
    ("$filter=result eq 'a'", "sta-type"),
    ("$filter=phenomenonTime gt 5", "sta-type"),
    ("$filter=phenomenonTime gt 2026-13-01T00:00:00Z", "sta-time"),
    ("$filter=result gt 1 add 'a'", "sta-type"),
    ("$filter=result", "sta-type"),
    ("$filter=resultTime gt 2026-01-01T00:00:00Z", "sta-filter-unsupported"),
    ("$filter=Datastream/Observations/result gt 1", "sta-filter-unsupported"),
    ("$orderby=parameters", "sta-order-unsupported"),
    ("$top=-1", "sta-option-value"),
    ("$top=1.5", "sta-option-value"),
    ("$top=x", "sta-option-value"),
    ("$top=99999999999999999999999", "sta-option-value"),
    ("$skip=99999999999", "sta-option-value"),
    ("$top=²", "sta-option-value"),
    ("$count=maybe", "sta-option-value"),
    ("$format=xml", "sta-option"),
    ("$top=1&$top=2", "sta-option-twice"),
    ("$expand=Nothing", "sta-link"),
    ("$expand=Datastream($top=1", "sta-brackets"),
    ("$expand=Datastream($fly=1)", "sta-option"),
    ("$expand=Datastream/Thing/Datastreams/Thing/Datastreams", "sta-expand-deep"),
    ("$skiptoken=abc", "sta-token"),
    ("$skiptoken=WzFd", "sta-token"),
    ("$skiptoken=WyJhIiwiYiJd", "sta-token"),
    ("$skiptoken=WzFlOTksMWU5OV0", "sta-token"),
    ("$resultFormat=csv", "sta-option-value"),
    ("$filter=geo.distance(FeatureOfInterest/feature, geography'POINT(') lt 1", "sta-shape"),
    ("$filter=" + "a" * 20_000, "sta-query-long"),
]


@pytest.mark.parametrize(("query", "code"), QUERIES)
def test_a_query_that_is_none(service, query, code):
    for language in ("kk", "ru", "en"):
        answered = service.ask("GET", f"/Observations?{query}", account=None, **{"accept-language": language})
        said = answered.json()
        assert answered.status_code in {400, 501} and said["refused"][0]["code"] == code
        assert said["code"] == answered.status_code and len(said["message"]) > 20
    assert len(service.get("/Observations?$top=2")["value"]) == 2


OBSERVATIONS = [
    ({"result": None}, "sta-mandatory"),
    ({}, "sta-mandatory"),
    ({"result": "NaN"}, "sta-value"),
    ({"result": "cold"}, "sta-value"),
    ({"result": [1]}, "sta-value"),
    ({"result": {"a": 1}}, "sta-value"),
    ({"result": True}, "sta-value"),
    ({"result": 1e300}, "sta-value"),
    ({"result": 1e20}, "reading-too-large"),
    ({"result": 1, "phenomenonTime": "tomorrow"}, "sta-time"),
    ({"result": 1, "phenomenonTime": "2096-01-01T00:00:00Z"}, "reading-future"),
    ({"result": 1, "phenomenonTime": "2026-01-05T05:07:00Z"}, "reading-off-grid"),
    ({"result": 1, "phenomenonTime": "2026-01-05T05:00:00Z/2026-01-05T06:00:00Z"}, "sta-interval"),
    ({"result": 1, "phenomenonTime": "2026-01-05T05:15:00Z/2026-01-05T05:00:00Z"}, "sta-interval"),
    ({"result": 1, "phenomenonTime": {"start": 1}}, "sta-time"),
    ({"result": 1, "validTime": "2026-01-05T05:00:00Z"}, "sta-observation-extra"),
    ({"result": 1, "resultQuality": {"a": 1}}, "sta-observation-extra"),
    ({"result": 1, "parameters": {"a": 1}}, "sta-observation-extra"),
    ({"result": 1, "parameters": {"revision": -1}}, "sta-value"),
    ({"result": 1, "resultTime": "x"}, "sta-time"),
    ([1], "sta-body"),
    (5, "sta-body"),
]


@pytest.mark.parametrize(("document", "code"), OBSERVATIONS)
def test_an_observation_that_is_none(service, document, code):
    path = f"/Datastreams('{service.register.ids['solar-energy']}')/Observations"
    assert service.post(path, document, status=400)["refused"][0]["code"] == code


def _changed(**changes):
    made = a_thing()
    made["Datastreams"][0].update(changes)
    return made


THINGS = [
    (b"{", "sta-body"),
    (b"[" * 100_000, "sta-body"),
    (b"\xff", "sta-body"),
    (b'{"name": NaN}', "sta-body"),
    ([], "sta-body"),
    ({"name": "x"}, "sta-mandatory"),
    ({"name": 5, "description": "d"}, "sta-value"),
    ({"name": "x" * 300, "description": "d"}, "sta-value"),
    ({"name": "a\x00b", "description": "d"}, "sta-value"),
    ({"name": "x", "description": "d", "properties": 5}, "sta-value"),
    ({"name": "x", "description": "d", "properties": {"technology": "magic"}}, "unknown-technology"),
    ({"name": "x", "description": "d", "properties": {"level": "secret"}}, "sta-value"),
    ({"name": "x", "description": "d", "Datastreams": 5}, "sta-body"),
    (
        {
            "name": "x",
            "description": "d",
            "Locations": [
                {
                    "name": "l",
                    "description": "d",
                    "encodingType": "application/geo+json",
                    "location": {"type": "Point", "coordinates": [500, 0]},
                }
            ],
        },
        "sta-value",
    ),
    (
        {
            "name": "x",
            "description": "d",
            "Locations": [
                {"name": "l", "description": "d", "encodingType": "application/geo+json", "location": {"type": "Blob"}}
            ],
        },
        "sta-shape",
    ),
    (_changed(unitOfMeasurement="kWh"), "sta-value"),
    (_changed(unitOfMeasurement={**KWH, "symbol": "x", "name": "x", "definition": "x"}), "unknown-unit"),
    (_changed(observationType="OM_Truth"), "sta-observation-type"),
    (_changed(properties={"interval_seconds": 7}), "series-interval"),
    (_changed(properties={"interval_seconds": 10**30}), "sta-value"),
    (_changed(properties={"kind": "guess"}), "sta-value"),
    (_changed(properties={"scale": "many"}), "sta-value"),
    (_changed(Sensor=None), "sta-body"),
    (_changed(Sensor={"@iot.id": "none"}), "sta-missing"),
]


@pytest.mark.parametrize(("document", "code"), THINGS)
def test_a_thing_that_is_none_leaves_nothing(service, document, code):
    before = len(service.all("/Things", "agency"))
    answered = service.ask("POST", "/Things", document)
    assert answered.status_code in {400, 404} and answered.json()["refused"][0]["code"] == code
    assert len(service.all("/Things", "agency")) == before


def test_a_document_nested_without_end(service):
    document = {"name": "x", "description": "d", "properties": {"technology": "RP.PV"}}
    for _ in range(30):
        document = {"name": "x", "description": "d", "Datastreams": [{"Thing": document}]}
    assert service.ask("POST", "/Things", document).status_code == 400
    assert service.ask("POST", "/Things", b" " * (9 * 2**20)).status_code == 413


def test_methods_and_rights(service):
    for method, path in (
        ("PUT", "/Things"),
        ("POST", "/Things('x')"),
        ("DELETE", "/Observations"),
        ("BREW", "/Things"),
        ("POST", "/Things/$ref"),
    ):
        assert service.ask(method, path, {}).status_code == 405
    assert service.ask("POST", "/Things", {"name": "x", "description": "d"}, account=None).status_code == 401
    assert service.ask("POST", "/Things", {"name": "x", "description": "d"}, account="meter").status_code == 403
    wind = service.register.ids["wind-energy"]
    assert service.ask("POST", f"/Datastreams('{wind}')/Observations", {"result": 1}, "one").status_code == 403
    assert service.ask("GET", "/Things", account=None, Authorization="Bearer nobody").status_code == 401


def test_what_is_closed_is_seen_by_its_owner_only(service):
    hidden, stream = service.register.ids["hidden"], service.register.ids["hidden-energy"]
    for account, seen in ((None, False), ("two", False), ("one", True), ("agency", True)):
        status = 200 if seen else 404
        for path in (
            f"/Things('{hidden}')",
            f"/Datastreams('{stream}')",
            f"/Datastreams('{stream}')/Observations",
            f"/Observations('3:{AT}')",
            f"/FeaturesOfInterest('{hidden}')",
            "/Sensors('meter.hidden-energy')",
        ):
            service.get(path, account, status)
        for name in SETS:
            assert ("idden" in json.dumps(service.all(f"/{name}?$top=1000", account))) is (
                seen and name not in {"Observations", "HistoricalLocations", "ObservedProperties"}
            ), name
        assert any(each["@iot.id"].startswith("3:") for each in service.all("/Observations?$top=1000", account)) is seen


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text("()'/$ andornteqgl1.-:TZ", max_size=80))
def test_no_text_breaks_the_readers(text):
    for read in (
        parse,
        read_path,
        lambda given_: read_options(given_.encode("utf-8", "replace"), SETS["Observations"]),
    ):
        try:
            read(text)
        except Fault as fault:
            assert fault.status in {400, 404}
