"""The verified page of a city: signed statements of its data points, and the record that attests them together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl import figures, ledger
from jasyl.figures import Describer, Figure, FigureKind, Node, Reference, Subject
from jasyl.indicators import Catalogue
from jasyl.people import Actor
from jasyl.quantities import LOCAL_TIME, canonical_json, decimal_text, instant, microseconds, period
from jasyl.texts import Refusal

from .access import demand, may_verify
from .book import entries
from .city import City
from .discussion import Question, questions
from .entry import Entry
from .evidence import evidence_files
from .findings import findings
from .methods import PointNumbers, PointParameters, city_indicator
from .tables import attestation_table, entry_table
from .verdicts import Verdict, verdicts

RULES = "city-verification"
# So many data points are named in a refusal; the page lists them all.
_NAMED = 8


@dataclass(frozen=True)
class Attestation:
    """What a verifier attested: ``statements`` gives the log's record of each verified public data point,
    ``not_verified`` and ``closed`` name the entries (by digest) that were judged but not published."""

    id: str
    place: str
    year: int
    catalogue: str
    catalogue_version: str
    record_id: str
    author: str
    recorded_at: int
    statements: Mapping[str, str]
    not_verified: Mapping[str, str]
    closed: Mapping[str, str]


@dataclass(frozen=True)
class Readiness:
    """What stands in the way of an attestation: data points without a verdict on their newest entry, questions not
    closed, findings that nobody asked about or whose question is open."""

    unjudged: tuple[str, ...]
    open_questions: tuple[Question, ...]
    open_findings: tuple[str, ...]
    verified: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not (self.unjudged or self.open_questions or self.open_findings) and bool(self.verified)


def readiness(connection: sa.Connection, place: str, year: int, catalogue: Catalogue) -> Readiness:
    """Whether a book can be attested."""
    book = entries(connection, place, year, catalogue.id)
    judged = verdicts(connection, place, year, catalogue.id)
    threads = questions(connection, place, year, catalogue.id)
    closed = {(one.point, one.first.finding) for one in threads if not one.is_open and one.first.finding}
    found = [
        f"{one.point} ({one.code.removeprefix('city-')})"
        for one in findings(book, catalogue)
        if one.severity != "remark" and (one.point, one.code) not in closed
    ]
    given = [point for point, entry in book.items() if entry.is_given and catalogue.has(point)]
    return Readiness(
        tuple(point for point in given if not _holds(judged.get(point), book[point])),
        tuple(one for one in threads if one.is_open),
        tuple(found),
        tuple(point for point in given if _holds(judged.get(point), book[point]) and judged[point].verified),
    )


def attest(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    actor: Actor,
    now: int,
    *,
    log_origin: str,
    signers: Sequence[ledger.RecordSigner],
    kind: FigureKind = "published",
) -> Attestation:
    """Publish the verified data points of a book as statements and record, in the log, that they were attested.

    All in the caller's transaction; ``signers`` are the keys of the issuer. A later attestation supersedes the
    earlier one, and its statements theirs. Raises Refusal ``not-allowed``, ``city-unjudged``,
    ``city-questions-open``, ``city-findings-open``, ``city-nothing-verified``.
    """
    demand(may_verify(actor, city))
    ready = readiness(connection, city.place, year, catalogue)
    _refuse_unready(ready)
    book = entries(connection, city.place, year, catalogue.id)
    judged = verdicts(connection, city.place, year, catalogue.id)
    verified = {point: book[point] for point in ready.verified}
    published = {point: entry for point, entry in verified.items() if entry.level == "public"}
    document: dict[str, Any] = {
        "statements": {
            point: _publish(connection, city, year, catalogue, entry, actor, now, log_origin, kind, signers)
            for point, entry in sorted(published.items())
        },
        "closed": {point: entry.digest for point, entry in sorted(verified.items()) if entry.level != "public"},
        "not_verified": {
            point: book[point].digest for point, one in sorted(judged.items())
            if not one.verified and _holds(one, book.get(point))
        },
        "bases": {point: entry.digest for point, entry in sorted(book.items()) if entry.is_base and entry.is_given},
    }  # fmt: skip
    _tell_evidence(connection, city, year, published, document["statements"], actor, now, log_origin)
    earlier = attestations(connection, city.place, year, catalogue.id)
    record = ledger.Decision(
        log_origin=log_origin,
        issued=ledger.issued_now(instant(now)),
        author=actor.id,
        subject=f"{city.place}/{year}/{catalogue.id}",
        rules=RULES,
        rules_version=catalogue.version,
        payload=document,
        actor=actor.id,
        supersedes=earlier[-1].record_id if earlier else None,
    )
    row = {
        "id": str(ULID()),
        "place": city.place,
        "year": year,
        "catalogue": catalogue.id,
        "catalogue_version": catalogue.version,
        "record_id": ledger.enqueue(connection, ledger.sign_record(record, signers)),
        "document": canonical_json(document).decode(),
        "author": actor.id,
        "recorded_at": now,
    }
    connection.execute(sa.insert(attestation_table).values(row))
    return _attestation(row)


def attestations(connection: sa.Connection, place: str, year: int, catalogue: str) -> list[Attestation]:
    """Every attestation of a book, oldest first; the last one is in force."""
    held = attestation_table.c
    mine = (held.place == place) & (held.year == year) & (held.catalogue == catalogue)
    rows = connection.execute(sa.select(attestation_table).where(mine).order_by(held.number)).mappings()
    return [_attestation(row) for row in rows]


def indicator_of(catalogue: str, point: str) -> str:
    """The indicator of the figures of a data point: ``u4ssc.EC.ICT.ICT.1C``."""
    return f"{catalogue}.{point}"


def _publish(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    entry: Entry,
    actor: Actor,
    now: int,
    log_origin: str,
    kind: FigureKind,
    signers: Sequence[ledger.RecordSigner],
) -> str:
    """The record id of the statement of one entry."""
    point = catalogue.point(entry.point)
    parameters = PointParameters(
        catalogue.id, catalogue.version, point.id, decimal_text(point.multiplier), point.has_denominator
    )
    outcome = city_indicator(parameters, PointNumbers(entry.numerator, entry.denominator, entry.value))
    when = period(str(year), LOCAL_TIME)
    figure = Figure(
        indicator_of(catalogue.id, point.id),
        Subject("place", city.place),
        when.name,
        microseconds(when.start),
        microseconds(when.end),
        unit_code(point.unit),
        outcome.value,
        None,
        outcome.completeness,
        kind,
        "city.indicator",
        "1.0.0",
        {name: getattr(parameters, name) for name in parameters.__struct_fields__},
        (Reference("city_entry", entry.id, _entry_record(connection, city, year, catalogue.id, entry, log_origin)),),
    )
    kept = figures.store(connection, figure, (), now)
    made = figures.publish(
        connection, kept.id, actor.id, now, log_origin=log_origin, reason="attested again", signers=signers
    )
    return made.record_id


def _entry_record(
    connection: sa.Connection, city: City, year: int, catalogue: str, entry: Entry, log_origin: str
) -> str:
    """The id of the record that says who entered what (by its SHA-256) and when: what the statement rests on."""
    record = ledger.Import(
        log_origin=log_origin,
        issued=ledger.issued_now(instant(entry.recorded_at)),
        author=entry.author,
        what=f"entry of a city book: {city.place} {year} {indicator_of(catalogue, entry.point)}",
        file_name=entry.id,
        sha256=entry.digest,
        rows=1,
        source=f"{city.place} {year}",
        licence="as the city says",
        actor=entry.author,
    )
    return ledger.enqueue(connection, record)


# Units of the catalogue that UCUM knows; the others are told in braces, which UCUM leaves to whoever writes.
_UCUM = {"percent": "%", "ug/m3": "ug/m3", "years": "a", "minutes": "min", "number": "{count}", "ratio": "1"}


def unit_code(unit: str) -> str:
    """The UCUM code of a unit of a catalogue."""
    plain = unit.replace("{", "(").replace("}", ")")
    return "%" if unit.startswith("percent") else _UCUM.get(unit, "{" + plain + "}")


def _tell_evidence(
    connection: sa.Connection,
    city: City,
    year: int,
    published: Mapping[str, Entry],
    statements: Mapping[str, str],
    actor: Actor,
    now: int,
    log_origin: str,
) -> None:
    """A record of each file behind the statements: its hash and size, never its name, which can hold a person's."""
    behind: dict[str, list[str]] = {}
    for point, entry in sorted(published.items()):
        if entry.evidence:
            behind.setdefault(entry.evidence, []).append(point)
    for digest, kept in evidence_files(connection, list(behind)).items():
        record = ledger.Evidence(
            log_origin=log_origin,
            issued=ledger.issued_now(instant(now)),
            author=actor.id,
            sha256=digest,
            size=kept.size,
            media_type=kept.media_type,
            title=f"{city.place} {year}: {', '.join(behind[digest])}"[:4_000],
            custodian=city.place,
            about=[statements[point] for point in behind[digest]],
            actor=actor.id,
        )
        ledger.enqueue(connection, record)


