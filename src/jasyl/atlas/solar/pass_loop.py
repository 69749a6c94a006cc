"""The compiled pass over a chunk as it is called, and its blocks; its lines are imported only to compile it."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..machine_code import Argument, Loop, reads, writes

MODULES = tuple(f"jasyl.atlas.{name}" for name in ("solar.chunk_pass", "solar.facing", "solar.rows", "compiled"))
FIELDS = 6
# Cells of a block: many, so that what is done once a block is little; few, so that its buffers stay in near memory.
WORK = 4096
# Buffers a whole number of pages apart stand in each other's way in near memory.
PAD = 144


def blocks_of(rows: int, columns: int) -> NDArray[np.uint64]:
    """First and last row, first and last column (open) of blocks of up to ``WORK`` cells that cover a grid."""
    if columns > WORK:
        edges = [*range(0, columns, WORK), columns]
        found = [(row, row + 1, west, east) for row in range(rows) for west, east in pairwise(edges)]
    else:
        edges = [*range(0, rows, WORK // columns), rows]
        found = [(north, south, 0, columns) for north, south in pairwise(edges)]
    return np.array(found, dtype=np.uint64)


@cache
def pass_over(kinds: tuple[str, ...]) -> Loop:
    """``chunk_pass.pass_over`` for six fields of these types, ``float32`` or ``int16``."""
    fields = [*(reads(kind, 2) for kind in kinds), reads("float32", 2)]
    sun = [reads("float64", 1), reads("float64", 1), reads("float64", 2), reads("float64", 2)]
    face = [reads("float64", 3), reads("float64", 1), reads("int64", 1), reads("float32", 1), Argument("float64")]
    order = [reads("int64", 1), reads("uint64", 2), reads("float64", 2), reads("int64", 1)]
    added = [writes("float64", 3), writes("int32", 3), writes("float32", 3)]
    regions = [*[reads("int64", 1)] * 3, reads("float64", 1), writes("float64", 3), writes("float64", 3)]
    room = [writes("float32", 2), writes("float64", 2)]
    return Loop(MODULES, "pass_over", (*fields, *sun, *face, *order, *added, *regions, *room))


def room(coefficients: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """What a pass works in."""
    return np.empty((6, WORK + PAD), np.float32), np.empty((WORK, coefficients))


def kept() -> Sequence[Loop]:
    """What is compiled at set-up: the fields of a store are all of one type, but for those that do not pack."""
    return [pass_over((kind,) * FIELDS) for kind in ("float32", "int16")]


def compile_now() -> None:
    """Compile the pass for fields of both kinds, or load what was kept."""
    for loop in kept():
        loop.ready()
