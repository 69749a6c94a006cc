"""The document of a pathway. Numbers are decimals, emissions kg CO2e a year, shares 0 to 1."""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from jasyl.intake import form_fault, read_json
from jasyl.quantities import canonical_json, sha256_hex, signable
from jasyl.texts import Language

from ..inventory.document import Base
from ..inventory.structure import Total
from ..inventory.wording import Wording, in_language

FORM = "ghg-pathway/1"
_LARGEST = 2**20


class Segment(Base, frozen=True, kw_only=True):
    """A part of the base year's total that measures act on: GPC cells (``refs``) with their emission ``base`` and how
    it would grow a year without measures (``growth``, a share)."""

    id: str
    name: str
    refs: tuple[str, ...]
    base: Decimal
    growth: Decimal
    source: str
    assumed: bool = False


class Measure(Base, frozen=True, kw_only=True):
    """Something done: from ``start`` evenly up to ``full`` it takes a ``share`` of what is left of its segment then, or
    an ``amount`` a year, never more than is left. ``low`` and ``high`` are the ends of the share or amount.
    ``facilities`` and ``projects`` are keys of the register that carry it out."""

    id: str
    name: str
    segment: str
    start: int
    full: int
    source: str
    share: Decimal | None = None
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    facilities: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    assumed: bool = False
    note: str = ""


class Scenario(Base, frozen=True, kw_only=True):
    """Measures in the order in which they take effect on what is left: the recorded order of interaction."""

    id: str
    name: str
    measures: tuple[str, ...]


class Target(Base, frozen=True, kw_only=True):
    """What is to be left in a year: a ``share`` of the base year's emission, or a ``value``."""

    name: str
    year: int
    source: str
    share: Decimal | None = None
    value: Decimal | None = None


class Pathway(Base, frozen=True, kw_only=True):
    """A plan of one place: of which total, from which base year and inventory (SHA-256), to which year.

    ``words``: its texts (names, sources, notes) in other languages than the author's.
    """

    form: Literal["ghg-pathway/1"]
    place: str
    base_year: int
    total: Total
    until: int
    author: str
    segments: tuple[Segment, ...]
    measures: tuple[Measure, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    targets: tuple[Target, ...] = ()
    inventory: str = ""
    training: bool = False
    note: str = ""
    words: tuple[Wording, ...] = ()

    def told(self, text: str, language: Language) -> str:
        """A text of the document in ``language``, where ``words`` have it."""
        return in_language(self.words, text, language)

    def as_data(self) -> dict[str, Any]:
        """The document as JSON; :func:`pathway_of` reads it back unchanged."""
        return signable(msgspec.to_builtins(self, builtin_types=(Decimal,)))

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON."""
        return sha256_hex(canonical_json(self.as_data()))

    @property
    def base(self) -> Decimal:
        """Emission of the base year, all segments."""
        return sum((one.base for one in self.segments), Decimal())


def pathway_of(document: object, file: str | None = None) -> Pathway:
    """A pathway from its JSON document. Raises Refusal as `form_fault` does, with ``pathway-form``."""
    try:
        return msgspec.convert(document, Pathway)
    except msgspec.ValidationError as error:
        raise form_fault(error, document, Pathway, "pathway-form", file=file, expected=FORM) from error


def read_pathway(content: bytes, file: str | None = None) -> Pathway:
    """A pathway from the bytes of a JSON file. Raises Refusal as `pathway_of` and `read_json`."""
    return pathway_of(read_json(content, file, largest=_LARGEST), file)


def pathway_schema() -> dict[str, Any]:
    """JSON Schema of the document."""
    return msgspec.json.schema(Pathway)
