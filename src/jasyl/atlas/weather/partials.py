"""What a kernel makes of a chunk of weather, and how the results of chunks are put together.

Three laws of merging, and nothing else: totals are added, binned values are added bin by bin, series are joined in
time. Floating-point addition depends on its order, so chunks are always merged in the order of time: the result is the
same to the bit whoever worked them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Binned:
    """Values by bin of time: ``labels`` [bins] ascending and ``values`` [bins, …] (sums or counts, never means)."""

    labels: Labels
    values: Array


@dataclass(frozen=True, eq=False)
class Partials:
    """Mergeable results over the interval [start, end), µs UTC.

    ``totals`` are arrays that add (a histogram per cell, a count), ``binned`` add by label (a month, a year, a month
    and local hour), ``series`` [..., time] have one value an interval (regions × time).
    """

    start: int
    end: int
    totals: Mapping[str, Array] = field(default_factory=dict[str, Array])
    binned: Mapping[str, Binned] = field(default_factory=dict[str, Binned])
    series: Mapping[str, Array] = field(default_factory=dict[str, Array])


class Merger:
    """Takes partials in order of time and gives what they come to."""

    def __init__(self) -> None:
        self._start: int | None = None
        self._end: int | None = None
        self._totals: dict[str, Array] = {}
        self._binned: dict[str, dict[int, Array]] = {}
        self._series: dict[str, list[Array]] = {}

    def add(self, part: Partials) -> None:
        """Add the next stretch of time, which begins where the last ended or later."""
        if self._end is not None and part.start < self._end:
            raise ValueError("partials are merged in order of time")
        self._start = part.start if self._start is None else self._start
        self._end = part.end
        for name, values in part.totals.items():
            if name in self._totals:
                self._totals[name] += values
            else:
                self._totals[name] = values.copy()
        for name, binned in part.binned.items():
            known = self._binned.setdefault(name, {})
            for label, values in zip(binned.labels.tolist(), binned.values, strict=True):
                if label in known:
                    known[label] += values
                else:
                    known[label] = values.copy()
        for name, values in part.series.items():
            self._series.setdefault(name, []).append(values)

    def result(self) -> Partials:
        """Everything added so far. Raises ValueError when nothing was."""
        if self._start is None or self._end is None:
            raise ValueError("nothing was added")
        return Partials(
            self._start,
            self._end,
            self._totals,
            {name: _gathered(bins) for name, bins in self._binned.items()},
            {name: np.concatenate(parts, axis=-1) for name, parts in self._series.items()},
        )


def _gathered(bins: dict[int, Array]) -> Binned:
    labels = sorted(bins)
    return Binned(np.array(labels, dtype=np.int64), np.stack([bins[label] for label in labels]))


def merge(parts: Iterable[Partials]) -> Partials:
    """All of ``parts``, which come in order of time, as one."""
    merger = Merger()
    for part in parts:
        merger.add(part)
    return merger.result()
