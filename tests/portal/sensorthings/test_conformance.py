"""The abstract tests of 18-088 as our own: each named by the requirement class that the service claims."""

import pytest
from tests.portal.sensorthings.conftest import AT, HOUR, KWH, OM, a_thing

from jasyl.portal.sensorthings.conformance import CONFORMANCE
from jasyl.portal.sensorthings.model import SETS, TYPES
from jasyl.texts import LANGUAGES

REQ = "http://www.opengis.net/spec/iot_sensing/1.1/req"
COVERED = set()


def req(name):
    COVERED.add(f"{REQ}/{name}")
    return lambda test: test


@req("datamodel")
@pytest.mark.parametrize("name", SETS)
def test_datamodel(service, name):
    first = service.get(f"/{name}?$top=1")["value"][0]
    kind = SETS[name]
    assert {"@iot.id", "@iot.selfLink"} <= set(first)
    assert set(kind.mandatory) <= set(first)
    assert {f"{link}@iot.navigationLink" for link in kind.links} <= set(first)
    assert service.get(first["@iot.selfLink"]) == first


@req("resource-path/resource-path-to-entities")
@pytest.mark.parametrize("name", SETS)
def test_resource_paths(service, name):
    first = service.get(f"/{name}?$top=1")["value"][0]
    own, kind = first["@iot.selfLink"], SETS[name]
    for link, (target, many) in kind.links.items():
        found = service.get(f"{own}/{link}")
        if many:
            assert service.get(f"{own}/{link}/$ref")["value"] == [
                {"@iot.selfLink": each["@iot.selfLink"]} for each in found["value"]
            ]
            for each in found["value"][:1]:
                identity = each["@iot.id"]
                assert service.get(f"{own}/{link}('{identity}')") == each
        else:
            assert found["@iot.selfLink"].split("/")[-1].startswith(TYPES[target].set)
            assert service.get(f"{own}/{link}/$ref") == {"@iot.selfLink": found["@iot.selfLink"]}
    for name_ in kind.mandatory:
        assert service.get(f"{own}/{name_}") == {name_: first[name_]}
        raw = service.ask("GET", f"{own}/{name_}/$value", account=None)
        assert raw.status_code == 200 and raw.content


def test_the_root_lists_the_sets_and_what_it_conforms_to(service):
    found = service.get("")
    assert [each["name"] for each in found["value"]] == list(SETS)
    assert found["serverSettings"]["conformance"] == list(CONFORMANCE)
    assert service.get("/") == found


@req("request-data/order")
def test_count_looks_at_the_filter_not_at_the_page_and_pages_keep_the_options(service):
    path = "/Observations?$filter=result ge 12&$orderby=phenomenonTime&$top=7&$select=result&$count=true"
    page = service.get(path)
    assert len(page["value"]) == 7 and page["@iot.count"] == len(service.all(path))
    assert all(set(each) == {"result"} and each["result"] >= 12 for each in service.all(path))


@req("request-data/select")
def test_select(service):
    assert service.get("/Things?$select=name,id&$top=1")["value"][0].keys() == {"@iot.id", "name"}
    assert service.get("/Things?$select=Datastreams&$top=1")["value"][0].keys() == {"Datastreams@iot.navigationLink"}
    service.get("/Things?$select=colour", status=400)


@req("request-data/expand")
def test_expand(service):
    path = (
        "/Things?$expand=Locations,Datastreams($orderby=name desc;$select=name,id;$expand=ObservedProperty,"
        "Observations($top=2;$orderby=phenomenonTime desc;$select=result,phenomenonTime;$count=true))"
    )
    for thing in service.get(path)["value"]:
        assert thing["Locations"][0]["location"]["type"] == "Point"
        names = [each["name"] for each in thing["Datastreams"]]
        assert names == sorted(names, reverse=True)
        for stream in thing["Datastreams"]:
            identity = stream["@iot.id"]
            options = "$orderby=phenomenonTime desc&$top=2&$select=result,phenomenonTime&$count=true"
            latest = service.get(f"/Datastreams('{identity}')/Observations?{options}")
            assert (
                stream["Observations"] == latest["value"] and stream["Observations@iot.count"] == latest["@iot.count"]
            )
            following = service.get(stream["Observations@iot.nextLink"])["value"]
            assert following == service.get(latest["@iot.nextLink"])["value"]
            assert stream["ObservedProperty"]["definition"]
    deep = service.get("/Observations?$top=1&$expand=Datastream/Thing/Locations,FeatureOfInterest")["value"][0]
    assert deep["Datastream"]["Thing"]["Locations"] and deep["FeatureOfInterest"]["feature"]


