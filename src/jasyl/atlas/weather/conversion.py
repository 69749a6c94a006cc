"""Converting published weather once into a store with two chunkings, block by block, resumable at any kill.

A block is a map-wise chunk: read, derived, checked, packed, written to its place in the shard, made durable, noted.
When the blocks of a shard are done its series are cut from the maps just written, while these are still in memory.
The store appears under its name when everything is there; until then its folder is ``.NAME.part``.
"""

import os
import shutil
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from jasyl.atlas.window import Window
from jasyl.jobs import Progress, Silent
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.storage import DataFolder, sync_directory, write_durably
from jasyl.texts import Refusal, Where

from .check import Survey, check, check_daylight, survey
from .chunk import Floats, Integers
from .journal import Journal
from .layout import Layout, choose, constant_file, map_file, map_index
from .opening import Opened, open_source
from .product import ProductName
from .reader import Reader, open_reader
from .record import StoredField, StoreRecord, weather_folder
from .series import write_series
from .store import chunk_digest
from .summary import PackingName, described, fits, gaps_of, remarks, stored_field, written
from .zarr_metadata import write_metadata


@dataclass(frozen=True)
class Wish:
    """What of a source is wanted, and how it is stored. ``window`` is west, south, east, north; times are µs UTC.

    ``product`` overrules what the files look like; ``units`` states the unit of variables against what they say.
    """

    window: Window | None = None
    start: int | None = None
    end: int | None = None
    packing: PackingName = "float32"
    product: ProductName | None = None
    units: Mapping[str, str] | None = None
    private: bool = False


def convert(
    folder: DataFolder, source: str, name: str, wish: Wish | None = None, progress: Progress | None = None
) -> StoreRecord:
    """Convert ``source`` (a file, a folder of files, a zip, a Zarr folder or address) into the store ``name``.

    Killed or cancelled, the same call goes on where it stopped. Raises Refusal ``weather-name``,
    ``weather-store-taken``, ``weather-plan-differs``, ``weather-disk``, ``folder-in-use``, and what opening and reading
    the source raise.
    """
    wish, progress = wish or Wish(), progress or Silent()
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii() or len(name) > 60:
        raise Refusal("weather-name", received=name[:80])
    final = weather_folder(folder) / name
    part = weather_folder(folder) / f".{name}.part"
    if final.exists():
        raise Refusal("weather-store-taken", received=name)
    is_new = not part.exists()
    part.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(folder.locked(f"weather-{name}", wait=False))
        stack.enter_context(_tidy(part, is_new=is_new))
        opened = open_source(source, part, progress, private=wish.private)
        stack.callback(opened.close)
        reader = open_reader(
            opened.files, window=wish.window, start=wish.start, end=wish.end, product=wish.product, units=wish.units
        )
        work = _Conversion(part, name, opened, reader, wish, progress)
        pool = stack.enter_context(ThreadPoolExecutor(len(os.sched_getaffinity(0)), thread_name_prefix="convert"))
        record = work.run(pool)
    for path in (part / "plan.json", part / "journal.jsonl", part / "inputs.json"):
        path.unlink(missing_ok=True)
    for path in part.glob("*.unpacked"):
        shutil.rmtree(path)
    part.rename(final)
    sync_directory(final.parent)
    return record


@contextmanager
def _tidy(part: Path, *, is_new: bool) -> Generator[None]:
    """Leave nothing of a conversion that began with this call and was refused: mended data are another plan.

    Work that was interrupted stays, whatever a later call stumbles over; so does what a publisher broke off.
    """
    try:
        yield
    except Refusal as refusal:
        if is_new and (refusal.code.startswith("weather-") or not Journal(part).is_begun):
            shutil.rmtree(part)
        raise


