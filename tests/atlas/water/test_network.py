"""The river network and its power: closed forms, laws, and pyflwdir."""

import warnings

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from tests.atlas.water.terrain_models import grid_of, hills

from jasyl.atlas.water import flow, network
from jasyl.atlas.water.directions import VOID, read_codes
from jasyl.atlas.water.hydropower import Assumptions, gross_by_cell, potential, totals, usable
from jasyl.atlas.water.model import Routing, rivers_of
from jasyl.atlas.water.runoff import Runoff, uniform
from jasyl.atlas.water.small_hydro import Plant, SiteSearch, by_class, class_of, find_sites
from jasyl.texts import Refusal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyflwdir

SMALL = Routing(channel_area=0.2e6)


def valley(rows=40, columns=9, slope=10.0):
    """A straight valley to the south, ``slope`` m down a cell, its sides falling to the middle column."""
    row, column = np.mgrid[:rows, :columns]
    ground = 3000 - slope * row + 200.0 * np.abs(column - columns // 2)
    return ground.astype(np.float32)


def valley_rivers(assumptions=None, runoff=1000.0, **more):
    ground = valley(**more)
    return rivers_of(grid_of(ground.shape), ground, uniform(runoff), routing=SMALL, assumptions=assumptions)


def test_a_valley_is_one_reach_with_known_power():
    """ρ g V H by hand: the water of each row comes in at its cell and falls on."""
    rivers = valley_rivers()
    found = rivers.network
    assert len(found.reaches) == 1
    volume = found.area / 1e4 * 1.0  # m² times 1000 mm
    assert found.volume * 1e-6 == pytest.approx(volume, rel=1e-9)
    expected = sum(1000 * 9.80665 * volume[:-1] * 10.0) / 3.6e12
    assert rivers.potential.gross[0] == pytest.approx(expected, rel=1e-9)
    assert rivers.potential.head[0] == pytest.approx(10.0 * (len(found) - 1))
    assert found.discharge[-1] == pytest.approx(volume[-1] / (365.2425 * 86400))
    length = Geod(ellps="WGS84").inv(*found.centres[0], *found.centres[-1])[2]
    assert found.step.sum() == pytest.approx(length, rel=1e-8)


def test_technical_potential_of_a_mean_year():
    given_ = Assumptions(efficiency=0.8, environmental_flow=0.25, utilisation=0.5, least_discharge=0, least_head=1)
    rivers = valley_rivers(given_)
    assert rivers.potential.technical[0] == pytest.approx(0.8 * 0.75 * 0.5 * rivers.potential.gross[0])
    use = usable(rivers.network, given_)
    assert use.design == pytest.approx(0.75 * rivers.network.discharge)
    steep = Assumptions(least_head=1e3)
    assert potential(rivers.network, steep).technical.tolist() == [0.0]
    assert potential(rivers.network, steep).gross[0] > 0


def monthly_rivers(months):
    ground = valley()
    runoff = Runoff(np.array(months, dtype=float)[:, None, None])
    return rivers_of(grid_of(ground.shape), ground, runoff, routing=SMALL).network


def test_months_make_the_year_and_its_duration_curve():
    months = [10, 20, 30, 40, 200, 180, 100, 60, 40, 30, 20, 10]
    found = monthly_rivers(months)
    year = valley_rivers(runoff=float(sum(months))).network
    assert found.volume == pytest.approx(year.volume, rel=1e-7)
    assert found.months.mean(axis=0) == pytest.approx(found.discharge, rel=1e-5)
    given_ = Assumptions(environmental_flow=0.3, exceedance=0.25, part_load=0.2)
    use = usable(found, given_)
    unit = found.discharge / (sum(months) / 12)  # m³/s that one mm a month makes
    left = np.maximum(np.array(months) - 0.3 * sum(months) / 12, 0)
    design = np.sort(left)[::-1][3]  # a quarter of the year has more
    taken = np.where(left < 0.2 * design, 0, np.minimum(left, design))
    assert use.design == pytest.approx(design * unit, rel=1e-4)
    assert use.volume == pytest.approx(taken.mean() * unit * 365.2425 * 86400, rel=1e-4)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9), st.floats(0, 0.9))
