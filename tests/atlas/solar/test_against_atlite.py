"""Equal to atlite 0.7: the same cutout, in the same test."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from jasyl.atlas.solar.face import irradiation, pv
from jasyl.atlas.weather.chunk import MISSING
from jasyl.atlas.weather.memory import MemorySource

sys.path.insert(0, str(Path(__file__).parent))
import made_up_cutout as made_up

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def arrays() -> dict[str, Any]:
    return made_up.fields()


@pytest.fixture(scope="module")
def atlite_cutout(arrays: dict[str, Any]) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import atlite
        import pandas as pd
        from atlite.pv.solar_position import SolarPosition

        data = made_up.dataset(arrays).drop_vars("humidity").chunk(time=100)
        sun = SolarPosition(data, time_shift=pd.to_timedelta("-30 minutes")).compute()
        data["solar_altitude"], data["solar_azimuth"] = sun["altitude"], sun["azimuth"]
        data.attrs["prepared_features"] = []
        return atlite.Cutout("unused.nc", data=data)


def largest_difference(ours: Any, theirs: Any, floor: float = 0.0) -> float:
    theirs = np.asarray(theirs, dtype=np.float64)
    assert np.isfinite(theirs).all()
    assert theirs.max() > 0
    return float((np.abs(np.asarray(ours) - theirs) / np.maximum(np.abs(theirs), floor or 1e-12)).max())


MOUNTINGS = [
    ("latitude_optimal", None),
    ({"slope": 35.0, "azimuth": 180.0}, None),
    ({"slope": 90.0, "azimuth": 75.0}, None),
    ({"slope": 0.0, "azimuth": 180.0}, "horizontal"),
    ({"slope": 0.0, "azimuth": 120.0}, "horizontal"),
    ({"slope": 30.0, "azimuth": 180.0}, "tilted_horizontal"),
    ("latitude_optimal", "vertical"),
    ("latitude_optimal", "dual"),
]


@pytest.mark.parametrize("panel", ["CSi", "CdTe", "KANENA"])
@pytest.mark.parametrize(("orientation", "tracking"), MOUNTINGS)
def test_maps(atlite_cutout: Any, panel: str, orientation: Any, tracking: Any):
    given = dict(orientation) if isinstance(orientation, dict) else orientation
    theirs = atlite_cutout.pv(panel=panel, orientation=given, tracking=tracking, aggregate_time="mean")
    ours = pv(atlite_cutout.data, panel, orientation, tracking)
    assert ours.dims == ("y", "x")
    assert (ours.y.values == theirs.y.values).all()
    assert (ours.x.values == theirs.x.values).all()
    assert largest_difference(ours, theirs) <= 1e-6


def test_hourly_profiles_of_twenty_regions(atlite_cutout: Any):
    from scipy.sparse import csr_matrix

    random = np.random.default_rng(1)
    cells = made_up.GRID.rows * made_up.GRID.columns
    matrix = np.zeros((20, cells))
    matrix[random.integers(0, 20, cells), np.arange(cells)] = random.uniform(0.1, 1, cells)
    theirs = atlite_cutout.pv(
        panel="CSi", orientation="latitude_optimal", matrix=csr_matrix(matrix), per_unit=True, aggregate_time=None
    )
    ours = pv(atlite_cutout.data, matrix=csr_matrix(matrix))
    assert ours.shape == (20, made_up.HOURS)
    assert (ours.time.values == theirs.time.values).all()
    assert largest_difference(ours, theirs.transpose("dim_0", "time"), floor=1e-3) <= 5e-6
    dense = pv(atlite_cutout.data, matrix=matrix, threads=1)
    assert (dense.values == ours.values).all()


def test_a_matrix_follows_the_rows_of_its_dataset(atlite_cutout: Any):
    """Rows from the north, as a store gives them: the matrix of the first row's cell is that of the north."""
    data = atlite_cutout.data
    turned = data.isel(y=slice(None, None, -1))
    cells = data.sizes["y"] * data.sizes["x"]
    first = np.zeros((1, cells))
    first[0, 0] = 1
    last_row = np.zeros((1, cells))
    last_row[0, cells - data.sizes["x"]] = 1
    assert (pv(turned, matrix=first).values == pv(data, matrix=last_row).values).all()
    assert (pv(turned, matrix=first).values != pv(data, matrix=first).values).any()


