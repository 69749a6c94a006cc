"""Numbers out of the byte planes that HDF5's shuffle filter makes, mirrored to the north row first on the way.

Compiled for each item size; the loops run without the interpreter's lock. Pass: one read of the planes, one write.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiled import njit


@njit(cache=True, nogil=True)
def unshuffle4(planes: Any, out: Any, flip: bool) -> None:  # pragma: no cover - compiled
    """``planes`` [4, time, row, column] bytes → ``out`` [time, row, column] words, rows reversed when ``flip``."""
    steps, rows, columns = out.shape
    for t in range(steps):
        for y in range(rows):
            source = rows - 1 - y if flip else y
            a, b, c, d = planes[0, t, source], planes[1, t, source], planes[2, t, source], planes[3, t, source]
            target = out[t, y]
            for x in range(columns):
                target[x] = (
                    np.uint32(a[x])
                    | (np.uint32(b[x]) << np.uint32(8))
                    | (np.uint32(c[x]) << np.uint32(16))
                    | (np.uint32(d[x]) << np.uint32(24))
                )


@njit(cache=True, nogil=True)
def unshuffle8(planes: Any, out: Any, flip: bool) -> None:  # pragma: no cover - compiled
    """As ``unshuffle4``, eight bytes to a word."""
    steps, rows, columns = out.shape
    for t in range(steps):
        for y in range(rows):
            source = rows - 1 - y if flip else y
            target = out[t, y]
            for x in range(columns):
                word = np.uint64(0)
                for byte in range(8):
                    word |= np.uint64(planes[byte, t, source, x]) << np.uint64(8 * byte)
                target[x] = word


def unshuffled(raw: bytes, shape: tuple[int, int, int], kind: np.dtype[Any], *, flip: bool) -> NDArray[Any]:
    """The numbers [time, row, column] of a shuffled chunk, C-contiguous, rows reversed when ``flip``."""
    planes = np.frombuffer(raw, np.uint8).reshape(kind.itemsize, *shape)
    if kind.byteorder != ">" and kind.itemsize in {4, 8}:
        out = np.empty(shape, np.uint32 if kind.itemsize == 4 else np.uint64)
        (unshuffle4 if kind.itemsize == 4 else unshuffle8)(planes, out, flip)
        return out.view(kind)
    plain = np.moveaxis(planes, 0, -1)
    plain = plain[:, ::-1] if flip else plain
    return np.ascontiguousarray(plain).view(kind)[..., 0]


def compile_now() -> None:
    """Compile, or load what was compiled at set-up."""
    for size in (4, 8):
        unshuffled(bytes(size * 8), (2, 2, 2), np.dtype(f"<u{size}"), flip=True)
