"""Importing a file of facilities: read, check every row, then take all of it or nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jasyl.intake import LIMITS, Box, Limits, Problem, Reading, choose, read, read_tables
from jasyl.jobs import Progress, Silent
from jasyl.people import Actor, Resource, may
from jasyl.places import resolve
from jasyl.quantities import UNITS, sha256_hex, unit
from jasyl.texts import Language, Refusal

from .assertions import Recorded, Statement, record
from .bin_number import parse_bin
from .duplicates import Pair, likely_duplicates
from .facility_template import facility_template
from .fields import Provenance
from .keys import is_key, own_key, slug
from .tables import enterprise, facility
from .taxonomy import family_of, resolve_technology

# Where facilities of Kazakhstan are expected; a point that fits only with its numbers exchanged is told so.
COUNTRY = Box(46.0, 40.0, 88.0, 56.0)
# In base units: more power than mankind uses, and still a 64-bit integer.
_LARGEST = Decimal(10) ** 15
_KEPT = Context(prec=15)
Row = dict[str, Any]
PlaceCheck = Callable[[Sequence[Row]], Iterator[tuple[int, Refusal | None, str]]]


@dataclass
class ImportReport:
    """What became of a file. ``applied`` says whether anything went in; ``problems`` are told line by line."""

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


def import_facilities(
    connection: sa.Connection,
    file: Path | bytes,
    name: str,
    actor: Actor,
    *,
    partial: bool = False,
    check_places: PlaceCheck | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a file of facilities into the register, inside the caller's transaction.

    Nothing is recorded when any row has a problem, unless ``partial``: then the good rows go in and the report names
    the others. ``check_places`` compares coordinates with declared regions (`places.locate`), given from outside
    because borders belong to an installation.
    Raises Refusal of the file as a whole: unreadable, too large, columns missing.
    """
    content = file if isinstance(file, bytes) else file.read_bytes()
    report = ImportReport(name, sha256_hex(content))
    progress = progress or Silent()
    progress.step("import-step-read", 0)
    table = choose(read_tables(content, name, limits=limits), facility_template())
    reading = read(table, facility_template(), box=COUNTRY)
    progress.step("import-step-check", 0)
    checked = _check(connection, reading, actor, report)
    if check_places:
        checked = _placed(checked, reading, check_places, report)
    report.rows = len(reading.rows) + len({problem.where.row for problem in reading.problems})
    report.problems, report.problem_count = (
        reading.problems + report.problems,
        (reading.problem_count + report.problem_count),
    )
    report.notes = reading.notes
    if report.problem_count and not partial:
        return report
    progress.step("import-step-record", 0, len(checked))
    enterprises = _enterprises(connection, [row for _, row in checked], actor, name)
    statements = [_statement(row, enterprises, actor, name) for _, row in checked]
    report.recorded = record(connection, "facility", statements)
    report.applied = True
    progress.step("import-step-duplicates", len(checked), len(checked))
    report.duplicates = likely_duplicates(connection, report.recorded.new)
    return report


Checked = list[tuple[int, Row]]


def _check(connection: sa.Connection, reading: Reading, actor: Actor, report: ImportReport) -> Checked:
    """The rows that fit the register, with codes in place of words; the others become problems."""
    good: Checked = []
    for position, row in enumerate(reading.rows):
        try:
            good.append((position, _resolved(row)))
        except _At as fault:
            _problem(report, reading, position, fault)
    if may(actor, "write_registry", Resource("public")):  # everywhere, whosever it is
        return good
    return _allowed(connection, good, reading, actor, report)


def _allowed(
    connection: sa.Connection, checked: Checked, reading: Reading, actor: Actor, report: ImportReport
) -> Checked:
    """The rows that ``actor`` may write: what they say, and what stands there already, must be the actor's own."""
    with_bin = sa.select(enterprise.c.bin, enterprise.c.id).where(enterprise.c.bin.is_not(None))
    own = {row.bin: row.id for row in connection.execute(with_bin)}
    standing = {
        row.key: row
        for row in connection.execute(sa.select(facility.c.key, facility.c.enterprise_id, facility.c.region))
    }
    good: Checked = []
    for position, row in checked:
        touched = [Resource("public", own.get(row.get("bin")), row.get("region"))]
        if row["key"] in standing:
            now = standing[row["key"]]
            touched.append(Resource("public", now.enterprise_id, now.region))
        if all(may(actor, "write_registry", one) for one in touched):
            good.append((position, row))
        else:
            _problem(report, reading, position, _At("name", Refusal("not-allowed")))
    return good


