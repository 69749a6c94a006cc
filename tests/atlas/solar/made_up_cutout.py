"""A small cutout in memory, made up: the shape, names and conventions of atlite's ERA5 cutouts."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from jasyl.atlas.grid import Grid

GRID = Grid(west=62 * 3600, north=int(52.5 * 3600), step=900, rows=14, columns=18)
HOURS = 24 * 40
FIRST = dt.datetime(2023, 3, 1, tzinfo=dt.UTC)  # start of the first interval
HOUR = 3_600_000_000


def fields(grid: Grid = GRID, steps: int = HOURS, first: dt.datetime = FIRST) -> dict[str, Any]:
    """Radiation that the sun allows, weather that is noise: [time, row, column], north row first, float32."""
    random = np.random.default_rng(3)
    from jasyl.atlas.solar.position import sun_terms

    sun = sun_terms(int(first.timestamp() * 1e6), HOUR, steps)
    cosine, _ = sun.at_longitudes(grid.longitudes)
    place = np.radians(grid.latitudes)[None, :, None]
    up = (
        sun.declination_sine[:, None, None] * np.sin(place)
        + sun.declination_cosine[:, None, None] * np.cos(place) * cosine[:, None, :]
    )
    top = 1361 * np.maximum(up, 0)
    clear = random.uniform(0.1, 0.85, up.shape)
    share = random.uniform(0.1, 0.9, up.shape)
    found = {
        "influx_toa": top,
        "influx_direct": top * clear * share,
        "influx_diffuse": top * clear * (1 - share),
        "albedo": random.uniform(0.1, 0.8, up.shape),
        "temperature": 280 + 15 * random.standard_normal(up.shape),
        "humidity": random.uniform(0.1, 1, up.shape),
    }
    return {name: values.astype(np.float32) for name, values in found.items()}


def dataset(arrays: dict[str, Any], grid: Grid = GRID, first: dt.datetime = FIRST) -> xr.Dataset:
    """The fields as atlite keeps them: south row first, stamped at the end of the interval, sun angles included."""
    steps = len(next(iter(arrays.values())))
    ends = pd.date_range(first.replace(tzinfo=None) + dt.timedelta(hours=1), periods=steps, freq="h")
    latitudes = np.round(grid.latitudes[::-1], 9)
    longitudes = np.round(grid.longitudes, 9)
    found = xr.Dataset(
        {name: (("time", "y", "x"), values[:, ::-1]) for name, values in arrays.items()},
        coords={
            "time": ends,
            "y": latitudes,
            "x": longitudes,
            "lon": ("x", longitudes),
            "lat": ("y", latitudes),
        },
        attrs={"module": "era5", "dx": grid.degrees, "dy": grid.degrees},
    )
    return found.transpose("time", "y", "x")
