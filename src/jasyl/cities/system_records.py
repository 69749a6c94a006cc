"""What the system itself knows of a city in a year: facts, the register, the city's own base numbers, its inventory,
its accounts of materials.

Every source gives a number in the unit asked for, of what kind it is, and references to what it was made from; or
says why it cannot. Nothing is estimated here.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

import sqlalchemy as sa

from jasyl.circular import Account, Reconciled, parse_account, reconcile_account
from jasyl.circular.account_book import account_of
from jasyl.emissions.inventory import Total, evaluate, inventory_of
from jasyl.emissions.inventory.figures import KIND as INVENTORY
from jasyl.emissions.inventory.figures import completeness
from jasyl.facts import Basis, Fact, books, find, get_book, newest_book
from jasyl.figures import FigureKind, Reference
from jasyl.quantities import canonical_json, convert, decimal_text, sha256_hex, unit
from jasyl.registry.statuses import status_group
from jasyl.registry.tables import facility
from jasyl.texts import Refusal

from .book import entries
from .city import City

SourceKind = Literal["fact", "register", "base", "inventory", "account"]
# Why a number is not there; each has its text.
Gap = Literal["nothing", "conflict", "unit", "incomplete"]
# The share of an inventory's cells below which its total is not offered.
_ENOUGH = Decimal("0.75")
_KINDS: dict[Basis, FigureKind] = {
    "measured": "observed",
    "published": "published",
    "statement": "published",
    "derived": "modelled",
    "assumed": "assumed",
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for: a city and a calendar year, and the catalogue whose book holds the base numbers."""

    city: City
    year: int
    catalogue: str


@dataclass(frozen=True)
class Known:
    """A number of the system: ``value`` in the unit asked for; ``inputs`` name what it was made from.

    ``completeness`` is the share (0–1) of its parts that were there.
    """

    value: Decimal
    kind: FigureKind
    inputs: tuple[Reference, ...]
    completeness: Decimal = Decimal(1)


def known(connection: sa.Connection, wanted: Wanted, source: SourceKind, name: str, unit_code: str) -> Known | Gap:
    """The number ``name`` of a ``source`` in the unit ``unit_code`` (UCUM), or why there is none."""
    return _SOURCES[source](connection, wanted, name, unit_code)


def _of_facts(connection: sa.Connection, wanted: Wanted, name: str, unit_code: str) -> Known | Gap:
    """The confirmed fact of the whole city in that year; plans are none, and two that disagree are a conflict."""
    told = find(
        connection, metric=name, place=wanted.city.place, area="", technology="", year=wanted.year, confirmed=True
    )
    facts = [one for one in told if _is_of_the_year(one, wanted.year) and one.value is not None and one.basis in _KINDS]
    if not facts:
        return "nothing"
    values = {_in_unit(one, unit_code) for one in facts}
    if None in values:
        return "unit"
    if len(values) > 1:
        return "conflict"
    (value,) = values
    assert value is not None
    kinds: list[FigureKind] = [_KINDS[one.basis] for one in facts]
    return Known(value, weakest(kinds), tuple(Reference("fact", one.key) for one in facts))


def _is_of_the_year(fact: Fact, year: int) -> bool:
    return fact.start_year == year and fact.end_year in (None, year)


def _in_unit(fact: Fact, wanted: str) -> Decimal | None:
    """The fact's value in another unit; an amount per year is the amount of its year."""
    assert fact.value is not None
    if fact.unit == wanted:
        return fact.value
    try:
        return convert(fact.value, unit(fact.unit.removesuffix("/a")), unit(wanted))
    except Refusal:
        return None