def test_polygons_as_atlite_weighs_them(atlite_cutout: Any):
    import geopandas
    from shapely.geometry import Polygon

    west, south, east, north = atlite_cutout.bounds
    inside = Polygon([(west, south), (east, south), ((west + east) / 2, north)])
    shapes = geopandas.GeoSeries([inside], crs=4326)
    theirs = atlite_cutout.pv(
        panel="CSi", orientation="latitude_optimal", shapes=shapes, per_unit=True, aggregate_time=None
    ).transpose(..., "time")
    ours = pv(atlite_cutout, matrix=atlite_cutout.indicatormatrix(shapes))
    assert largest_difference(ours, theirs, floor=1e-3) <= 5e-6
    # By area on the globe the northern cells weigh less.
    assert largest_difference(pv(atlite_cutout, shapes=[inside]), theirs, floor=1e-3) > 1e-4


def test_every_hour_of_every_cell(atlite_cutout: Any):
    theirs = atlite_cutout.pv(panel="CSi", orientation="latitude_optimal", aggregate_time=None)
    ours = pv(atlite_cutout.data, per="cell-series")
    assert largest_difference(ours, theirs.transpose("time", "y", "x"), floor=1e-3) <= 5e-6


@pytest.mark.parametrize("model", ["simple", "enhanced", None])
def test_light_known_only_as_a_sum(arrays: dict[str, Any], atlite_cutout: Any, model: Any):
    import atlite

    data = made_up.dataset(arrays).drop_vars(["influx_direct", "influx_diffuse"]).chunk(time=100)
    data["influx"] = atlite_cutout.data["influx_direct"] + atlite_cutout.data["influx_diffuse"]
    data["solar_altitude"] = atlite_cutout.data["solar_altitude"]
    data["solar_azimuth"] = atlite_cutout.data["solar_azimuth"]
    cutout = atlite.Cutout("unused.nc", data=data)
    theirs = cutout.pv(panel="CSi", orientation="latitude_optimal", clearsky_model=model, aggregate_time="mean")
    assert largest_difference(pv(data, clearsky_model=model), theirs) <= 1e-6


def test_upward_light_in_place_of_albedo(arrays: dict[str, Any], atlite_cutout: Any):
    import atlite

    data = atlite_cutout.data.drop_vars("albedo")
    data["outflux"] = (atlite_cutout.data["influx_direct"] + atlite_cutout.data["influx_diffuse"]) * np.float32(0.3)
    cutout = atlite.Cutout("unused.nc", data=data)
    theirs = cutout.pv(panel="CSi", orientation="latitude_optimal", aggregate_time="mean")
    assert largest_difference(pv(data), theirs) <= 1e-6


def test_tilted_irradiation_and_its_brighter_sky(atlite_cutout: Any):
    for sky, trigon in (("isotropic", "simple"), ("hay-davies", "other")):
        theirs = atlite_cutout.irradiation(
            orientation={"slope": 40.0, "azimuth": 160.0}, trigon_model=trigon, aggregate_time="mean"
        )
        ours = irradiation(atlite_cutout.data, "gti", {"slope": 40.0, "azimuth": 160.0}, sky=sky)  # type: ignore[arg-type]
        assert largest_difference(ours, theirs) <= 2e-6


def test_packed_weather(arrays: dict[str, Any], atlite_cutout: Any):
    """16-bit fields, read without unpacking them first."""
    packing = {
        name: (1 / 25, 1000.0) if name.startswith("influx") else (1e-4, 0.0) if name == "albedo" else (0.005, 280.0)
        for name in arrays
        if name != "humidity"
    }
    stored = {
        name: np.rint((arrays[name] - offset) / scale).astype(np.int16) for name, (scale, offset) in packing.items()
    }
    assert all((values > MISSING).all() for values in stored.values())
    start = int(made_up.FIRST.timestamp() * 1e6)
    source = MemorySource(made_up.GRID, start, made_up.HOUR, stored, packing)
    for orientation, tracking in (("latitude_optimal", None), ({"slope": 0.0, "azimuth": 180.0}, "horizontal")):
        theirs = atlite_cutout.pv(panel="CSi", orientation=orientation, tracking=tracking, aggregate_time="mean")
        ours = pv(source, orientation=orientation, tracking=tracking)
        assert largest_difference(ours, theirs) <= 1e-4


def test_the_dataset_may_lie_either_way(arrays: dict[str, Any]):
    data: xr.Dataset = made_up.dataset(arrays)
    turned = data.isel(y=slice(None, None, -1)).rename(y="latitude", x="longitude")
    assert (pv(data).values == pv(turned).values).all()
