"""On which grid of intervals each series reports, for many readings at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .delivery import Int
from .series import SeriesDefinition


@dataclass(frozen=True)
class Grids:
    """``kinds``: the distinct (interval in µs, civil time) of all series; thousands of series share a handful."""

    kinds: tuple[tuple[int, ZoneInfo], ...]
    _numbers: Int
    _kind: NDArray[np.int16]

    @classmethod
    def of(cls, definitions: Mapping[int, SeriesDefinition]) -> "Grids":
        """The grids of ``definitions``."""
        numbers = sorted(definitions)
        said = [(definitions[number].interval_seconds, definitions[number].zone) for number in numbers]
        places = {kind: place for place, kind in enumerate(dict.fromkeys(said))}
        kinds = tuple((seconds * 1_000_000, ZoneInfo(zone)) for seconds, zone in places)
        return cls(kinds, np.array(numbers, np.int64), np.array([places[kind] for kind in said], np.int16))

    def kind_of(self, series: Int) -> NDArray[np.int16]:
        """For each number of a series the place of its grid among ``kinds``, -1 for a series that is not defined."""
        if not len(self._numbers):
            return np.full(len(series), -1, np.int16)
        first, last = self._numbers[0], len(self._numbers) - 1
        if self._numbers[-1] - first == last:  # numbers are counted: mostly they are all there
            place = np.clip(series - first, 0, last)
        else:
            place = np.minimum(np.searchsorted(self._numbers, series), last)
        return np.where(self._numbers[place] == series, self._kind[place], np.int16(-1))


@dataclass(frozen=True)
class _Held:
    definitions: Mapping[int, SeriesDefinition]
    said: tuple[tuple[int, ...], tuple[SeriesDefinition, ...]]
    grids: Grids


_newest: _Held | None = None


def grids_of(definitions: Mapping[int, SeriesDefinition]) -> Grids:
    """The grids of ``definitions``, known at once when they are those that were asked for last.

    A read-only view (``MappingProxyType``) is taken to stay as it is; what can change is looked through each time.
    """
    global _newest  # noqa: PLW0603  (put in its place whole: safe among threads)
    held = _newest
    if held is not None and held.definitions is definitions and isinstance(definitions, MappingProxyType):
        return held.grids
    said = tuple(definitions), tuple(definitions.values())
    # The same objects compare equal by identity: this takes a hundredth of making them anew.
    grids = held.grids if held is not None and held.said == said else Grids.of(definitions)
    _newest = _Held(definitions, said, grids)
    return grids
