"""Where a map is wide, the sun rises over one side while the other is dark: exactly the lit cells give power."""

import datetime as dt

import numpy as np
import pytest

from jasyl.atlas.grid import Grid
from jasyl.atlas.solar.kernel import solar_kernel
from jasyl.atlas.solar.position import elevation_azimuth
from jasyl.atlas.weather.fold import fold
from jasyl.atlas.weather.memory import MemorySource

START, HOUR, HOURS = int(dt.datetime(2023, 6, 20, tzinfo=dt.UTC).timestamp() * 1e6), 3_600_000_000, 48
NEVER_ENDING = {"influx_direct": 400, "influx_diffuse": 100, "influx_toa": 900, "albedo": 0.2, "temperature": 290}
# 90° of longitude in 45 columns, none of them a round number of the processor's; and around the globe.
GRIDS = {
    "wide": Grid(west=20 * 3600, north=72 * 3600, step=7200, rows=20, columns=45),
    "globe": Grid(west=-180 * 3600, north=90 * 3600, step=36000, rows=18, columns=36),
}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_power_in_exactly_the_lit_cells(grid: Grid):
    fields = {name: np.full((HOURS, *grid.shape), value, np.float32) for name, value in NEVER_ENDING.items()}
    source = MemorySource(grid, START, HOUR, fields)
    alone, beside = (
        fold(source, solar_kernel(source.fields, outputs=outputs, cells=True))
        for outputs in (("power",), ("gti", "power"))
    )
    power = alone.series["cells-power"]
    for row, latitude in enumerate(grid.latitudes):
        for column, longitude in enumerate(grid.longitudes):
            height, _ = elevation_azimuth(START, HOUR, HOURS, longitude, latitude)
            assert ((power[row, column] > 0) == (height >= 1)).all()
    np.testing.assert_allclose(power, beside.series["cells-power"], rtol=1e-6)
    np.testing.assert_allclose(alone.binned["power"].values.sum(0), power.sum(-1), rtol=1e-6)
