"""Sun, trackers and tilted light against pvlib in the same test; compiled logarithm against numpy."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from jasyl.atlas.grid import Grid
from jasyl.atlas.solar.face import irradiation
from jasyl.atlas.solar.mounting import Mounting
from jasyl.atlas.solar.position import elevation_azimuth
from jasyl.atlas.solar.rows import logarithm
from jasyl.atlas.weather.memory import MemorySource

HOUR = 3_600_000_000
START = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp() * 1e6)
GRID = Grid(west=71 * 3600, north=52 * 3600, step=3600, rows=1, columns=1)  # centre 71.5 E, 51.5 N
STEPS = 24 * 366

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def sun() -> Any:
    import pandas as pd
    import pvlib

    middles = pd.date_range("2024-01-01T00:30", periods=STEPS, freq="h", tz="UTC")
    return pvlib.solarposition.get_solarposition(middles, 51.5, 71.5, method="nrel_numpy")


@pytest.fixture(scope="module")
def weather(sun: Any) -> MemorySource:
    random = np.random.default_rng(2)
    top = 1361 * np.maximum(np.sin(np.radians(sun["elevation"].to_numpy())), 0)
    clear, share = random.uniform(0.2, 0.8, STEPS), random.uniform(0.2, 0.9, STEPS)
    fields = {
        "influx_toa": top,
        "influx_direct": top * clear * share,
        "influx_diffuse": top * clear * (1 - share),
        "albedo": np.full(STEPS, 0.25),
        "temperature": np.full(STEPS, 285.0),
    }
    return MemorySource(GRID, START, HOUR, {k: v.astype(np.float32)[:, None, None] for k, v in fields.items()})


def test_sun(sun: Any):
    elevation, azimuth = elevation_azimuth(START, HOUR, STEPS, 71.5, 51.5)
    assert np.abs(elevation - sun["elevation"]).max() < 0.02
    high = sun["elevation"].to_numpy() > 1
    turned = (azimuth - sun["azimuth"] + 180) % 360 - 180
    assert np.abs(turned[high]).max() < 0.05


def compared(weather: MemorySource, sun: Any, mounted: Mounting, tilt: Any, azimuth: Any) -> None:
    """Hours with the sun above 5° agree within 1 %, the year within 0.1 %."""
    import pvlib

    direct, diffuse = (weather.arrays[f"influx_{part}"][:, 0, 0].astype(float) for part in ("direct", "diffuse"))
    sine = np.sin(np.radians(sun["elevation"].to_numpy()))
    light = pvlib.irradiance.get_total_irradiance(
        tilt, azimuth, 90 - sun["elevation"], sun["azimuth"],
        dni=np.where(sine > 0.01, direct / np.maximum(sine, 0.01), 0), ghi=direct + diffuse, dhi=diffuse,
        albedo=0.25, model="isotropic",
    )["poa_global"].to_numpy()  # fmt: skip
    ours = irradiation(weather, "gti", mounted, per="cell-series").values[:, 0, 0]
    high = sine > np.sin(np.radians(5))
    assert np.abs(ours - light)[high].max() < 0.01 * light.max()
    assert ours[high].sum() == pytest.approx(light[high].sum(), rel=1e-3)


def test_fixed_plane(weather: MemorySource, sun: Any):
    compared(weather, sun, Mounting(None, 35.0, 150.0), 35.0, 150.0)


@pytest.mark.parametrize(("cover", "limit"), [(None, 90.0), (None, 55.0), (0.45, 90.0), (0.3, 60.0)])
def test_one_axis(weather: MemorySource, sun: Any, cover: float | None, limit: float):
    """With backtracking and a largest turn, as pvlib's singleaxis has them."""
    import pvlib

    turned = pvlib.tracking.singleaxis(
        90 - sun["elevation"], sun["azimuth"], axis_tilt=0, axis_azimuth=180, max_angle=limit,
        backtrack=cover is not None, gcr=cover or 0.3,
    )  # fmt: skip
    tilt, azimuth = turned["surface_tilt"].fillna(0), turned["surface_azimuth"].fillna(180)
    mounted = Mounting(None, 0.0, 180.0, "horizontal", cover, limit)
    compared(weather, sun, mounted, tilt, azimuth)


def test_two_axes(weather: MemorySource, sun: Any):
    compared(weather, sun, Mounting(None, 0.0, 180.0, "dual"), 90 - sun["elevation"].clip(lower=0), sun["azimuth"])


def test_logarithm_is_that_of_numpy():
    values = np.concatenate([np.geomspace(1e-6, 4, 20_000), 1 + np.linspace(-1e-3, 1e-3, 2001)]).astype(np.float32)
    found = np.array([logarithm(value) for value in values], dtype=np.float64)
    exact = np.log(values.astype(np.float64))
    assert np.abs(found - exact).max() < 2e-6
    near = np.abs(exact) > 1e-6
    assert (np.abs(found - exact)[near] / np.abs(exact[near])).max() < 3e-7
