"""Importing a file of records: read, check every row, then take all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from jasyl.intake import LIMITS, Box, Limits, Problem, Reading, choose, read, read_tables
from jasyl.jobs import Progress, Silent
from jasyl.people import Actor, Resource, may
from jasyl.quantities import sha256_hex
from jasyl.texts import Language, Refusal

from ..assertions import Recorded, Statement, record
from ..duplicates import Pair, likely_duplicates
from .codes import Row, RowFault
from .kind import FileKind, FileName
from .kinds import file_kind
from .links import Links
from .provenance import said_by_row

# Where places of Kazakhstan are expected; a point that fits only with its numbers exchanged is told so.
COUNTRY = Box(46.0, 40.0, 88.0, 56.0)


class Borders(Protocol):
    """What an installation's borders say of rows (`placing.PlaceCheck`); given from outside."""

    def faults(self, rows: Sequence[Row]) -> Iterator[tuple[int, str, Refusal | None, str]]:
        """Rows that lie elsewhere than they say: index, column, refusal (None: a warning only), text."""
        ...

    def districts(self, rows: Sequence[Row]) -> Sequence[str | None]:
        """The code of the district each row's point lies in."""
        ...


@dataclass
class ImportReport:
    """What became of a file. ``applied`` says whether anything went in; ``problems`` are told line by line."""

    what: FileName
    file: str
    sha256: str
    rows: int = 0
    applied: bool = False
    recorded: Recorded = field(default_factory=Recorded)
    problems: list[Problem] = field(default_factory=list[Problem])
    problem_count: int = 0
    warnings: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    notes: list[Any] = field(default_factory=list[Any])
    duplicates: list[Pair] = field(default_factory=list[Pair])

    def as_data(self, language: Language) -> dict[str, Any]:
        """The report for programs."""
        return {
            "what": self.what,
            "file": self.file,
            "sha256": self.sha256,
            "rows": self.rows,
            "applied": self.applied,
            "new": len(self.recorded.new),
            "changed": len(self.recorded.changed),
            "unchanged": len(self.recorded.same),
            "problem_count": self.problem_count,
            "problems": [problem.as_data(language) for problem in self.problems],
            "warnings": [{"row": row, "text": text} for row, text in self.warnings],
            "notes": [note.text(language) for note in self.notes],
            "possible_duplicates": [pair.as_data() for pair in self.duplicates],
        }


def import_records(
    connection: sa.Connection,
    what: FileName,
    file: Path | bytes,
    name: str,
    actor: Actor,
    *,
    partial: bool = False,
    borders: Borders | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a file of facilities, projects, installations, enterprises or measures into the register, inside the
    caller's transaction.

    Nothing is recorded when any row has a problem, unless ``partial``: then the good rows go in and the report names
    the others. ``borders`` compares coordinates with declared regions and districts.
    Raises Refusal of the file as a whole: unreadable, too large, columns missing.
    """
    files = file_kind(what)
    content = file if isinstance(file, bytes) else file.read_bytes()
    report = ImportReport(what, name, sha256_hex(content))
    progress = progress or Silent()
    progress.step("import-step-read", 0)
    template = files.template()
    reading = read(choose(read_tables(content, name, limits=limits), template), template, box=COUNTRY)
    progress.step("import-step-check", 0)
    links = Links(connection)
    checked = _check(files, links, reading, actor, report)
    if borders and files.located:
        checked = _placed(checked, reading, borders, report)
    report.rows = len(reading.rows) + len({problem.where.row for problem in reading.problems})
    report.problems = reading.problems + report.problems
    report.problem_count += reading.problem_count
    report.notes = reading.notes
    if report.problem_count and not partial:
        return report
    progress.step("import-step-record", 0, len(checked))
    if files.partied:
        links.record_enterprises([row for _, row in checked], actor, name)
    statements = [_statement(files, row, links, actor, name) for _, row in checked]
    report.recorded = record(connection, files.kind, statements)
    report.applied = True
    if files.name == "facilities":
        progress.step("import-step-duplicates", len(checked), len(checked))
        report.duplicates = likely_duplicates(connection, report.recorded.new)
    return report


Checked = list[tuple[int, Row]]


def _check(files: FileKind, links: Links, reading: Reading, actor: Actor, report: ImportReport) -> Checked:
    """The rows that fit the register, with codes in place of words; the others become problems."""
    good: Checked = []
    for position, row in enumerate(reading.rows):
        try:
            made = files.resolve(row)
            files.link(made, links)
            good.append((position, made))
        except RowFault as fault:
            _problem(report, reading, position, fault)
    good = _once(good, reading, report)
    if may(actor, "write_registry", Resource("public")):  # everywhere, whosever it is
        return good
    return _allowed(files, links, good, reading, actor, report)


def _once(checked: Checked, reading: Reading, report: ImportReport) -> Checked:
    """Rows whose key stands in the file only once: two that come to mean one record would overwrite each other."""
    first: dict[str, int] = {}
    good: Checked = []
    for position, row in checked:
        before = first.setdefault(row["key"], position)
        same = before != position and reading.rows[before] == reading.rows[position]
        if before == position or same:  # the same row twice says nothing new
            good.append((position, row))
            continue
        at = str(reading.numbers[before])
        _problem(report, reading, position, RowFault("key", Refusal("value-twice", received=row["key"], expected=at)))
    return good


def _allowed(
    files: FileKind, links: Links, checked: Checked, reading: Reading, actor: Actor, report: ImportReport
) -> Checked:
    """The rows that ``actor`` may write: what they say, and what stands there already, must be the actor's own."""
    rows = links.connection.execute(sa.select(files.table)).mappings()
    standing = {row["key"]: files.owned(row, links) for row in rows}
    good: Checked = []
    for position, row in checked:
        touched = [files.owned(row, links)]
        if row["key"] in standing:
            touched.append(standing[row["key"]])
        if all(may(actor, "write_registry", one) for one in touched):
            good.append((position, row))
        else:
            _problem(report, reading, position, RowFault("name", Refusal("not-allowed")))
    return good


def _problem(report: ImportReport, reading: Reading, position: int, fault: RowFault) -> None:
    report.problem_count += 1
    if len(report.problems) < reading.match.table.limits.problems:
        where = reading.where(position, fault.key)
        report.problems.append(Problem(Refusal(fault.refusal.code, where=where, **fault.refusal.arguments)))


def _placed(checked: Checked, reading: Reading, borders: Borders, report: ImportReport) -> Checked:
    """The rows that lie where they say, each with the district its point lies in."""
    bad: set[int] = set()
    rows = [row for _, row in checked]
    for index, column, refusal, warning in borders.faults(rows):
        position = checked[index][0]
        if refusal:
            bad.add(index)
            _problem(report, reading, position, RowFault(column, refusal))
        else:
            report.warnings.append((reading.numbers[position], warning))
    for row, district in zip(rows, borders.districts(rows), strict=True):
        row["district_found"] = district
    return [one for index, one in enumerate(checked) if index not in bad] if bad else checked


def _statement(files: FileKind, row: Row, links: Links, actor: Actor, file: str) -> Statement:
    found = {"district_found": row["district_found"]} if "district_found" in row else {}
    return Statement(row["key"], files.fields(row, links), said_by_row(row, actor, file), found)
