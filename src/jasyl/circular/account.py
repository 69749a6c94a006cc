"""A material account: processes, flows, stocks and what is known of them, as a document.

What somebody observed stands in ``observations``; what reconciliation makes of it never enters the document.
"""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jasyl.texts import Language

from .documents import Given, Identifier, parse_document, read_document, schema_of
from .pedigree import Pedigree, PedigreeTable, coefficient_of_variation

Layer = Literal["good", "substance", "energy"]
Distribution = Literal["normal", "lognormal", "interval", "exact"]
# amount: of a flow or coefficient, or the growth of a stock within the period; level: a stock at the end of the period.
Quantity = Literal["amount", "level"]
ObservationKind = Literal["observed", "published", "modelled", "assumed", "training"]
RelationType = Literal["transfer", "concentration", "share", "equality"]
Name = Annotated[str | dict[str, str], Meta(description="A text, or texts by language: kk, ru, en")]
Period = Annotated[str, Meta(pattern="^[0-9]{4}(-[0-9]{2}|-Q[1-4])?$", description="A year, quarter or month")]
GOODS: Layer = "good"
_DIGITS = Context(prec=15)  # of a standard deviation that is worked out


class Code(Given, frozen=True):
    """A code of a material in a classification: EW-MFA, EWC (European list of waste), KPVED, HS."""

    scheme: Literal["EW-MFA", "EWC", "EWC-Stat", "KPVED", "HS", "CPA", "other"]
    value: str


class Region(Given, frozen=True):
    """A part of the account's place: the city, a district of the agglomeration."""

    id: Identifier
    name: Name = ""


class Process(Given, frozen=True):
    """Where flows meet. Without ``balance`` it is a boundary (nature, the rest of the world) and may gain or lose."""

    id: Identifier
    name: Name = ""
    region: str = ""
    sector: str = ""
    balance: bool = True


class Material(Given, frozen=True):
    """A good (mass as such), a substance within goods, or an energy carrier; ``density`` (kg/m³) for volumes."""

    id: Identifier
    name: Name = ""
    layer: Layer = GOODS
    parent: str = ""
    code: Code | None = None
    density: Decimal | None = None


class Flow(Given, frozen=True):
    """From one process to another. ``negative`` allows negative amounts (a balance of trade)."""

    id: Identifier
    source: str
    target: str
    material: str
    name: Name = ""
    negative: bool = False


class Stock(Given, frozen=True):
    """What a process holds of all goods, of one substance or of one energy carrier."""

    id: Identifier
    process: str
    material: str = ""
    name: Name = ""


class Term(Given, frozen=True):
    """A flow or a stock's growth, times a factor."""

    of: str
    factor: Decimal = Decimal(1)


class Relation(Given, frozen=True):
    """What holds between flows beside the balances.

    ``transfer``, ``concentration``, ``share``: sum of ``results`` = coefficient × sum of ``of``; the coefficient is
    observed under the relation's id, or determined. ``equality``: sum of ``terms`` = ``constant`` (in ``unit``).
    Relations of one ``group`` are shares that make up one.
    """

    id: Identifier
    type: RelationType
    results: list[str] = msgspec.field(default_factory=list[str])
    of: list[str] = msgspec.field(default_factory=list[str])
    terms: list[Term] = msgspec.field(default_factory=list[Term])
    constant: Decimal = Decimal(0)
    unit: str = ""
    group: str = ""
    name: Name = ""


class Observation(Given, frozen=True):
    """One number somebody states of a flow, a stock or a coefficient in a period.

    The spread is one of ``sd`` (in ``unit``), ``cv`` (a share of the value) or ``pedigree``; an interval has ``low``
    and ``high``; an exact value has none. Lognormal: ``value`` is the mean.
    """

    of: str
    period: str
    unit: str
    source: Annotated[str, Meta(min_length=1)]
    value: Decimal | None = None
    distribution: Distribution = "normal"
    sd: Decimal | None = None
    cv: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    pedigree: Pedigree | None = None
    quantity: Quantity = "amount"
    kind: ObservationKind = "observed"
    confidence: Literal["high", "medium", "low", ""] = ""
    series: str = ""
    method: str = ""
    note: str = ""
    id: str = ""

    def stated(self, table: PedigreeTable) -> tuple[Decimal, Decimal]:
        """Value and standard deviation in ``unit``; an interval is rectangular (GUM 4.3.7), an exact value has none."""
        if self.distribution == "interval":
            assert self.low is not None
            assert self.high is not None
            middle = (self.low + self.high) / 2 if self.value is None else self.value
            return middle, _DIGITS.divide(self.high - self.low, Decimal(12).sqrt())
        assert self.value is not None
        if self.distribution == "exact":
            return self.value, Decimal(0)
        if self.sd is not None:
            return self.value, self.sd
        share = self.cv
        if share is None:
            assert self.pedigree is not None
            share = Decimal(repr(coefficient_of_variation(self.pedigree, table)))
        return self.value, _DIGITS.multiply(abs(self.value), share)


