"""Findings: stretches of a grid that a check objects to, and the arithmetic over masks that yields them."""

from dataclasses import dataclass

import numpy as np

from .observation import Bools, Floats, Int


@dataclass(frozen=True)
class Finding:
    """Positions [``first``, ``last``) of the grid, with ``evidence``: a short technical text, the same in every
    language ("+5 h", "× 1000", "10^6")."""

    first: int
    last: int
    evidence: str = ""


def bounds_of(mask: Bools) -> tuple[Int, Int]:
    """First positions and ends of the runs of true in a mask."""
    edges = np.diff(np.r_[0, mask.astype(np.int8), 0])
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def runs(mask: Bools, evidence: str = "", *, least: int = 1) -> list[Finding]:
    """The runs of true of at least ``least`` positions as findings."""
    firsts, lasts = bounds_of(mask)
    pairs = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return [Finding(first, last, evidence) for first, last in pairs if last - first >= least]


def mask_of(findings: list[Finding], length: int) -> Bools:
    """Where any of the findings lies."""
    mask = np.zeros(length, bool)
    for each in findings:
        mask[each.first : each.last] = True
    return mask


def around(values: Floats, reach: int) -> Floats:
    """For each row [row, …] the median of the rows up to ``reach`` before and after it, itself left out; NaN ignored.

    At the ends fewer rows take part; with none, NaN.
    """
    count = len(values)
    padded = np.full((count + 2 * reach, *values.shape[1:]), np.nan)
    padded[reach : reach + count] = values
    others = [padded[shift : shift + count] for shift in range(2 * reach + 1) if shift != reach]
    return median(np.stack(others), 0)


def median(values: Floats, axis: int) -> Floats:
    """Median ignoring NaN; NaN where there is nothing, without a warning."""
    ordered = np.sort(values, axis=axis)  # NaN goes last
    count = np.count_nonzero(~np.isnan(values), axis=axis)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    taken = [np.take_along_axis(ordered, np.expand_dims(np.minimum(at, values.shape[axis] - 1), axis), axis)
             for at in (low, high)]  # fmt: skip
    return np.where(count > 0, np.squeeze((taken[0] + taken[1]) / 2, axis), np.nan)
