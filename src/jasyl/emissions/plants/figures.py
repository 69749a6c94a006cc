"""Scope 1 and 2 and the energy of a kept report as figures that name book version, factors and meters' figures."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.facts import Book, book_versions, get_book, keep_book
from jasyl.facts.book import BookLevel
from jasyl.figures import (
    FigureKind,
    Gathered,
    Gatherer,
    Outcome,
    Reference,
    Request,
    StoredFigure,
    Subject,
    current,
    key_of,
    make,
    method,
)
from jasyl.quantities import period
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..factors import factor
from .amounts import Metered
from .assessment import PlantResult, assess
from .report import PlantReport, plant_report_of

SCOPE1, SCOPE2, SCOPE2_MARKET, ENERGY = (
    "emissions.plant_scope1", "emissions.plant_scope2", "emissions.plant_scope2_market", "energy.plant_used",
)  # fmt: skip
PLANT_INDICATORS: tuple[str, ...] = (SCOPE1, SCOPE2, SCOPE2_MARKET, ENERGY)
_STEP = Decimal("0.001")


class FromBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the book, and the potentials its sums are made with."""

    book: str
    series: str
    methane: str | None = None


def _outcome(value: float | None, uncertainty: float | None = None) -> Outcome:
    def rounded(number: float | None) -> Decimal | None:
        return None if number is None else Decimal(repr(number)).quantize(_STEP, ROUND_HALF_EVEN)

    return Outcome(rounded(value), None, rounded(uncertainty))


@method(SCOPE1, "1.0.0", indicator=SCOPE1, kind="modelled", unit="kg", parameters=FromBook)
def plant_scope1(_parameters: FromBook, data: PlantResult) -> Outcome:
    """kg CO2e of the plant's own fires and processes, without biogenic CO2, with its standard uncertainty."""
    return _outcome(data.equivalent1, data.uncertainty1)


@method(SCOPE2, "1.0.0", indicator=SCOPE2, kind="modelled", unit="kg", parameters=FromBook)
def plant_scope2(_parameters: FromBook, data: PlantResult) -> Outcome:
    """kg CO2e of energy bought, location-based, with its standard uncertainty."""
    return _outcome(data.equivalent2, data.uncertainty2)


@method(SCOPE2_MARKET, "1.0.0", indicator=SCOPE2_MARKET, kind="modelled", unit="kg", parameters=FromBook)
def plant_scope2_market(_parameters: FromBook, data: PlantResult) -> Outcome:
    """kg CO2e of energy bought by the contracts it was bought with."""
    return _outcome(data.equivalent_market)


@method(ENERGY, "1.0.0", indicator=ENERGY, kind="modelled", unit="W.h", parameters=FromBook)
def plant_energy(_parameters: FromBook, data: PlantResult) -> Outcome:
    """W·h that the plant took in: fuel burnt by its net calorific value, electricity and heat bought."""
    return _outcome(data.energy.used)


def keep_plant_report(
    connection: sa.Connection,
    folder: DataFolder,
    report: PlantReport,
    author: str,
    *,
    publication: BookLevel = "public",
    note: str = "",
    metered: Mapping[str, Metered] | None = None,
) -> Book:
    """Keep a report as the newest version of the book of its plant and year; ``metered`` are its meters' amounts.

    Raises Refusal ``plant-report-errors`` for one whose lines cannot all be calculated, with the first of its errors,
    ``plant-training`` for an example in a folder of real data and ``plant-stage`` for a step back in its life: a
    plan after a report, a report after a verified one.
    """
    errors = assess(report, metered).errors
    if errors:
        raise Refusal("plant-report-errors", received=str(len(errors)), first=errors[0].text("en"))
    if report.training != (folder.kind == "training"):
        raise Refusal("plant-training", received=report.plant)
    year = str(report.year)
    before = book_versions(connection, "plant_report", report.plant, year)
    if before:
        last = report_of(get_book(connection, before[-1].id))
        order = ("plan", "report", "verified")
        if order.index(report.stage) < order.index(last.stage):
            raise Refusal("plant-stage", received=report.stage, expected=last.stage)
    return keep_book(
        connection, folder, "plant_report", report.plant, year, report.as_data(), author,
        note=note, publication=publication,
    )  # fmt: skip


def report_of(book: Book) -> PlantReport:
    """The report that a book holds."""
    return plant_report_of(book.content)


def plant_subject(facility: Mapping[Any, Any] | None, plant: str) -> Subject:
    """The facility of the register that a report is about, or the plant by its key where the register has none."""
    return Subject("plant", plant) if facility is None else Subject("facility", facility["id"])


def meters_of(report: PlantReport) -> tuple[str, ...]:
    """The indicators whose figures a report takes its amounts from, each once."""
    named = [line.meter for line in (*report.fuels, *report.processes, *report.bought)]
    if report.sent_out is not None:
        named += [report.sent_out.heat.meter, report.sent_out.power.meter]
    if report.quota is not None and report.quota.output is not None:
        named.append(report.quota.output.meter)
    return tuple(dict.fromkeys(meter for meter in named if meter))


def metered_amounts(
    connection: sa.Connection, report: PlantReport, subject: Subject, kind: FigureKind = "observed"
) -> dict[str, Metered]:
    """The figures of the plant and year that the report's meters name; what was never made is not in it."""
    wanted = meters_of(report)
    keys = {key_of(meter, subject, str(report.year), kind): meter for meter in wanted}
    found: dict[str, Metered] = {}
    for key, stored in current(connection, list(keys)).items():
        one = stored.figure
        if one.value is not None:
            found[keys[key]] = Metered(one.value, one.unit, one.completeness, stored.id, one.content_hash)
    return found


def make_plant_figures(
    connection: sa.Connection, book: Book, subject: Subject, kind: FigureKind, now: int
) -> list[StoredFigure]:
    """Compute and keep scope 1 and 2 of a kept report; ``kind`` is that of the meters' figures (observed, training).

    A plan has no emission yet and gives none.
    """
    report = report_of(book)
    if report.stage == "plan":
        return []
    result = assess(report, metered_amounts(connection, report, subject, kind))
    wanted = [SCOPE1, ENERGY]
    if report.bought:
        wanted += [SCOPE2]
        wanted += [SCOPE2_MARKET] if any(line.contract for line in report.bought) else []
    parameters: dict[str, str | int | bool | None] = {"book": book.id, "series": report.series}
    if report.methane is not None:
        parameters["methane"] = report.methane
    request = Request(subject, period(str(report.year)), parameters)
    ways = plant_gatherers(kind)
    return [make(connection, ways, name, request, now) for name in wanted if _has(result, name)]


def plant_gatherers(kind: FigureKind = "observed") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need; ``kind`` is that of the meters' figures."""

    def gather(connection: sa.Connection, request: Request) -> Gathered:
        book = get_book(connection, str(request.parameters["book"]))
        report = report_of(book)
        metered = metered_amounts(connection, report, request.subject, kind)
        result = assess(report, metered)
        used = [Reference("book", book.id, book.digest)]
        used += [Reference("figure", one.figure, one.digest) for one in metered.values()]
        used += [Reference("emission_factor", one, factor(one).digest) for one in result.factors]
        return Gathered(
            result, tuple(used), publication=book.publication, kind="training" if kind == "training" else "modelled"
        )

    return dict.fromkeys(PLANT_INDICATORS, gather)


def _has(result: PlantResult, name: str) -> bool:
    values = {SCOPE1: result.equivalent1, SCOPE2: result.equivalent2, SCOPE2_MARKET: result.equivalent_market}
    return {**values, ENERGY: result.energy.used}[name] is not None
