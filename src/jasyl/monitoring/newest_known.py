"""How far each series has come: what is newer than anything stored of it need not be compared with what is stored.

A live reading is the newest of its series. The marks of a folder may be too high (a transaction that was rolled back,
a segment that is gone), which only costs a comparison; they are never too low for a segment that was seen.
"""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .delivery import Int

# Numbers of series are counted from one; whatever lies beyond is always compared.
_MOST_SERIES = 1 << 22
_MOST_FILES = 20_000
_MOST_FOLDERS = 8
_NEVER = np.iinfo(np.int64).min


class NewestKnown:
    """The newest start of each series in the segments that were seen; safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = np.full(1024, _NEVER, np.int64)
        self._seen: set[str] = set()

    def has_seen(self, file: str) -> bool:
        return file in self._seen

    def see(self, file: str, series: Int, start: Int) -> None:
        """Take note of a segment's intervals, given in ascending order of series."""
        if not len(series):
            return
        first = np.flatnonzero(np.diff(series, prepend=series[0] - 1))
        numbers, newest = series[first], np.maximum.reduceat(start, first)
        counted = (numbers >= 0) & (numbers < _MOST_SERIES)
        numbers, newest = numbers[counted], newest[counted]
        with self._lock:
            if len(numbers) and numbers[-1] >= len(self._newest):
                grown = np.full(min(2 * int(numbers[-1]) + 1, _MOST_SERIES), _NEVER, np.int64)
                grown[: len(self._newest)] = self._newest
                self._newest = grown
            self._newest[numbers] = np.maximum(self._newest[numbers], newest)
            if len(self._seen) >= _MOST_FILES:
                self._seen = set()
            self._seen.add(file)

    def newer(self, series: Int, start: Int) -> NDArray[np.bool_]:
        """Which intervals are newer than everything seen of their series."""
        held = self._newest
        inside = (series >= 0) & (series < len(held))
        mark = held[np.where(inside, series, 0)]
        return np.where(inside, start > mark, (series >= 0) & (series < _MOST_SERIES))


_lock = threading.Lock()
_of: "OrderedDict[Path, NewestKnown]" = OrderedDict()


def newest_known(place: Path) -> NewestKnown:
    """The marks of the data folder at ``place``, as this process has come to know them."""
    with _lock:
        marks = _of.setdefault(place, NewestKnown())
        _of.move_to_end(place)
        while len(_of) > _MOST_FOLDERS:
            _of.popitem(last=False)
        return marks
