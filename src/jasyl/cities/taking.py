"""Taking a file into a book: the whole file or nothing, with every finding at its cell."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jasyl.indicators import Catalogue
from jasyl.ledger import Import, composed, enqueue, issued_now
from jasyl.people import Actor
from jasyl.quantities import sha256_hex
from jasyl.texts import Language, Refusal, Where

from .access import demand, may_write
from .book import check_entry, entries, write_entries
from .book_file import BookFile
from .book_reading import read_book
from .disclosure import with_closed
from .discussion import ask_of_findings
from .entry import Entry
from .finding import Finding
from .units_given import in_own_unit


@dataclass(frozen=True)
class BookReport:
    """What became of a file.

    ``applied`` says whether it went in. ``problems`` are cells that cannot be read or entries that cannot stand,
    ``findings`` what the automatic checks say; ``written`` counts entries that are new or changed, ``same`` those that
    stood there already, ``asked`` the questions opened.
    """

    book: BookFile
    applied: bool
    problems: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    written: int = 0
    same: int = 0
    asked: int = 0

    @property
    def errors(self) -> list[Refusal]:
        """Everything that keeps the file out whatever is allowed."""
        return [*self.problems, *(one.refusal() for one in self.findings if one.severity == "error")]

    @property
    def questions(self) -> list[Finding]:
        return [one for one in self.findings if one.severity == "question"]

    def would_go_in(self, with_questions: bool) -> bool:
        """Whether nothing keeps the file out; questions do unless they are allowed."""
        return not self.errors and (with_questions or not self.questions)

    def as_data(self, language: Language) -> dict[str, Any]:
        """For a program."""
        return {
            "applied": self.applied,
            "place": self.book.city.place,
            "year": self.book.year,
            "catalogue": self.book.catalogue.id,
            "entries": len(self.book.entries),
            "empty": self.book.empty,
            "written": self.written,
            "same": self.same,
            "asked": self.asked,
            "problems": [one.as_data(language) for one in self.problems],
            "findings": [one.as_data(language) for one in self.findings],
        }


def judged_file(book: BookFile, beside: Mapping[str, Entry] | None = None) -> BookReport:
    """The report on a file that nothing is done with."""
    found = tuple(book.findings(beside))
    told = {(one.point, one.field) for one in found if one.severity == "error"}
    problems = list(book.problems)
    for entry in book.entries.values():
        if not any(point == entry.point for point, _ in told):
            try:
                check_entry(book.catalogue, entry)
            except Refusal as refusal:
                field = refusal.where.field if refusal.where and refusal.where.field else "point"
                problems.append(Refusal(refusal.code, where=book.where(entry.point, field), **refusal.arguments))
    return BookReport(book, False, tuple(problems), found)


def _completed(book: BookFile, before: Mapping[str, Entry]) -> BookFile:
    """The book with the groups that a public copy left closed as they stand, so that checks count them too; a group
    that does not stand there is a problem at its cell."""
    whole, problems = dict(book.entries), list(book.problems)
    for point, said in book.entries.items():
        try:
            whole[point] = with_closed(said, before.get(point))
        except Refusal as refusal:
            problems.append(Refusal(refusal.code, where=book.where(point, "parts"), **refusal.arguments))
    return replace(book, entries=whole, problems=tuple(problems))


def take_book(
    connection: sa.Connection,
    given: Path | bytes,
    name: str,
    actor: Actor,
    now: int,
    *,
    log_origin: str,
    language: Language,
    with_questions: bool = False,
    dry_run: bool = False,
    catalogue: Catalogue | None = None,
    only: tuple[str, int] | None = None,
    training: bool = False,
) -> BookReport:
    """Read a file and write its entries, in the caller's transaction.

    Nothing goes in when a cell cannot be read or an entry cannot stand. Questions of the automatic checks keep the file
    out too, unless ``with_questions``: then they are opened as questions of the book, in ``language``, and stand until
    a verifier closes them. ``only`` is the place and year that the file has to be of, ``training`` whether the folder
    takes fictional values. Raises Refusal ``not-allowed``, ``city-book-training``, ``city-book-mixed`` and those of
    ``read_book``.
    """
    book = read_book(given, name, catalogue=catalogue)
    demand(may_write(actor, book.city))
    if book.training and not training:
        raise Refusal("city-book-training", where=Where(name))
    place, year = book.city.place, book.year
    if only not in (None, (place, year)):
        expected = " ".join(map(str, only or ()))
        raise Refusal("city-book-mixed", where=Where(name), received=f"{place} {year}", expected=expected)
    before = entries(connection, place, year, book.catalogue.id)
    book = _completed(book, before)
    report = judged_file(book, before)
    if not report.would_go_in(with_questions) or not book.entries:
        return report
    if dry_run:
        said = book.entries.values()
        same = sum(in_own_unit(book.catalogue, one)[0].says_the_same(before.get(one.point)) for one in said)
        return replace(report, written=len(said) - same, same=same)
    made = write_entries(connection, book.city, year, book.catalogue, list(book.entries.values()), actor, now)
    found = [(one, one.at(None).text(language)) for one in report.questions]
    asked = ask_of_findings(connection, book.city, year, book.catalogue, found, actor, now)
    written = sum(one.recorded_at == now and one != before.get(one.point) for one in made)
    if not written:
        return BookReport(book, True, (), report.findings, 0, len(made), asked)
    content = given if isinstance(given, bytes) else given.read_bytes()
    record = Import(
        log_origin=log_origin,
        issued=issued_now(),
        author=actor.id,
        what=f"city book {place} {year} {book.catalogue.id}",
        file_name=composed(name)[:500],
        sha256=sha256_hex(content),
        rows=written,
        source=f"{place} {year}",
        licence="as the city says",
        actor=actor.id,
    )
    enqueue(connection, record)
    return BookReport(book, True, (), report.findings, written, len(made) - written, asked)