def _of_register(connection: sa.Connection, wanted: Wanted, name: str, unit_code: str) -> Known | Gap:
    """The sizes of the confirmed facilities of a technology that stood in the city at the end of the year.

    A facility without a size, or with one in another unit, makes the sum incomplete: then there is none.
    """
    held = facility.c
    asked = sa.select(held.id, held.capacity, held.capacity_unit, held.status, held.commissioned_year).where(
        held.technology == name, held.confirmed, ~held.reference, held.merged_into.is_(None), held.level == "public",
        held.region == wanted.city.place,
        held.commissioned_year.is_(None) | (held.commissioned_year <= wanted.year),
    )  # fmt: skip
    rows = [row for row in connection.execute(asked.order_by(held.id)) if status_group(row.status) == "at_work"]
    if not rows:
        return "nothing"
    if any(row.capacity is None or row.commissioned_year is None for row in rows):
        return "incomplete"
    if any(row.capacity_unit != unit_code for row in rows):
        return "unit"
    inputs = tuple(
        Reference("register_entry", row.id, sha256_hex(canonical_json([row.id, decimal_text(Decimal(row.capacity))])))
        for row in rows
    )
    return Known(sum((Decimal(row.capacity) for row in rows), Decimal()), "published", inputs)


def _of_base(connection: sa.Connection, wanted: Wanted, name: str, _unit_code: str) -> Known | Gap:
    """A base number of the city (population, households, area), as its own book of the year gives it."""
    entry = entries(connection, wanted.city.place, wanted.year, wanted.catalogue).get(name)
    if entry is None or entry.value is None or not entry.is_given:
        return "nothing"
    return Known(entry.value, "published", (Reference("city_entry", entry.id, entry.digest),))


def _of_inventory(connection: sa.Connection, wanted: Wanted, name: str, _unit_code: str) -> Known | Gap:
    """A total (``basic``, ``basic_plus``, ``territorial``) of the newest public inventory, in t CO2e.

    Of an inventory with too many cells not estimated there is none.
    """
    book = newest_book(connection, INVENTORY, wanted.city.place, str(wanted.year))
    if book is None or book.publication != "public":
        return "nothing"
    result, total = evaluate(inventory_of(book.content)), cast("Total", name)
    share = completeness(result, total)
    if share < _ENOUGH:
        return "incomplete"
    tonnes = result.totals[total].co2e / 1000
    return Known(tonnes, "modelled", (Reference("book", book.id, book.digest),), share)


def _of_account(connection: sa.Connection, wanted: Wanted, name: str, unit_code: str) -> Known | Gap:
    """The flow ``name`` in the city's account of materials, after reconciliation.

    Two accounts with such a flow in that year are a conflict; a flow that the account leaves undetermined is none.
    """
    year = str(wanted.year)
    public = [head for head in books(connection, "material_account", wanted.city.place) if head.publication == "public"]
    held = [book for head in public if _tells(account_of(book := get_book(connection, head.id)), name, year)]
    if len(held) != 1:
        return "conflict" if held else "nothing"
    (book,) = held
    kilograms, _ = _reconciled(json.dumps(book.content, sort_keys=True)).value("flow", name, year)
    if math.isnan(kilograms):
        return "incomplete"
    amount = convert(Decimal(repr(kilograms)).quantize(Decimal(1)), unit("kg"), unit(unit_code))
    return Known(amount, "modelled", (Reference("book", book.id, book.digest),))


def _tells(account: Account, flow: str, year: str) -> bool:
    return year in account.periods and any(one.id == flow for one in account.flows)


@lru_cache(maxsize=8)
def _reconciled(text: str) -> Reconciled:
    """An account's numbers: several terms ask for the same ones."""
    return reconcile_account(parse_account(text.encode()), tests=False)


_SOURCES: dict[SourceKind, Callable[[sa.Connection, Wanted, str, str], Known | Gap]] = {
    "fact": _of_facts,
    "register": _of_register,
    "base": _of_base,
    "inventory": _of_inventory,
    "account": _of_account,
}
# From the surest to the least sure: a number is of the kind of its weakest part.
_ORDER: tuple[FigureKind, ...] = ("observed", "published", "modelled", "assumed", "training")


def weakest(kinds: list[FigureKind]) -> FigureKind:
    """The kind of a number made of parts of these kinds."""
    return max(kinds, key=_ORDER.index)
