"""D8 flow directions: the codes of ESRI, HydroSHEDS and MERIT Hydro, and checks of what comes in."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

Codes = NDArray[np.uint8]

# One neighbour each, clockwise from east (ESRI; HydroSHEDS technical documentation, section 3.3).
EAST, SOUTH_EAST, SOUTH, SOUTH_WEST, WEST, NORTH_WEST, NORTH, NORTH_EAST = 1, 2, 4, 8, 16, 32, 64, 128
MOUTH: Final = 0  # the river leaves: into the sea or over the edge of the map
SINK: Final = 255  # the river ends inland
VOID: Final = 247  # sea, outside, not known
_CODES: Final = (1, 2, 4, 8, 16, 32, 64, 128, MOUTH, SINK, VOID)
# MERIT Hydro writes signed bytes: -1 inland sink, -9 sea.
_SIGNED: Final = {-1: SINK, -9: VOID}


def read_codes(values: NDArray[Any], nodata: float | None = None) -> Codes:
    """Codes of this module from a raster of directions in one of the three customs [rows, columns].

    ``nodata`` becomes VOID. Raises Refusal ``directions-code`` for a value that none of them knows (GRASS and TauDEM
    count directions from 1 to 8), ``directions-flat`` for an array that is not two-dimensional.
    """
    if values.ndim != 2:
        raise Refusal("directions-flat", received=str(values.ndim), expected="2")
    found = np.full(values.shape, VOID, dtype=np.uint8)
    known = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, dtype=bool)
    if nodata is not None and not np.isnan(nodata):
        known &= values != nodata
    table = _table(values[known])
    found[known] = table
    return found


def _table(values: NDArray[Any]) -> Codes:
    distinct, places = np.unique(values, return_inverse=True)
    codes: list[int] = []
    for value in distinct.tolist():
        code = _SIGNED.get(value, value + 256 if value == -128 else value)  # 128 in a signed byte is -128
        if code not in _CODES:
            raise Refusal("directions-code", received=f"{value:g}", expected=", ".join(map(str, _CODES)))
        codes.append(int(code))
    return np.array(codes, dtype=np.uint8)[places] if codes else np.empty(0, dtype=np.uint8)
