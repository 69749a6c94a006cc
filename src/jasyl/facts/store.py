"""Keeping facts in the registry's database and finding them again."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from .fact import Fact
from .tables import fact_table

_DECIMALS = ("value", "low", "high")
_DERIVED = ("key", "start_year", "end_year")
# Far below the number of parameters either engine takes in one statement.
_BATCH = 500


def store(connection: sa.Connection, facts: Iterable[Fact]) -> int:
    """Keep ``facts``; how many were new. A fact already there, or given twice, is left as it is."""
    given = {fact.key: fact for fact in facts}
    known: set[str] = set()
    keys = list(given)
    for start in range(0, len(keys), _BATCH):
        chosen = sa.select(fact_table.c.key).where(fact_table.c.key.in_(keys[start : start + _BATCH]))
        known.update(connection.execute(chosen).scalars())
    rows = [_row(fact) for key, fact in given.items() if key not in known]
    for start in range(0, len(rows), _BATCH):
        connection.execute(sa.insert(fact_table), rows[start : start + _BATCH])
    return len(rows)


def find(
    connection: sa.Connection,
    *,
    metric: str | None = None,
    place: str | None = None,
    area: str | None = None,
    object: str | None = None,  # noqa: A002  (the word of the fact itself)
    technology: str | None = None,
    year: int | None = None,
    confirmed: bool | None = None,
) -> list[Fact]:
    """The facts that meet every condition given, by metric, place and time, then key.

    ``area`` and ``technology`` empty ask for facts of the whole place and of all technologies; ``year`` asks for
    facts whose period touches that year. Conflicting facts stand side by side.
    """
    table = fact_table.c
    wanted = {"metric": metric, "place": place, "area": area, "object": object, "technology": technology}
    query = sa.select(fact_table).where(*(table[name] == value for name, value in wanted.items() if value is not None))
    if year is not None:
        query = query.where(table.start_year <= year, sa.or_(table.end_year.is_(None), table.end_year >= year))
    if confirmed is not None:
        query = query.where(table.confirmed.is_(confirmed))
    query = query.order_by(table.metric, table.place, table.area, table.start_year, table.period, table.key)
    return [_fact(row) for row in connection.execute(query).mappings()]


def series_of(
    connection: sa.Connection, metric: str, place: str, *, area: str = "", technology: str = "", confirmed: bool = True
) -> dict[str, list[Fact]]:
    """A metric of one place over time: period as written, in order of time, and its facts.

    More than one fact in a period means that sources disagree or differ in scope; choosing is the reader's.
    ``confirmed`` False includes the unconfirmed ones.
    """
    only = True if confirmed else None
    found = find(connection, metric=metric, place=place, area=area, technology=technology, confirmed=only)
    series: dict[str, list[Fact]] = {}
    for fact in sorted(found, key=lambda fact: (fact.start_year is None, fact.start_year or 0, fact.period)):
        series.setdefault(fact.period, []).append(fact)
    return series


def _row(fact: Fact) -> dict[str, Any]:
    return fact.as_data() | {"key": fact.key, "start_year": fact.start_year, "end_year": fact.end_year}


def _fact(row: sa.RowMapping) -> Fact:
    values: dict[str, Any] = {name: value for name, value in row.items() if name not in _DERIVED}
    for name in _DECIMALS:
        if values[name] is not None:
            values[name] = Decimal(values[name])
    return Fact(**values)