SOLAR = "name eq 'Solar plant'"
BUILT_IN = {
    "name eq 'Solar plant'": 1,
    "name ne 'Solar plant'": 1,
    "name gt 'Solar plant'": 1,
    "name ge 'Solar plant'": 2,
    "name lt 'Wind plant'": 1,
    "name le 'Wind plant'": 2,
    "not (name eq 'Solar plant')": 1,
    "name eq 'Solar plant' or name eq 'Wind plant'": 2,
    "name eq 'Solar plant' and properties/technology eq 'RP.WON'": 0,
    "properties/technology eq 'RP.PV'": 1,
    "properties/nothing eq null": 2,
    "5 add 3 eq 8": 2,
    "5 sub 3 eq 2": 2,
    "5 mul 3 eq 15": 2,
    "6 div 4 eq 1.5": 2,
    "7 mod 4 eq 3": 2,
    "2 add 3 mul 4 eq 14": 2,
    "(2 add 3) mul 4 eq 20": 2,
    "properties/confirmed eq true": 2,
    "Datastreams/name eq 'Wind plant: Electricity generated'": 1,
}


@req("request-data/filter")
@req("request-data/built-in-filter-operations")
@pytest.mark.parametrize(("text", "count"), BUILT_IN.items())
def test_filter_operations(service, text, count):
    assert len(service.get(f"/Things?$filter={text}")["value"]) == count


POINT = "geography'POINT(76.9 43.2)'"
BOX = "geography'POLYGON((76.8 43.1, 77 43.1, 77 43.3, 76.8 43.3, 76.8 43.1))'"
FUNCTIONS = {
    "substringof('olar', name)": 1,
    "startswith(name, 'Sol')": 1,
    "endswith(name, 'plant')": 2,
    "length(name) eq 11": 1,
    "indexof(name, 'p') eq 6": 1,
    "substring(name, 6) eq 'plant'": 1,
    "substring(name, 0, 5) eq 'Solar'": 1,
    "tolower(name) eq 'solar plant'": 1,
    "toupper(name) eq 'SOLAR PLANT'": 1,
    "trim('  a ') eq 'a'": 2,
    "concat(name, '!') eq 'Solar plant!'": 1,
    "year(2026-01-05T10:11:12.5Z) eq 2026": 2,
    "month(2026-01-05T10:11:12.5Z) eq 1": 2,
    "day(2026-01-05T10:11:12.5Z) eq 5": 2,
    "hour(2026-01-05T10:11:12.5%2B05:00) eq 5": 2,
    "minute(2026-01-05T10:11:12.5Z) eq 11": 2,
    "second(2026-01-05T10:11:12.5Z) eq 12": 2,
    "fractionalseconds(2026-01-05T10:11:12.5Z) eq 0.5": 2,
    "date(2026-01-05T10:11:12Z) eq 2026-01-05": 2,
    "now() gt 2026-01-01T00:00:00Z": 2,
    "mindatetime() lt maxdatetime()": 2,
    "round(2.5) eq 3": 2,
    "floor(-0.5) eq -1": 2,
    "ceiling(0.2) eq 1": 2,
    "2026-01-02T00:00:00Z sub 2026-01-01T00:00:00Z eq duration'P1D'": 2,
    f"geo.distance(Locations/location, {POINT}) lt 0.1": 1,
    f"geo.intersects(Locations/location, {BOX})": 1,
    f"geo.length(geography'LINESTRING(0 0, 0 2)') eq 2 and {SOLAR}": 1,
    f"st_within(Locations/location, {BOX})": 1,
    f"st_equals(Locations/location, {POINT})": 1,
    f"st_disjoint(Locations/location, {BOX})": 1,
    f"st_contains({BOX}, Locations/location)": 1,
    f"st_intersects(Locations/location, {BOX})": 1,
    f"st_touches(Locations/location, {BOX})": 0,
    f"st_overlaps(Locations/location, {BOX})": 0,
    f"st_crosses(Locations/location, {BOX})": 0,
    f"st_relate(Locations/location, {BOX}, 'T********')": 1,
}


