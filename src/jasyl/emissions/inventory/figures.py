"""Kept inventories and their totals as figures: what is published has a passport down to the book it came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

import sqlalchemy as sa

from jasyl.facts import Book, keep_book, newest_book
from jasyl.figures import (
    Gathered,
    Gatherer,
    NoParameters,
    Outcome,
    Reference,
    Request,
    StoredFigure,
    Subject,
    Watch,
    make,
    mark_stale,
    method,
)
from jasyl.quantities import now_us, period
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .almaty import almaty_inventory
from .document import Inventory, inventory_of
from .structure import TOTALS, Total, cells
from .totals import Result, evaluate
from .training import TRAINING_YEARS, training_inventory
from .uncertainty import Spread, spreads

KIND = "ghg_inventory"
INDICATORS: Mapping[Total, str] = {total: f"emissions.gpc_{total}" for total in TOTALS}
INVENTORY_INDICATORS = frozenset(INDICATORS.values())
AUTHOR = "jasyl init"
_STEP = Decimal("0.001")


@dataclass(frozen=True)
class _Totalled:
    value: Decimal
    completeness: Decimal
    deviation: Decimal


def keep_inventory(
    connection: sa.Connection, folder: DataFolder, inventory: Inventory, author: str, note: str = ""
) -> Book:
    """Keep an inventory as the newest book of its place and year.

    Raises what :func:`.totals.evaluate` refuses, and ``inventory-training-place`` for fictional numbers in a folder of
    real ones.
    """
    if inventory.training and folder.kind != "training":
        raise Refusal("inventory-training-place", received=inventory.place)
    evaluate(inventory)
    place, year = inventory.place, str(inventory.year)
    book = keep_book(connection, folder, KIND, place, year, inventory.as_data(), author, note=note)
    mark_stale(connection, [_watch(place, year)], now_us())
    return book


def kept_inventory(connection: sa.Connection, place: str, year: int | str) -> tuple[Book, Inventory] | None:
    """The inventory in force of a place and year, with its book; None where none is kept."""
    book = newest_book(connection, KIND, place, str(year))
    return None if book is None else (book, inventory_of(book.content))


def _total(_parameters: NoParameters, data: _Totalled) -> Outcome:
    """The total to a gram; completeness is the share of cells that occur and are estimated."""
    return Outcome(data.value, data.completeness, data.deviation)


for _indicator in INDICATORS.values():
    method(_indicator, "1.0.0", indicator=_indicator, kind="modelled", unit="kg")(_total)


def inventory_gatherers() -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for the three totals."""
    return {indicator: _gatherer(total) for total, indicator in INDICATORS.items()}


def _gatherer(total: Total) -> Gatherer:
    def gather(connection: sa.Connection, request: Request) -> Gathered:
        place, year = request.subject.id, request.period.name
        book = newest_book(connection, KIND, place, year)
        if book is None:
            raise Refusal("inventory-unknown", received=f"{place} {year}")
        result, spread = _measured(book.text)
        data = _Totalled(
            result.totals[total].co2e.quantize(_STEP, ROUND_HALF_EVEN),
            completeness(result, total),
            Decimal(repr(spread[total].propagated)).quantize(_STEP, ROUND_HALF_EVEN),
        )
        return Gathered(
            data, (Reference("book", book.id, book.digest),), (_watch(place, year),),
            kind="training" if result.inventory.training else "modelled",
        )  # fmt: skip

    return gather


def _watch(place: str, year: str) -> Watch:
    """What figures of a place and year hang on: whichever book of it is in force."""
    return Watch("book_of", f"{KIND} {place} {year}")


@lru_cache(maxsize=8)
def _measured(text: str) -> tuple[Result, dict[Total, Spread]]:
    """A book's numbers: its three figures ask for the same ones."""
    result = evaluate(inventory_of(json.loads(text)))
    return result, spreads(result)


def completeness(result: Result, total: Total) -> Decimal:
    """Of the cells of a total that occur, the share that is estimated or included elsewhere, to four digits."""
    part = [one for one in cells() if one.part_of(total) and not one.optional]
    occurring = [one for one in part if result.by_ref[one.ref].key != "NO"]
    missing = len(result.totals[total].missing)
    share = 1 - Decimal(missing) / Decimal(len(occurring) or 1)
    return share.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def make_totals(connection: sa.Connection, inventory: Inventory, now: int) -> dict[Total, StoredFigure]:
    """The three totals of a kept inventory as figures of its place and year."""
    place, year = inventory.place, str(inventory.year)
    return {total: make_inventory_figure(connection, place, year, name, now) for total, name in INDICATORS.items()}


def keep_examples(connection: sa.Connection, folder: DataFolder, now: int) -> None:
    """What the starters bring: in a training folder six fictional years with their figures, else the example of Almaty,
    a book without figures: two sources are no total that anybody should rank a city by."""
    if folder.kind == "training":
        for year in TRAINING_YEARS:
            inventory = training_inventory(year)
            keep_inventory(connection, folder, inventory, AUTHOR)
            make_totals(connection, inventory, now)
    else:
        keep_inventory(connection, folder, almaty_inventory(), AUTHOR)


def make_inventory_figure(connection: sa.Connection, place: str, year: str, indicator: str, now: int) -> StoredFigure:
    """One total of the inventory in force. Raises Refusal ``inventory-unknown`` where none is kept."""
    return make(connection, inventory_gatherers(), indicator, Request(Subject("place", place), period(year), {}), now)
