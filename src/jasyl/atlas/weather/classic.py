"""Classic NetCDF (versions 1, 2 and 5), as the older data store gave, mapped into memory.

The header is read here, by the format's own specification (Unidata, "The NetCDF Classic Format Specification"), so
that a file that is cut off is found by its length before a value is taken from it.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from .netcdf_variable import Array, Variable

KINDS = {1: ">i1", 2: "S1", 3: ">i2", 4: ">i4", 5: ">f4", 6: ">f8", 7: ">u1", 8: ">u2", 9: ">u4", 10: ">i8", 11: ">u8"}
DIMENSION, VARIABLE, ATTRIBUTE = 10, 11, 12
MAGIC = {b"CDF\x01": 1, b"CDF\x02": 2, b"CDF\x05": 5}


@dataclass(frozen=True)
class _Place:
    """Where a variable's numbers begin, and its bytes in one record (or in all)."""

    variable: Variable
    begin: int
    size: int
    is_record: bool


class ClassicFile:
    """A classic NetCDF file. Raises Refusal ``weather-file-damaged`` when it is cut off or its header is broken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        try:
            with path.open("rb") as opened:
                self._bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            header = _Header(self._bytes)
            self.attributes: Mapping[str, Any] = header.attributes
            self._places = header.places
            self._record = header.record_size
        except (OSError, ValueError, IndexError, KeyError, struct.error, UnicodeDecodeError) as error:
            raise self._damaged(error) from error
        needed = max((self._end(place) for place in self._places.values()), default=0)
        if needed > len(self._bytes):
            raise self._damaged(f"{len(self._bytes)} of {needed} B")
        self.variables: Mapping[str, Variable] = {name: place.variable for name, place in self._places.items()}

    def values(self, name: str) -> Array:
        """All of a variable, as stored."""
        return np.array(self._view(name))

    def read(self, name: str, first: int, last: int, rows: slice, columns: slice, *, flip: bool = False) -> Array:
        """A block as stored, in the machine's byte order."""
        values = self._view(name)[first:last, ..., rows, columns]
        values = values[..., ::-1, :] if flip else values
        return np.ascontiguousarray(values, values.dtype.newbyteorder("="))

    def close(self) -> None:
        """The map goes when the last view of it goes."""

    def _view(self, name: str) -> NDArray[Any]:
        place = self._places[name]
        variable = place.variable
        inner = variable.shape[1:] if place.is_record else variable.shape
        strides = [variable.kind.itemsize * int(np.prod(inner[axis + 1 :])) for axis in range(len(inner))]
        if place.is_record:
            strides.insert(0, self._record)
        return np.ndarray(variable.shape, variable.kind, self._bytes, place.begin, tuple(strides))

    def _end(self, place: _Place) -> int:
        if not place.is_record:
            return place.begin + place.size
        records = place.variable.shape[0]
        return place.begin + (records - 1) * self._record + place.size if records else 0

    def _damaged(self, reason: object) -> Refusal:
        return Refusal("weather-file-damaged", where=Where(self.name), reason=str(reason)[:200])


class _Header:
    """The header: dimensions, attributes, and the place of each variable."""

    def __init__(self, content: mmap.mmap) -> None:
        self._content = content
        self._at = 4
        version = MAGIC[content[:4]]
        self._count_format = ">q" if version == 5 else ">i"
        self._offset_format = ">i" if version == 1 else ">q"
        self._records = self._count()
        self._dimensions = [self._dimension() for _ in range(self._list(DIMENSION))]
        self.attributes = self._attributes()
        found = [self._variable() for _ in range(self._list(VARIABLE))]
        self.places = {place.variable.name: place for place in found}
        records = [place.size for place in found if place.is_record]
        # A lone record variable is not filled up to four bytes.
        self.record_size = records[0] if len(records) == 1 else sum(-(-size // 4) * 4 for size in records)

    def _number(self, form: str) -> Any:
        found = struct.unpack_from(form, self._content, self._at)[0]
        self._at += struct.calcsize(form)
        return found

    def _count(self) -> int:
        return self._number(self._count_format)

    def _list(self, tag: int) -> int:
        """The length of a list that begins here; an absent list is two zeros."""
        found, count = self._number(">i"), self._count()
        if found not in {0, tag} or (found == 0 and count) or not 0 <= count < 1 << 20:
            raise ValueError(f"tag {found}")
        return count

    def _name(self) -> str:
        length = self._count()
        found = self._content[self._at : self._at + length].decode()
        if len(found.encode()) != length:
            raise ValueError("EOF")
        self._at += -(-length // 4) * 4
        return found

    def _dimension(self) -> tuple[str, int]:
        return self._name(), self._count()

    def _attributes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self._list(ATTRIBUTE)):
            name, kind, count = self._name(), np.dtype(KINDS[self._number(">i")]), self._count()
            values = np.frombuffer(self._content, kind, count, self._at)
            self._at += -(-count * kind.itemsize // 4) * 4
            if kind.kind == "S":
                found[name] = values.tobytes().decode("utf-8", "replace").rstrip("\x00")
            else:
                found[name] = values[0].item() if count == 1 else values.tolist()
        return found

    def _variable(self) -> _Place:
        name = self._name()
        dimensions = [self._dimensions[self._count()] for _ in range(self._count())]
        attributes, kind = self._attributes(), np.dtype(KINDS[self._number(">i")])
        self._count()  # vsize: wrong by intention for large variables, so it is reckoned here
        begin = self._number(self._offset_format)
        is_record = bool(dimensions) and dimensions[0][1] == 0
        inner = [size for _, size in dimensions[1 if is_record else 0 :]]
        shape = (self._records, *inner) if is_record else tuple(inner)
        variable = Variable(name, tuple(title for title, _ in dimensions), shape, kind, attributes)
        return _Place(variable, begin, int(np.prod(inner)) * kind.itemsize, is_record)
