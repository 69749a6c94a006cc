"""SDG 11 computed: closed forms, and other libraries on the same input."""

import math
from decimal import Decimal

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from jasyl.indicators import Benchmark, Benchmarks, catalogue, evaluate, sdg11
from jasyl.texts import LANGUAGES, Refusal

ALMATY = (76.93, 43.25)
GEOD = Geod(ellps="WGS84")


def around(count: int, spread: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return ALMATY[0] + chance.uniform(-spread, spread, count), ALMATY[1] + chance.uniform(-spread, spread, count)


def square(lon: float, lat: float, metres: float) -> shapely.Polygon:
    """A square of true sides, its south-west corner at a place."""
    east, _, _ = GEOD.fwd(lon, lat, 90, metres)
    _, north, _ = GEOD.fwd(lon, lat, 0, metres)
    return shapely.box(lon, lat, east, north)


def test_every_indicator_has_a_data_rule_and_is_computed_or_says_what_is_missing() -> None:
    goal = catalogue("sdg11")
    assert {one.id for one in goal.indicators} >= {"11.1.1", "11.2.1", "11.3.2", "11.5.3", "11.7.2", "11.b.2"}
    assert len(goal.indicators) == 16
    computed = {one.id: one.computed_by for one in goal.indicators if one.computed_by}
    assert set(computed) == {"11.2.1", "11.3.1", "11.6.1", "11.6.2", "11.7.1"}
    assert all(hasattr(sdg11, function) for function in computed.values())
    for one in goal.indicators:
        assert not one.rule.missing
        assert not one.name.missing
        assert bool(one.gap) != bool(one.computed_by)
        assert all(one.rule[language] for language in LANGUAGES)
        assert not one.gap.missing
    assert goal.indicator("11.2.1").disaggregation == ("sex", "age", "disability")


# 11.2.1


def test_stops_reach_as_far_as_geodesics_say() -> None:
    """Ends of exact geodesics a centimetre inside and outside of 500 m and of 1 km."""
    for high, reach in ((False, 500.0), (True, 1000.0)):
        stop = sdg11.Stops(np.array([ALMATY[0]]), np.array([ALMATY[1]]), np.array([high]))
        bearings = np.arange(0, 360, 30.0)
        for off, inside in ((-0.01, 12), (0.01, 0)):
            lon, lat, _ = GEOD.fwd(np.full(12, ALMATY[0]), np.full(12, ALMATY[1]), bearings, np.full(12, reach + off))
            people = sdg11.Population(np.asarray(lon), np.asarray(lat), np.ones(12))
            assert sdg11.transit_access(people, stop).counted == inside


def test_access_agrees_with_geodesics_of_another_library() -> None:
    lon, lat = around(300, 0.04, 3)
    stop_lon, stop_lat = around(25, 0.04, 4)
    high = np.arange(25) % 5 == 0
    persons = np.random.default_rng(5).integers(0, 90, 300).astype(float)
    made = sdg11.transit_access(sdg11.Population(lon, lat, persons), sdg11.Stops(stop_lon, stop_lat, high))
    pairs = (np.repeat(lon, 25), np.repeat(lat, 25), np.tile(stop_lon, 300), np.tile(stop_lat, 300))
    _, _, metres = GEOD.inv(pairs[0], pairs[1], pairs[2], pairs[3])
    near = (np.asarray(metres).reshape(300, 25) <= np.where(high, 1000, 500)).any(axis=1)
    assert made.counted == persons[near].sum()
    assert made.of == persons.sum()
    assert 0 < made.counted < made.of


def test_people_spread_evenly_are_covered_by_the_area_of_a_circle() -> None:
    bounds = (ALMATY[0] - 0.02, ALMATY[1] - 0.015, ALMATY[0] + 0.02, ALMATY[1] + 0.015)
    grid = np.ones((500, 500))
    people = sdg11.Population.of_grid(grid, bounds)
    stop = sdg11.Stops(np.array([ALMATY[0]]), np.array([ALMATY[1]]), np.array([False]))
    area, _ = GEOD.geometry_area_perimeter(shapely.box(*bounds))
    made = sdg11.transit_access(people, stop)
    assert made.counted / made.of == pytest.approx(math.pi * 500**2 / abs(area), rel=2e-3)
    assert sdg11.transit_access(people, stop, detour=1.25).counted / made.of == pytest.approx(
        math.pi * 400**2 / abs(area), rel=2e-3
    )


def test_groups_and_cells_without_people() -> None:
    grid = np.array([[5.0, np.nan], [-9999.0, 7.0]])
    people = sdg11.Population.of_grid(grid, (76.0, 43.0, 76.2, 43.2))
    assert people.persons.tolist() == [5.0, 7.0]
    assert people.lat[0] > people.lat[1]  # rows run from north to south
    lon, lat = np.array([76.9, 77.0]), np.array([43.2, 43.2])
    women = {("sex", "female"): np.array([6.0, 1.0]), ("sex", "male"): np.array([4.0, 9.0])}
    stops = sdg11.Stops(lon[:1], lat[:1], np.array([False]))
    made = sdg11.transit_access(sdg11.Population(lon, lat, np.array([10.0, 10.0]), women), stops)
    assert made.percent == 50
    assert made.by["sex", "female"].percent == pytest.approx(100 * 6 / 7)
    assert made.by["sex", "male"].counted == 4
    nobody = sdg11.transit_access(sdg11.Population(lon[:0], lat[:0], lon[:0]), stops)
    assert nobody.percent is None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(100, 2000), st.floats(1, 2))
