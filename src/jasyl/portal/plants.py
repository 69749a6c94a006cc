"""Plants and their greenhouse gases: the list, and a plant's year with quota, lines and sensitivity."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.emissions.plants import (
    PLANT_INDICATORS,
    PlantReport,
    PlantResult,
    Sensitivity,
    assess,
    metered_amounts,
    plant_subject,
    report_of,
    sensitivity,
)
from jasyl.emissions.plants.telling import result_data
from jasyl.facts import BookHead, book_versions, books, get_book
from jasyl.figures import StoredFigure, current_of
from jasyl.monitoring import figure_kind
from jasyl.people import Actor, Resource, may
from jasyl.registry import facility_by_key

from .page import Document, NotFoundError, page
from .plant_pictures import choice_pictures, quota_picture
from .plant_rows import (
    CHOICE_COLUMNS,
    ENERGY_COLUMNS,
    INPUT_COLUMNS,
    LINE_COLUMNS,
    WAY_COLUMNS,
    choice_name,
    choice_row,
    dashed,
    energy_rows,
    input_rows,
    line_row,
    tonnes,
    way_row,
)
from .publishing import may_publish
from .sheet import Column, Sheet
from .visit import Visit

LIST_COLUMNS = (
    Column("plant", "plant-field-plant", files_only=True),
    Column("name", "column-name", link=True),
    Column("place", "column-region"),
    Column("year", "column-year"),
    Column("stage", "column-status"),
    Column("scope1", "plant-column-scope1", unit="t", digits=0),
    Column("scope2", "plant-column-scope2", unit="t", digits=0),
    Column("quota", "plant-quota", unit="t", digits=0),
    Column("left", "plant-left", unit="t", digits=0),
    Column("errors", "plant-column-findings", digits=0),
)


@page("/emissions/plants", "Plants and their greenhouse gases: newest reports")
def plants_list(visit: Visit, connection: sa.Connection) -> Document:
    """The newest report of every plant and year that this reader may see."""
    rows = [_list_row(visit, connection, head, report) for head, report in _readable(visit, connection)]
    sheet = Sheet(LIST_COLUMNS, rows, visit.t("plants-caption"))
    plain = [{key: value for key, value in row.items() if not key.endswith("_link")} for row in rows]
    context = {"may_keep": may_keep(visit.actor), "levels": ("public", "aggregated", "closed")}
    return Document("plants.html", visit.t("plants-title"), {"plants": plain}, sheet, context)


@page("/emissions/plants/{plant:str}", "A plant's greenhouse gases in a year: ?year=")
def plant_page(visit: Visit, connection: sa.Connection, plant: str) -> Document:
    """Scope 1 and 2, quota against emission, every line and its inputs, what other choices would give."""
    mine = [(head, report) for head, report in _readable(visit, connection) if head.place == plant]
    if not mine:
        raise NotFoundError
    years = [report.year for _, report in mine]
    year = visit.whole("year", years[-1], 1990, 2100)
    head, report = next(((head, report) for head, report in mine if report.year == year), (None, None))
    if head is None or report is None:
        raise NotFoundError
    result, rows = examined(visit, connection, report)
    figures = _figures(visit, connection, report)
    title = visit.t("plant-page-title", name=report.name, year=str(report.year))
    data = result_data(result, rows, visit.language)
    data["versions"] = [_version(one) for one in book_versions(connection, "plant_report", plant, head.period)]
    data["figures"] = {one.figure.indicator: one.id for one in figures}
    facility = facility_by_key(connection, plant, visit.actor)
    allowed = may_publish(visit.actor, facility) if facility else may_publish(visit.actor, place=report.place)
    context = {
        "report": report,
        "result": result,
        "head": head,
        "facility": facility,
        "totals": list(_totals(visit, result)),
        "years": [(one, visit.with_query(year=one), one == year) for one in dict.fromkeys(years)],
        "quota_svg": quota_picture(visit.language, [assess_of(visit, connection, each) for _, each in mine]),
        "pictures": choice_pictures(visit.language, rows, lambda one: choice_name(visit, one)),
        "choices": Sheet(CHOICE_COLUMNS, [choice_row(visit, one) for one in rows], visit.t("plant-sensitivity")),
        "energy": Sheet(ENERGY_COLUMNS, list(energy_rows(visit, result)), visit.t("plant-energy-title")),
        "ways": Sheet(WAY_COLUMNS, [way_row(visit, one) for one in result.ways], visit.t("plant-ways")),
        "inputs": Sheet(INPUT_COLUMNS, list(input_rows(visit, result)), visit.t("plant-inputs")),
        "verified": None if report.verification is None else visit.number(report.verification.amount),
        "findings": [(one.level, one.text(visit.language)) for one in result.findings],
        "versions": data["versions"],
        "offered": [(one.figure.indicator, visit.t(f"indicator-{dashed(one.figure.indicator)}")) for one in figures]
        if allowed
        else [],
        "files": f"/emissions/plants/{plant}/files",
    }
    sheet = Sheet(LINE_COLUMNS, [line_row(visit, one) for one in result.lines], visit.t("plant-lines"))
    return Document("plant.html", title, data, sheet, context)


def may_keep(actor: Actor, facility: Mapping[Any, Any] | None = None, place: str | None = None) -> bool:
    """Whether somebody may keep a report of a plant: those who may write the register there."""
    if facility is not None:
        return may(actor, "write_registry", Resource("closed", facility["enterprise_id"], facility["region"]))
    if place is not None:
        return may(actor, "write_registry", Resource("closed", region=place))
    return bool(actor.roles & {"agency", "akimat", "enterprise"})


def readable_report(visit: Visit, connection: sa.Connection, plant: str, year: str | None) -> PlantReport:
    """The newest report of a plant (of a year) that this reader may see. Raises NotFoundError."""
    mine = [one for head, one in _readable(visit, connection) if head.place == plant and year in (None, head.period)]
    if not mine:
        raise NotFoundError
    return mine[-1]


def _readable(visit: Visit, connection: sa.Connection) -> Iterator[tuple[BookHead, PlantReport]]:
    for head in books(connection, "plant_report"):
        facility = facility_by_key(connection, head.place, visit.actor)
        owner = facility["enterprise_id"] if facility else None
        report = report_of(get_book(connection, head.id))
        region = facility["region"] if facility else report.place
        if may(visit.actor, "read", Resource(head.publication, owner, region)):
            yield head, report


def assess_of(visit: Visit, connection: sa.Connection, report: PlantReport) -> PlantResult:
    """A report with the figures of its meters."""
    subject = plant_subject(facility_by_key(connection, report.plant, visit.actor), report.plant)
    return assess(report, metered_amounts(connection, report, subject, figure_kind(visit.house.folder)))


def examined(
    visit: Visit, connection: sa.Connection, report: PlantReport
) -> tuple[PlantResult, tuple[Sensitivity, ...]]:
    """A report and what other choices would give."""
    subject = plant_subject(facility_by_key(connection, report.plant, visit.actor), report.plant)
    metered = metered_amounts(connection, report, subject, figure_kind(visit.house.folder))
    return assess(report, metered), sensitivity(report, metered)


def _figures(visit: Visit, connection: sa.Connection, report: PlantReport) -> list[StoredFigure]:
    subject = plant_subject(facility_by_key(connection, report.plant, visit.actor), report.plant)
    found = (one for name in PLANT_INDICATORS for one in current_of(connection, subject, name))
    return [one for one in found if one.figure.period == str(report.year)]


def _totals(visit: Visit, result: PlantResult) -> Iterator[dict[str, Any]]:
    for name, value, spread in (
        ("plant-scope1", result.equivalent1, result.uncertainty1),
        ("plant-scope2", result.equivalent2, result.uncertainty2),
        ("plant-scope2-market", result.equivalent_market, None),
    ):
        note = None if spread is None or not value else f"± {visit.number(196 * spread / value, 1)} % (95 %)"
        yield {"label": visit.t(name), "value": _tonnes_text(visit, value), "note": note}
    if result.balance is not None:
        balance = result.balance
        covered = visit.t("plant-covers", covers=balance.covers)
        yield {"label": visit.t("plant-quota"), "value": _tonnes_text(visit, balance.quota), "note": covered}
        yield {"label": visit.t("plant-left"), "value": _tonnes_text(visit, balance.left), "note": covered}


def _list_row(visit: Visit, connection: sa.Connection, head: BookHead, report: PlantReport) -> dict[str, Any]:
    result = assess_of(visit, connection, report)
    balance = result.balance
    return {
        "plant": report.plant,
        "name": report.name,
        "name_link": visit.href(f"/emissions/plants/{report.plant}", year=report.year),
        "place": visit.place(report.place) if report.place.startswith("KZ-") else report.place,
        "year": str(report.year),
        "stage": visit.t(f"plant-stage-{report.stage}") if visit.form == "html" else report.stage,
        "scope1": tonnes(result.equivalent1),
        "scope2": tonnes(result.equivalent2),
        "quota": tonnes(balance.quota if balance else None),
        "left": tonnes(balance.left if balance else None),
        "errors": len(result.findings),
        "version": head.version,
    }


def _version(one: BookHead) -> dict[str, Any]:
    return {"version": one.version, "digest": one.digest, "author": one.author, "recorded_at": one.recorded_at,
            "record": one.record_id, "note": one.note, "publication": one.publication}  # fmt: skip


def _tonnes_text(visit: Visit, kilograms: float | None) -> str | None:
    return None if kilograms is None else visit.number(kilograms / 1000, 0)
