"""Protocol Buffers' varints of whole arrays: seven bits a byte, the lowest first."""

import numpy as np
from numpy.typing import NDArray

# A number takes one byte more from each of these on; 63 bits are nine bytes.
_STEPS = tuple(1 << 7 * more for more in range(1, 9))


def sizes(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bytes of each number as a varint; 0 where it is negative, which stands for nothing."""
    size = (numbers >= 0).astype(np.int64)
    for step in _STEPS:
        longer = numbers >= step
        if not longer.any():
            break
        size += longer
    return size


def encode_rows(numbers: NDArray[np.int64]) -> bytes:
    """The numbers of every row one after the other; negative ones are left out."""
    flat = numbers[numbers >= 0]
    size = sizes(flat)
    start = np.cumsum(size) - size
    written = np.empty(int(size.sum()), dtype=np.uint8)
    for place in range(int(size.max(initial=0))):
        there = size > place
        follows = (size[there] > place + 1).astype(np.int64) << 7
        written[start[there] + place] = (flat[there] >> 7 * place & 0x7F) | follows
    return written.tobytes()