class Correlation(Given, frozen=True):
    """Observations with a common cause of error: each pair of ``members`` (ids of observations) with ``rho``."""

    id: Identifier
    members: list[str]
    rho: Decimal
    reason: str = ""


class Definition(Given, frozen=True):
    """From which period on a series means something else; numbers on both sides do not belong together."""

    since: Period
    text: Name
    series: str = ""


class Account(Given, frozen=True):
    """The whole: what there is, what is known, and how it hangs together. ``unit`` is the one shown."""

    id: Identifier
    title: Name
    place: Annotated[str, Meta(min_length=1, max_length=40)]
    periods: Annotated[list[Period], Meta(min_length=1)]
    processes: Annotated[list[Process], Meta(min_length=1)]
    materials: Annotated[list[Material], Meta(min_length=1)]
    flows: Annotated[list[Flow], Meta(min_length=1)]
    unit: str = "t"
    regions: list[Region] = msgspec.field(default_factory=list[Region])
    stocks: list[Stock] = msgspec.field(default_factory=list[Stock])
    relations: list[Relation] = msgspec.field(default_factory=list[Relation])
    observations: list[Observation] = msgspec.field(default_factory=list[Observation])
    correlations: list[Correlation] = msgspec.field(default_factory=list[Correlation])
    definitions: list[Definition] = msgspec.field(default_factory=list[Definition])
    pedigree: PedigreeTable = msgspec.field(default_factory=PedigreeTable)
    note: Name = ""


class Index:
    """The parts of an account by id."""

    def __init__(self, account: Account) -> None:
        self._account = account

    @cached_property
    def materials(self) -> Mapping[str, Material]:
        return {one.id: one for one in self._account.materials}

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        return {one.id: one for one in self._account.processes}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        return {one.id: one for one in self._account.flows}

    @cached_property
    def stocks(self) -> Mapping[str, Stock]:
        return {one.id: one for one in self._account.stocks}

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        return {one.id: one for one in self._account.relations}

    def balanced_in(self, material: str) -> str:
        """What is balanced together: all goods by mass; each substance and each energy carrier by its root."""
        own = self.materials.get(material)
        if own is None or own.layer == GOODS:
            return GOODS
        while own.parent:
            own = self.materials[own.parent]
        return own.id

    def layer(self, material: str) -> Layer:
        own = self.materials.get(material)
        return own.layer if own else GOODS


def name_of(name: str | dict[str, str], language: Language, otherwise: str = "") -> str:
    """The name in a language, else in another one, else ``otherwise``."""
    if isinstance(name, str):
        return name or otherwise
    return name.get(language) or name.get("en") or next(iter(name.values()), "") or otherwise


def with_observations(account: Account, observations: Sequence[Observation]) -> Account:
    """The account with these observations; a correlation stays as long as two of its members do."""
    ids = {one.id for one in observations if one.id}
    groups = [
        msgspec.structs.replace(one, members=[own for own in one.members if own in ids]) for one in account.correlations
    ]
    kept = [one for one in groups if len(one.members) > 1]
    return msgspec.structs.replace(account, observations=list(observations), correlations=kept)


def read_account(file: Path) -> Account:
    """An account from a JSON file, its form checked (`examine_account` checks its sense); refused as any document."""
    return read_document(file, Account)


def parse_account(content: bytes, name: str = "") -> Account:
    """As `read_account`, from bytes."""
    return parse_document(content, Account, name)


def account_schema() -> dict[str, Any]:
    """JSON Schema of the document."""
    return schema_of(Account)


def account_data(account: Account) -> Any:
    """The account as JSON objects, numbers as decimal texts; what has its default is left out."""
    return _without_defaults(account)


def _without_defaults(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        made: dict[str, Any] = {}
        for field in msgspec.structs.fields(type(value)):
            held = getattr(value, field.name)
            default = field.default_factory() if callable(field.default_factory) else field.default
            if held != default:
                made[field.encode_name] = _without_defaults(held)
        return made
    if isinstance(value, list):
        return [_without_defaults(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value
