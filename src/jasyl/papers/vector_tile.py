"""Mapbox Vector Tiles 2.1 of points: one layer, its properties given as columns.

The format is a Protocol Buffers message (specification 2.1 of Mapbox Vector Tile, CC BY 3.0 US); points need so little
of it that it is written by hand here: the features of a tile are one run of varints, written all at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .varints import encode_rows, sizes

Ints = NDArray[np.int64]
TILE_EXTENT = 4096
VECTOR_TILE_TYPE = "application/vnd.mapbox-vector-tile"
TileProperty = str | int | bool

# Tags of the message: field number × 8 + wire type (0 varint, 2 length-delimited).
_LAYER = 3 << 3 | 2
_NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _VERSION = 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 5 << 3, 15 << 3
_TAGS, _TYPE, _GEOMETRY = 2 << 3 | 2, 3 << 3, 4 << 3 | 2
_STRING, _UNSIGNED, _SIGNED, _BOOLEAN = 1 << 3 | 2, 5 << 3, 6 << 3, 7 << 3
_POINT = 1
_MOVE_TO_ONE = 1 << 3 | 1  # command MoveTo, once
_NONE = -1


@dataclass(frozen=True)
class TileColumn:
    """A property of every point as a position in ``values``; -1: the point has no such property."""

    values: Sequence[TileProperty]
    position: Ints


def encode_points(
    layer: str,
    x: Ints,
    y: Ints,
    columns: Mapping[str, TileColumn],
    *,
    extent: int = TILE_EXTENT,
) -> bytes:
    """A tile with one layer of points; no points make an empty tile of no bytes, as the specification advises.

    ``x`` and ``y`` count from the upper left corner of the tile, 0 to ``extent``; values beyond lie in its buffer.
    Equal values of one kind are written once. Raises ValueError when columns differ in length, OverflowError beyond 64
    bits.
    """
    if not len(x):
        return b""
    values = _Values()
    body = bytearray(_block(_NAME, layer.encode()))
    body += encode_rows(_features(x, y, _tags(len(x), columns, values)))
    body += b"".join(_block(_KEY, key.encode()) for key in columns)
    body += b"".join(values.written())
    body += bytes((_EXTENT,)) + varint(extent) + bytes((_VERSION, 2))
    return _block(_LAYER, body)


def varint(number: int) -> bytes:
    """An unsigned integer, seven bits a byte, the lowest first. Raises OverflowError beyond 64 bits."""
    if number < 0x80:
        return _SHORT[number]
    if number >> 64:
        raise OverflowError(number)
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


_SHORT = tuple(bytes((number,)) for number in range(0x80))


def _tags(points: int, columns: Mapping[str, TileColumn], values: "_Values") -> Ints:
    """Of each point a row of pairs: number of the key, number of the value; -1 twice where it has no such property."""
    tags = np.full((points, len(columns), 2), _NONE, dtype=np.int64)
    for key, (name, column) in enumerate(columns.items()):
        if len(column.position) != points:
            raise ValueError(f"column {name!r} tells of {len(column.position)} points, the tile has {points}")
        number = values.numbers(column)
        tags[:, key, 0] = np.where(number == _NONE, _NONE, key)
        tags[:, key, 1] = number
    return tags.reshape(points, -1)


def _features(x: Ints, y: Ints, tags: Ints) -> Ints:
    """Each point's message as a row of numbers, all of them varints, -1 for nothing: tags, type and geometry.

    Bytes below 128 are varints of themselves, so that the tags of the fields stand in the row as they are.
    """
    east, south = _zigzag(x), _zigzag(y)
    place = 1 + sizes(east) + sizes(south)
    said = sizes(tags).sum(axis=1)
    has_tags = said > 0
    length = np.where(has_tags, 1 + sizes(said) + said, 0) + 2 + 1 + sizes(place) + place
    head = np.column_stack(
        (
            np.full(len(x), _FEATURE),
            length,
            np.where(has_tags, _TAGS, _NONE),
            np.where(has_tags, said, _NONE),
        )
    )
    last = np.tile((_TYPE, _POINT, _GEOMETRY, 0, _MOVE_TO_ONE, 0, 0), (len(x), 1))
    last[:, 3], last[:, 5], last[:, 6] = place, east, south
    return np.hstack((head, tags, last))


def _zigzag(number: Ints) -> Ints:
    """Signed to unsigned: 0, −1, 1, −2 … become 0, 1, 2, 3 …"""
    return number << 1 ^ number >> 63


def _block(tag: int, content: bytes | bytearray) -> bytes:
    return bytes((tag,)) + varint(len(content)) + content


class _Values:
    """The values of a layer, each kept once. True is not 1 here, though Python calls them equal."""

    def __init__(self) -> None:
        self._by_kind: dict[type, dict[TileProperty, int]] = {str: {}, int: {}, bool: {}}
        self._all: list[TileProperty] = []

    def numbers(self, column: TileColumn) -> Ints:
        """The number of each point's value, counted as they come; -1 where the column has none."""
        used, first = np.unique(column.position, return_index=True)
        number = np.full(len(column.values) + 1, _NONE, dtype=np.int64)  # the last stands for none
        for position in used[np.argsort(first)].tolist():
            if position != _NONE:
                number[position] = self._number(column.values[position])
        return number[column.position]

    def _number(self, value: TileProperty) -> int:
        known = self._by_kind[type(value)]
        found = known.get(value)
        if found is None:
            found = known[value] = len(self._all)
            self._all.append(value)
        return found

    def written(self) -> Iterable[bytes]:
        """Every value as a field of the layer, in the order of numbers."""
        return map(_value, self._all)


def _value(value: TileProperty) -> bytes:
    if isinstance(value, str):
        written = value.encode()
        head = _STRING_HEADS[len(written)] if len(written) < len(_STRING_HEADS) else None
        return head + written if head is not None else _block(_VALUE, _block(_STRING, written))
    if isinstance(value, bool):
        return bytes((_VALUE, 2, _BOOLEAN, value))
    tag, number = (_UNSIGNED, value) if value >= 0 else (_SIGNED, (-value << 1) - 1)
    return _block(_VALUE, bytes((tag,)) + varint(number))


# What goes before a string so short that its length and that of its message are a byte each.
_STRING_HEADS = tuple(bytes((_VALUE, length + 2, _STRING, length)) for length in range(0x7E))
