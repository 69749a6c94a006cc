"""A layer of the atlas: what it shows, where it comes from, how sure it is, and whether it is built."""

from typing import Literal

import msgspec

from jasyl.quantities import Unit, canonical_json, unit
from jasyl.texts import Language, say

from .grid import Grid

Family = Literal["solar", "wind", "water", "biomass", "waste", "geothermal", "land", "climate"]
FAMILIES: tuple[Family, ...] = ("solar", "wind", "water", "biomass", "waste", "geothermal", "land", "climate")
State = Literal["built", "waiting"]
# raster: cells of a grid; areas: one value per region or district; sites: values of points; lines: rivers and lakes as
# they run, in GeoParquet.
Shape = Literal["raster", "areas", "sites", "lines"]
# modelled-upper-bound: computed for a case no real year exceeds (no clouds); the resource itself is lower.
Kind = Literal["modelled-upper-bound", "modelled", "published", "allocated", "observed"]
# bound: one-sided; unvalidated: not compared with stations in the country; published: as its source states.
Uncertainty = Literal["bound", "unvalidated", "published"]

# How the integers of a raster are stored, and which one of them means that there is no value.
Stored = Literal["int16", "int32"]
NODATA = -32768
NODATA_OF: dict[Stored, int] = {"int16": NODATA, "int32": -2147483648}
BANDS = ("year", *(f"month-{month:02}" for month in range(1, 13)))


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a layer's data come from: name, version, licence, address or citation."""

    name: str
    version: str
    licence: str
    reference: str
    # The words that the publisher wants beside the data, where it wants any.
    attribution: str | None = None
    # What is made of it must be passed on under the same licence.
    share_alike: bool = False


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one layer, as it is written beside the raster and logged in the ledger.

    ``quantity`` names what a value is, ``unit`` its UCUM code; a stored integer times ``scale`` is a value.
    ``resolution`` is the side of a cell in arc-seconds, ``inputs`` maps each input file to its SHA-256, ``array``
    is the SHA-256 of the values (a raster: ``stored`` little-endian, band by band, north row first; areas and sites:
    the canonical JSON file), ``file`` the name of the file that holds them.
    A layer that waits for its data has no source, grid or file yet.
    """

    id: str
    family: Family
    quantity: str
    unit: str
    kind: Kind
    uncertainty: Uncertainty
    state: State
    shape: Shape = "raster"
    sources: tuple[Source, ...] = ()
    resolution: int | None = None
    period: str | None = None
    method: str | None = None
    inputs: dict[str, str] = {}
    bands: tuple[str, ...] = ()
    scale: str = "1"
    grid: Grid | None = None
    array: str | None = None
    file: str | None = None
    stored: Stored = "int16"
    # What was done to the source on the way in, and how much of the country has a value.
    notes: tuple[str, ...] = ()

    @property
    def nodata(self) -> int:
        """The stored integer that means no value."""
        return NODATA_OF[self.stored]

    @property
    def has_months(self) -> bool:
        """Whether the bands are the year and January to December."""
        return self.bands == BANDS

    @property
    def key(self) -> str:
        """The message of the title; ``.about`` says what it shows, ``.load`` what it waits for."""
        return f"layer-{self.id.replace('.', '-').replace('_', '-')}"

    @property
    def units(self) -> Unit:
        return unit(self.unit)

    def title(self, language: Language) -> str:
        return say(language, self.key)

    def label(self, language: Language) -> str:
        """What kind of number it is, in a few words: shown wherever a value of the layer is shown."""
        return say(language, f"layer-kind-{self.kind}")

    def about(self, language: Language) -> str:
        """What the layer shows, in a sentence."""
        return say(language, f"{self.key}.about")

    def load(self, language: Language) -> str | None:
        """What to load before the layer can be built; None when it needs nothing."""
        return say(language, f"{self.key}.load") if self.state == "waiting" else None

    def as_data(self) -> dict[str, object]:
        """The record as plain JSON: texts, integers, lists; floats never, so it can be signed."""
        return msgspec.to_builtins(self)

    def canonical(self) -> bytes:
        """RFC 8785 bytes of the record."""
        return canonical_json(self.as_data())


def waiting(
    identifier: str,
    quantity: str,
    code: str,
    kind: Kind,
    *,
    uncertainty: Uncertainty | None = None,
    shape: Shape = "raster",
) -> Layer:
    """A layer before its data: ``identifier`` begins with its family, ``code`` is the UCUM code of its unit."""
    family = identifier.partition(".")[0]
    assert family in FAMILIES
    sure: Uncertainty = uncertainty or ("published" if kind == "published" else "unvalidated")
    return Layer(
        id=identifier,
        family=family,
        quantity=quantity,
        unit=code,
        kind=kind,
        uncertainty=sure,
        state="waiting",
        shape=shape,
    )