def test_more_stops_or_farther_reach_never_cover_fewer(seed: int, reach: float, more: float) -> None:
    lon, lat = around(40, 0.03, seed)
    stop_lon, stop_lat = around(8, 0.03, seed + 1)
    people = sdg11.Population(lon, lat, np.ones(40))
    high = np.arange(8) % 2 == 0
    few = sdg11.transit_access(people, sdg11.Stops(stop_lon[:4], stop_lat[:4], high[:4]), reach, reach)
    many = sdg11.transit_access(people, sdg11.Stops(stop_lon, stop_lat, high), reach, reach * more)
    assert few.counted <= many.counted <= 40


# 11.3.1


def test_land_and_people_that_grow_alike() -> None:
    made = sdg11.land_use(1e8, 1.1e8, 1e6, 1.1e6, 5, "logarithmic")
    assert made.ratio == pytest.approx(1, rel=1e-12)
    made = sdg11.land_use(1e8, 1.1e8, 1e6, 1.1e6, 5)
    assert made.land_rate == pytest.approx(0.02)
    assert made.population_rate == pytest.approx(math.log(1.1) / 5)
    assert made.ratio == pytest.approx(0.1 / math.log(1.1))
    assert (made.per_head_then, made.per_head_now) == (pytest.approx(100), pytest.approx(100))


def test_no_ratio_without_growth_and_none_to_compare_with_decline() -> None:
    still = sdg11.land_use(1e8, 2e8, 1e6, 1e6, 10)
    assert (still.ratio, still.comparable) == (None, False)
    shrunk = sdg11.land_use(1e8, 2e8, 1e6, 0.9e6, 10)
    assert shrunk.ratio is not None
    assert shrunk.ratio < 0
    assert not shrunk.comparable
    with pytest.raises(Refusal):
        sdg11.land_use(0, 1, 1, 1, 1)


# 11.6.1


def test_waste_is_counted_where_it_ends() -> None:
    facilities = [
        sdg11.Facility("sorting", "improved", 600, passed_on=400),
        sdg11.Facility("landfill", "basic", 500),
        sdg11.Facility("dump", "none", 200),
    ]
    made = sdg11.waste_managed(1000, facilities)
    assert (made.counted, made.percent) == (700, 70)
    for generated, wrong, code in (
        (800, facilities, "sdg-waste-over"),
        (0, facilities, "sdg-positive"),
        (900, [sdg11.Facility("a", "full", 1, 2)], "sdg-waste-passed"),
        (900, [sdg11.Facility("a", "good", 1)], "sdg-control"),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refusal) as refused:
            sdg11.waste_managed(generated, wrong)
        assert refused.value.code == code


# 11.6.2


def test_particles_are_weighted_by_those_who_breathe_them() -> None:
    felt = np.array([[10.0, 40.0], [np.nan, 100.0]])
    people = np.array([[300.0, 100.0], [600.0, 0.0]])
    made = sdg11.exposure(felt, people, {("district", "A"): people * [[1, 0], [1, 0]]})
    assert made.mean == np.average([10.0, 40.0], weights=[300, 100]) == 17.5
    assert (made.covered, made.people, made.coverage) == (400, 1000, 0.4)
    assert (made.low, made.high) == (10, 40)  # nobody lives where it is 100
    assert made.by["district", "A"].mean == 10
    assert made.answer("11.6.2.pm25").status == "partly"
    none = sdg11.exposure(np.full(2, np.nan), np.ones(2))
    assert (none.mean, none.coverage) == (None, 0)
    with pytest.raises(Refusal):
        sdg11.exposure(np.array([-1.0]), np.array([1.0]))
    with pytest.raises(Refusal):
        sdg11.exposure(np.array([1.0]), np.array([np.nan]))
    with pytest.raises(Refusal):
        sdg11.exposure(np.ones(2), np.ones(3))


# 11.7.1