class _At(Exception):
    """A refusal and the column it speaks of."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        super().__init__(key)
        self.key, self.refusal = key, refusal


def _problem(report: ImportReport, reading: Reading, position: int, fault: _At) -> None:
    report.problem_count += 1
    if len(report.problems) < reading.match.table.limits.problems:
        where = reading.where(position, fault.key)
        report.problems.append(Problem(Refusal(fault.refusal.code, where=where, **fault.refusal.arguments)))


def _resolved(row: Row) -> Row:
    """``row`` with technology, region, unit and BIN as codes, and with a key. Raises _At."""
    made = dict(row)
    for key, resolver in (("technology", _technology_code), ("region", _region_code), ("capacity_unit", _unit_code)):
        if made.get(key):
            made[key] = _asked(key, resolver, made[key])
    if made.get("bin"):
        made["bin"] = _asked("bin", parse_bin, made["bin"])
    if made.get("capacity") is not None:
        made["capacity"] = _capacity(made["capacity"], made.get("capacity_unit"))
    if (made.get("lon") is None) != (made.get("lat") is None):
        raise _At("lon", Refusal("half-a-place"))
    if made.get("key") and not is_key(made["key"]):
        raise _At("key", Refusal("key-form", received=made["key"][:40], expected=slug(made["key"])))
    if not made.get("key"):
        made["key"] = own_key(made["name"], *(made.get(part) for part in ("technology", "region", "lon", "lat")))
    return made


def _capacity(value: Decimal, unit_code: str | None) -> Decimal:
    """``value`` as the register keeps it, so that the same file says the same again: 15 digits, 6 behind the point."""
    if not unit_code:
        raise _At("capacity", Refusal("capacity-without-unit", received=str(value)))
    if unit_code in UNITS and UNITS[unit_code].to_base(value) > _LARGEST:
        raise _At("capacity", Refusal("above-maximum", received=f"{value} {unit_code}", expected=f"{_LARGEST:.0e}"))
    return round(_KEPT.plus(value), 6)


def _asked(key: str, resolver: Callable[[str], str], value: str) -> str:
    try:
        return resolver(value)
    except Refusal as refusal:
        raise _At(key, refusal) from refusal


@lru_cache(maxsize=4096)
def _technology_code(text: str) -> str:
    code = resolve_technology(text).code
    family_of(code)  # a heading over several families is no technology of a facility
    return code


@lru_cache(maxsize=4096)
def _region_code(text: str) -> str:
    return resolve(text).iso


# Sizes that are kept as written and never summed over facilities: counts, and masses, volumes, lengths per time.
_SIZE = re.compile(r"(?:kg|t|kt|m|m3|L)?\{[^{}\s]+\}(?:/(?:h|d|wk|mo|a))?|(?:kg|t|kt|m|m3|L)/(?:h|d|wk|mo|a)")


@lru_cache(maxsize=4096)
def _unit_code(text: str) -> str:
    """A unit of the house, a counted thing in braces (``{buses}``), or a throughput in UCUM (``t/d``, ``L/mo``)."""
    return text if _SIZE.fullmatch(text) else unit(text).ucum


def _placed(checked: Checked, reading: Reading, check: PlaceCheck, report: ImportReport) -> Checked:
    bad: set[int] = set()
    for index, refusal, warning in check([row for _, row in checked]):
        position = checked[index][0]
        if refusal:
            bad.add(index)
            _problem(report, reading, position, _At("lon", refusal))
        else:
            report.warnings.append((reading.numbers[position], warning))
    return [one for index, one in enumerate(checked) if index not in bad] if bad else checked


def _enterprises(connection: sa.Connection, rows: Sequence[Row], actor: Actor, file: str) -> dict[str, str]:
    """Id of the enterprise of each row by its BIN or name; unknown ones are recorded first."""
    known = _known_enterprises(connection)
    new: dict[str, Statement] = {}
    for row in rows:
        said = row.get("bin") or row.get("enterprise")
        if said and said not in known and said not in new:
            name = row.get("enterprise") or said
            key = own_key(name, row.get("bin") or "")
            fields = {"name_ru": name, "bin": row.get("bin")}
            new[said] = Statement(key, {k: v for k, v in fields.items() if v}, _provenance(row, actor, file))
    if new:
        record(connection, "enterprise", list(new.values()))
        known = _known_enterprises(connection)
    return known


def _known_enterprises(connection: sa.Connection) -> dict[str, str]:
    known: dict[str, str] = {}
    columns = (enterprise.c.id, enterprise.c.key, enterprise.c.bin, enterprise.c.name_kk, enterprise.c.name_ru)
    for id_, *ways in connection.execute(sa.select(*columns, enterprise.c.name_en)):
        known.update({way: id_ for way in ways if way})
    return known


_COPIED = (
    "name_kk", "name_ru", "name_en", "technology", "status", "capacity", "capacity_unit", "region", "place",
    "lon", "lat", "place_precision", "note",
)  # fmt: skip


def _statement(row: Row, enterprises: Mapping[str, str], actor: Actor, file: str) -> Statement:
    fields: dict[str, Any] = {key: row[key] for key in _COPIED if row.get(key) is not None}
    if not any(fields.get(f"name_{language}") for language in ("kk", "ru", "en")):
        fields["name_ru"] = row["name"]
    for key in ("commissioned", "expected"):
        if row.get(key) is not None:
            fields[key] = str(row[key])
    said = row.get("bin") or row.get("enterprise")
    if said:
        fields["enterprise_id"] = enterprises[said]
    if row.get("lon") is not None:
        fields.setdefault("place_precision", "approximate")
    provenance = _provenance(row, actor, file)
    said = row.get("confirmed")
    fields["confirmed"] = provenance.confidence != "low" if said is None else said
    return Statement(row["key"], fields, provenance)


def _provenance(row: Row, actor: Actor, file: str) -> Provenance:
    said = (row.get("source") or file, row.get("confidence") or "medium", row.get("source_date"))
    return _said_by(actor.id, *said, row.get("level") or "public")


@lru_cache(maxsize=1000)
def _said_by(actor: str, source: str, confidence: str, source_date: str | None, level: str) -> Provenance:
    """One object for the many rows of a file that come from the same source."""
    return Provenance(source, actor, confidence, source_date, level=level)
