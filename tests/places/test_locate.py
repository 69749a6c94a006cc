"""From coordinates to region and district."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from jasyl.places import region, regions, settlements
from jasyl.places.boundaries import Boundaries, Boundary, schematic
from jasyl.places.locate import Locator, locator_of
from jasyl.texts import LANGUAGES, Refusal

LOCATOR = Locator(schematic())
CODES = [one.iso for one in regions()]


def official_like() -> Locator:
    """The schematic shapes as if they were official, which may refuse."""
    of = schematic()
    return Locator(Boundaries("official", of.source, of.licence, of.attribution, "x", of.units))


@st.composite
def interior_points(draw: st.DrawFn) -> tuple[str, float, float]:
    """A region and a point well inside one of its triangles."""
    code = draw(st.sampled_from(CODES))
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(schematic().unit(code).shape))
    triangle = triangles[draw(st.integers(0, len(triangles) - 1))]
    a, b, c = shapely.get_coordinates(triangle)[:3]
    u, v = draw(st.floats(0.05, 0.9)), draw(st.floats(0.05, 0.9))
    if u + v > 0.95:
        u, v = 0.95 * u / (u + v), 0.95 * v / (u + v)
    lon, lat = a + u * (b - a) + v * (c - a)
    return code, float(lon), float(lat)


@settings(max_examples=200, deadline=None)
@given(interior_points())
def test_interior_points_are_in_their_region(case: tuple[str, float, float]) -> None:
    code, lon, lat = case
    found, districts = LOCATOR.locate([lon], [lat])
    assert found.tolist() == [code]
    assert districts.tolist() == [None]
    assert LOCATOR.distance_km(lon, lat, code) == 0
    assert LOCATOR.check_place(lon, lat, code).status == "ok"


def test_many_points_agree_with_a_tree_query() -> None:
    """The same answer from shapely's own index, the other way round: a tree over the points."""
    random = np.random.default_rng(7)
    lon, lat = random.uniform(46, 88, 20_000), random.uniform(40, 56, 20_000)
    found, _ = LOCATOR.locate(lon, lat)
    expected = np.full(lon.shape, None, dtype=object)
    tree = shapely.STRtree(shapely.points(lon, lat))
    for unit in schematic().of("region"):
        expected[tree.query(unit.shape, predicate="intersects")] = unit.code
    assert (found == expected).all()
    assert 0.4 < np.mean(found != None) < 0.7  # noqa: E711


def test_a_border_point_goes_to_the_lower_code_always() -> None:
    shared = schematic().unit("KZ-10").shape.intersection(schematic().unit("KZ-63").shape)
    points = shapely.get_coordinates(shared)[::20]
    found, _ = LOCATOR.locate(points[:, 0], points[:, 1])
    assert set(found.tolist()) == {"KZ-10"}


def test_a_locator_is_made_once_for_a_set() -> None:
    assert locator_of(schematic()) is locator_of(schematic())
    centre = region("KZ-33").centre
    assert locator_of(schematic()).region_of(centre.lon, centre.lat) == "KZ-33"


def test_points_without_a_place() -> None:
    found, districts = LOCATOR.locate([np.nan, np.inf, 0.0, 71.43], [51.1, 51.1, 0.0, np.nan])
    assert found.tolist() == districts.tolist() == [None] * 4
    assert LOCATOR.locate([], [])[0].size == 0


def test_settlements_mostly_lie_in_their_schematic_region() -> None:
    known = settlements()
    found, _ = LOCATOR.locate([one.place.lon for one in known], [one.place.lat for one in known])
    agreeing = np.mean([code == one.region for code, one in zip(found, known, strict=True)])
    assert agreeing > 0.95


def test_distance_is_geodesic() -> None:
    """Against the least of geodesics to points every 200 m of the border, an independent way."""
    lon, lat = 60.6, 56.84  # Yekaterinburg
    border = shapely.segmentize(schematic().unit("KZ-39").shape.boundary, 0.002)
    x, y = shapely.get_coordinates(border).T
    _, _, metres = Geod(ellps="WGS84").inv(np.full_like(x, lon), np.full_like(y, lat), x, y)
    assert LOCATOR.distance_km(lon, lat, "KZ-39") == pytest.approx(np.min(metres) / 1000, rel=1e-3)