class _Conversion:
    """One conversion under way."""

    def __init__(self, part: Path, name: str, opened: Opened, reader: Reader, wish: Wish, progress: Progress) -> None:
        self.part, self.name, self.opened, self.reader, self.progress = part, name, opened, reader, progress
        self.layout: Layout = choose(reader.grid, max(reader.steps, 1))
        self.units = dict(wish.units or {})
        self.stored = tuple(stored_field(field, wish.packing) for field in reader.fields)
        self.timed = tuple(field for field in self.stored if not field.is_constant)
        self.journal = Journal(part)
        self.inputs = {recipe.field: recipe.inputs for recipe in reader.recipes}

    def run(self, pool: ThreadPoolExecutor) -> StoreRecord:
        layout, reader = self.layout, self.reader
        if not self.journal.begin(self._plan()):
            self._check_disk()
            write_metadata(self.part, layout, reader.start, reader.step, self.stored, reader.product.source)
        for shard in range(layout.shard_count if self.timed else 0):
            first, last = layout.shard_bounds(shard)
            for chunk in range(first, last):
                if chunk not in self.journal.chunks:
                    self._write_block(chunk, pool)
                self.progress.step("weather-step-map", chunk + 1, layout.chunk_count)
            for field in self.timed:
                self._finish_maps(field, shard)
                write_series(self.part, layout, field, shard, self.journal, pool, self.progress)
        for field in self.stored:
            if field.is_constant:
                self._write_constant(field)
        return self._write_record()

    def _plan(self) -> dict[str, Any]:
        reader = self.reader
        return {
            "inputs": dict(self.opened.inputs),
            "product": reader.product.name,
            "units": self.units,
            "grid": msgspec.to_builtins(reader.grid),
            "start": reader.start,
            "step": reader.step,
            "steps": reader.steps,
            "layout": [self.layout.chunk_steps, self.layout.shard_chunks, *self.layout.tile],
            "fields": {field.name: field.kind for field in self.stored},
        }

    def _check_disk(self) -> None:
        cells = self.layout.grid.rows * self.layout.grid.columns
        shards = self.layout.shard_count * self.layout.shard_steps
        needed = sum(2.1 * field.itemsize for field in self.timed) * cells * min(shards, 1.1 * self.layout.steps + 96)
        free = shutil.disk_usage(self.part).free
        if needed > free:
            raise Refusal("weather-disk", received=f"{free / 1e9:.1f}", expected=f"{needed / 1e9:.1f}")

    def _write_block(self, chunk: int, pool: ThreadPoolExecutor) -> None:
        from .pack import pack  # noqa: PLC0415 - compiled

        first, last = self.layout.bounds(chunk)
        block = self.reader.block(first, last, pool)
        start = self.reader.start + first * self.reader.step

        def write(field: StoredField) -> tuple[str, list[Any]]:
            values = block[field.name]
            found = self._checked(field, values, start)
            stored = pack(values, field.packing) if field.packing else values
            self._put(field, chunk, stored)
            return field.name, [chunk_digest(stored), found.missing, written(found.lowest), written(found.highest)]

        self.journal.note_chunk(chunk, dict(pool.map(write, self.timed)))

    def _checked(self, field: StoredField, values: Floats, start: int) -> Survey:
        """What the block holds. Raises Refusal where it cannot be that field."""
        found = survey(values)
        inputs = self.inputs[field.name]
        where = self._where(inputs)
        check(field.name, found, inputs, where)
        check_daylight(field.name, values, start, self.reader.step, self.reader.grid, inputs[0], where)
        if field.packing and not fits(found.lowest, found.highest, field.packing):
            received = f"{found.lowest:g} … {found.highest:g}"
            raise Refusal("weather-packing", where=where, received=received, field=field.name)
        return found

    def _where(self, inputs: tuple[str, ...]) -> Where:
        """The published variable a field comes from, in the first file that has it."""
        for name in inputs:
            if name in self.reader.tracks:
                return self.reader.tracks[name].parts[0].where
        return self.reader.constants[inputs[0]].where

    def _put(self, field: StoredField, chunk: int, stored: Floats | Integers) -> None:
        """Write a chunk at its place in its shard, and make it durable."""
        file = map_file(self.part, field.name, chunk // self.layout.shard_chunks)
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            offset = chunk % self.layout.shard_chunks * self.layout.chunk_bytes(field.itemsize)
            whole = stored
            if len(stored) < self.layout.chunk_steps:  # the last: filled up with missing values
                fill = np.int16(-32768) if field.packing else np.float32(np.nan)
                whole = np.full((self.layout.chunk_steps, *stored.shape[1:]), fill, stored.dtype)
                whole[: len(stored)] = stored
            data = memoryview(whole.reshape(-1).view(np.uint8).data)
            while data:
                count = os.pwrite(descriptor, data, offset)
                data, offset = data[count:], offset + count
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def _finish_maps(self, field: StoredField, shard: int) -> None:
        """The index behind the shard's chunks."""
        file = map_file(self.part, field.name, shard)
        first, last = self.layout.shard_bounds(shard)
        end = (last - first) * self.layout.chunk_bytes(field.itemsize)
        with file.open("r+b") as out:
            out.seek(end)
            out.write(map_index(self.layout, shard, field.itemsize))
            out.truncate()
            out.flush()
            os.fsync(out.fileno())

    def _write_constant(self, field: StoredField) -> None:
        values = self.reader.constant(field.name)
        inputs = self.inputs[field.name]
        check(field.name, survey(values), inputs, self._where(inputs))
        file = constant_file(self.part, field.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, values.astype("<f4").tobytes())

    def _write_record(self) -> StoreRecord:
        chunks = [self.journal.chunks[number] for number in range(self.layout.chunk_count if self.timed else 0)]
        digests = [{name: found[0] for name, found in chunk.items()} for chunk in chunks]
        sums = canonical_json({"chunks": digests, "series": dict(sorted(self.journal.series.items()))})
        write_durably(self.part / "checksums.json", sums)
        fields = tuple(described(self.part, self.layout, field, self.reader, chunks) for field in self.stored)
        reader = self.reader
        record = StoreRecord(
            name=self.name,
            product=reader.product.name,
            source=reader.product.source,
            grid=reader.grid,
            start=reader.start,
            step=reader.step,
            steps=reader.steps,
            chunk_steps=self.layout.chunk_steps,
            shard_chunks=self.layout.shard_chunks,
            tile=self.layout.tile,
            fields=fields,
            gaps=gaps_of(reader),
            notes=remarks(reader, fields),
            inputs=dict(self.opened.inputs),
            checksums=sha256_hex(sums),
        )
        write_durably(self.part / "record.json", record.canonical())
        return record
