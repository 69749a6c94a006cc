"""NetCDF-4 files as blocks of numbers, read chunk by chunk past the HDF5 library.

HDF5 inflates under one lock with zlib. Here the library only says where each chunk stands in the file; its bytes are
read by offset, inflated with isal and un-shuffled by a compiled loop, in as many threads as ask.
"""

import math
import os
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from jasyl.texts import Refusal, Where

from .classic import MAGIC, ClassicFile
from .netcdf_variable import Array, Gridded, Variable

ZIP = b"PK\x03\x04"
DEFLATE, SHUFFLE = 1, 2  # registered identifiers of HDF5 filters


@dataclass
class _Chunks:
    """Where the chunks of a NetCDF-4 variable stand, and the last time slab inflated when more of it will be asked."""

    shape: tuple[int, int, int]
    places: dict[tuple[int, int, int], tuple[int, int]]
    shuffled: bool
    deflated: bool
    kept: dict[tuple[int, int, int], Array] = field(default_factory=dict[tuple[int, int, int], Array])


class Hdf5File:
    """A NetCDF-4 file. Raises Refusal ``weather-file-damaged`` when it cannot be opened or read."""

    def __init__(self, path: Path) -> None:
        import h5py  # noqa: PLC0415

        self.path = path
        self.name = path.name
        try:
            self._file: Any = h5py.File(path, "r")
        except OSError as error:
            raise _damaged(path, error) from error
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._shut = weakref.finalize(self, os.close, self._descriptor)
        self._lock = threading.Lock()
        self.attributes: Mapping[str, Any] = _attributes(self._file)
        datasets = {name: found for name, found in self._file.items() if isinstance(found, h5py.Dataset)}
        self.variables: Mapping[str, Variable] = {name: _variable(found) for name, found in datasets.items()}
        self._chunks: dict[str, _Chunks | None] = {}

    def values(self, name: str) -> Array:
        with self._lock:
            try:
                return self._file[name][...]
            except OSError as error:
                raise _damaged(self.path, error) from error

    def read(self, name: str, first: int, last: int, rows: slice, columns: slice, *, flip: bool = False) -> Array:
        chunks = self._layout(name)
        if chunks is None:
            with self._lock:
                try:
                    values: Array = self._file[name][first:last, ..., rows, columns]
                except OSError as error:
                    raise _damaged(self.path, error) from error
            return np.ascontiguousarray(values[..., ::-1, :] if flip else values)
        variable = self.variables[name]
        if _is_whole(chunks, variable, first, last, rows, columns):
            return self._inflate(chunks, variable, (first // chunks.shape[0], 0, 0), flip=flip)[: last - first]
        return self._assemble(chunks, variable, (first, last), rows, columns, flip=flip)

    def close(self) -> None:
        self._file.close()
        self._shut()

    def _layout(self, name: str) -> _Chunks | None:
        """Where the chunks are; None when the library must read them (not chunked, or another filter)."""
        if name not in self._chunks:
            with self._lock:
                self._chunks[name] = _layout_of(self._file[name])
        return self._chunks[name]

    def _inflate(self, chunks: _Chunks, variable: Variable, place: tuple[int, int, int], *, flip: bool) -> Array:
        from isal import isal_zlib  # noqa: PLC0415

        from .unshuffle import unshuffled  # noqa: PLC0415

        if place not in chunks.places:  # never written
            return np.full(chunks.shape, _fill_of(variable), variable.kind)
        offset, size = chunks.places[place]
        raw = os.pread(self._descriptor, size, offset)
        whole = math.prod(chunks.shape) * variable.kind.itemsize
        if chunks.deflated:
            try:
                raw = isal_zlib.decompress(raw, bufsize=whole)
            except (isal_zlib.IsalError, EOFError) as error:  # pyright: ignore[reportGeneralTypeIssues]
                raise _damaged(self.path, error, variable.name) from error
        if len(raw) != whole:
            raise _damaged(self.path, f"{len(raw)} of {whole} B", variable.name)
        if chunks.shuffled:
            return unshuffled(raw, chunks.shape, variable.kind, flip=flip)
        values = np.frombuffer(raw, variable.kind).reshape(chunks.shape)
        return np.ascontiguousarray(values[:, ::-1]) if flip else values

    def _assemble(
        self,
        chunks: _Chunks,
        variable: Variable,
        span: tuple[int, int],
        rows: slice,
        columns: slice,
        *,
        flip: bool,
    ) -> Array:
        """A block out of the chunks it touches. Chunks that reach beyond its end are kept for the next block."""
        first, last = span
        low, high = (first, rows.start, columns.start), (last, rows.stop, columns.stop)
        out = np.empty(tuple(b - a for a, b in zip(low, high, strict=True)), variable.kind)
        target = out[:, ::-1] if flip else out
        kept: dict[tuple[int, int, int], Array] = {}
        for place in np.ndindex(*(-(-b // c) - a // c for a, b, c in zip(low, high, chunks.shape, strict=True))):
            at = (
                place[0] + first // chunks.shape[0],
                place[1] + rows.start // chunks.shape[1],
                place[2] + columns.start // chunks.shape[2],
            )
            found = chunks.kept.get(at)
            values = self._inflate(chunks, variable, at, flip=False) if found is None else found
            if (at[0] + 1) * chunks.shape[0] > last:
                kept[at] = values
            begin = tuple(index * side for index, side in zip(at, chunks.shape, strict=True))
            into, from_ = zip(
                *(_overlap(a, b, c, s) for a, b, c, s in zip(low, high, begin, chunks.shape, strict=True)), strict=True
            )
            target[into] = values[from_]
        chunks.kept = kept
        return out


def open_netcdf(path: Path) -> Gridded:
    """The file behind ``path``, by its first bytes.

    Raises Refusal ``weather-file-empty``, ``weather-file-kind``, ``weather-file-damaged``, ``weather-zip-damaged``
    for a zip that is cut off.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise Refusal("weather-source-missing", received=str(path)) from error
    if head.startswith(b"\x89HDF"):
        return Hdf5File(path)
    if head[:4] in MAGIC:
        return ClassicFile(path)
    if head.startswith(ZIP):  # whole ones were unpacked before
        raise Refusal("weather-zip-damaged", where=Where(path.name), reason="no directory at its end")
    if not head:
        raise Refusal("weather-file-empty", where=Where(path.name))
    received = "GRIB" if head.startswith(b"GRIB") else "HTML" if b"<" in head[:2] else repr(head[:4])[2:-1]
    raise Refusal("weather-file-kind", where=Where(path.name), received=received)


def _layout_of(dataset: Any) -> _Chunks | None:
    import h5py  # noqa: PLC0415

    properties = dataset.id.get_create_plist()
    filters = [properties.get_filter(number)[0] for number in range(properties.get_nfilters())]
    if dataset.ndim != 3 or dataset.chunks is None or filters not in ([], [DEFLATE], [SHUFFLE], [SHUFFLE, DEFLATE]):
        return None
    places: dict[tuple[int, int, int], tuple[int, int]] = {}
    masks: set[int] = set()

    def note(chunk: Any) -> None:
        masks.add(chunk.filter_mask)
        index = tuple(offset // side for offset, side in zip(chunk.chunk_offset, dataset.chunks, strict=True))
        places[index] = (chunk.byte_offset, chunk.size)  # type: ignore[index]

    dataset.id.chunk_iter(note)
    if masks - {0} or not isinstance(dataset.id, h5py.h5d.DatasetID):
        return None
    return _Chunks(dataset.chunks, places, SHUFFLE in filters, DEFLATE in filters)


def _is_whole(chunks: _Chunks, variable: Variable, first: int, last: int, rows: slice, columns: slice) -> bool:
    """Whether the block is one chunk that covers the map: then its rows are turned while un-shuffling."""
    steps, height, width = chunks.shape
    return (
        (height, width) == variable.shape[1:]
        and (rows.start, rows.stop, columns.start, columns.stop) == (0, height, 0, width)
        and first % steps == 0
        and last == min(first + steps, variable.shape[0])
    )


def _overlap(low: int, high: int, begin: int, side: int) -> tuple[slice, slice]:
    """Along one axis: where a chunk falls into the block, and which of its part that is."""
    first, last = max(low, begin), min(high, begin + side)
    return slice(first - low, last - low), slice(first - begin, last - begin)


def _variable(dataset: Any) -> Variable:
    dimensions = tuple(
        dataset.dims[number][0].name.rpartition("/")[2] if len(dataset.dims[number]) else f"dimension{number}"
        for number in range(dataset.ndim)
    )
    if dataset.ndim == 1 and dataset.is_scale:
        dimensions = (dataset.name.rpartition("/")[2],)
    steps = dataset.chunks[0] if dataset.chunks else 1
    return Variable(dataset.name.lstrip("/"), dimensions, dataset.shape, dataset.dtype, _attributes(dataset), steps)


def _attributes(node: Any) -> dict[str, Any]:
    hidden = {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_Netcdf4Dimid", "_Netcdf4Coordinates"}
    found: dict[str, Any] = {}
    for name in node.attrs:
        if name not in hidden:
            try:
                found[name] = _plain(node.attrs[name])
            except (OSError, TypeError, UnicodeDecodeError):  # a type that h5py cannot give: nothing we look at
                continue
    return found


def _plain(value: Any) -> Any:
    """An attribute as text or number, not as an array of one."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray) and value.size == 1:
        return _plain(value.reshape(-1)[0])
    return value.item() if isinstance(value, np.generic) else value


def _fill_of(variable: Variable) -> Any:
    fill = variable.attributes.get("_FillValue")
    return fill if fill is not None else (np.nan if variable.kind.kind == "f" else 0)


def _damaged(path: Path, reason: object, variable: str | None = None) -> Refusal:
    return Refusal("weather-file-damaged", where=Where(path.name, field=variable), reason=str(reason)[:200])
