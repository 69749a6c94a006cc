"""The record of a weather store: what it holds, whence, what is missing, and the checksums that bind it."""

from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jasyl.atlas.grid import Grid
from jasyl.atlas.layer import Source
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Language, Refusal, say

from .chunk import Packing
from .layout import Layout

if TYPE_CHECKING:
    from jasyl.storage import DataFolder

FORMAT = "jasyl-weather-1"


class StoredField(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field of a store. ``kind`` is float32 or int16; decimals are texts, as records are signed.

    ``missing`` counts values that are not there, ``empty_cells`` the cells that never have one, ``reach`` the outer
    edges (west, south, east, north, degrees) of the cells that do, when some do not.
    """

    name: str
    units: str
    standard_name: str | None = None
    in_time: str
    kind: str = "float32"
    scale: str = "1"
    offset: str = "0"
    lowest: str | None = None
    highest: str | None = None
    missing: int = 0
    empty_cells: int = 0
    reach: tuple[str, str, str, str] | None = None

    @property
    def packing(self) -> Packing | None:
        """(scale, offset) of an int16 field."""
        return (float(Decimal(self.scale)), float(Decimal(self.offset))) if self.kind == "int16" else None

    @property
    def is_constant(self) -> bool:
        return self.in_time == "constant"

    @property
    def itemsize(self) -> int:
        return 2 if self.kind == "int16" else 4


class Gap(msgspec.Struct, frozen=True):
    """Spans [start, end) of time, µs UTC, in which ``fields`` have no data."""

    fields: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def hours(self) -> int:
        """How long in all, in hours."""
        return sum(end - start for start, end in self.spans) // 3_600_000_000


class Remark(msgspec.Struct, frozen=True):
    """Something mended or worth knowing: the message ``weather-note-<code>`` and its arguments."""

    code: str
    arguments: dict[str, str]

    def text(self, language: Language) -> str:
        return say(language, f"weather-note-{self.code}", **self.arguments)


class StoreRecord(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The record beside a store. Times are µs UTC of interval starts; radiation is the mean of the interval, wind and
    temperature hold at its end. ``inputs`` maps each input to its SHA-256, ``checksums`` is the SHA-256 of the file
    that has the checksum of every chunk and shard.
    """

    format: str = FORMAT
    name: str
    product: str
    source: Source
    grid: Grid
    start: int
    step: int
    steps: int
    chunk_steps: int
    shard_chunks: int
    tile: tuple[int, int]
    fields: tuple[StoredField, ...]
    gaps: tuple[Gap, ...]
    notes: tuple[Remark, ...]
    inputs: dict[str, str]
    checksums: str

    @property
    def layout(self) -> Layout:
        return Layout(self.grid, self.steps, self.chunk_steps, self.shard_chunks, self.tile)

    @property
    def end(self) -> int:
        """End of the last interval, µs UTC."""
        return self.start + self.steps * self.step

    @cached_property
    def by_name(self) -> dict[str, StoredField]:
        return {field.name: field for field in self.fields}

    def as_data(self) -> dict[str, object]:
        """The record as plain JSON."""
        return msgspec.to_builtins(self)

    def canonical(self) -> bytes:
        """RFC 8785 bytes of the record."""
        return canonical_json(self.as_data())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the record: with its checksums it stands for every number of the store."""
        return sha256_hex(self.canonical())


def weather_folder(folder: "DataFolder") -> Path:
    """Where the weather stores of a data folder lie."""
    return folder.atlas / "weather"


def read_store_record(store: Path) -> StoreRecord:
    """The record of the store at ``store``. Raises Refusal ``weather-store-unknown`` and ``weather-store-damaged``."""
    try:
        content = (store / "record.json").read_bytes()
    except OSError:
        raise Refusal("weather-store-unknown", received=store.name) from None
    try:
        record = msgspec.json.decode(content, type=StoreRecord)
    except msgspec.MsgspecError as error:
        raise Refusal("weather-store-damaged", received=store.name, reason=str(error)[:200]) from error
    if record.format != FORMAT:
        raise Refusal("weather-store-damaged", received=store.name, reason=record.format)
    return record
