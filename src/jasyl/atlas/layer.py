"""Layers of the atlas: what each shows, where it comes from, how sure it is, and whether it is built."""

from typing import Literal

import msgspec

from jasyl.quantities import Unit, canonical_json, unit
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Language, Refusal, say

from .grid import Grid

Family = Literal["solar", "wind", "water", "biomass", "waste", "geothermal"]
FAMILIES: tuple[Family, ...] = ("solar", "wind", "water", "biomass", "waste", "geothermal")
State = Literal["built", "waiting"]
# modelled-upper-bound: computed for a case no real year exceeds (no clouds); the resource itself is lower.
Kind = Literal["modelled-upper-bound", "modelled", "published", "allocated"]
# bound: one-sided; unvalidated: not compared with stations in the country; published: as its source states.
Uncertainty = Literal["bound", "unvalidated", "published"]

NODATA = -32768
BANDS = ("year", *(f"month-{month:02}" for month in range(1, 13)))


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a layer's data come from: name, version, licence, address or citation."""

    name: str
    version: str
    licence: str
    reference: str


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one layer, as it is written beside the raster and logged in the ledger.

    ``quantity`` names what a value is, ``unit`` its UCUM code; a stored integer times ``scale`` is a value.
    ``resolution`` is the side of a cell in arc-seconds, ``inputs`` maps each input file to its SHA-256, ``array``
    is the SHA-256 of the values (int16, little-endian, band by band, north row first), ``file`` the raster's name.
    A layer that waits for its data has no source, grid or file yet.
    """

    id: str
    family: Family
    quantity: str
    unit: str
    kind: Kind
    uncertainty: Uncertainty
    state: State
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


GHI_CLEAR = Layer(
    id="solar.ghi_clear",
    family="solar",
    quantity="clear-sky global horizontal irradiation of a mean day",
    unit="kW.h/m2/d",
    kind="modelled-upper-bound",
    uncertainty="bound",
    state="waiting",
)
DNI_CLEAR = msgspec.structs.replace(
    GHI_CLEAR, id="solar.dni_clear", quantity="clear-sky direct normal irradiation of a mean day"
)


def _waiting(identifier: str, family: Family, quantity: str, code: str, kind: Kind) -> Layer:
    return Layer(
        id=identifier,
        family=family,
        quantity=quantity,
        unit=code,
        kind=kind,
        uncertainty="published" if kind == "published" else "unvalidated",
        state="waiting",
    )


# In the order in which people see them.
LAYERS: tuple[Layer, ...] = (
    GHI_CLEAR,
    DNI_CLEAR,
    _waiting("solar.ghi", "solar", "global horizontal irradiation of a mean day", "kW.h/m2/d", "published"),
    _waiting("wind.speed_100m", "wind", "mean wind speed at 100 m above ground", "m/s", "published"),
    _waiting("water.hydropower", "water", "gross theoretical hydropower potential", "GW.h/a", "modelled"),
    _waiting("biomass.energy", "biomass", "technical energy potential of residues", "GW.h/a", "allocated"),
    _waiting("waste.generation", "waste", "municipal waste generated", "t/a", "allocated"),
    _waiting("geothermal.heat", "geothermal", "heat capacity of geothermal wells", "MW", "published"),
)


def definition(layer_id: str) -> Layer:
    """The layer as the atlas defines it, before any data. Raises Refusal ``layer-unknown``."""
    for layer in LAYERS:
        if layer.id == layer_id:
            return layer
    raise Refusal("layer-unknown", received=layer_id[:60], expected=", ".join(layer.id for layer in LAYERS))


def catalogue(folder: DataFolder) -> list[Layer]:
    """Every layer of the atlas in fixed order: the record of those that are built, else the definition."""
    return [read_record(folder, layer.id) or layer for layer in LAYERS]


def read_record(folder: DataFolder, layer_id: str) -> Layer | None:
    """The record of a built layer, None when it is not built.

    Raises Refusal ``layer-unknown``, and ``layer-damaged`` when the record cannot be understood.
    """
    definition(layer_id)
    file = folder.atlas / f"{layer_id}.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Layer)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("layer-damaged", received=file.name, reason=str(error)[:200]) from error


def write_record(folder: DataFolder, layer: Layer) -> None:
    """Put the record in place of an older one, durably: from here on the layer is the new one."""
    write_durably(folder.atlas / f"{layer.id}.json", layer.canonical())
