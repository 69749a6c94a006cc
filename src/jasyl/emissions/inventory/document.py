"""The document of an inventory: place, year, boundary, activities with their factors, and the keys of empty cells.

Numbers are decimals and are never rounded. A cell is a number (it has activities) or a notation key, never both;
there are no defaults: what a document does not say is a finding of :mod:`.check`, not a guess.
"""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from jasyl.intake import form_fault, read_json
from jasyl.quantities import canonical_json, sha256_hex, signable
from jasyl.texts import Language

from ..cogeneration import Allocation as ChpMethod
from .method_data import MethodData
from .parts import Base
from .structure import NotationKey, Quality, place_of
from .wording import Wording, in_language

FORM = "ghg-inventory/1"
GwpSet = Literal["AR4", "AR5", "AR6"]
Methane = Literal["split", "unsplit"]
RoadMethod = Literal["fuel_sales", "induced_activity", "geographic", "resident"]
LandfillMethod = Literal["first_order_decay", "methane_commitment"]
_LARGEST = 8 * 2**20


class Population(Base, frozen=True, kw_only=True):
    """Inhabitants of the boundary in the year; ``basis`` other than inhabitants is told, never converted."""

    value: Decimal
    source: str
    basis: Literal["inhabitants", "households"] = "inhabitants"


class Allocation(Base, frozen=True, kw_only=True):
    """The recorded choice of how fuel of cogeneration is shared between heat and power (``plants``: facility ids).

    With ``heat`` and ``power`` sent out (MW.h) and the ``parameters`` of :func:`jasyl.emissions.allocate` the result
    shows what this way and the others give.
    """

    method: ChpMethod
    reason: str
    plants: tuple[str, ...] = ()
    heat: Decimal | None = None
    power: Decimal | None = None
    parameters: dict[str, Decimal] = msgspec.field(default_factory=dict[str, Decimal])


class Policy(Base, frozen=True, kw_only=True):
    """When the base year is calculated again: at a change of more than ``threshold`` (share) of a total."""

    base_year: int
    threshold: Decimal


class OwnFactor(Base, frozen=True, kw_only=True):
    """A factor that the program does not carry: the NCV a utility measured, the losses of an operator.

    ``parameter`` says what it is: ``ncv``, ``density``, ``emission_factor``, ``oxidation``, ``share``, and for losses
    ``loss_of_input`` or ``loss_of_use``, which are not the same. ``low`` and ``high`` are the ends of the 95 %
    interval. ``assumed`` marks what nobody published.
    """

    id: str
    parameter: Literal[
        "ncv", "density", "emission_factor", "carbon_content", "oxidation", "share", "loss_of_input", "loss_of_use"
    ]
    value: Decimal
    unit: str
    source: str
    gas: str = ""
    year: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    assumed: bool = False
    gwp_set: GwpSet | None = None


class Calculation(Base, frozen=True, kw_only=True):
    """How masses come about: the ``data`` of a method of the Guidelines, from which they are calculated; or of masses
    given by somebody the name of the method, its version and the hash of what went in."""

    method: str = ""
    version: str = ""
    inputs: str = ""
    data: MethodData | None = None

    @property
    def by(self) -> str:
        """The method: that of the data (``methane_commitment``), else as named; first-order decay is ``landfill``'s."""
        tag = "" if self.data is None else str(self.data.__struct_config__.tag)
        return {"landfill": "first_order_decay"}.get(tag, tag) or self.method