def test_distance_to_a_region_with_islands() -> None:
    from jasyl.places.projection import WGS84, project

    shape = schematic().unit("KZ-47").shape
    around = "+proj=aeqd +lat_0=44 +lon_0=49.5 +datum=WGS84"
    whole = project(shape.boundary, WGS84, around).distance(shapely.Point(0, 0)) / 1000
    assert LOCATOR.distance_km(49.5, 44.0, "KZ-47") == pytest.approx(whole, rel=1e-9)


def test_outside_the_declared_region_warns_or_refuses() -> None:
    astana = region("KZ-71").centre
    warned = LOCATOR.check_place(*astana, "KZ-55")
    assert (warned.status, warned.found, warned.refusal) == ("warning", "KZ-71", None)
    refused = official_like().check_place(*astana, region("KZ-55"))
    assert refused.status == "refused"
    assert refused.refusal is not None
    assert refused.refusal.code == "place-outside-region"
    assert refused.distance_km == warned.distance_km > 100
    for language in LANGUAGES:
        for text in (warned.text(language), refused.text(language)):
            assert text is not None
            assert f"{refused.distance_km:.0f}" in text
            assert "KZ-55" in text
    assert LOCATOR.check_place(*astana, "KZ-71").text("kk") is None


def test_what_the_borders_leave_open_is_not_told() -> None:
    west, south, _, _ = schematic().unit("KZ-71").shape.bounds
    lat = (south + schematic().unit("KZ-71").shape.bounds[3]) / 2
    near = LOCATOR.check_place(west - 0.05, lat, "KZ-71")
    assert (near.status, near.found) == ("ok", "KZ-11")
    assert 2 < near.distance_km < 5
    assert official_like().check_place(west - 0.05, lat, "KZ-71").status == "refused"
    assert "3." in (official_like().check_place(west - 0.05, lat, "KZ-71").text("en") or "")


@pytest.mark.parametrize("place", [(51.13, 71.43), (43.24, 76.9), (51.2, 51.37)])
def test_swapped_coordinates_are_recognised(place: tuple[float, float]) -> None:
    found = LOCATOR.check_place(*place, "KZ-71")
    if place == (51.2, 51.37):  # in West Kazakhstan either way round: nobody can tell
        assert found.status == "warning"
        return
    assert (found.status, found.swapped) == ("refused", True)
    assert found.refusal is not None
    assert found.refusal.code == "place-swapped"


def test_swapped_beyond_ninety_degrees_and_nonsense() -> None:
    assert LOCATOR.check_place(51.0, 95.0, "KZ-71").swapped
    for lon, lat in ((500.0, 20.0), (float("nan"), 51.0), (71.0, float("inf"))):
        with pytest.raises(Refusal) as caught:
            LOCATOR.check_place(lon, lat, "KZ-71")
        assert caught.value.code == "not-coordinates"
    with pytest.raises(Refusal):
        LOCATOR.check_place(71.4, 51.1, "KZ-99")


def test_outside_the_country_is_refused_under_schematic_borders_too() -> None:
    assert LOCATOR.check_place(37.6, 55.75, "KZ-27").status == "refused"  # Moscow
    assert LOCATOR.check_place(69.24, 41.31, "KZ-61").status == "warning"  # Tashkent is 15 km from the border


def test_official_points(official: Path) -> None:
    units: list[Boundary] = []
    for file, code in (("kz_adm1_2024", "ADM1_PCODE"), ("kz_adm2_2024", "KATO")):
        for feature in json.loads((official / f"{file}.geojson").read_bytes())["features"]:
            said = feature["properties"]
            iso = f"KZ-{said['ADM1_PCODE'][2:]}"
            named = iso if code == "ADM1_PCODE" else said["KATO"]
            level = "region" if code == "ADM1_PCODE" else "district"
            shape = shapely.geometry.shape(feature["geometry"])
            units.append(Boundary(named, level, region(iso).names, iso, said["KATO"], shape))
    locator = Locator(Boundaries("official", "", "", "", "", tuple(units)))
    centres = [one.centre for one in regions()]
    found, districts = locator.locate([c.lon for c in centres], [c.lat for c in centres])
    assert found.tolist() == CODES
    assert all(code is not None for code in districts)
    assert districts[CODES.index("KZ-10")] == "101000000"  # Semey
    random = np.random.default_rng(3)
    lon, lat = random.uniform(46, 88, 5000), random.uniform(40, 56, 5000)
    by_region, by_district = locator.locate(lon, lat)
    of_district = {unit.code: unit.region for unit in units if unit.level == "district"}
    both = [(r, of_district[d]) for r, d in zip(by_region, by_district, strict=True) if r and d]
    assert np.mean([ours == theirs for ours, theirs in both]) > 0.999
