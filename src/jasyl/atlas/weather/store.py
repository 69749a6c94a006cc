"""Weather stores: those of a data folder, and one as a source of chunks and series by offset into mapped files."""

import hashlib
import json
import mmap
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.grid import Grid
from jasyl.jobs import Progress, Silent
from jasyl.quantities import sha256_hex
from jasyl.texts import Refusal

from .chunk import MISSING, Floats, Integers, WeatherChunk
from .layout import constant_file, map_file, series_file
from .record import StoredField, StoreRecord, read_store_record, weather_folder
from .stretches import cut

if TYPE_CHECKING:
    from jasyl.storage import DataFolder

KINDS = {"float32": np.dtype("<f4"), "int16": np.dtype("<i2")}


class ZarrSource:
    """A WeatherSource over a converted store. Chunks are read-only views of mapped files, as stored.

    Opens in a millisecond: only the record is read. Picklable by its path; mappings are kept for the next reading.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.record: StoreRecord = read_store_record(self.path)
        self._layout = self.record.layout
        self._mapped: dict[tuple[str, int], NDArray[Any]] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__(str(state["path"]))

    @property
    def grid(self) -> Grid:
        return self.record.grid

    @property
    def start(self) -> int:
        return self.record.start

    @property
    def step(self) -> int:
        return self.record.step

    @property
    def steps(self) -> int:
        return self.record.steps

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.record.fields)

    @property
    def digest(self) -> str:
        return self.record.digest

    @property
    def chunk_count(self) -> int:
        return self._layout.chunk_count

    def span(self, number: int) -> tuple[int, int]:
        """The time [start, end) of chunk ``number``."""
        first, last = self._layout.bounds(number)
        return self.start + first * self.step, self.start + last * self.step

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        """Chunk ``number`` as stored. Raises Refusal ``weather-store-damaged`` for a missing or cut file."""
        first, last = self._layout.bounds(number)
        found = {name: self.record.by_name[name] for name in fields}
        values = {
            name: self._map(field, number // self._layout.shard_chunks)[number % self._layout.shard_chunks][
                : last - first
            ]
            if not field.is_constant
            else self._constant(field)
            for name, field in found.items()
        }
        packing = {name: field.packing for name, field in found.items() if field.packing is not None}
        return WeatherChunk(self.grid, self.start + first * self.step, self.step, values, packing)

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        """The chunks of [start, end) in order of time, the first and last cut to it."""
        length = self._layout.chunk_steps * self.step
        first = 0 if start is None else max((start - self.start) // length, 0)
        last = self.chunk_count if end is None else min(-((self.start - end) // length), self.chunk_count)
        for number in range(first, last):
            yield cut(self.read(number, fields), start, end)

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        """One cell's values over [start, end), missing as NaN: one read for each year or so."""
        stored = self.record.by_name[field]
        low = 0 if start is None else max(-((self.start - start) // self.step), 0)
        high = self.steps if end is None else min(-((self.start - end) // self.step), self.steps)
        if stored.is_constant:
            return np.full(max(high - low, 0), self._constant(stored)[row, column], np.float32)
        out = np.empty(max(high - low, 0), KINDS[stored.kind])
        row_tile, column_tile, offset = self._layout.place_of(row, column, stored.itemsize)
        length = self._layout.shard_steps
        for shard in range(low // length, -(-high // length)):
            a, b = max(low, shard * length), min(high, (shard + 1) * length)
            file = series_file(self.path, field, row_tile, column_tile, shard)
            self._read_into(file, out[a - low : b - low], offset + (a - shard * length) * stored.itemsize)
        return _unpacked(out, stored)

    def _read_into(self, file: Path, out: NDArray[Any], offset: int) -> None:
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise self._damaged(file, error) from error
        try:
            if os.preadv(descriptor, [out.view(np.uint8).data], offset) != out.nbytes:
                raise self._damaged(file, "EOF")
        finally:
            os.close(descriptor)

    def _map(self, field: StoredField, shard: int) -> NDArray[Any]:
        """The chunks of a shard [chunk, time, row, column], mapped."""
        key = (field.name, shard)
        found = self._mapped.get(key)
        if found is None:
            first, last = self._layout.shard_bounds(shard)
            shape = (last - first, self._layout.chunk_steps, *self.grid.shape)
            found = self._open(map_file(self.path, field.name, shard), KINDS[field.kind], shape)
            with self._lock:
                found = self._mapped.setdefault(key, found)
        return found

    def _constant(self, field: StoredField) -> Floats:
        return self._open(constant_file(self.path, field.name), KINDS["float32"], self.grid.shape)

    def _open(self, file: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        count = int(np.prod(shape))
        try:
            with file.open("rb") as opened:
                mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            return np.frombuffer(mapped, kind, count).reshape(shape)
        except (OSError, ValueError) as error:
            raise self._damaged(file, error) from error

    def _damaged(self, file: Path, reason: object) -> Refusal:
        return Refusal(
            "weather-store-damaged", received=self.path.name, reason=f"{file.relative_to(self.path)}: {reason}"
        )


def stores(folder: "DataFolder") -> list[StoreRecord]:
    """The records of the stores of a data folder, by name."""
    place = weather_folder(folder)
    found = sorted(path.parent for path in place.glob("*/record.json") if not path.parent.name.startswith("."))
    return [read_store_record(path) for path in found]


def open_store(folder: "DataFolder", name: str) -> ZarrSource:
    """The store ``name`` of a data folder. Raises Refusal ``weather-store-unknown``, ``weather-store-damaged``."""
    if "/" in name or name.startswith("."):
        raise Refusal("weather-store-unknown", received=name)
    return ZarrSource(weather_folder(folder) / name)


def verify(source: ZarrSource, progress: Progress | None = None) -> None:
    """Compare every chunk and shard with its checksum. Raises Refusal ``weather-store-damaged`` at the first that
    differs; the damaged field and time can be converted anew.
    """
    from google_crc32c import extend  # noqa: PLC0415

    progress = progress or Silent()
    content = (source.path / "checksums.json").read_bytes()
    if sha256_hex(content) != source.record.checksums:
        raise Refusal("weather-store-damaged", received=source.path.name, reason="checksums.json: SHA-256")
    expected: dict[str, Any] = json.loads(content)
    files: dict[str, str] = expected["series"]
    for number, chunk in enumerate(expected["chunks"]):
        progress.step("weather-step-verify", number, len(expected["chunks"]) + len(files))
        found = source.read(number, tuple(chunk))
        for name, digest in chunk.items():
            if chunk_digest(found.fields[name]) != digest:
                raise Refusal("weather-store-damaged", received=source.path.name, reason=f"{name}, {number}: SHA-256")
    for number, (name, crc) in enumerate(files.items()):
        progress.step("weather-step-verify", len(expected["chunks"]) + number, len(expected["chunks"]) + len(files))
        total = 0
        with (source.path / name).open("rb") as file:
            while block := file.read(1 << 24):
                total = extend(total, block)
        if f"{total:08x}" != crc:
            raise Refusal("weather-store-damaged", received=source.path.name, reason=f"{name}: CRC-32C")


def chunk_digest(values: Floats | Integers) -> str:
    """SHA-256 of a chunk's numbers, little-endian in C order."""
    return hashlib.sha256(np.ascontiguousarray(values).data).hexdigest()


def _unpacked(stored: NDArray[Any], field: StoredField) -> NDArray[np.float32]:
    if field.packing is None:
        return stored
    scale, offset = field.packing
    values = stored.astype(np.float32) * np.float32(scale) + np.float32(offset)
    values[stored == MISSING] = np.nan
    return values