class Activity(Base, frozen=True, kw_only=True):
    """Something that emits.

    Either ``amount`` (of ``unit``) goes ``through`` factors common to all gases and then through those of each gas
    in ``gases``; or a method of the Guidelines makes masses from the data of its ``calculation``; or ``masses`` (kg) of
    gases are given. Masses given beside data are compared with what the data give. ``omitted`` gives the reason for a
    gas the cell asks for and the activity does not have. ``uncertainty`` is half the 95 % interval in per cent of the
    amounts together (of given masses: of the masses); factors have their own. ``carried_from``: the year whose numbers
    these are, until somebody puts in those of the inventory's year.
    """

    id: str
    ref: str
    name: str
    source: str
    quality: Quality
    factor_quality: Quality
    amount: Decimal | None = None
    unit: str = ""
    through: tuple[str, ...] = ()
    gases: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict[str, tuple[str, ...]])
    masses: dict[str, Decimal] = msgspec.field(default_factory=dict[str, Decimal])
    calculation: Calculation | None = None
    omitted: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    uncertainty: Decimal | None = None
    gwp_set: GwpSet | None = None
    plant: str = ""
    assumed: bool = False
    carried_from: int | None = None
    note: str = ""


class Statement(Base, frozen=True, kw_only=True):
    """What stands in a cell without a number: IE and C with the ``target`` that holds it, NE with a reason."""

    ref: str
    key: NotationKey
    target: str = ""
    reason: str = ""


class CheckValue(Base, frozen=True, kw_only=True):
    """What somebody else says of the same place: in kg CO2e, of a total or of one cell (``of``: basic, I.4.4 …)."""

    name: str
    of: str
    value: Decimal
    year: int
    source: str
    note: str = ""


class Inventory(Base, frozen=True, kw_only=True):
    """A whole inventory of one place and one calendar year.

    ``methane``: whether methane of fossil origin has its own potential (AR5 and AR6 ask for this choice). Gases are
    species: ``CO2``, ``CO2_biogenic`` (in no total), ``CH4``, ``CH4_fossil`` (escaped unburnt), ``N2O``, ``HFC134a`` …
    ``words``: its texts (names, reasons, sources, notes) in other languages than the author's.
    """

    form: Literal["ghg-inventory/1"]
    place: str
    year: int
    boundary: str
    population: Population
    gwp_set: GwpSet
    methane: Methane | None = None
    author: str
    road_method: RoadMethod | None = None
    landfill_method: LandfillMethod | None = None
    allocation: Allocation | None = None
    policy: Policy | None = None
    training: bool = False
    area: Decimal | None = None
    note: str = ""
    factors: tuple[OwnFactor, ...] = ()
    activities: tuple[Activity, ...] = ()
    cells: tuple[Statement, ...] = ()
    checks: tuple[CheckValue, ...] = ()
    words: tuple[Wording, ...] = ()

    def told(self, text: str, language: Language) -> str:
        """A text of the document in ``language``, where ``words`` have it."""
        return in_language(self.words, text, language)

    def as_data(self) -> dict[str, Any]:
        """The document as JSON, numbers as decimal texts; :func:`inventory_of` reads it back unchanged."""
        return signable(msgspec.to_builtins(self, builtin_types=(Decimal,)))

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON."""
        return sha256_hex(canonical_json(self.as_data()))


def inventory_of(document: object, file: str | None = None) -> Inventory:
    """An inventory from its JSON document; numbers may be numbers or decimal texts.

    Raises Refusal as `form_fault` does, with ``inventory-form``; what the document means is examined by
    :func:`.check.findings`.
    """
    try:
        return in_order(msgspec.convert(document, Inventory, strict=True))
    except msgspec.ValidationError as error:
        raise form_fault(error, document, Inventory, "inventory-form", file=file, expected=FORM) from error


def read_inventory(content: bytes, file: str | None = None) -> Inventory:
    """An inventory from the bytes of a JSON file. Raises Refusal as `inventory_of` and `read_json`."""
    return inventory_of(read_json(content, file, largest=_LARGEST), file)


def in_order(inventory: Inventory) -> Inventory:
    """The same with its keys in the order of the protocol, so that their order makes no other document."""
    return msgspec.structs.replace(inventory, cells=tuple(sorted(inventory.cells, key=lambda one: place_of(one.ref))))


def inventory_schema() -> dict[str, Any]:
    """JSON Schema of the document."""
    return msgspec.json.schema(Inventory)