@req("request-data/built-in-query-functions")
@pytest.mark.parametrize(("text", "count"), FUNCTIONS.items())
def test_query_functions(service, text, count):
    assert len(service.get(f"/Things?$filter={text}")["value"]) == count


def _time(at):
    import datetime as dt

    return dt.datetime.fromtimestamp(at / 1e6, dt.UTC).isoformat().replace("+00:00", "Z")


FIVE, SEVEN = AT + 5 * HOUR, AT + 7 * HOUR
OBSERVED = {
    "result gt 20": lambda start, value, name: value > 20,
    "result mul 2 sub 1 eq 9": lambda start, value, name: value * 2 - 1 == 9,
    "not (result lt 20)": lambda start, value, name: value >= 20,
    "5 le result and result le 6": lambda start, value, name: 5 <= value <= 6,
    f"phenomenonTime ge {_time(FIVE)} and phenomenonTime lt {_time(SEVEN)}": (
        lambda start, value, name: FIVE <= start < SEVEN
    ),
    f"phenomenonTime eq {_time(AT)} or result eq 23": lambda start, value, name: start == AT or value == 23,
    f"phenomenonTime sub duration'PT1H' ge {_time(AT + 55 * HOUR)}": lambda start, value, name: (
        start - HOUR >= AT + 55 * HOUR
    ),
    "hour(phenomenonTime) eq 6": lambda start, value, name: (start // HOUR) % 24 == 6,
    "Datastream/Thing/name eq 'Wind plant' and result lt 3": lambda start, value, name: (
        name == "Wind plant" and value < 3
    ),
    "startswith(Datastream/Thing/name, 'Wind') or result eq 5": lambda start, value, name: (
        name == "Wind plant" or value == 5
    ),
    "FeatureOfInterest/name ne 'Wind plant' and result eq 7": lambda start, value, name: (
        name != "Wind plant" and value == 7
    ),
    "result div 0 eq 1": lambda start, value, name: False,
}


@pytest.mark.parametrize("text", OBSERVED)
def test_filters_of_observations_are_what_python_says(service, text):
    every = service.all("/Observations?$expand=Datastream/Thing&$top=1000")
    assert len(every) == 370
    scale = {"kWh": 1, "Wh": 1000, "W": 1000}

    def fits(each):
        import datetime as dt

        begin = each["phenomenonTime"].partition("/")[0]
        start = int(dt.datetime.fromisoformat(begin).timestamp() * 1e6)
        return OBSERVED[text](start, each["result"], each["Datastream"]["Thing"]["name"])

    del scale
    asked = service.all(f"/Observations?$filter={text}&$top=100")
    assert [each["@iot.id"] for each in asked] == [each["@iot.id"] for each in every if fits(each)]
    assert service.get(f"/Observations?$filter={text}&$count=true&$top=0")["@iot.count"] == len(asked)


@req("request-data/orderby")
@pytest.mark.parametrize(
    "order",
    ["phenomenonTime", "phenomenonTime desc", "result desc", "result", "id desc", "resultTime", "resultTime desc"],
)
def test_orderby_of_observations(service, order):
    name, _, way = order.partition(" ")
    found = service.all(f"/Observations?$orderby={order}&$top=60")
    assert len({each["@iot.id"] for each in found}) == 370
    keys = [each["@iot.id"].split(":")[0] if name == "id" else each[name] for each in found]
    keys = [key.partition("/")[0] if name == "phenomenonTime" else key for key in keys]
    assert keys == sorted(keys, reverse=way == "desc")


def test_orderby_of_entities(service):
    names = [each["name"] for each in service.all("/Datastreams?$orderby=Thing/name desc,name&$top=1")]
    assert names[0].startswith("Wind") and len(names) == 3


@req("request-data/top")
@req("request-data/skip")
@req("request-data/count")
def test_top_skip_count(service):
    every = service.all("/Observations")
    assert service.get("/Observations?$top=5&$skip=7")["value"] == every[7:12]
    assert service.get("/Observations?$skip=369")["value"] == every[369:]
    assert service.get("/Observations?$skip=370") == {"value": []}
    assert service.get("/Things?$skip=1&$top=1&$count=true")["@iot.count"] == 2
    assert "@iot.count" not in service.get("/Things?$count=false")
    assert service.get("/Things?$top=0")["value"] == []


@req("request-data/pagination")
def test_pagination(service):
    assert len(service.get("/Observations")["value"]) == 100
    assert len(service.get("/Observations?$top=999999999")["value"]) == 370
    first = service.get("/Observations?$top=3&$skip=2")
    assert "$skip=" not in first["@iot.nextLink"] and "$top=3" in first["@iot.nextLink"]
    assert service.all("/Observations?$top=50") == service.all("/Observations?$top=1000")
    service.get("/Observations?$skiptoken=e30", status=400)


@req("request-data/status-codes")
@pytest.mark.parametrize(
    "path",
    [
        "/Nothing",
        "/Things('x')",
        "/Things(5)/Datastreams",
        "/Observations('1:5')",
        "/Things/name",
        "/Things('x",
        "/Observations('x')",
        "/Things('x')/$value",
    ],
)
def test_missing_is_404(service, path):
    assert service.get(path, status=404)["code"] == 404


@req("create-update-delete/create-entity")
@req("create-update-delete/link-to-existing-entities")
def test_create_each_and_link(service):
    thing = service.post("/Things", {"name": "T", "description": "d"})
    sensor = service.post("/Sensors", {"name": "S", "description": "d", "encodingType": "text/html", "metadata": "m"})
    seen = service.post(
        "/ObservedProperties", {"name": "Heat", "description": "d", "definition": "https://example.org/h"}
    )
    place = {
        "name": "L",
        "description": "d",
        "encodingType": "application/geo+json",
        "location": {"type": "Point", "coordinates": [70, 50]},
    }
    service.post(f"/Things('{thing['@iot.id']}')/Locations", place)
    document = {
        "name": "D",
        "description": "d",
        "observationType": OM,
        "unitOfMeasurement": KWH,
        "Thing": {"@iot.id": thing["@iot.id"]},
        "Sensor": {"@iot.id": sensor["@iot.id"]},
        "ObservedProperty": {"@iot.id": seen["@iot.id"]},
    }
    stream = service.post("/Datastreams", document)
    feature = service.post(
        "/FeaturesOfInterest",
        {"name": "F", "description": "d", "encodingType": "application/geo+json", "feature": place["location"]},
    )
    made = service.ask(
        "POST",
        "/Observations",
        {
            "Datastream": {"@iot.id": stream["@iot.id"]},
            "FeatureOfInterest": {"@iot.id": feature["@iot.id"]},
            "phenomenonTime": "2026-02-01T00:00:00Z",
            "result": 2.25,
        },
    )
    assert made.status_code == 201 and made.headers["location"].endswith(f"Observations('{made.json()['@iot.id']}')")
    found = service.get(
        f"/Observations('{made.json()['@iot.id']}')?$expand=Datastream/Sensor,FeatureOfInterest", "agency"
    )
    assert found["result"] == 2.25 and found["Datastream"]["Sensor"]["name"] == "S"
    assert found["FeatureOfInterest"]["name"] == "F"
    other = service.post(
        "/FeaturesOfInterest", {"name": "G", "description": "d", "encodingType": "x", "feature": "anything"}
    )
    again = {"FeatureOfInterest": {"@iot.id": other["@iot.id"]}, "result": 1}
    assert (
        service.post(f"/Datastreams('{stream['@iot.id']}')/Observations", again, status=409)["refused"][0]["code"]
        == "sta-feature"
    )
    now = service.post(f"/Datastreams('{stream['@iot.id']}')/Observations", {"result": 1})
    assert now["phenomenonTime"]


@req("create-update-delete/deep-insert")
@req("create-update-delete/deep-insert-status-codes")
@req("create-update-delete/historical-location-auto-creation")
def test_deep_insert_is_whole_or_nothing(service):
    thing = service.post("/Things", a_thing(), "one")
    found = service.get(
        f"/Things('{thing['@iot.id']}')?$expand=Datastreams($expand=Observations,Sensor),Locations,HistoricalLocations",
        "one",
    )
    assert [each["result"] for each in found["Datastreams"][0]["Observations"]] == [1.5, 2]
    assert found["Datastreams"][0]["unitOfMeasurement"] == KWH
    assert found["Locations"][0]["name"] == "Roof" and len(found["HistoricalLocations"]) >= 1
    # The register has it: unconfirmed, outside totals, on the map.
    page = service.browser.get(
        f"/en/facilities/{found['properties']['key']}.json", headers=service.register.bearer("agency")
    ).json()
    assert "School roof" in str(page)
    before = len(service.all("/Things", "agency")), len(service.all("/Sensors", "agency"))
    wrong = a_thing()
    wrong["Datastreams"][0]["Observations"].append({"phenomenonTime": "2026-01-05T05:07:00Z", "result": 1})
    assert service.post("/Things", wrong, status=400)["refused"][0]["code"] == "reading-off-grid"
    assert (len(service.all("/Things", "agency")), len(service.all("/Sensors", "agency"))) == before


@req("create-update-delete/update-entity")
@req("create-update-delete/update-entity-jsonpatch")
def test_update(service):
    thing = service.post("/Things", a_thing(), "one")
    own = f"/Things('{thing['@iot.id']}')"
    assert service.ask("PATCH", own, {"name": "Renamed"}, "one").status_code == 200
    patch = [
        {"op": "add", "path": "/properties/colour", "value": "green"},
        {"op": "remove", "path": "/properties/floor"},
        {"op": "test", "path": "/name", "value": "Renamed"},
    ]
    answered = service.ask("PATCH", own, patch, "one", **{"content-type": "application/json-patch+json"})
    assert answered.status_code == 200, answered.text
    found = service.get(own, "one")
    assert (
        found["name"] == "Renamed" and found["properties"]["colour"] == "green" and "floor" not in found["properties"]
    )
    assert found["description"] == "Panels on a school"
    for wrong in (
        [{"op": "test", "path": "/name", "value": "x"}],
        [{"op": "remove", "path": "/nothing"}],
        [{"op": "fly", "path": "/name"}],
        [5],
        {"op": "add"},
    ):
        assert (
            service.ask("PATCH", own, wrong, "one", **{"content-type": "application/json-patch+json"}).status_code
            == 400
        )
    assert service.ask("PATCH", own, {"name": "Theirs"}, "two").status_code == 403
    moved = {
        "Locations": [
            {
                "name": "There",
                "description": "d",
                "encodingType": "application/geo+json",
                "location": {"type": "Point", "coordinates": [77, 43.3]},
            }
        ]
    }
    assert service.ask("PATCH", own, moved, "one").status_code == 200
    after = service.get(f"{own}?$expand=Locations,HistoricalLocations", "one")
    assert [each["name"] for each in after["Locations"]] == ["There"] and len(after["HistoricalLocations"]) >= 2


def test_a_corrected_observation_is_a_new_revision_and_nothing_is_lost(service):
    own = f"/Observations('1:{AT}')"
    before = service.get(own)
    assert (
        service.ask("PATCH", own, {"result": 17}, "one").json()["parameters"]["revision"]
        == before["parameters"]["revision"] + 1
    )
    assert service.get(own)["result"] == 17
    stands = service.get(f"{own}?$expand=Datastream,FeatureOfInterest")
    assert service.ask("PUT", own, stands | {"result": 19}, "one").json()["result"] == 19
    for moved in (
        {"phenomenonTime": "2026-01-05T05:15:00Z"},
        {"parameters": stands["parameters"]},
        {"Datastream": {"@iot.id": "another"}},
        {"FeatureOfInterest": None},
        {"validTime": "2026-01-05T05:15:00Z"},
    ):
        assert service.ask("PATCH", own, moved, "one").status_code == 409, moved
    assert service.ask("DELETE", own, account="one").status_code == 405
    assert service.ask("PATCH", own, {"result": 18}, "two").status_code == 403
    assert service.ask("PATCH", own, {"result": before["result"]}, "one").json()["result"] == before["result"]


@req("create-update-delete/delete-entity")
def test_delete(service):
    sensor = service.post(
        "/Sensors", {"name": "S", "description": "d", "encodingType": "text/html", "metadata": "m"}, "one"
    )
    own = f"/Sensors('{sensor['@iot.id']}')"
    assert service.ask("DELETE", own, account="two").status_code == 403
    assert service.ask("DELETE", own, account="one").status_code == 200
    service.get(own, status=404)
    empty = service.post("/Things", {"name": "Empty", "description": "d"}, "one")
    assert service.ask("DELETE", f"/Things('{empty['@iot.id']}')", account="one").status_code == 200
    full = service.post("/Things", a_thing(), "one")
    kept = {
        f"/Things('{full['@iot.id']}')": ("one", 409, "sta-kept-readings"),
        f"/Things('{service.register.ids['solar']}')": ("agency", 409, "sta-kept-register"),
        service.get("/Observations?$top=1", "agency")["value"][0]["@iot.selfLink"].partition("/v1.1")[2]: (
            "agency", 405, "sta-kept-never",
        ),
    }  # fmt: skip
    for path, (account, status, code) in kept.items():
        said = {}
        for language in LANGUAGES:
            answered = service.ask("DELETE", path, account=account, **{"accept-language": language})
            assert (answered.status_code, answered.json()["refused"][0]["code"]) == (status, code)
            said[language] = answered.json()["message"]
        assert len(set(said.values())) == len(LANGUAGES)


@req("data-array/data-array")
def test_data_array(service):
    stream = service.register.ids["solar-energy"]
    array = {
        "Datastream": {"@iot.id": stream},
        "components": ["phenomenonTime", "result"],
        "dataArray@iot.count": 4,
        "dataArray": [["2026-03-01T00:00:00Z", 1], ["2026-03-01T00:07:00Z", 1], ["2026-03-01T00:15:00Z", "NaN"], [1]],
    }
    told = service.post("/CreateObservations", [array, {**array, "Datastream": {"@iot.id": "nowhere"}}])
    assert told[0].endswith(f"/Observations('1:{1_772_323_200_000_000}')")
    assert [each.startswith("error") for each in told] == [False] + [True] * 7
    found = service.get(
        "/Observations?$resultFormat=dataArray&$filter=phenomenonTime eq 2026-03-01T00:00:00Z&$select=result,id",
        "agency",
    )
    assert [(part["components"], part["dataArray"]) for part in found["value"]] == [
        (["result", "id"], [[1, "1:1772323200000000"]])
    ]


@req("batch-request/batch-request")
def test_batch(service):
    requests = [
        {
            "id": "s",
            "method": "post",
            "url": "Sensors",
            "body": {"name": "S", "description": "d", "encodingType": "x", "metadata": "m"},
        },
        {"id": "2", "method": "patch", "url": "Sensors('$s')", "body": {"name": "S2"}},
        {"id": "3", "method": "get", "url": "Sensors('$s')?$select=name"},
        {"id": "4", "method": "get", "url": "Nowhere"},
    ]
    document = {"requests": requests}
    answered = service.post("/$batch", document, status=200)["responses"]
    made = answered[0]["body"]["@iot.id"]
    assert [each["status"] for each in answered] == [201, 200, 200, 404] and made
    assert answered[2]["body"] == {"name": "S2"}
    for wrong in (
        {},
        {"requests": 5},
        {"requests": [5]},
        {"requests": [{"id": "1", "method": "post", "url": "$batch"}]},
        {"requests": [requests[3]] * 101},
    ):
        service.post("/$batch", wrong, status=400)


def test_every_claimed_requirement_has_a_test():
    assert set(CONFORMANCE) == COVERED
