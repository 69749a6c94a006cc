"""Answers that all worker processes of a server share: one works it out, the others read it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder

Floats = NDArray[np.float64]
# How many answers lie on disk: a national map at a quarter of a degree is about a megabyte.
FILES: Final = 64
LOCK: Final = "recompute"


class SharedAnswers:
    """Arrays by key in a folder beside the prepared tiles; what is there can be made again, nobody misses it."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._place = folder.tiles / "recompute"

    def get(self, key: object, shape: tuple[int, ...], make: Callable[[], Floats]) -> Floats:
        """The array of ``key``, made under a lock when no process has made it: one at a time, as each takes all cores.

        ``key`` is told apart by its ``repr``.
        """
        file = self._place / f"{sha256(repr(key).encode()).hexdigest()[:40]}.npy"
        found = _read(file, shape)
        if found is not None:
            return found
        self._place.mkdir(parents=True, exist_ok=True)
        with self._folder.locked(LOCK):
            found = _read(file, shape)
            if found is None:
                found = make()
                written = file.with_suffix(".new")
                with written.open("wb") as opened:
                    np.save(opened, found, allow_pickle=False)
                written.replace(file)
                self._prune()
        return found

    def _prune(self) -> None:
        kept = sorted(self._place.glob("*.npy"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for older in kept[FILES:]:
            older.unlink(missing_ok=True)


def _read(file: Any, shape: tuple[int, ...]) -> Floats | None:
    """What the file holds; None for no file, and for one that was cut: it is made anew."""
    try:
        found = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == shape and found.dtype == np.float64 else None