@settings(max_examples=20, deadline=None)
def test_nothing_technical_exceeds_what_is_there(seed, efficiency, kept):
    ground = hills(30, 34, seed=seed)
    rivers = rivers_of(
        grid_of(ground.shape),
        ground,
        uniform(400),
        routing=Routing(channel_area=0.05e6),
        assumptions=Assumptions(efficiency=efficiency, environmental_flow=kept),
    )
    found = rivers.potential
    assert (found.gross >= 0).all()
    assert (found.technical <= found.gross * efficiency * (1 - kept) + 1e-12).all()
    assert found.gross.sum() == pytest.approx(gross_by_cell(rivers.network).sum())
    inner = rivers.network.reaches
    sums = inner.sums(rivers.network.step)
    assert sums.sum() == pytest.approx(rivers.network.step.sum())
    grouped = totals(rivers.network.basin[inner.first], found)
    assert sum(entry["gross"] for entry in grouped.values()) == pytest.approx(found.gross.sum())
    assert sum(entry["reaches"] for entry in grouped.values()) == len(inner)


def test_reaches_agree_with_pyflwdir():
    ground = hills(seed=3)
    grid = grid_of(ground.shape)
    codes, surface = flow.directions(ground, grid)
    found = network.network(codes, surface, grid, channel_area=0.15e6)
    other = pyflwdir.from_array(codes, ftype="d8", latlon=True)
    channel = np.zeros(codes.size, dtype=bool)
    channel[found.cell] = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # pyflwdir multiplies affine transforms by *
        theirs = other.streams(mask=channel.reshape(codes.shape), min_sto=1)
    ours = {
        (int(found.cell[a]), int(found.cell[b])) for a, b in zip(found.reaches.first, found.reaches.last, strict=True)
    }
    their_ends = {(int(one["properties"]["idx"]), int(one["properties"]["idx_ds"])) for one in theirs}
    their_ends = {pair for pair in their_ends if pair[0] != pair[1]}
    assert ours == their_ends
    assert len(ours) > 20


def test_topology_lines_and_table():
    ground = hills(seed=4)
    rivers = rivers_of(grid_of(ground.shape), ground, uniform(300), routing=Routing(channel_area=0.15e6))
    found = rivers.network
    reaches = found.reaches
    lines = found.lines()
    assert len(lines) == len(reaches) > 20
    for number in range(len(reaches)):
        down = reaches.down[number]
        end = lines[number].coords[-1]
        if down:
            assert lines[down - 1].coords[0] == end
        else:
            assert found.below[reaches.last[number]] < 0
    chosen = found.lines([3, 1])
    assert chosen[0].equals(lines[2])
    assert chosen[1].equals(lines[0])
    table = rivers.to_table()
    assert table.num_rows == len(reaches)
    geod = Geod(ellps="WGS84")
    lengths = [geod.geometry_length(shapely.from_wkb(one)) for one in table["geometry"].to_pylist()]
    assert table["length"].to_numpy() == pytest.approx(lengths, rel=1e-6)
    assert b'"geo"' not in (table.schema.metadata[b"geo"])
    assert (table["top"].to_numpy() >= table["bottom"].to_numpy()).all()
    reach = found.reach
    assert (reach[found.below < 0] == 0).all()
    assert (reach[found.below >= 0] > 0).all()
    assert np.array_equal(reach[reaches.first], np.arange(1, len(reaches) + 1))


def test_dataset_lies_on_the_grid():
    ground = hills(seed=4)
    rivers = rivers_of(grid_of(ground.shape), ground, uniform(300), routing=Routing(channel_area=0.15e6))
    data = rivers.to_dataset()
    assert dict(data.sizes) == {"latitude": 80, "longitude": 100}
    cell = rivers.network.cell[5]
    assert data.discharge.values.ravel()[cell] == pytest.approx(rivers.network.discharge[5])
    assert np.isnan(data.discharge.values).sum() == ground.size - len(rivers.network)
    assert data.reach.values.max() == len(rivers.network.reaches)


def test_given_directions_are_followed_and_never_climb():
    ground = hills(seed=6)
    ground[:4] = np.nan
    grid = grid_of(ground.shape)
    codes, _ = flow.directions(ground, grid, mend="fill")
    rough = ground + np.random.default_rng(1).normal(0, 5, ground.shape).astype(np.float32)
    rivers = rivers_of(grid, rough, uniform(200), directions=codes, routing=Routing(channel_area=0.15e6))
    assert np.array_equal(rivers.codes, codes)
    assert (rivers.network.fall >= 0).all()
    with pytest.raises(Refusal, match="directions") as refused:
        rivers_of(grid, rough, directions=codes[1:])
    assert refused.value.code == "directions-shape"


