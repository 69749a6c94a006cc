"""The book of a city and a year: entries are added, the newest counts, all stay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl.figures.tables import figure as figure_table
from jasyl.indicators import Catalogue
from jasyl.people import Actor
from jasyl.texts import Refusal, Where

from .access import demand, may_write
from .breakdown import groups_of_text
from .city import City
from .entry import BASES, GIVEN, Entry
from .entry_checks import entry_findings, value_of
from .tables import entry_table, evidence_table
from .units_given import in_own_unit

# Books are of whole years; the span only catches slips of the finger.
YEARS = range(1990, 2101)
LONGEST_NOTE = 4_000
_DECIMALS = ("numerator", "denominator", "value")
_STORED = tuple(name for name in Entry.__dataclass_fields__ if name != "closed")
_SEALED = ("id", "author", "recorded_at", "digest")


def year_of(written: str | int) -> int:
    """The year of a book. Raises Refusal ``city-year``."""
    text = str(written).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise Refusal("city-year", received=text[:20], expected=f"{YEARS.start}–{YEARS.stop - 1}")
    return int(text)


def entries(connection: sa.Connection, place: str, year: int, catalogue: str) -> dict[str, Entry]:
    """The newest entry of each data point that has one, those of the city itself (``base.…``) among them."""
    held = entry_table.c
    mine = _of_book(place, year, catalogue)
    newest = sa.select(sa.func.max(held.number)).where(mine).group_by(held.point)
    query = sa.select(entry_table).where(held.number.in_(newest)).order_by(held.number)
    return {row["point"]: _entry(row) for row in connection.execute(query).mappings()}


def history(connection: sa.Connection, place: str, year: int, catalogue: str, point: str) -> list[Entry]:
    """Everything ever entered for a data point, oldest first."""
    mine = _of_book(place, year, catalogue) & (entry_table.c.point == point)
    query = sa.select(entry_table).where(mine).order_by(entry_table.c.number)
    return [_entry(row) for row in connection.execute(query).mappings()]


def books(connection: sa.Connection, place: str | None = None) -> list[tuple[str, int, str, int]]:
    """(place, year, catalogue, number of data points entered) of every book, newest year first."""
    held = entry_table.c
    query = sa.select(held.place, held.year, held.catalogue, sa.func.count(sa.distinct(held.point)))
    if place is not None:
        query = query.where(held.place == place)
    query = query.group_by(held.place, held.year, held.catalogue)
    found = [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (one[0], -one[1], one[2]))


def write_entry(
    connection: sa.Connection, city: City, year: int, catalogue: Catalogue, entry: Entry, actor: Actor, now: int
) -> Entry:
    """Add one entry; gives it as it stands in the book. Saying the same again adds nothing.

    Raises Refusal ``not-allowed``, ``indicator-unknown-point``, ``city-year``, ``city-evidence-unknown``,
    ``city-reason-missing`` and the errors that `entry_findings` names.
    """
    return write_entries(connection, city, year, catalogue, [entry], actor, now)[0]


def write_entries(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    given: Sequence[Entry],
    actor: Actor,
    now: int,
) -> list[Entry]:
    """Add several entries in the caller's transaction: all of them, or, with a Refusal, none."""
    demand(may_write(actor, city))
    year_of(year)
    before = entries(connection, city.place, year, catalogue.id)
    _refuse_unknown_evidence(connection, given)
    made: list[Entry] = []
    rows: list[dict[str, Any]] = []
    for said in given:
        check_entry(catalogue, said)
        # What is kept, and evaluated, is in the unit of the data point; the note keeps what was said.
        entry, _ = in_own_unit(catalogue, said)
        known = before.get(entry.point)
        if known is not None and entry.says_the_same(known):
            made.append(known)
            continue
        _refuse_foreign_system(connection, city, year, catalogue, entry)
        fresh = replace(entry, id=str(ULID()), author=actor.id, recorded_at=now)
        made.append(fresh.sealed(city.place, year, catalogue.id))
        about = {"place": city.place, "year": year, "catalogue": catalogue.id}
        kept = {name: getattr(made[-1], name) for name in _SEALED}
        rows.append({"parts": None} | made[-1].content() | about | kept)
    if rows:
        connection.execute(sa.insert(entry_table), rows)
    return made


def check_entry(catalogue: Catalogue, entry: Entry) -> None:
    """Raises Refusal for an entry that cannot go into a book whatever else stands there."""
    if not entry.is_base:
        catalogue.point(entry.point)
    for finding in entry_findings(catalogue, entry):
        if finding.severity == "error":
            raise finding.refusal()
    if len(entry.note) > LONGEST_NOTE or len(entry.reason) > LONGEST_NOTE:
        raise Refusal("cell-too-long", where=Where(field="note"), received=len(entry.note), expected=LONGEST_NOTE)
    if entry.proposal and entry.origin != "system" and entry.status in GIVEN and not entry.reason.strip():
        raise Refusal("city-reason-missing", where=Where(field="reason"), received=entry.point)


def unknown_points(catalogue: Catalogue, points: Iterable[str]) -> list[str]:
    """Those that neither the catalogue nor the numbers of the city itself know."""
    return [point for point in points if point not in BASES and not catalogue.has(point)]


def _refuse_unknown_evidence(connection: sa.Connection, given: Sequence[Entry]) -> None:
    wanted = {entry.evidence: entry.point for entry in given if entry.evidence}
    if not wanted:
        return
    query = sa.select(evidence_table.c.sha256).where(evidence_table.c.sha256.in_(wanted))
    for missing in sorted(wanted.keys() - set(connection.execute(query).scalars())):
        raise Refusal("city-evidence-unknown", where=Where(field="evidence"), received=missing, point=wanted[missing])


def _refuse_foreign_system(
    connection: sa.Connection, city: City, year: int, catalogue: Catalogue, entry: Entry
) -> None:
    """A number said to be the system's own is one: the value of a figure that it proposed for this data point."""
    if entry.origin != "system" or not entry.is_given:
        return
    held = figure_table.c
    query = sa.select(held.value).where(
        held.id == entry.proposal,
        held.indicator == f"proposed.{catalogue.id}.{entry.point}",
        held.subject_id == city.place,
        held.period == str(year),
    )
    proposed = connection.execute(query).scalar()
    if proposed is None or Decimal(proposed) != value_of(catalogue, entry):
        raise Refusal("city-not-proposed", where=Where(field="origin"), received=entry.point)


def _of_book(place: str, year: int, catalogue: str) -> sa.ColumnElement[bool]:
    held = entry_table.c
    return (held.place == place) & (held.year == year) & (held.catalogue == catalogue)


def _entry(row: Mapping[Any, Any]) -> Entry:
    values = {name: row[name] for name in _STORED}
    for name in _DECIMALS:
        if values[name] is not None:
            values[name] = Decimal(values[name])
    values["parts"] = groups_of_text(values["parts"] or "", Where()).parts
    return Entry(**values)
