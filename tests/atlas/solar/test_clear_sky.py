"""The clear-sky kernel against pvlib, against closed forms, and against itself."""

import datetime as dt

import numpy as np
import pandas as pd
import pvlib
import pytest

from jasyl.atlas import KAZAKHSTAN, Grid
from jasyl.atlas.solar import sun
from jasyl.atlas.solar.clear_sky import ClearSky, _strips, clear_sky, month_lengths
from jasyl.atlas.solar.clear_sky_inputs import ClearSkyInputs, input_file, read_inputs
from jasyl.texts import Refusal

# pvlib 0.16 asks pandas 3.1 for an attribute of a DatetimeIndex that will go away.
pytestmark = pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear")

# The corners, where the solar noon strips err most, the highest and lowest ground, deserts, steppe, both big cities.
CELLS = [(0, 0), (0, 503), (191, 0), (191, 503), (181, 315), (131, 452), (111, 390), (160, 113), (10, 151), (58, 305)]
CELLS += [(152, 370), (95, 413)]


@pytest.fixture(scope="module")
def common(inputs: ClearSkyInputs) -> ClearSky:
    return clear_sky(inputs)


@pytest.fixture(scope="module")
def leap(inputs: ClearSkyInputs) -> ClearSky:
    return clear_sky(_window(inputs, 176, 192, 0, 504), year=2024)


def _window(inputs: ClearSkyInputs, top: int, bottom: int, left: int, right: int) -> ClearSkyInputs:
    grid = inputs.grid
    part = Grid(
        west=grid.west + left * grid.step,
        north=grid.north - top * grid.step,
        step=grid.step,
        rows=bottom - top,
        columns=right - left,
    )
    return ClearSkyInputs(part, inputs.turbidity[:, top:bottom, left:right], inputs.altitude[top:bottom, left:right])


def _pvlib_month_totals(year: int, row: int, column: int) -> np.ndarray:
    """kWh/m² of each civil month of UTC+5 from ten-minute means, [ghi and dni, 12]."""
    longitude, latitude = KAZAKHSTAN.centre(row, column)
    start = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="10min", inclusive="left", tz="Etc/GMT-5")
    place = pvlib.location.Location(
        latitude, longitude, altitude=pvlib.location.lookup_altitude(latitude=latitude, longitude=longitude)
    )
    found = place.get_clearsky(start + pd.Timedelta("5min"), model="ineichen")[["ghi", "dni"]]
    return found.groupby(start.month).sum().to_numpy().T / 6000


@pytest.mark.parametrize(("row", "column"), CELLS)
def test_month_totals_are_those_of_pvlib(common: ClearSky, row: int, column: int):
    """Within 0.1 %: 0.03 % for the length of the true solar day, 0.05 % for the declination held through a strip and
    a day, the rest for the ten-minute sums of pvlib at sunrise; measured 0.07 % at most."""
    expected = _pvlib_month_totals(2026, row, column)
    lengths = np.array(common.days[1:])
    own = np.stack([common.ghi[1:, row, column], common.dni[1:, row, column]]) * lengths / 1000
    assert own == pytest.approx(expected, rel=1e-3)
    annual = np.array([common.ghi[0, row, column], common.dni[0, row, column]]) * 365 / 1000
    assert annual == pytest.approx(expected.sum(axis=1), rel=5e-4)


def test_a_leap_year_has_29_days_in_february(leap: ClearSky):
    assert leap.days[:3] == (366, 31, 29)
    expected = _pvlib_month_totals(2024, 181, 315)
    own = np.stack([leap.ghi[1:, 5, 315], leap.dni[1:, 5, 315]]) * np.array(leap.days[1:]) / 1000
    assert own == pytest.approx(expected, rel=1e-3)


def test_year_is_the_mean_of_all_its_days(common: ClearSky):
    lengths = np.array(month_lengths(2026))
    assert lengths.sum() == 365
    for values in (common.ghi, common.dni):
        mean = (values[1:] * lengths[:, None, None]).sum(axis=0, dtype=np.float64) / 365
        np.testing.assert_allclose(values[0], mean, rtol=1e-6)


def test_never_more_than_outside_the_atmosphere(common: ClearSky, inputs: ClearSkyInputs):
    """GHI stays below the closed form of extraterrestrial irradiation, above 45 % of it."""
    latitude = np.radians(inputs.grid.latitudes)
    ends = np.cumsum(month_lengths(2026))
    for month, length in enumerate(month_lengths(2026)):
        day = np.arange(ends[month] - length + 1.0, ends[month] + 1)[:, None]
        limit = sun.extraterrestrial_daily(latitude, sun.declination(2026, day, 0.3), sun.extraterrestrial(day))
        share = common.ghi[month + 1] / limit.mean(axis=0)[:, None]
        assert np.nanmin(share) > 0.45
        assert np.nanmax(share) < 1
        beam = common.dni[month + 1]
        assert np.nanmax(beam) < 1420 * 17.5  # the longest day of the window
        assert np.nanmin(beam) > 0


def test_altitude_and_turbidity_act_in_the_right_direction():
    """One place, three airs: more turbidity takes from both, more height adds to both, and the beam loses more."""
    grid = Grid(west=70 * 3600, north=45 * 3600, step=300, rows=1, columns=3)
    turbidity = np.tile(np.array([2.0, 4.0, 2.0], dtype=np.float32), (12, 1, 1))
    altitude = np.array([[0.0, 0.0, 2000.0]], dtype=np.float32)
    found = clear_sky(ClearSkyInputs(grid, turbidity, altitude), year=2026)
    clean, hazy, high = found.ghi[0, 0]
    assert hazy < clean < high
    beam_clean, beam_hazy, beam_high = found.dni[0, 0]
    assert beam_hazy < beam_clean < beam_high
    assert beam_hazy / beam_clean < hazy / clean


