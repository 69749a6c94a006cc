"""The grid that a source is gathered onto: its own cells where they are coarse and whole, else 30 arc-seconds."""

import math
from collections.abc import Sequence

from jasyl.texts import Refusal, Where

from ..grid import ARC_SECONDS, KAZAKHSTAN, Grid
from ..window import checked
from .gather import TURN
from .opening import Opened

# About a kilometre: what a country is looked at with, and what a server holds in memory.
FINEST = 30
MAX_CELLS = 25_000_000
Box = tuple[float, float, float, float]


def target_grid(sources: Sequence[Opened], window: Box | None, step: int | None) -> Grid:
    """The grid for ``sources`` within ``window`` (degrees; that of Kazakhstan by default).

    ``step`` is the side of a cell in whole arc-seconds. Raises Refusal ``raster-outside``, ``raster-too-fine``,
    ``window-antimeridian`` and ``window-edges``.
    """
    west, south, east, north = (edge * ARC_SECONDS for edge in checked(window or KAZAKHSTAN.bounds))
    turn = _turn(sources, west, east)
    reach = (
        max(west, min(source.west for source in sources) - turn),
        max(south, min(source.south for source in sources)),
        min(east, max(source.east for source in sources) - turn),
        min(north, max(source.north for source in sources)),
    )
    if reach[0] >= reach[2] or reach[1] >= reach[3]:
        raise _outside(sources, (west, south, east, north))
    size, origin_x, origin_y = _lattice(sources, step, turn)
    left = origin_x + math.floor((reach[0] - origin_x) / size + 1e-9) * size
    top = origin_y + math.ceil((reach[3] - origin_y) / size - 1e-9) * size
    columns = math.ceil((reach[2] - left) / size - 1e-9)
    rows = math.ceil((top - reach[1]) / size - 1e-9)
    if rows * columns > MAX_CELLS:
        enough = math.ceil(size * math.sqrt(rows * columns / MAX_CELLS) / 5) * 5
        raise Refusal("raster-too-fine", received=rows * columns, expected=MAX_CELLS, step=enough)
    return Grid(west=left, north=top, step=size, rows=rows, columns=columns)


def _lattice(sources: Sequence[Opened], step: int | None, turn: int) -> tuple[int, int, int]:
    """Side of a cell, and a corner through which its lines run."""
    first = sources[0]
    own = max(max(source.step_x, source.step_y) for source in sources)
    same = all((source.step_x, source.step_y) == (first.step_x, first.step_x) for source in sources)
    whole = all(float(value).is_integer() for value in (first.step_x, first.west, first.north))
    if same and whole and own >= FINEST and step in (None, int(own)):
        return int(own), int(first.west) - turn, int(first.north)
    return step or max(FINEST, math.ceil(own - 1e-6)), 0, 0


def _turn(sources: Sequence[Opened], west: float, east: float) -> int:
    """By how much longitudes of the sources are ahead: 360° for a raster from 0° to 360° and a window in the west."""
    for turn in (0, TURN, -TURN):
        if any(source.west - turn < east and source.east - turn > west for source in sources):
            return turn
    return 0


def _outside(sources: Sequence[Opened], window: Box) -> Refusal:
    reach = (
        min(source.west for source in sources),
        min(source.south for source in sources),
        max(source.east for source in sources),
        max(source.north for source in sources),
    )
    received, expected = (
        "{:g}–{:g}° E, {:g}–{:g}° N".format(*(box[place] / ARC_SECONDS for place in (0, 2, 1, 3)))
        for box in (reach, window)
    )
    return Refusal("raster-outside", where=Where(sources[0].name), received=received, expected=expected)
