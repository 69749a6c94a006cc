"""Indicators of a kept account as figures: each names the version of the book it was computed from.

A figure ``circular.mfa.DMC`` rests on the material account of its place and period, and on nothing else: drivers
(people, money) stand in its parameters with their values, so that the number can be computed again from the two.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
import sqlalchemy as sa

from jasyl.facts import Book, get_book
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
from ..reconciled import reconcile_account
from .economy import economy_flows
from .indicators import FORMULAS, Formula, indicators_of
from .tables import reconciled_table

PREFIX = "circular."
_DIGITS = 9  # significant digits of a stated indicator: below the spread of any account
UCUM = {
    "percent": "%", "ratio": "1", "number": "1", "t": "t", "t per year": "t/a", "kg per m2": "kg/m2", "years": "a",
    "kg per capita per year": "kg/{person}/a", "kg CO2e per capita per year": "kg/{person}/a",
    "currency per kg": "{currency}/kg", "currency per t": "{currency}/t", "currency per kWh": "{currency}/kW.h",
    "currency per m3": "{currency}/m3", "kg per 1000 currency units": "kg/1000{currency}", "KZT": "{KZT}",
    "per million inhabitants": "1",
}  # fmt: skip
# What an account and its drivers give; the waste programme and the construction chain are documents of their own.
_ECONOMY = frozenset(
    ("DE", "IMP", "EXP", "BI_in", "BI_out", "DPO", "NAS", "DMI", "DMC", "PTB", "PM", "SM", "U", "DMC_and_U", "waste")
) | {"waste_treated", "waste_recycled", "waste_composted", "waste_reused", "interim_output"}
_DRIVERS = ("population", "gdp", "gva")


class FromAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the book; people and money as decimal texts where the indicator needs them."""

    book: str
    population: str | None = None
    gdp: str | None = None
    gva: str | None = None


def _needs(formula: Formula) -> tuple[str, ...]:
    return tuple(name for name in (formula.numerator, formula.less, formula.denominator) if name)


# Indicators that an account can give as figures.
ACCOUNT_FORMULAS: dict[str, Formula] = {
    PREFIX + one.id: one
    for one in FORMULAS
    if set(_needs(one)) <= _ECONOMY | set(_DRIVERS) and set(_needs(one)) & _ECONOMY
}


def _register(name: str, formula: Formula) -> None:
    def computed(parameters: FromAccount, data: Mapping[str, float]) -> Outcome:
        drivers = {key: getattr(parameters, key) for key in _DRIVERS}
        known = dict(data) | {key: float(text) for key, text in drivers.items() if text is not None}
        found = next(one for one in indicators_of(known) if one.id == formula.id)
        return Outcome(None if found.value is None else _stated(found.value))

    method(name, "1.0.0", indicator=name, kind="modelled", unit=UCUM[formula.unit], parameters=FromAccount)(computed)


for _name, _formula in ACCOUNT_FORMULAS.items():
    _register(_name, _formula)


def account_gatherers() -> dict[str, Gatherer]:
    """What `jasyl.figures.make` and ``recompute`` need: the book reconciled anew, its sums."""

    def gather(connection: sa.Connection, request: Request) -> Gathered:
        book = get_book(connection, str(request.parameters["book"]))
        if book.kind != "material_account":
            raise Refusal("physical-book", received=book.kind, expected="material_account")
        account = parse_account(book.text.encode())
        table = reconciled_table(reconcile_account(account), request.period.name)
        economy = economy_flows(table)
        known = economy.as_data()
        if economy.DMC is not None and economy.U is not None:
            known["DMC_and_U"] = economy.DMC + economy.U
        data = {name: value for name, value in known.items() if value is not None}
        training = any(one.kind == "training" for one in account.observations)
        used = (Reference("book", book.id, book.digest),)
        return Gathered(data, used, publication=book.publication, kind="training" if training else "modelled")

    return dict.fromkeys(ACCOUNT_FORMULAS, gather)


def make_account_figures(
    connection: sa.Connection, book: Book, year: str, drivers: Mapping[str, Decimal], now: int
) -> list[StoredFigure]:
    """Compute and keep every indicator the account and its drivers give; those without a value are left out.

    Raises Refusal as reconciling does.
    """
    told: dict[str, Parameter] = {name: decimal_text(value) for name, value in drivers.items() if name in _DRIVERS}
    ways, made = account_gatherers(), list[StoredFigure]()
    base = Request(Subject("place", book.place), period(year), {"book": book.id})
    gathered = ways[next(iter(ways))](connection, base)

    def once(_connection: sa.Connection, _request: Request) -> Gathered:
        return gathered  # one reconciliation for all of them

    for name, formula in ACCOUNT_FORMULAS.items():
        needed = _needs(formula)
        if all(one in gathered.data or one in told for one in needed):
            parameters = {**base.parameters, **{one: told[one] for one in needed if one in told}}
            request = Request(base.subject, base.period, parameters)
            made.append(make(connection, {name: once}, name, request, now))
    return made


def _stated(value: float) -> Decimal:
    number = Decimal(repr(value))
    if number == 0:
        return Decimal(0)
    step = Decimal(1).scaleb(number.adjusted() - _DIGITS + 1)
    return number.quantize(min(step, Decimal(1)), ROUND_HALF_EVEN)
