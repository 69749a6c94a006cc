"""Reading a city book from a table: XLSX, ODS or CSV, every fault named with its cell."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jasyl.indicators import Catalogue
from jasyl.indicators import catalogue as catalogue_of
from jasyl.intake import Reading, choose, read, read_tables
from jasyl.texts import Refusal, Where

from .book import unknown_points, year_of
from .book_columns import FILLED, read_template
from .book_file import DEFAULT_CATALOGUE, TRAINING_MARK, BookFile, entry_of
from .city import city
from .entry import Entry
from .finding import Finding
from .units_given import in_own_unit


def read_table(given: Path | bytes, name: str, catalogue: Catalogue | None) -> BookFile:
    """The book of the sheet that fits the template best. Raises as ``read_book``."""
    tables = read_tables(given, name)
    template = read_template()
    reading = read(choose(tables, template), template)
    if not reading.rows and not reading.problems:
        raise Refusal("city-book-empty", where=Where(name))
    problems = [one.refusal for one in reading.problems]
    head = _Head(name, catalogue)
    rows: list[tuple[Mapping[str, Any], Mapping[str, Where]]] = []
    for position, row in enumerate(reading.rows):
        head.see(row, reading.where(position, "place"))
        rows.append((row, _Cells(reading, position)))
    return head.book(rows, problems)


class _Cells(dict[str, Where]):
    """The places of the cells of one row, found when asked for."""

    def __init__(self, reading: Reading, position: int) -> None:
        super().__init__()
        self.reading, self.position = reading, position

    def __missing__(self, key: str) -> Where:
        return self.reading.where(self.position, key)


class _Head:
    """Which city, year and catalogue a file is of: the same in every row."""

    def __init__(self, name: str, catalogue: Catalogue | None) -> None:
        self.name, self.asked = name, catalogue
        self.said: tuple[str, int, str] | None = None

    def see(self, row: Mapping[str, Any], where: Where) -> None:
        """A row that says it. Raises Refusal ``city-book-mixed``."""
        said = (str(row["place"]).strip().upper(), int(row["year"]), row.get("catalogue") or DEFAULT_CATALOGUE)
        if self.said not in (None, said):
            expected = " ".join(map(str, self.said or ()))
            raise Refusal("city-book-mixed", where=where, received=" ".join(map(str, said)), expected=expected)
        self.said = said

    def book(self, rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Where]]], problems: list[Refusal]) -> BookFile:
        """The book of all rows; entries that cannot be read join ``problems``."""
        if self.said is None:
            # Nothing but rows with faults: those are what has to be told.
            raise problems[0] if problems else Refusal("city-book-empty", where=Where(self.name))
        place, year, called = self.said
        catalogue = self.asked or catalogue_of(called)
        entries: dict[str, Entry] = {}
        places: dict[tuple[str, str], Where] = {}
        converted: list[Finding] = []
        empty = 0
        for row, cells in rows:
            point = str(row["point"]).strip()
            if unknown_points(catalogue, [point]):
                problems.append(Refusal("indicator-unknown-point", where=cells["point"], received=point[:80],
                    expected=catalogue.id))  # fmt: skip
                continue
            try:
                entry = entry_of(catalogue, point, row, cells)
            except Refusal as refusal:
                problems.append(refusal)
                continue
            if entry is None:
                empty += 1
                continue
            entry, remark = in_own_unit(catalogue, entry)
            entries[point] = entry
            places |= {(point, key): cells[key] for key in ("point", *FILLED)}
            converted += [remark] if remark else []
        training = any(entry.note.startswith(TRAINING_MARK) for entry in entries.values())
        plain = {point: _unmarked(entry) for point, entry in entries.items()}
        return BookFile(
            self.name, city(place), year_of(year), catalogue, plain, tuple(problems), tuple(converted), empty, places,
            training,
        )  # fmt: skip


def _unmarked(entry: Entry) -> Entry:
    """The entry without the mark of training data in its note, which the whole file then carries."""
    return replace(entry, note=entry.note.removeprefix(TRAINING_MARK).strip()) if TRAINING_MARK in entry.note else entry
