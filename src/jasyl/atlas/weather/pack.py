"""Compiled loops of the store: floats into 16 bits, and maps through time into series of cells."""

from typing import Any

import numpy as np

from ..compiled import njit
from .chunk import MISSING, Floats, Integers, Packing
from .layout import WINDOW


@njit(cache=True, nogil=True)
def _pack(values: Any, out: Any, factor: Any, offset: Any) -> None:  # pragma: no cover - compiled
    for i in range(values.size):
        value = values[i]
        if value == value:  # noqa: PLR0124 - false for NaN only
            out[i] = np.int16(np.rint((value - offset) * factor))
        else:
            out[i] = np.int16(MISSING)


@njit(cache=True, nogil=True)
def to_series(chunk: Any, out: Any, at: int) -> None:  # pragma: no cover - compiled
    """Some rows of a map-wise chunk [time, row ≤ 4, column] into ``out`` [window, 4, 4, time] from step ``at`` on."""
    steps, rows, columns = chunk.shape
    for row in range(rows):
        for column in range(columns):
            target = out[column // WINDOW, row, column % WINDOW]
            for t in range(steps):
                target[at + t] = chunk[t, row, column]


def pack(values: Floats, packing: Packing) -> Integers:
    """The nearest integers; NaN becomes the missing value. Values must fit."""
    scale, offset = packing
    out = np.empty(values.shape, np.int16)
    _pack(np.ravel(values), out.reshape(-1), np.float64(1 / scale), np.float64(offset))
    return out


def compile_now() -> None:
    """Compile, or load what was compiled at set-up."""
    pack(np.zeros((1, 1, 1), np.float32), (1.0, 0.0))
    for kind in (np.float32, np.int16):
        chunk = np.zeros((1, 1, 1), kind)
        chunk.setflags(write=False)
        to_series(chunk, np.zeros((1, WINDOW, WINDOW, 1), kind), 0)
