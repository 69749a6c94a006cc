"""Indicators of kept documents as figures: each names the version of the book it was computed from.

A figure ``circular.mfa.DMC`` rests on the material account of its place and period, ``circular.con.stock`` on the
construction chain, ``circular.eu.3c`` on the waste programme as it stands, and on nothing else: drivers (people, money)
stand in its parameters with their values, so that the number can be computed again from the two.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.facts import Book, get_book
from jasyl.facts.book import BookKind
from jasyl.figures import (
    Gathered,
    Gatherer,
    Outcome,
    Parameter,
    Reference,
    Request,
    StoredFigure,
    Subject,
    make,
    method,
)
from jasyl.quantities import decimal_text, period
from jasyl.texts import Refusal

from ..account import parse_account
from ..construction import ConstructionChain, chain_deviation, run_chain
from ..kept import model_of, newest_public_book
from ..reconciled import reconcile_account
from ..waste import WasteProgramme, run_programme
from .deviations import deviation_in, programme_deviation
from .economy import economy_flows
from .indicators import FORMULAS, Deviation, Formula, indicators_of, quantities_of
from .tables import reconciled_table

PREFIX = "circular."
_DIGITS = 9  # significant digits of a stated indicator: below the spread of any account
_SHARE_STEP = Decimal("0.0001")
UCUM = {
    "percent": "%", "ratio": "1", "number": "1", "t": "t", "t per year": "t/a", "kg per m2": "kg/m2", "years": "a",
    "kg per capita per year": "kg/{person}/a", "kg CO2e per capita per year": "kg/{person}/a",
    "currency per kg": "{currency}/kg", "currency per t": "{currency}/t", "currency per kWh": "{currency}/kW.h",
    "currency per m3": "{currency}/m3", "kg per 1000 currency units": "kg/1000{currency}", "KZT": "{KZT}",
    "per million inhabitants": "1",
}  # fmt: skip
_DRIVERS = ("population", "gdp", "gva")
# What each kind of book gives; drivers are told beside it.
_QUANTITIES: Mapping[BookKind, frozenset[str]] = {
    "material_account": frozenset(
        ("DE", "IMP", "EXP", "BI_in", "BI_out", "DPO", "NAS", "DMI", "DMC", "PTB", "PM", "SM", "U", "DMC_and_U",
         "waste", "waste_treated", "waste_recycled", "waste_composted", "waste_reused", "interim_output")
    ),
    "waste_programme": frozenset(
        ("municipal", "municipal_food", "municipal_recycled", "municipal_landfilled", "treatment_capacity")
    ),
    "construction_chain": frozenset(
        f"con.{name}" for name in ("stock", "inflow", "demolition", "rate", "rate_strict", "sub", "life", "mi")
    ),
}  # fmt: skip


class FromBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the book; people and money as decimal texts where the indicator needs them."""

    book: str
    population: str | None = None
    gdp: str | None = None
    gva: str | None = None


@dataclass(frozen=True)
class Known:
    """The quantities of a book in a year, and how uncertain sums of them are where that is known."""

    quantities: Mapping[str, float]
    deviation: Deviation | None = None


def _needs(formula: Formula) -> tuple[str, ...]:
    return tuple(name for name in (formula.numerator, formula.less, formula.denominator) if name)


def _figures_of(kind: BookKind) -> dict[str, Formula]:
    own = _QUANTITIES[kind]
    return {
        PREFIX + one.id: one for one in FORMULAS if set(_needs(one)) <= own | set(_DRIVERS) and set(_needs(one)) & own
    }


# Indicators that each kind of book can give as figures.
BOOK_FORMULAS: Mapping[BookKind, Mapping[str, Formula]] = {kind: _figures_of(kind) for kind in _QUANTITIES}
INDICATOR_BOOKS: Mapping[str, BookKind] = {name: kind for kind, own in BOOK_FORMULAS.items() for name in own}


def _computed(formula: Formula, told: bool, parameters: FromBook, data: Known) -> Outcome:
    """The value; with ``told`` its standard deviation, and as completeness the part of it that is known for certain
    where some waste is not heard of again."""
    drivers = {key: getattr(parameters, key) for key in _DRIVERS}
    known = dict(data.quantities) | {key: float(text) for key, text in drivers.items() if text is not None}
    (found,) = indicators_of(known, data.deviation if told else None, (formula,))
    if found.value is None:
        return Outcome(None)
    part = Decimal(repr(found.value / found.most)).quantize(_SHARE_STEP, ROUND_HALF_EVEN) if found.most else None
    return Outcome(_stated(found.value), part, None if found.deviation is None else _stated(found.deviation))


