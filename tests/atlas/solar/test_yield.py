"""Sums into means, profiles and spreads; layers built of them; the recomputation kept in a service."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from jasyl.atlas import load, read_record
from jasyl.atlas.grid import Grid
from jasyl.atlas.layer import Source
from jasyl.atlas.layer_notes import layer_note
from jasyl.atlas.solar.build_weather import Asked, build_solar
from jasyl.atlas.solar.face import irradiation, pv
from jasyl.atlas.solar.kernel import OUTPUTS, solar_kernel
from jasyl.atlas.solar.mounting import Mounting, mounting
from jasyl.atlas.solar.panels import NO_LOSSES, Losses, panel_names, panel_of
from jasyl.atlas.solar.point_yield import point_yield
from jasyl.atlas.solar.recompute import SolarRecompute
from jasyl.atlas.solar.yields import annual_mean, mean_of, monthly_means, profile, region_series, spread
from jasyl.atlas.weather.fold import fold
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.weather.regions import region_matrix
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

sys.path.insert(0, str(Path(__file__).parent))
import made_up_cutout as made_up

YEAR_GRID = Grid(west=70 * 3600, north=51 * 3600, step=3600, rows=2, columns=3)
NEW_YEAR = dt.datetime(2022, 12, 31, 19, tzinfo=dt.UTC)  # 1 January 2023, 00:00 of UTC+5
MADE_UP = (Source(name="made-up weather", version="1", licence="none", reference="test"),)


def source_of(arrays: dict[str, Any], grid: Grid = made_up.GRID, first: dt.datetime = made_up.FIRST) -> MemorySource:
    return MemorySource(grid, int(first.timestamp() * 1e6), made_up.HOUR, arrays)


@pytest.fixture(scope="module")
def year() -> MemorySource:
    return source_of(made_up.fields(YEAR_GRID, 8760, NEW_YEAR), YEAR_GRID, NEW_YEAR)


@pytest.fixture(scope="module")
def weeks() -> MemorySource:
    return source_of(made_up.fields())


def test_bins_add_up_to_the_whole(year: MemorySource):
    kernel = solar_kernel(year.fields, outputs=OUTPUTS, by="month-hour")
    found = fold(year, kernel)
    whole = fold(year, solar_kernel(year.fields, outputs=OUTPUTS, by="whole"), threads=1)
    for output in OUTPUTS:
        hours = profile(found, output)
        assert hours.shape == (12, 24, *YEAR_GRID.shape)
        np.testing.assert_allclose(hours.mean(axis=1), monthly_means(found, output), rtol=1e-12)
        np.testing.assert_allclose(mean_of(found, output), mean_of(whole, output), rtol=1e-12)
    # Light falls by day, most about noon: 12:20 of UTC+5 at 71° E.
    assert (profile(found, "ghi")[:, :4] == 0).all()
    assert set(profile(found, "ghi").mean(axis=(0, 2, 3)).argsort()[-2:]) <= {11, 12, 13}
    np.testing.assert_allclose(annual_mean(found, "power"), mean_of(found, "power"), rtol=3e-3)


def test_light_on_the_ground_is_what_was_given(weeks: MemorySource):
    """Nothing of the light before sunrise and after sunset is lost, and the parts are those of the input."""
    found = fold(weeks, solar_kernel(weeks.fields, outputs=("ghi", "dhi", "dni")))
    arrays = weeks.arrays
    direct, diffuse = (arrays[name].astype(np.float64) for name in ("influx_direct", "influx_diffuse"))
    np.testing.assert_allclose(mean_of(found, "dhi"), diffuse.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(mean_of(found, "ghi"), (direct + diffuse).mean(axis=0), rtol=1e-6)
    assert (mean_of(found, "dni") > direct.mean(axis=0)).all()


def test_panels_warm_in_the_light(weeks: MemorySource):
    found = fold(weeks, solar_kernel(weeks.fields, outputs=("gti", "panel_heat")))
    warmth = mean_of(found, "panel_heat") / mean_of(found, "gti")
    assert (warmth > 280).all()
    assert (warmth < 340).all()


def test_missing_weather_is_missing_not_zero(weeks: MemorySource):
    holes = {name: values.copy() for name, values in weeks.arrays.items()}
    holes["temperature"][:, 3, 4] = np.nan
    holes["albedo"][100:103, 5, 6] = np.nan  # a few hours: still enough
    holes["influx_toa"][::2, 7, 8] = np.nan
    torn = source_of(holes)
    found = pv(torn).values[::-1]
    whole = pv(weeks).values[::-1]
    assert np.isnan(found[3, 4])
    assert np.isnan(found[7, 8])
    assert abs(found[5, 6] / whole[5, 6] - 1) < 0.01
    others = np.ones(found.shape, bool)
    others[3, 4] = others[5, 6] = others[7, 8] = False
    assert (found[others] == whole[others]).all()
    # A region with a hole is the mean of what is known while that is nearly everything.
    matrix = np.zeros((2, others.size))
    turned = np.arange(others.size).reshape(others.shape)[::-1]
    matrix[0] = 1
    matrix[1, turned[3, 4]] = 1
    hours = pv(torn, matrix=matrix).values
    assert np.isnan(hours[1]).any()
    assert np.isfinite(hours[0]).all()


def test_regions_are_weighted_by_area(weeks: MemorySource):
    west, south, east, north = made_up.GRID.bounds
    half, whole = box(west, south, (west + east) / 2, north), box(west, south, east, north)
    hours = pv(weeks, shapes=[half, whole])
    assert hours.dims == ("region", "time")
    cells = pv(weeks, per="cell-series").values[:, ::-1]
    areas = np.repeat(made_up.GRID.row_areas[:, None], made_up.GRID.columns, axis=1)
    expected = (cells * areas).sum(axis=(1, 2)) / areas.sum()
    np.testing.assert_allclose(hours.values[1], expected, rtol=1e-5, atol=1e-7)
    expected = (cells * areas)[:, :, :9].sum(axis=(1, 2)) / areas[:, :9].sum()
    np.testing.assert_allclose(hours.values[0], expected, rtol=1e-5, atol=1e-7)
    with pytest.raises(Refusal) as refusal:
        pv(weeks, shapes=[half], matrix=np.ones((1, areas.size)))
    assert refusal.value.code == "regions-twice"


def test_wide_grids_are_worked_out_in_parts():
    """A row longer than a block gives what its columns give alone."""
    wide = Grid(west=-180 * 3600, north=45 * 3600, step=300, rows=2, columns=4320)
    arrays = made_up.fields(wide, 24)
    found = pv(source_of(arrays, wide)).values
    part = slice(4080, 4110)  # across the edge of two blocks
    narrow = Grid(wide.west + 4080 * wide.step, wide.north, wide.step, 2, 30)
    alone = pv(source_of({name: values[:, :, part].copy() for name, values in arrays.items()}, narrow)).values
    np.testing.assert_allclose(found[:, part], alone, rtol=1e-6)
    assert (found > 0).all()


def test_weather_may_have_light_as_a_sum_and_outflux(weeks: MemorySource):
    total = weeks.arrays["influx_direct"] + weeks.arrays["influx_diffuse"]
    light = {"influx": total, "influx_toa": weeks.arrays["influx_toa"], "outflux": total * np.float32(0.2)}
    kernel = solar_kernel((*light, "temperature"), outputs=("gti",))
    assert kernel.fields == ("influx", "influx_toa", "outflux")
    found = irradiation(source_of(light), "gti").values
    assert (found > 0).all()
    warm = solar_kernel((*light, "temperature", "humidity"), outputs=("power",))
    assert warm.clearsky_model == "enhanced"


def test_recomputing(year: MemorySource, monkeypatch: pytest.MonkeyPatch):
    one_answer = 13 * 8 * YEAR_GRID.rows * YEAR_GRID.columns
    service = SolarRecompute(year, threads=2, keep=2 * one_answer)
    first = service.pv()
    assert (first.mean == mean_of(fold(year, solar_kernel(year.fields)), "power")).all()
    calls: list[int] = []
    monkeypatch.setattr("jasyl.atlas.solar.recompute.fold", lambda *a, **k: calls.append(1) or fold(*a, **k))
    lossy = service.pv(losses=Losses(0.1, 0.2, 0.9))
    assert not calls  # losses alone are a product
    np.testing.assert_allclose(lossy.mean, first.mean * 0.9 * 0.8 * 0.9, rtol=1e-12)
    np.testing.assert_allclose(lossy.pvout, lossy.mean * 24)
    assert lossy.months.shape == (12, *YEAR_GRID.shape)
    steep = service.pv(mounting=Mounting(None, 60.0, 180.0))
    service.pv(panel="CdTe")
    assert len(calls) == 2
    assert (steep.mean != first.mean).all()
    service.pv()
    assert len(calls) == 3  # two are kept, the first had gone


def test_layers(year: MemorySource, empty: DataFolder):
    calls: list[tuple[int, int]] = []
    built = build_solar(
        empty, year, Asked(losses=Losses(0.05, 0.1, 0.98)), sources=MADE_UP, progress=lambda *at: calls.append(at)
    )
    assert [layer.id for layer in built] == ["solar.ghi", "solar.dni", "solar.dhi", "solar.gti", "solar.pvout"]
    assert calls[-1][0] == calls[-1][1] == year.chunk_count
    for layer in built:
        record = json.loads(layer.canonical(), parse_float=pytest.fail)
        assert record["inputs"] == {"weather": year.digest}
        assert record["kind"] == "modelled"
        assert record["period"] == "2022-12-31 to 2023-12-31"
        assert layer == read_record(empty, layer.id)
        assert load(empty, layer.id).values.shape == (13, *YEAR_GRID.shape)
    pvout = built[-1]
    assert any("availability 0.98" in note for note in pvout.notes)
    assert [source.licence for source in pvout.sources] == ["none", "CC BY 4.0"]
    expected = pv(year).values[::-1] * 24_000 * 0.95 * 0.9 * 0.98
    np.testing.assert_allclose(load(empty, "solar.pvout").values[0], expected, rtol=5e-3)
    assert build_solar(empty, year, Asked(losses=Losses(0.05, 0.1, 0.98)), sources=MADE_UP) == built
    assert len(list(empty.atlas.glob("*.tif"))) == 5


def test_numbers_of_this_method_version(year: MemorySource, empty: DataFolder):
    """Pins solar-yield/huld-bofinger@1.0.0: whoever changes these numbers raises the version."""
    built = build_solar(empty, year, sources=MADE_UP)
    assert built[0].method == "solar-yield/huld-bofinger@1.0.0"
    found = {layer.id: int(load(empty, layer.id).values[0, 0, 0]) for layer in built}
    # One in the last place: other processors may round otherwise.
    assert all(abs(found[key] - value) <= 1 for key, value in PINNED.items()), str(found)


def test_layers_of_trackers_say_how_the_panels_turn(year: MemorySource, empty: DataFolder):
    turned = {
        one.id: one for one in build_solar(empty, year, Asked(mounting=Mounting(tracking="dual")), sources=MADE_UP)
    }
    assert turned["solar.gti"].notes == ("orientation: tracking dual; sky isotropic",)
    assert (
        layer_note(turned["solar.gti"].notes[0], "ru")
        == "установка: поворот вокруг двух осей; небо одинаково ярко всюду"
    )
    fixed = {one.id: one for one in build_solar(empty, year, sources=MADE_UP)}
    assert fixed["solar.gti"].notes == ("orientation: latitude_optimal; sky isotropic",)


PINNED = {"solar.ghi": 3238, "solar.dni": 3843, "solar.dhi": 1615, "solar.gti": 3863, "solar.pvout": 3263}


def test_layers_need_a_year_and_a_source(weeks: MemorySource, year: MemorySource, empty: DataFolder):
    with pytest.raises(Refusal) as refusal:
        build_solar(empty, weeks, sources=MADE_UP)
    assert refusal.value.code == "weather-months"
    with pytest.raises(Refusal) as refusal:
        build_solar(empty, year)
    assert refusal.value.code == "solar-sources"


def test_years_are_told_apart(empty: DataFolder):
    """Six-hourly weather of six years, each dimmer than the one before: P90 lies below P50, and is built as a layer."""
    grid = Grid(west=70 * 3600, north=50 * 3600, step=3600, rows=1, columns=1)
    steps = 1461 * 4 + 731 * 4
    hourly = made_up.fields(grid, steps * 6, NEW_YEAR)
    thin = {name: values[3::6] for name, values in hourly.items()}
    dim = 1 - 0.02 * (np.arange(steps) // 1460)
    for name in ("influx_direct", "influx_diffuse"):
        thin[name] = (thin[name] * dim[:, None, None]).astype(np.float32)
    source = MemorySource(grid, int(NEW_YEAR.timestamp() * 1e6), 6 * made_up.HOUR, thin)
    found = fold(source, solar_kernel(source.fields))
    years = spread(found, "power", 6.0)
    assert years.years == (2023, 2024, 2025, 2026, 2027, 2028)
    assert years.p50 is not None
    assert years.p90 is not None
    assert (years.p90.values < years.p50.values).all()
    assert build_solar(empty, source, sources=MADE_UP)[-1].id == "solar.pvout_p90"
    three_years = source.start + 3 * 8766 * made_up.HOUR
    few = spread(fold(source, solar_kernel(source.fields), end=three_years), "power", 6.0)
    assert few.p90 is None
    assert len(few.years) < 5
    # What was worked out with other yields does not stay beside these.
    assert build_solar(empty, source, sources=MADE_UP, end=three_years)[-1].id == "solar.pvout"
    assert read_record(empty, "solar.pvout_p90") is None
    assert not list(empty.atlas.glob("solar.pvout_p90*"))


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.1, 1))
def test_losses_never_add(soiling: float, other: float, availability: float):
    assert 0 < Losses(soiling, other, availability).factor <= 1
    assert NO_LOSSES.factor == 1


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Losses(1.0), "losses-invalid"),
        (lambda: Losses(availability=0), "losses-invalid"),
        (lambda: panel_of("Perovskite"), "panel-unknown"),
        (lambda: Mounting(None, 95.0), "mounting-invalid"),
        (lambda: Mounting(ground_cover=0.4), "mounting-invalid"),
        (lambda: Mounting(tracking="horizontal", ground_cover=1.4), "mounting-invalid"),
        (lambda: mounting({"tilt": 3.0}), "mounting-invalid"),
        (lambda: mounting({"azimuth": 3.0}), "mounting-invalid"),
        (lambda: solar_kernel(("influx",), outputs=("glow",)), "output-unknown"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused(make: Any, code: str):
    with pytest.raises(Refusal) as refusal:
        make()
    assert refusal.value.code == code


def test_panels_come_with_the_package():
    assert panel_names() == ("CSi", "CdTe", "KANENA")
    assert panel_of(panel_of("CSi")) is panel_of("CSi")


def test_region_weights(weeks: MemorySource):
    """The matrix of a polygon that covers everything has the areas of the cells."""
    west, south, east, north = made_up.GRID.bounds
    matrix = region_matrix(made_up.GRID, [box(west, south, east, north)])
    assert matrix.count == 1
    np.testing.assert_allclose(matrix.totals, made_up.GRID.row_areas.sum() * made_up.GRID.columns, rtol=1e-6)
    kernel = solar_kernel(weeks.fields, regions=matrix, maps=False)
    assert region_series(fold(weeks, kernel), "power", matrix.totals).shape == (1, weeks.steps)


def test_a_point_is_its_cell_of_the_map(year: MemorySource):
    found = point_yield(year, 71.4, 50.2, losses=Losses(0.1, 0, 1))
    found_map = fold(year, solar_kernel(year.fields, outputs=("ghi", "power"), by="month-hour"))
    assert found.start == year.start
    assert found.hours["power"].shape == (8760,)
    np.testing.assert_allclose(found.hours["power"], pv(year, per="cell-series").values[:, 1, 1] * 0.9, atol=1e-6)
    np.testing.assert_allclose(found.months["power"], monthly_means(found_map, "power")[:, 0, 1] * 0.9, rtol=1e-6)
    np.testing.assert_allclose(found.profile["ghi"], profile(found_map, "ghi")[..., 0, 1], rtol=1e-6)
    assert found.year["power"] == pytest.approx(annual_mean(found_map, "power")[0, 1] * 0.9, rel=1e-6)
    assert found.spread.years == (2023,)
    assert found.spread.p90 is None
    later = point_yield(year, 71.4, 50.2, start=year.start + 30 * 24 * made_up.HOUR + 1)
    assert later.start == year.start + (30 * 24 + 1) * made_up.HOUR
    assert later.hours["ghi"][0] == found.hours["ghi"][30 * 24 + 1]
    for place, start, code in (
        (10.0, None, "point-outside"),
        (71.4, year.start + 9000 * made_up.HOUR, "weather-span-empty"),
    ):
        with pytest.raises(Refusal) as refusal:
            point_yield(year, place, 50.2, start=start)
        assert refusal.value.code == code
