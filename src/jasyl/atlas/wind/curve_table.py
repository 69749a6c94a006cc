"""Power curves as tables that a kernel looks up: exact straight lines, one cell of the table for one line or two."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .power_curve import PowerCurve

Singles = NDArray[np.float32]
# From coarse to fine: the first width that gives each cell at most one knot of the curve inside it.
WIDTHS = (0.5, 0.1, 0.05, 0.01, 0.005, 0.001)


@dataclass(frozen=True, eq=False)
class CurveTable:
    """Output per unit of rated power by cells of ``width`` m/s from 0; the last cell stands for everything above.

    In cell i a speed x below ``knot[i]`` gives ``base[i] + slope[i]·x``, from there on ``base2[i] + slope2[i]·x``:
    one-sided, so that a step (the cut-out) stays a step. ``whole`` says that no cell has a knot inside: then the first
    line is enough, as for every curve stated at tenths of a metre per second. float32.
    """

    width: float
    base: Singles
    slope: Singles
    knot: Singles
    base2: Singles
    slope2: Singles
    whole: bool


@lru_cache(maxsize=256)
def curve_table(curve: PowerCurve) -> CurveTable:
    """The table of a curve. Raises Refusal ``power-curve-close`` for points nearer than a thousandth of a m/s."""
    speeds, powers = curve.closed
    lines = _lines(speeds, powers / curve.rated)
    for width in WIDTHS:
        table = _table(width, *lines)
        if table is not None:
            return table
    raise Refusal("power-curve-close", received=f"{np.diff(np.unique(speeds)).min():g}", expected=f"{WIDTHS[-1]:g}")


Floats = NDArray[np.float64]


def _lines(speeds: Floats, powers: Floats) -> tuple[Floats, Floats, Floats]:
    """Distinct knots, and the line (base, slope) that holds from each knot on; the one before the first is zero."""
    knots = np.unique(speeds)
    last = np.searchsorted(speeds, knots, side="right") - 1  # at a step the upper point begins the line
    first = np.searchsorted(speeds, knots, side="left")
    begin, end = powers[last[:-1]], powers[first[1:]]
    slope = np.append((end - begin) / np.diff(knots), 0.0)
    base = np.append(begin, powers[last[-1]]) - slope * knots
    return knots, np.concatenate([[0.0], base]), np.concatenate([[0.0], slope])


def _table(width: float, knots: Floats, base: Floats, slope: Floats) -> CurveTable | None:
    cells = int(np.ceil(knots[-1] / width - 1e-9)) + 1
    places = knots / width
    # A knot on an edge (within rounding) begins its cell; one inside divides it.
    edges = np.rint(places)
    on_edge = np.abs(places - edges) < 1e-6
    cell = np.where(on_edge, edges, np.floor(places)).astype(np.int64)
    inside = cell[~on_edge]
    if len(np.unique(inside)) < len(inside) or len(np.unique(cell[on_edge])) < on_edge.sum():
        return None
    number = np.arange(cells)
    before = np.searchsorted(cell[on_edge], number, side="right") + np.searchsorted(inside, number, side="left")
    knot = np.full(cells, np.inf)
    after = before.copy()
    knot[inside] = knots[~on_edge]
    after[inside] += 1
    single = (array.astype(np.float32) for array in (base[before], slope[before], knot, base[after], slope[after]))
    return CurveTable(width, *single, whole=len(inside) == 0)
