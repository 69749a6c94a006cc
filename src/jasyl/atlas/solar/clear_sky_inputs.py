"""Linke turbidity and altitude, read from the grids that the pvlib package carries, without importing pvlib."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..grid import ARC_SECONDS, Grid

TURBIDITY_FILE = "LinkeTurbidities.h5"
ALTITUDE_FILE = "Altitude.h5"
# Both files are global at 5 arc-minutes, rows from 90 N, columns from 180 W.
STEP = 300
SHAPE = (2160, 4320)
# Means no altitude: the whole Caspian Sea. pvlib takes 0 m there; here it stays unknown.
NO_ALTITUDE = 255


@dataclass(frozen=True)
class ClearSkyInputs:
    """What the clear-sky model needs to know of each cell of ``grid``.

    ``turbidity`` [12, rows, columns] is the monthly climatological Linke turbidity (no unit, steps of 0.05);
    ``altitude`` [rows, columns] is in metres above sea level, steps of 28 m, NaN where it is not known.
    """

    grid: Grid
    turbidity: NDArray[np.float32]
    altitude: NDArray[np.float32]


def read_inputs(grid: Grid) -> ClearSkyInputs:
    """The window ``grid`` of both files; the grid must fall on their 5 arc-minute cells.

    Encoding as documented in pvlib: turbidity = value / 20, altitude = 28 m x value - 450 m.
    Raises Refusal ``atlas-grid`` for a grid off the cells or across the edge of the map, and
    ``atlas-input-missing`` when the installed package has no such file.
    """
    import h5py  # noqa: PLC0415

    top, left = divmod(90 * ARC_SECONDS - grid.north, STEP), divmod(grid.west + 180 * ARC_SECONDS, STEP)
    rows, columns = slice(top[0], top[0] + grid.rows), slice(left[0], left[0] + grid.columns)
    inside = top[0] >= 0 and left[0] >= 0 and rows.stop <= SHAPE[0] and columns.stop <= SHAPE[1]
    if grid.step != STEP or top[1] or left[1] or not inside:
        raise Refusal("atlas-grid", received=str(grid.bounds), expected=f"{STEP}″")
    with h5py.File(input_file(TURBIDITY_FILE), "r") as file:
        stored: Any = file["LinkeTurbidity"]
        turbidity: NDArray[np.uint8] = stored[rows, columns]
    with h5py.File(input_file(ALTITUDE_FILE), "r") as file:
        stored = file["Altitude"]
        altitude: NDArray[np.uint8] = stored[rows, columns]
    metres = altitude.astype(np.float32) * np.float32(28) - np.float32(450)
    return ClearSkyInputs(
        grid,
        np.ascontiguousarray(np.moveaxis(turbidity, 2, 0), dtype=np.float32) / np.float32(20),
        np.where(altitude == NO_ALTITUDE, np.float32(np.nan), metres),
    )


def input_file(name: str) -> Path:
    """Where the installed pvlib keeps a data file. Raises Refusal ``atlas-input-missing``."""
    spec = find_spec("pvlib")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(place) / "data" / name
        if file.is_file():
            return file
    raise Refusal("atlas-input-missing", received=name)


def input_hashes() -> dict[str, str]:
    """SHA-256 of each input file as the package ships it, so that anybody can compare."""
    return {name: _sha256(input_file(name)) for name in (ALTITUDE_FILE, TURBIDITY_FILE)}


def package_version() -> str:
    """The installed version of the package that carries the grids."""
    return version("pvlib")


@cache
def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
