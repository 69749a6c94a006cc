"""Writing small palette pictures as PNG (ISO/IEC 15948), without an imaging library."""

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .colour import Colour

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 16  # four bits a pixel


def palette_png(pixels: NDArray[np.uint8], colours: Sequence[Colour]) -> bytes:
    """``pixels`` [height, width] as PNG: 0 is fully transparent, n is ``colours[n - 1]``; up to 15 colours.

    The width must be even, two pixels share a byte.
    """
    height, width = pixels.shape
    if len(colours) >= COLOURS or width % 2:
        raise ValueError(f"{len(colours)} colours, width {width}")
    rows = np.zeros((height, width // 2 + 1), dtype=np.uint8)  # column 0: filter type none
    np.bitwise_or(pixels[:, ::2] << 4, pixels[:, 1::2], out=rows[:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)
    palette = b"\0\0\0" + b"".join(bytes(colour) for colour in colours)
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", palette),
            _chunk(b"tRNS", b"\0"),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
