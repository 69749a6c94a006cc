"""Mapbox Vector Tiles 2.1 of points: one layer, its properties given as columns.

The format is a Protocol Buffers message (specification 2.1 of Mapbox Vector Tile, CC BY 3.0 US); points need so little
of it that it is written by hand here, one varint after the other.
"""

from collections.abc import Iterable, Mapping, Sequence

TILE_EXTENT = 4096
VECTOR_TILE_TYPE = "application/vnd.mapbox-vector-tile"
TileProperty = str | int | bool

# Tags of the message: field number × 8 + wire type (0 varint, 2 length-delimited).
_LAYER = 3 << 3 | 2
_NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _VERSION = 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 5 << 3, 15 << 3
_TAGS, _TYPE, _GEOMETRY = 2 << 3 | 2, 3 << 3, 4 << 3 | 2
_STRING, _UNSIGNED, _SIGNED, _BOOLEAN = 1 << 3 | 2, 5 << 3, 6 << 3, 7 << 3
_POINT = bytes((_TYPE, 1))
_MOVE_TO_ONE = bytes((1 << 3 | 1,))  # command MoveTo, once


def encode_points(
    layer: str,
    x: Sequence[int],
    y: Sequence[int],
    columns: Mapping[str, Sequence[TileProperty | None]],
    *,
    extent: int = TILE_EXTENT,
) -> bytes:
    """A tile with one layer of points; no points make an empty tile of no bytes, as the specification advises.

    ``x`` and ``y`` count from the upper left corner of the tile, 0 to ``extent``; values beyond lie in its buffer.
    ``columns[key][i]`` is the property ``key`` of point ``i``; None: the point has no such property. Equal values of
    one kind are written once. Raises ValueError when columns differ in length, OverflowError beyond 64 bits.
    """
    if not len(x):
        return b""
    values = _Values()
    tags = [bytearray() for _ in x]
    for number, column in enumerate(columns.values()):
        key = varint(number)
        for said, value in zip(tags, column, strict=True):
            if value is not None:
                said.extend(key + values.index(value))
    body = bytearray(_block(_NAME, layer.encode()))
    for said, east, south in zip(tags, x, y, strict=True):
        place = _MOVE_TO_ONE + varint(_zigzag(east)) + varint(_zigzag(south))
        written = _block(_TAGS, said) if said else b""
        body += _block(_FEATURE, written + _POINT + _block(_GEOMETRY, place))
    body += b"".join(_block(_KEY, key.encode()) for key in columns)
    body += b"".join(_block(_VALUE, value) for value in values.written())
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


def _zigzag(number: int) -> int:
    """Signed to unsigned: 0, −1, 1, −2 … become 0, 1, 2, 3 …"""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _block(tag: int, content: bytes | bytearray) -> bytes:
    return bytes((tag,)) + varint(len(content)) + content


class _Values:
    """The values of a layer, each kept once. True is not 1 here, though Python calls them equal."""

    def __init__(self) -> None:
        self._by_kind: dict[type, dict[TileProperty, bytes]] = {str: {}, int: {}, bool: {}}
        self._all: list[TileProperty] = []

    def index(self, value: TileProperty) -> bytes:
        """The position of ``value`` as a varint."""
        known = self._by_kind[type(value)]
        found = known.get(value)
        if found is None:
            found = known[value] = varint(len(self._all))
            self._all.append(value)
        return found

    def written(self) -> Iterable[bytes]:
        """Every value as a message, in the order of positions."""
        return map(_value, self._all)


def _value(value: TileProperty) -> bytes:
    if isinstance(value, str):
        return _block(_STRING, value.encode())
    if isinstance(value, bool):
        return bytes((_BOOLEAN, value))
    return bytes((_UNSIGNED,)) + varint(value) if value >= 0 else bytes((_SIGNED,)) + varint(_zigzag(value))
