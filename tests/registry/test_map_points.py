"""Facilities on the map: every point once, in a tile by itself or counted in a group; who is shown and who is not."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vector_tiles import read_tile

from jasyl.registry import (
    MAP_FAMILIES,
    SIZE_CLASSES_W,
    STATUSES,
    Provenance,
    Statement,
    latest_assertion,
    load_map_points,
    record,
    status_group,
)
from jasyl.registry.map_points import FEATURES, SINGLES, mercator, points_of, size_class
from jasyl.registry.tables import facility


def _row(
    number, lon, lat, family="solar", status="operating", power=5000, confirmed=True, reference=False, *, certain=True
):
    key = f"f{number:05}"
    names = (None, f"Объект {number}", f"Facility {number}")
    return (lon, lat, family, status, power, confirmed, reference, key, *names, certain)


def _many(count, seed=3):
    chance = np.random.default_rng(seed)
    lon, lat = chance.normal(72, 6, count).clip(47, 87), chance.normal(47, 3, count).clip(41, 55)
    family, status = chance.choice(MAP_FAMILIES[:4], count), chance.choice(STATUSES, count)
    power = np.exp(chance.normal(11, 3, count)).astype(int)
    return [
        _row(i, lon[i], lat[i], str(family[i]), str(status[i]), int(power[i]) if i % 3 else None, i % 5 > 0)
        for i in range(count)
    ]


def _tiles(points, z):
    shift = 30 - z
    return sorted(set(zip((points.x >> shift).tolist(), (points.y >> shift).tolist(), strict=True)))


def _held(rows):
    return sum(row.get("count", 1) for row in rows)


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (71.43, 51.13), (-104.99, 39.74), (179.9, 85), (-180, -85)])
def test_places_are_those_of_web_mercator(lon, lat):
    import pyproj

    x, y = mercator(np.array([lon]), np.array([lat]))
    east, north = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    world = 2 * math.pi * 6378137
    assert x[0] == pytest.approx((east / world + 0.5) * 2**30, abs=1)
    assert y[0] == pytest.approx((0.5 - north / world) * 2**30, abs=1)


def test_a_tile_is_the_one_of_the_usual_formula():
    """Astana at zoom 10: the slippy-map formula of OpenStreetMap's wiki gives 715/342."""
    points = points_of([_row(1, 71.43, 51.13)])
    x, y = int((71.43 + 180) / 360 * 1024), int((1 - math.asinh(math.tan(math.radians(51.13))) / math.pi) / 2 * 1024)
    assert _tiles(points, 10) == [(x, y)]
    assert points.tile(10, x, y)
    assert points.tile(10, x + 1, y) == b""


coordinates = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@settings(max_examples=60, deadline=None)
@given(st.lists(coordinates, max_size=40), st.integers(0, 14))
def test_every_point_is_in_exactly_one_tile_of_a_zoom(places, z):
    points = points_of([_row(number, *place) for number, place in enumerate(places)])
    found = [points.within(z, x, y) for x, y in _tiles(points, z)]
    assert sorted(one for part in found for one in range(part.start, part.stop)) == list(range(len(places)))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 14), st.data())
def test_a_point_on_an_edge_is_in_the_tile_east_and_south_of_it(z, data):
    column = data.draw(st.integers(1, 2**z - 1))
    points = points_of([_row(1, column / 2**z * 360 - 180, 0.0)])
    assert _tiles(points, z) == [(column, 2 ** (z - 1))]
    holding = [x for x in (column - 1, column) if points.within(z, x, 2 ** (z - 1)) != slice(0, 0)]
    assert len([x for x in holding if points.tile(z, x, 2 ** (z - 1))]) == 1


@pytest.mark.parametrize("z", [0, 3, 5, 7])
def test_no_point_is_dropped_at_any_zoom(tmp_path, z):
    points = points_of(_many(6000))
    total = 0
    for x, y in _tiles(points, z):
        part = points.within(z, x, y)
        _, places, rows = read_tile(points.tile(z, x, y), tmp_path, clip=True)
        assert _held(rows) == part.stop - part.start
        assert len(rows) <= max(FEATURES, SINGLES)
        assert all(0 <= east < 4096 and 0 <= south < 4096 for east, south in places)
        total += _held(rows)
    assert total == 6000