def test_open_space_of_squares() -> None:
    """A city of 2 km with a park of 400 m, half of another outside, and two streets that cross each other and it."""
    lon, lat = ALMATY
    city = square(lon, lat, 2000)
    middle_lon, middle_lat = city.centroid.x, city.centroid.y
    park = square(middle_lon, middle_lat, 400)
    edge_lon, _, _ = GEOD.fwd(lon, lat, 270, 200)
    edge = square(edge_lon, lat, 400)  # half of it lies west of the city
    made = sdg11.open_space([city], [park, edge])
    assert made.share.percent == pytest.approx(100 * (160_000 + 80_000) / 4e6, rel=1e-3)
    west, south, east, north = city.bounds
    ways = [
        shapely.LineString([(west, middle_lat - 0.004), (east, middle_lat - 0.004)]),
        shapely.LineString([(middle_lon - 0.004, south), (middle_lon - 0.004, north)]),
    ]
    streets = sdg11.street_shapes(ways, [20, 20])
    both = sdg11.open_space([city], [park, edge], streets)
    assert both.streets == pytest.approx(2 * 2000 * 20 - 20 * 20, rel=2e-3)
    assert both.open_space == made.open_space
    along = sdg11.street_shapes([shapely.LineString([(west, middle_lat + 0.001), (east, middle_lat + 0.001)])], [20])
    assert sdg11.open_space([city], [park], along).streets == pytest.approx((2000 - 400) * 20, rel=2e-3)


def test_open_space_agrees_with_overlays_of_another_library() -> None:
    chance = np.random.default_rng(8)
    city = square(*ALMATY, 3000)
    west, south, east, north = city.bounds
    parks = [
        square(chance.uniform(west, east), chance.uniform(south, north), chance.uniform(50, 700)) for _ in range(20)
    ]
    made = sdg11.open_space([city], parks)
    frames = [
        geopandas.GeoDataFrame(geometry=shapes, crs="OGC:CRS84").to_crs("EPSG:6933") for shapes in ([city], parks)
    ]
    overlay = geopandas.overlay(frames[1].dissolve(), frames[0], how="intersection")
    share = overlay.area.sum() / frames[0].area.sum()  # another equal-area projection gives the same share
    assert made.share.counted / made.share.of == pytest.approx(share, rel=1e-4)


def test_people_near_open_space_agree_with_buffers_of_another_library() -> None:
    lon, lat = around(400, 0.03, 11)
    parks = [square(ALMATY[0], ALMATY[1], 500), square(ALMATY[0] - 0.02, ALMATY[1] - 0.02, 200)]
    people = sdg11.Population(lon, lat, np.ones(400))
    made = sdg11.open_space_access(people, parks)
    zone = 32643  # UTM 43N; its scale differs from one by less than the four metres left out below
    wide = geopandas.GeoSeries(parks, crs="OGC:CRS84").to_crs(zone)
    points = geopandas.GeoSeries(shapely.points(lon, lat), crs="OGC:CRS84").to_crs(zone)
    surely = points.within(wide.buffer(398, quad_segs=64).union_all()).sum()
    perhaps = points.within(wide.buffer(402, quad_segs=64).union_all()).sum()
    assert surely <= made.counted <= perhaps
    assert perhaps > surely - 1 > 0
    assert sdg11.open_space_access(people, []).counted == 0


def test_computed_shares_are_answers_of_the_evaluation() -> None:
    table = Benchmarks("t", (Benchmark("11.6.1", Decimal(100)), Benchmark("11.7.1.share", Decimal(50))))
    managed = sdg11.waste_managed(1000, [sdg11.Facility("a", "full", 700)])
    opened = sdg11.OpenSpace(100.0, 50.0, 1000.0)
    answers = [managed.answer("11.6.1"), opened.share.answer("11.7.1.share")]
    made = evaluate(catalogue("sdg11"), answers, table)
    assert made.of("11.6.1").value == 70
    assert made.of("11.7.1.share").share == Decimal("0.3")
    assert made.of("11.6.1").answer.origin == "system"
    assert made.group("sdg11").scored == 2


def test_refused() -> None:
    one = np.array([1.0])
    for call in (
        lambda: sdg11.Population(np.array([200.0]), one, one),
        lambda: sdg11.Population(one, one, np.array([-1.0])),
        lambda: sdg11.Population(one, one, np.array([1.0, 2.0])),
        lambda: sdg11.Population(one, np.array([1.0, 2.0]), one),
        lambda: sdg11.Stops(one, one, np.array([True, False])),
        lambda: sdg11.transit_access(sdg11.Population(one, one, one), sdg11.Stops(one, one, one > 0), low=-5),
        lambda: sdg11.open_space([], []),
        lambda: sdg11.street_shapes([shapely.LineString([(0, 0), (1, 1)])], []),
        lambda: sdg11.street_shapes([shapely.LineString([(0, 0), (1, 1)])], [0]),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert all(refused.value.text(language) for language in LANGUAGES)
    assert sdg11.street_shapes([], []) == []
