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
    """For each of a row of values the median of those up to ``reach`` before and after it, itself left out; NaN
    ignored. At the ends fewer take part; with none, NaN.
    """
    padded = np.full(len(values) + 2 * reach, np.nan)
    padded[reach : reach + len(values)] = values
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return median(np.concatenate([windows[:, :reach], windows[:, reach + 1 :]], axis=1), 1)


def median(values: Floats, axis: int) -> Floats:
    """Median ignoring NaN; NaN where there is nothing, without a warning."""
    if values.ndim == 1:
        return np.asarray(middle_of(values[~np.isnan(values)]))
    lines = np.moveaxis(values, axis, -1)
    length = lines.shape[-1]
    if not length:
        return np.full(lines.shape[:-1], np.nan)
    ordered = np.sort(lines.reshape(-1, length), axis=1)  # NaN goes last
    count = length - np.count_nonzero(np.isnan(ordered), axis=1)
    rows = np.arange(len(ordered))
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, length - 1)
    found = np.where(count > 0, (ordered[rows, low] + ordered[rows, high]) / 2, np.nan)
    return found.reshape(lines.shape[:-1])


def middle_of(values: Floats) -> float:
    """Median of a row without NaN; NaN of none."""
    count = len(values)
    if not count:
        return float("nan")
    low, high = (count - 1) // 2, count // 2
    # Short rows are quicker to sort than to divide; the middle is the same.
    ordered = np.sort(values) if count < 64 else np.partition(values, (low, high))
    return float((ordered[low] + ordered[high]) / 2)