def test_a_site_ends_where_the_river_grows_flat():
    """Steep for 20 cells, flat after: the powerhouse stands at the foot, as long as the way allows."""
    rows, columns = 60, 9
    row, column = np.mgrid[:rows, :columns]
    ground = 3000 - np.where(row < 40, 12.0 * np.maximum(row - 20, 0) + 0.05 * row, 240 + 0.05 * row)
    ground = (ground + 300.0 * np.abs(column - 4)).astype(np.float32)
    rivers = rivers_of(grid_of(ground.shape), ground, uniform(3000), routing=SMALL)
    given_ = Assumptions(least_discharge=0.01)
    search = SiteSearch(least_capacity=1e3, longest=3000)
    plant = Plant("p", "P", 76.0, 44.9, 1e6)
    sites = find_sites(rivers.network, given_, search, [plant, Plant("far", "F", 70.0, 40.0, None)])
    best = sites[0]
    step = Geod(ellps="WGS84").inv(76, 44.98, 76, 44.98 + 3 / 3600)[2]
    assert best.head == pytest.approx(228 + 0.05 * 19, abs=13)
    assert best.way == pytest.approx(20 * step, rel=0.1)
    assert best.energy < best.capacity / 1e9 * 8766
    assert best.capacity == pytest.approx(0.8 * 1000 * 9.80665 * best.design * best.head)
    assert best.plant == plant
    away = Geod(ellps="WGS84").inv(best.longitude, best.latitude, plant.longitude, plant.latitude)[2]
    assert best.plant_distance == pytest.approx(away)
    assert best.cut is True  # the valley comes in over the northern edge
    short = find_sites(rivers.network, given_, SiteSearch(least_capacity=1e3, longest=500))
    assert max(site.way for site in short) <= 500
    assert len(short) > 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_sites_never_share_a_cell(seed):
    ground = hills(40, 40, seed=seed, tilt=20)
    rivers = rivers_of(grid_of(ground.shape), ground, uniform(900), routing=Routing(channel_area=0.05e6))
    found = rivers.network
    sites = rivers.sites(SiteSearch(least_capacity=100, longest=1500)) or []
    place = {int(cell): number for number, cell in enumerate(found.cell)}
    used = set()
    for site in sites:
        here, gone = place[site.cell], 0.0
        end = int(np.argmin(np.hypot(*(found.centres - np.array(site.powerhouse)).T)))
        while here != end:
            assert here not in used
            used.add(here)
            gone += found.step[here]
            here = found.below[here]
        assert gone == pytest.approx(site.way)
        assert site.head > 0.01 * site.way
    capacities = [site.capacity for site in sites]
    assert capacities == sorted(capacities, reverse=True)


def test_classes_and_limits():
    assert [class_of(value) for value in (1, 99_999, 100_000, 9.99e6, 10e6, 35e6)] == [
        "micro",
        "micro",
        "mini",
        "small",
        "medium",
        "large",
    ]
    assert by_class([])["mini"] == (0, 0, 0)
    for wrong in ({"efficiency": 1.2}, {"least_head": -1}):
        with pytest.raises(Refusal, match="assumption"):
            Assumptions(**wrong)
    with pytest.raises(Refusal, match="longest"):
        SiteSearch(longest=0)


def test_without_runoff_there_is_no_power():
    ground = valley()
    rivers = rivers_of(grid_of(ground.shape), ground, routing=SMALL)
    assert np.isnan(rivers.network.discharge).all()
    assert rivers.to_table()["discharge"].null_count == len(rivers.network.reaches)
    for ask in (lambda: rivers.potential, rivers.sites):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.code == "runoff-missing"
    with pytest.raises(Refusal) as refused:
        rivers_of(grid_of(ground.shape), ground, routing=Routing(channel_area=1e12))
    assert refused.value.code == "rivers-none"


def test_codes_of_three_customs():
    merit = np.array([[1, -128, -9], [0, -1, 64]], dtype=np.int8)
    assert read_codes(merit).tolist() == [[1, 128, VOID], [0, 255, 64]]
    shed = np.array([[1, 128, 247], [0, 255, 16]], dtype=np.int16)
    assert read_codes(shed).tolist() == shed.tolist()
    with_nodata = np.array([[1.0, np.nan], [4.0, -32768.0]])
    assert read_codes(with_nodata, -32768).tolist() == [[1, VOID], [4, VOID]]
    assert read_codes(np.full((2, 2), -9999), -9999).tolist() == [[VOID] * 2] * 2
    with pytest.raises(Refusal) as refused:
        read_codes(np.array([[1, 2, 3, 5, 6, 7]]))
    assert refused.value.code == "directions-code"
    with pytest.raises(Refusal) as refused:
        read_codes(np.array([1, 2]))
    assert refused.value.code == "directions-flat"
