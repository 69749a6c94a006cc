"""Districts: what an owner states is held against the borders, what nobody states follows from them."""

import dataclasses

import pytest
import sqlalchemy as sa

from jasyl.places.boundaries import schematic
from jasyl.registry import FacilityFilter, facilities, find_districts, history, import_records, rebuild
from jasyl.registry.placing import PlaceCheck
from jasyl.registry.tables import facility
from jasyl.texts import LANGUAGES

HEADER = "key,name,technology,status,region,district,lon,lat"
WEST, EAST = "113200000", "113400000"


def _csv(*rows):
    return "\n".join([HEADER, *rows]).encode()


def _take(database, agency, borders, *rows, **more):
    with database.writing() as connection:
        check = PlaceCheck(borders, "en") if borders else None
        return import_records(connection, "facilities", _csv(*rows), "f.csv", agency, borders=check, **more)


def _stand(database):
    with database.reading() as connection:
        return {row["key"]: row for row in connection.execute(sa.select(facility)).mappings()}


def test_a_point_outside_its_district_is_refused_with_the_distance_by_official_borders(database, agency, two_districts):
    rows = (f"here,A,RP.PV,planned,KZ-11,{WEST},70,52", f"there,B,RP.PV,planned,KZ-11,{WEST},71,52")
    report = _take(database, agency, two_districts("official"), *rows)
    (problem,) = report.problems
    assert (problem.code, problem.where.row, report.applied) == ("place-outside-district", 3, False)
    # Half a degree of longitude at 52 degrees north is 34.3 km on WGS 84.
    assert problem.refusal.arguments["distance"] == "34"
    assert (problem.refusal.arguments["declared"], problem.refusal.arguments["found"]) == (WEST, EAST)
    for language in LANGUAGES:
        assert "34" in problem.text(language)


def test_by_schematic_borders_it_is_a_warning(database, agency, two_districts):
    report = _take(database, agency, two_districts("schematic"), f"there,B,RP.PV,planned,KZ-11,{WEST},71,52")
    assert (report.applied, [row for row, _ in report.warnings]) == (True, [2])
    assert WEST in report.warnings[0][1]
    row = _stand(database)["there"]
    assert (row["district"], row["district_found"]) == (WEST, EAST)


def test_a_district_that_the_borders_do_not_know_is_told_with_those_of_its_region(database, agency, two_districts):
    report = _take(database, agency, two_districts("official"), "a,A,RP.PV,planned,,119900000,,")
    (problem,) = report.problems
    assert problem.code == "unknown-district"
    assert WEST in problem.refusal.arguments["expected"]
    assert _take(database, agency, None, "a,A,RP.PV,planned,,119900000,,").applied  # without borders: the form alone


def test_a_kato_code_says_the_region_too(database, agency):
    assert _take(database, agency, None, f"a,A,RP.PV,planned,,{WEST},,").applied
    assert _stand(database)["a"]["region"] == "KZ-11"


def test_a_district_nobody_states_follows_from_the_borders_and_is_asserted_by_nobody(database, agency, two_districts):
    borders = two_districts("official")
    rows = ("found,A,RP.PV,planned,KZ-11,,70,52", "nowhere,B,RP.PV,planned,KZ-11,,,")
    assert _take(database, agency, borders, *rows).applied
    row = _stand(database)["found"]
    assert (row["district"], row["district_found"]) == (None, WEST)
    with database.writing() as connection:
        assert "district" not in {one["field"] for one in history(connection, "facility", row["id"])}
        rebuild(connection, "facility")
        assert [one["key"] for one in facilities(connection, FacilityFilter(district=WEST))] == ["found"]
        assert facilities(connection, FacilityFilter(district=EAST)) == []
    assert _stand(database)["found"]["district_found"] == WEST
    moved = _take(database, agency, borders, "found,A,RP.PV,planned,KZ-11,,71,52")
    assert set(moved.recorded.changed["found"]) == {"lon"}
    assert _stand(database)["found"]["district_found"] == EAST


def test_what_is_stated_goes_before_what_is_found(database, agency, two_districts):
    _take(database, agency, two_districts("schematic"), f"a,A,RP.PV,planned,KZ-11,{WEST},71,52")
    with database.reading() as connection:
        assert len(facilities(connection, FacilityFilter(district=WEST))) == 1
        assert facilities(connection, FacilityFilter(district=EAST)) == []


def test_other_borders_find_the_districts_anew(database, agency, two_districts):
    rows = [f"f-{number},F,RP.PV,planned,KZ-11,,{69.6 + number / 10},52" for number in range(18)]
    assert _take(database, agency, schematic_only := schematic(), *rows).applied
    assert {row["district_found"] for row in _stand(database).values()} == {None}
    with database.writing() as connection:
        assert find_districts(connection, two_districts("official")) == 18
        assert find_districts(connection, two_districts("official")) == 0
    found = [row["district_found"] for row in _stand(database).values()]
    assert (found.count(WEST), found.count(EAST)) == (10, 8)
    with database.writing() as connection:
        assert find_districts(connection, schematic_only) == 18


def test_a_publisher_s_own_codes_are_kept_and_not_compared(database, agency, two_districts):
    borders = two_districts("official")
    foreign = tuple(
        dataclasses.replace(unit, kato=None, code=f"74555049B{unit.code}") if unit.level == "district" else unit
        for unit in borders.units
    )
    other = dataclasses.replace(borders, units=foreign)
    assert _take(database, agency, other, f"a,A,RP.PV,planned,KZ-11,{EAST},70,52").applied
    assert _stand(database)["a"]["district_found"] == f"74555049B{WEST}"


def test_real_districts_hold_the_centres_of_the_starter(database, agency, shared_data):
    """Semey, Ekibastuz and Ridder in the district file of 2024: a point in the town lies in the city of that name."""
    import json

    import shapely

    from jasyl.places import Names
    from jasyl.places.boundaries import Boundary

    file = shared_data / "kz" / "kz_adm2_2024.geojson"
    if not file.is_file():
        pytest.skip(f"{file.name} is absent from the shared data")
    units = []
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        said = feature["properties"]
        names = Names(said["ADM2_KK"], said["ADM2_RU"], said["ADM2_EN"])
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        iso = f"KZ-{said['ADM1_PCODE'][2:]}"
        units.append(Boundary(said["KATO"], "district", names, iso, said["KATO"], shape))
    assert len(units) == 224
    borders = dataclasses.replace(schematic(), precision="official", units=(*schematic().units, *units))
    rows = (
        "semey,A,RP.PV,planned,KZ-10,101000000,80.2275,50.4111",
        "wrong,B,RP.PV,planned,KZ-10,101800000,80.2275,50.4111",
    )
    report = _take(database, agency, borders, *rows, partial=True)
    assert [problem.code for problem in report.problems] == ["place-outside-district"]
    assert _stand(database)["semey"]["district_found"] == "101000000"
