"""Importing a file of records: read, check and record block by block; all of it goes in or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jasyl.intake import LIMITS, Box, Chunk, Limits, Problem, Report, choose, match, read_tables, stream
from jasyl.jobs import Progress, Silent
from jasyl.people import Actor
from jasyl.places import COUNTRY_BOX
from jasyl.quantities import sha256_hex
from jasyl.texts import Language

from ..assertions import Recorded, Statement, record
from ..duplicates import Pair, likely_duplicates
from .codes import Row
from .kind import FileKind, FileName
from .kinds import file_kind
from .links import Links
from .provenance import said_by_row
from .row_check import Borders, RowCheck

# Where places of Kazakhstan are expected; a point that fits only with its numbers exchanged is told so.
COUNTRY = Box(*COUNTRY_BOX)


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
    progress = progress or Silent()
    progress.step("import-step-read", 0)
    template = files.template()
    found = match(choose(read_tables(content, name, limits=limits), template), template)
    told = Report(found.table.limits.problems, notes=list(found.notes))
    check = RowCheck(files, Links(connection), found, actor, borders)
    report = ImportReport(what, name, sha256_hex(content))
    with connection.begin_nested() as recording:
        statements = _statements(stream(found, told, box=COUNTRY), told, check, report, partial, progress)
        report.recorded = record(connection, files.kind, statements)
        _sum_up(report, told, check)
        report.applied = partial or not report.problem_count
        if not report.applied:
            recording.rollback()
            report.recorded = Recorded()
    if report.applied and files.name == "facilities":
        progress.step("import-step-duplicates", 0)
        report.duplicates = likely_duplicates(connection, report.recorded.new)
    return report


def _statements(
    chunks: Iterator[Chunk], told: Report, check: RowCheck, report: ImportReport, partial: bool, progress: Progress
) -> Iterator[Statement]:
    """What the good rows say, block by block, so that a file of any length takes little memory. Once a row has a
    problem and ``partial`` is not wanted the others are only checked."""
    files, links, actor = check.files, check.links, check.actor
    for chunk in chunks:
        progress.step("import-step-check", report.rows)
        rows = check.good(chunk)
        report.rows += len(chunk.numbers)
        if (told.problem_count or check.problem_count) and not partial:
            continue
        if files.partied:
            links.record_enterprises(rows, actor, report.file)
        progress.step("import-step-record", report.rows)
        for row in rows:
            yield _statement(files, row, links, actor, report.file)


def _sum_up(report: ImportReport, told: Report, check: RowCheck) -> None:
    report.rows += len({problem.where.row for problem in told.problems})
    report.problems = told.problems + check.problems
    report.problem_count = told.problem_count + check.problem_count
    report.warnings, report.notes = check.warnings, told.notes


def _statement(files: FileKind, row: Row, links: Links, actor: Actor, file: str) -> Statement:
    found = {"district_found": row["district_found"]} if "district_found" in row else {}
    return Statement(row["key"], files.fields(row, links), said_by_row(row, actor, file), found)