def _refuse_unready(state: Readiness) -> None:
    for code, standing in (
        ("city-unjudged", state.unjudged),
        ("city-questions-open", tuple(one.point or "—" for one in state.open_questions)),
        ("city-findings-open", state.open_findings),
    ):
        if standing:
            named = ", ".join(standing[:_NAMED]) + (" …" if len(standing) > _NAMED else "")
            raise Refusal(code, received=named, count=len(standing))
    if not state.verified:
        raise Refusal("city-nothing-verified")


def _holds(verdict: Verdict | None, entry: Entry | None) -> bool:
    """Whether a verdict is about the newest entry, and that still says a number."""
    return verdict is not None and entry is not None and entry.is_given and verdict.entry == entry.id


def _attestation(row: Mapping[Any, Any]) -> Attestation:
    document = json.loads(row["document"])
    said = {name: row[name] for name in Attestation.__dataclass_fields__ if name in row}
    return Attestation(**said, **{name: document[name] for name in ("statements", "not_verified", "closed")})


def entry_describers() -> dict[str, Describer]:
    """What the passport of a statement says of the entry it rests on; one that is closed by now tells its hash only."""

    def said(connection: sa.Connection, reference: Reference) -> Node:
        row = connection.execute(sa.select(entry_table).where(entry_table.c.id == reference.id)).mappings().first()
        if row is None or row["level"] != "public":
            return Node(reference.kind, reference.id, {"digest": reference.hash})
        told = ("place", "year", "catalogue", "point", "numerator", "denominator", "value", "status", "origin",
            "quality", "dated", "evidence", "digest")  # fmt: skip
        values = {name: row[name] for name in told} | {"record": reference.hash}
        return Node(reference.kind, reference.id, values)

    return {"city_entry": said}
