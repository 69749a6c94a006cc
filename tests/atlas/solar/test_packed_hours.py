"""Hours of regions from packed weather: off by the packing's half step and by nothing else."""

import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jasyl.atlas.solar.kernel import solar_kernel
from jasyl.atlas.solar.mounting import Mounting
from jasyl.atlas.solar.yields import region_series
from jasyl.atlas.weather.field import FIELDS
from jasyl.atlas.weather.fold import fold
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.weather.pack import pack
from jasyl.atlas.weather.regions import region_matrix_of

sys.path.insert(0, str(Path(__file__).parent))
import made_up_cutout as made_up

NAMES = ("influx_direct", "influx_diffuse", "influx_toa", "albedo", "temperature")
MOUNTINGS = {"fixed": Mounting(), "trackers": Mounting(None, 0, 180, "horizontal")}
Arrays = dict[str, NDArray[Any]]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    found = made_up.fields()
    return {name: np.asarray(found[name], np.float32) for name in NAMES}


@pytest.fixture(scope="module")
def packed(arrays: Arrays) -> MemorySource:
    """As a store keeps them."""
    packing = {name: FIELDS[name].packing or (1.0, 0.0) for name in NAMES}
    return source({name: pack(arrays[name], packing[name]) for name in NAMES}, packing)


def source(arrays: Arrays, packing: dict[str, tuple[float, float]] | None = None) -> MemorySource:
    return MemorySource(made_up.GRID, int(made_up.FIRST.timestamp() * 1e6), made_up.HOUR, arrays, packing or {})


def hours(weather: MemorySource, mounting: Mounting) -> NDArray[np.float64]:
    """Power of four regions in each hour."""
    rows, columns = made_up.GRID.shape
    halves = (np.arange(rows)[:, None] * 2 // rows * 2 + np.arange(columns) * 2 // columns).ravel()
    regions = region_matrix_of(made_up.GRID, (halves == np.arange(4)[:, None]).astype(float))
    kernel = solar_kernel(NAMES, mounting=mounting, regions=regions, maps=False)
    return region_series(fold(weather, kernel), "power", regions.totals)


@pytest.mark.parametrize("mounting", MOUNTINGS.values(), ids=MOUNTINGS)
def test_the_kernel_adds_nothing_to_the_packing(packed: MemorySource, mounting: Mounting):
    """Packed hours are those of the same numbers unpacked before."""
    chunk = packed.stretch(0, packed.steps, NAMES)
    unpacked = source({name: chunk.unpacked(name) for name in NAMES})
    np.testing.assert_allclose(hours(packed, mounting), hours(unpacked, mounting), rtol=5e-6, atol=5e-9)


@pytest.mark.parametrize("mounting", MOUNTINGS.values(), ids=MOUNTINGS)
def test_packed_hours_lie_between_those_of_half_a_step_more_and_less(
    arrays: Arrays, packed: MemorySource, mounting: Mounting
):
    """Power rises with light and albedo, and with or against temperature: what half a step can do is all there is."""

    def moved(light: float, warmth: float) -> NDArray[np.float64]:
        signs = dict.fromkeys(NAMES, light) | {"temperature": warmth}
        half = {name: np.float32((FIELDS[name].packing or (0.0, 0.0))[0] / 2) for name in NAMES}
        return hours(source({name: arrays[name] + signs[name] * half[name] for name in NAMES}), mounting)

    corners = np.array([moved(light, warmth) for light, warmth in product((-1, 1), repeat=2)])
    lowest, highest = corners.min(axis=0), corners.max(axis=0)
    found, true = hours(packed, mounting), hours(source(arrays), mounting)
    rounding = 5e-6 * np.maximum(true, 1e-3)
    assert (found >= lowest - rounding).all()
    assert (found <= highest + rounding).all()
    # What half a step can do to an hour of a region is itself below a thousandth of rated power.
    assert 0 < (highest - lowest).max() / 2 < 1e-3