def test_seams_between_strips_do_not_show(common: ClearSky, inputs: ClearSkyInputs):
    """Where the solar noon jumps by a strip, neighbours of equal height and turbidity differ by under 0.06 %."""
    for strip in _strips(504, inputs.grid.degrees)[1:]:
        left, right = strip.start - 1, strip.start
        alike = inputs.altitude[:, left] == inputs.altitude[:, right]
        alike &= (inputs.turbidity[:, :, left] == inputs.turbidity[:, :, right]).all(axis=0)
        assert alike.sum() > 5
        step = common.ghi[1:, alike, right] / common.ghi[1:, alike, left] - 1
        assert np.abs(step).max() < 1.3e-3
        assert np.abs(common.ghi[0, alike, right] / common.ghi[0, alike, left] - 1).max() < 6e-4


def test_strips_cover_every_column_once():
    for columns, degrees in [(504, 1 / 12), (1, 0.25), (4320, 1 / 12), (169, 0.25)]:
        strips = _strips(columns, degrees)
        assert np.concatenate([np.arange(columns)[strip] for strip in strips]).tolist() == list(range(columns))


def test_polar_night_and_midnight_sun():
    """At 80 N the sun does not rise in December and does not set in June: nothing, and no invalid number."""
    grid = Grid(west=60 * 3600, north=80 * 3600, step=300, rows=1, columns=2)
    flat = ClearSkyInputs(grid, np.full((12, 1, 2), 2.5, dtype=np.float32), np.zeros((1, 2), dtype=np.float32))
    found = clear_sky(flat)
    assert found.ghi[12].max() == pytest.approx(0, abs=1e-6)
    assert found.dni[12].max() == pytest.approx(0, abs=1e-6)
    outside = sun.extraterrestrial_daily(np.radians([80.0]), np.radians([23.2]), np.array([1322.0]))[0]
    assert 0.6 * outside < found.ghi[6].min() < 0.9 * outside


def test_declination_is_that_of_the_solar_position_algorithm():
    """PSA+ against pvlib's NREL SPA, through a leap cycle: 0.01° (a solstice hour) at most."""
    times = pd.date_range("2024-01-01", "2028-01-01", freq="37h", tz="UTC")
    spa = pvlib.spa.solar_position(times.as_unit("ns").asi8 / 1e9, 0, 0, 0, 1013.25, 12, 67, 0.5667, sst=True)[2]
    own = [
        np.degrees(sun.declination(when.year, np.array([float(when.day_of_year)]), when.hour / 24))[0] for when in times
    ]
    assert np.abs(np.array(own) - spa).max() < 0.01


def test_extraterrestrial_daily_known_answer():
    """Duffie and Beckman, example 1.10.1: 43 N on 15 April gives 33.8 MJ/m² with a solar constant of 1367 W/m²."""
    day = np.array([float(dt.date(2026, 4, 15).timetuple().tm_yday)])
    normal = sun.extraterrestrial(day) * 1367 / sun.SOLAR_CONSTANT
    found = sun.extraterrestrial_daily(np.radians([43.0]), np.radians([9.4]), normal)
    assert found[0] * 3600 / 1e6 == pytest.approx(33.8, abs=0.1)


def test_inputs_are_read_as_pvlib_reads_them(inputs: ClearSkyInputs):
    when = pd.DatetimeIndex(["2026-07-16"], tz="UTC")
    for row, column in CELLS:
        longitude, latitude = KAZAKHSTAN.centre(row, column)
        assert inputs.altitude[row, column] == pvlib.location.lookup_altitude(latitude=latitude, longitude=longitude)
        peer = pvlib.clearsky.lookup_linke_turbidity(when, latitude, longitude, interp_turbidity=False)
        assert inputs.turbidity[6, row, column] == pytest.approx(float(peer.iloc[0]))
    assert inputs.turbidity.min() >= 1  # no hole in the window: clean dry air has 1
    assert np.nanmin(inputs.altitude) > -160  # the Karagiye depression, -132 m


def test_the_caspian_sea_is_not_a_mountain(inputs: ClearSkyInputs, common: ClearSky):
    """The file's code 255 means that nothing is known; read as an altitude it would be 6690 m, and its sunshine."""
    sea = KAZAKHSTAN.cell(51.0, 42.0)
    assert sea is not None
    assert np.isnan(inputs.altitude[sea])
    assert np.isnan(common.ghi[:, *sea]).all()
    assert np.isnan(common.dni[:, *sea]).all()
    unknown = np.isnan(common.ghi[0])
    rows, columns = np.nonzero(unknown & np.isnan(inputs.altitude))
    assert inputs.grid.longitudes[columns].max() < 55
    assert unknown.sum() == 3565 + (inputs.altitude > 4500).sum()
    assert len(rows) == 3565


@pytest.mark.parametrize(
    "grid",
    [
        Grid(west=46 * 3600, north=56 * 3600, step=600, rows=10, columns=10),
        Grid(west=46 * 3600 + 100, north=56 * 3600, step=300, rows=10, columns=10),
        Grid(west=179 * 3600, north=56 * 3600, step=300, rows=10, columns=24),
        Grid(west=46 * 3600, north=91 * 3600, step=300, rows=10, columns=10),
    ],
)
def test_a_grid_off_the_cells_is_refused(grid: Grid):
    with pytest.raises(Refusal) as refusal:
        read_inputs(grid)
    assert refusal.value.code == "atlas-grid"


def test_a_missing_input_is_named():
    with pytest.raises(Refusal, match=r"NoSuch\.h5"):
        input_file("NoSuch.h5")
