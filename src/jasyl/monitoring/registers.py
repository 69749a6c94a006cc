"""Registers of meters become amounts: differences, over roll-overs and changes of meter, exactly or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
# A step over more than this share of a register is no roll-over: a register that falls a little was misread.
BELIEVED = 2


@dataclass(frozen=True, order=True)
class Mounting:
    """A meter put into service on a series. Registers are integers of 10^-scale of the series' unit.

    ``since`` is the instant (µs UTC) from which readings are of this meter. ``size`` is where its register rolls over
    (10^digits of its counting unit), None when unknown. ``first`` is what it showed when it was mounted and
    ``last`` what its *predecessor* showed when it was taken down; both None for the first meter of a series, or when
    no protocol of the exchange says.
    """

    since: int
    size: int | None = None
    first: int | None = None
    last: int | None = None
    serial: str = ""


def steps(start: Int, register: Int, follows: NDArray[np.bool_], meters: Sequence[Mounting] = ()) -> tuple[Int, Int]:
    """Amounts between neighbouring registers: (positions of the first of each pair, amounts).

    ``follows[i]`` says that i + 1 is the register one interval after i. A register that fell is a roll-over when the
    meter's size is known, both registers lie within it, and the step is at most half of it; a change of meter between
    two registers is bridged when its protocol has both registers. Any other fall gives no amount: nothing is guessed.
    """
    before, after = register[:-1], register[1:]
    amount = after - before
    known = follows & (amount >= 0)
    ordered = sorted(meters)
    if not ordered:
        rows = np.flatnonzero(known)
        return rows, amount[rows]
    since = np.array([meter.since for meter in ordered], np.int64)
    old = np.searchsorted(since, start[:-1], side="right") - 1
    new = np.searchsorted(since, start[1:], side="right") - 1
    size = np.array([meter.size or 0 for meter in ordered] + [0], np.int64)  # the last entry answers position -1
    same = old == new
    rolled = amount + size[old]
    over = follows & same & (amount < 0) & (before < size[old]) & (rolled * BELIEVED <= size[old])
    amount = np.where(over, rolled, amount)
    known = (known & same) | over
    for place in np.flatnonzero(follows & ~same).tolist():
        bridged = _bridge(int(before[place]), int(after[place]), ordered, int(old[place]), int(new[place]))
        if bridged is not None:
            amount[place], known[place] = bridged, True
    rows = np.flatnonzero(known)
    return rows, amount[rows]


def _bridge(before: int, after: int, meters: Sequence[Mounting], old: int, new: int) -> int | None:
    """The amount from a register of meter ``old`` (-1: before any known) to one of meter ``new``."""
    total, register = 0, before
    for place in range(old, new):
        change = meters[place + 1]
        if change.last is None or change.first is None:
            return None
        part = _step(register, change.last, meters[place].size if place >= 0 else None)
        if part is None:
            return None
        total, register = total + part, change.first
    part = _step(register, after, meters[new].size)
    return None if part is None else total + part


def _step(before: int, after: int, size: int | None) -> int | None:
    if after >= before:
        return after - before
    if size is None or before >= size or (after - before + size) * BELIEVED > size:
        return None
    return after - before + size
