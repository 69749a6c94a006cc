"""The book of a city and year as a reader may see it: entries, verdicts, findings and threads, and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.cities import (
    BASES,
    City,
    Entry,
    EvidenceFile,
    Finding,
    Question,
    Verdict,
    attestations,
    city,
    entries,
    evidence_files,
    findings,
    may_discuss,
    may_read,
    may_verify,
    may_write,
    questions,
    verdicts,
    without_small,
    year_of,
)
from jasyl.indicators import CATALOGUES, Catalogue, catalogue
from jasyl.people import accounts
from jasyl.texts import Refusal

from .page import NotFoundError
from .visit import Visit


@dataclass(frozen=True)
class Desk:
    """The book of a city and year before a reader: only the entries that reader may see.

    ``threads`` and ``names`` (of accounts, by id) are empty for those who take no part and do not audit.
    """

    city: City
    year: int
    catalogue: Catalogue
    book: Mapping[str, Entry]
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    threads: tuple[Question, ...]
    names: Mapping[str, str]
    evidence: Mapping[str, EvidenceFile]
    writes: bool
    verifies: bool
    discusses: bool
    sees_all: bool

    @property
    def address(self) -> str:
        return f"/cities/{self.city.place}/{self.year}"

    @property
    def given(self) -> list[str]:
        """The data points with a number, in the order of the catalogue."""
        order = (*BASES, *(one.id for one in self.catalogue.points))
        return [point for point in order if point in self.book and self.book[point].is_given]

    def verdict(self, point: str) -> Verdict | None:
        """The verdict on the newest entry of a data point; one on an earlier entry does not count."""
        found, entry = self.verdicts.get(point), self.book.get(point)
        return found if found and entry and found.entry == entry.id else None

    def findings_of(self, point: str) -> list[Finding]:
        return [one for one in self.findings if one.point == point]

    def threads_of(self, point: str) -> list[Question]:
        return [one for one in self.threads if one.point == point]


def asked_book(place: str, year: str, named: str | None = None) -> tuple[City, int, Catalogue]:
    """What an address speaks of. Raises NotFoundError for what is no city, year or catalogue."""
    if (named or "u4ssc") not in CATALOGUES:
        raise NotFoundError
    try:
        return city(place), year_of(year), catalogue(named or "u4ssc")
    except Refusal:
        raise NotFoundError from None


def desk_of(visit: Visit, connection: sa.Connection, place: str, year: str) -> Desk:
    """The book of an address as the visitor may see it."""
    city_, year_, chosen = asked_book(place, year, visit.query.get("catalogue"))
    actor = visit.actor
    sees_all = may_read(actor, city_, "closed")
    held = entries(connection, city_.place, year_, chosen.id)
    book = {
        point: one if sees_all else without_small(chosen, one)
        for point, one in held.items()
        if sees_all or may_read(actor, city_, one.level)
    }
    # Before the attestation a verdict is a matter between the verifier and the city.
    told = sees_all or bool(attestations(connection, city_.place, year_, chosen.id))
    digests = [one.evidence for one in book.values() if one.evidence]
    return Desk(
        city_,
        year_,
        chosen,
        book,
        verdicts(connection, city_.place, year_, chosen.id) if told else {},
        tuple(findings(book, chosen)) if sees_all else (),
        tuple(questions(connection, city_.place, year_, chosen.id)) if sees_all else (),
        {one.id: one.name for one in accounts(connection)} if sees_all else {},
        evidence_files(connection, digests),
        may_write(actor, city_),
        may_verify(actor, city_),
        may_discuss(actor, city_),
        sees_all,
    )