def _register(name: str, formula: Formula, version: str, *, told: bool) -> None:
    compute: Callable[[Any, Any], Outcome] = partial(_computed, formula, told)
    method(name, version, indicator=name, kind="modelled", unit=UCUM[formula.unit], parameters=FromBook)(compute)


for _kind in BOOK_FORMULAS:
    for _name, _formula in BOOK_FORMULAS[_kind].items():
        _register(_name, _formula, "1.0.0", told=False)  # stated no uncertainty
        _register(_name, _formula, "1.1.0", told=True)


def indicator_gatherers() -> dict[str, Gatherer]:
    """What `jasyl.figures.make` and ``recompute`` need: the book computed anew, its sums."""

    def of(kind: BookKind) -> Gatherer:
        def gather(connection: sa.Connection, request: Request) -> Gathered:
            book = get_book(connection, str(request.parameters["book"]))
            if book.kind != kind:
                raise Refusal("physical-book", received=book.kind, expected=kind)
            return _gathered(book, request.period.name)

        return gather

    return {name: of(kind) for name, kind in INDICATOR_BOOKS.items()}


def make_book_figures(
    connection: sa.Connection, book: Book, year: str, drivers: Mapping[str, Decimal], now: int
) -> list[StoredFigure]:
    """Compute and keep every indicator the book and its drivers give; those without a value are left out.

    Raises Refusal ``physical-book`` for a book of another kind, and as reconciling and computing do.
    """
    if book.kind not in BOOK_FORMULAS:
        raise Refusal("physical-book", received=book.kind, expected=", ".join(BOOK_FORMULAS))
    told: dict[str, Parameter] = {name: decimal_text(value) for name, value in drivers.items() if name in _DRIVERS}
    gathered, made = _gathered(book, year), list[StoredFigure]()

    def once(_connection: sa.Connection, _request: Request) -> Gathered:
        return gathered  # computed once for all of them

    for name, formula in BOOK_FORMULAS[book.kind].items():
        needed = _needs(formula)
        if all(one in gathered.data.quantities or one in told for one in needed):
            parameters = {"book": book.id, **{one: told[one] for one in needed if one in told}}
            request = Request(Subject("place", book.place), period(year), parameters)
            made.append(make(connection, {name: once}, name, request, now))
    return made


def make_indicator_figure(connection: sa.Connection, place: str, indicator: str, year: str, now: int) -> StoredFigure:
    """One indicator, without drivers, of the public document of its kind that was kept last in a place.

    Raises Refusal ``unknown-book`` where none is kept.
    """
    book = newest_public_book(connection, INDICATOR_BOOKS[indicator], place)
    if book is None:
        raise Refusal("unknown-book", received=f"{place} {INDICATOR_BOOKS[indicator]}")
    request = Request(Subject("place", place), period(year), {"book": book.id})
    return make(connection, indicator_gatherers(), indicator, request, now)


def _gathered(book: Book, year: str) -> Gathered:
    known, training = _KNOWN[book.kind](book, year)
    used = (Reference("book", book.id, book.digest),)
    return Gathered(known, used, publication=book.publication, kind="training" if training else "modelled")


def _of_account(book: Book, year: str) -> tuple[Known, bool]:
    account = parse_account(book.text.encode())
    training = any(one.kind == "training" for one in account.observations)
    if year not in account.periods:
        return Known({}), training
    found = reconcile_account(account)
    table = reconciled_table(found, year)
    return Known(quantities_of(int(year[:4]), table=table), deviation_in(found, year, economy_flows(table))), training


def _of_programme(book: Book, year: str) -> tuple[Known, bool]:
    programme: WasteProgramme = model_of(book, WasteProgramme)
    training = any(one.kind == "training" for one in (*programme.members, *programme.facilities))
    run, asked = run_programme(programme), int(year[:4])
    told = programme_deviation(run, asked) if asked in programme.years else None
    return Known(quantities_of(asked, waste=run), told), training


def _of_chain(book: Book, year: str) -> tuple[Known, bool]:
    chain: ConstructionChain = model_of(book, ConstructionChain)
    training = any(one.kind == "training" for one in (*chain.floor_area, *chain.new, *chain.demolitions))
    run, asked = run_chain(chain), int(year[:4])
    told = chain_deviation(run, asked) if asked in chain.years else None
    return Known(quantities_of(asked, chain=run), told), training


_KNOWN: Mapping[str, Callable[[Book, str], tuple[Known, bool]]] = {
    "material_account": _of_account, "waste_programme": _of_programme, "construction_chain": _of_chain,
}  # fmt: skip


def _stated(value: float) -> Decimal:
    number = Decimal(repr(value))
    if number == 0:
        return Decimal(0)
    step = Decimal(1).scaleb(number.adjusted() - _DIGITS + 1)
    return number.quantize(min(step, Decimal(1)), ROUND_HALF_EVEN)