def test_groups_agree_with_the_filters_of_the_map(tmp_path):
    """What a filter leaves on the map is, counted, what it leaves in the register; power too."""
    said = _many(6000)
    _, _, rows = read_tile(points_of(said).tile(0, 0, 0), tmp_path)
    assert any(row.get("count", 1) > 1 for row in rows)

    def kind(family, status, power, confirmed):
        size = sum(power >= bound for bound in SIZE_CLASSES_W[1:]) if power else 0
        return family, status, status_group(status), size, int(not confirmed)

    counts, powers = {}, {}
    for _, _, family, status, power, confirmed, *_ in said:
        one = kind(family, status, power, confirmed)
        counts[one] = counts.get(one, 0) + 1
        powers[one] = powers.get(one, 0) + (power or 0)
    shown, drawn = {}, {}
    for row in rows:
        one = (row["family"], row["status"], row["status_group"], row["size"], row["unconfirmed"])
        shown[one] = shown.get(one, 0) + row.get("count", 1)
        drawn[one] = drawn.get(one, 0) + row.get("capacity_w", 0)
    assert (shown, drawn) == (counts, powers)


def test_a_point_by_itself_has_its_name_and_a_group_its_count(tmp_path):
    alone = points_of([_row(1, 70, 45, "wind", "planned", 2_500_000, False, True, certain=False)])
    _, places, rows = read_tile(alone.tile(0, 0, 0), tmp_path)
    assert rows == [
        {
            "id": "f00001",
            "name_ru": "Объект 1",
            "name_en": "Facility 1",
            "family": "wind",
            "status": "planned",
            "status_group": "coming",
            "size": 1,
            "capacity_w": 2_500_000,
            "unconfirmed": 1,
            "reference": 1,
            "uncertain": 1,
        }
    ]
    assert places[0] == (int((70 + 180) / 360 * 4096), int(alone.y[0]) >> 18)
    crowd = points_of([_row(number, 70, 45, power=None) for number in range(SINGLES + 1)])
    _, _, rows = read_tile(crowd.tile(14, *_tiles(crowd, 14)[0]), tmp_path)
    assert [row["count"] for row in rows] == [SINGLES + 1]
    assert {"id", "name_ru", "capacity_w"}.isdisjoint(rows[0])


def test_the_grid_grows_coarser_until_a_tile_is_small(tmp_path):
    chance = np.random.default_rng(1)
    rows = [
        _row(number, *place, family=MAP_FAMILIES[number % 18], status=STATUSES[number % 11])
        for number, place in enumerate(zip(chance.uniform(47, 87, 9000), chance.uniform(41, 55, 9000), strict=True))
    ]
    _, _, shown = read_tile(points_of(rows).tile(2, 2, 1), tmp_path)
    assert len(shown) <= FEATURES
    assert _held(shown) == 9000


def test_the_same_facilities_make_the_same_bytes_in_any_order():
    rows = [_row(number, 70, 45) for number in range(20)]
    assert points_of(rows).tile(3, 5, 2) == points_of(reversed(rows)).tile(3, 5, 2)


def test_size_classes_begin_at_their_bounds():
    powers = np.array([-1, 0, 999_999, 1_000_000, 9_999_999, 10_000_000, 50_000_000, 199_999_999, 200_000_000])
    assert size_class(powers).tolist() == [0, 0, 0, 1, 1, 2, 3, 3, 4]


def test_bounds_hold_every_point():
    points = points_of([_row(1, 50, 42), _row(2, 80, 54)])
    west, south, east, north = points.bounds
    assert (west, south, east, north) == pytest.approx((50, 42, 80, 54), abs=1e-5)
    assert west <= 50 <= 80 <= east
    assert south <= 42 <= 54 <= north
    assert points_of([]).bounds[0] == -180
    assert points_of([]).tile(0, 0, 0) == b""


def test_only_what_anybody_may_see_is_on_the_map(database):
    place = {"lon": 70.0, "lat": 45.0, "technology": "RP.PV", "status": "operating"}
    with database.writing() as connection:
        assert latest_assertion(connection) == 0
        for key, level, fields in [
            ("public", "public", {"capacity": Decimal("0.15"), "capacity_unit": "MW", "name_kk": "Нысан"}),
            ("summed", "aggregated", {}),
            ("hidden", "closed", {}),
            ("nowhere", "public", {"lon": None, "lat": None}),
            ("half", "public", {"lat": None}),
        ]:
            record(connection, "facility", [Statement(key, {**place, **fields}, Provenance("x", "y", level=level))])
        into = connection.execute(facility.select().where(facility.c.key == "public")).one().id
        twin = Statement("twin", {**place, "merged_into": into}, Provenance("x", "y"))
        record(connection, "facility", [twin])
        points = load_map_points(connection)
        assert latest_assertion(connection) > 0
    assert (points.keys, points.power.tolist(), points.names[0]) == (["public"], [150_000], ["Нысан"])
