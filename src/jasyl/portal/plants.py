"""Plants and their greenhouse gases: the list, and a plant's year with quota, lines and sensitivity."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.emissions import Shares, energy_factors, factor
from jasyl.emissions.plants import (
    PLANT_INDICATORS,
    LineResult,
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
from jasyl.quantities import UNITS
from jasyl.registry import facility_by_key

from .page import Document, NotFoundError, page
from .plant_pictures import choice_pictures, quota_picture
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
LINE_COLUMNS = (
    Column("name", "plant-column-line"),
    Column("subject", "plant-column-subject"),
    Column("reference", "plant-column-reference"),
    Column("kind", "column-kind"),
    Column("energy", "plant-column-energy", unit="MW.h", digits=0),
    Column("CO2", "plant-column-co2", unit="t", digits=1),
    Column("CH4", "plant-column-ch4", unit="t", digits=3),
    Column("N2O", "plant-column-n2o", unit="t", digits=3),
    Column("CO2_biogenic", "plant-column-biogenic", unit="t", digits=1),
    Column("equation", "plant-column-equation"),
)
INPUT_COLUMNS = (
    Column("line", "plant-column-line"),
    Column("input", "plant-column-input"),
    Column("value", "column-value", number=True),
    Column("unit", "column-unit"),
    Column("range", "plant-column-range"),
    Column("factor", "plant-column-factor"),
    Column("source", "column-source"),
    Column("origin", "plant-column-origin"),
)
ENERGY_COLUMNS = (Column("what", "column-what"), Column("value", "column-value"))
WAY_COLUMNS = (
    Column("way", "plant-column-way"),
    Column("heat", "plant-column-heat", unit="%", digits=1),
    Column("power", "plant-column-power", unit="%", digits=1),
    Column("parameters", "plant-column-parameters"),
)
CHOICE_COLUMNS = (
    Column("subject", "plant-column-choice-of"),
    Column("choice", "plant-column-choice"),
    Column("scope1", "plant-column-scope1", unit="t", digits=0),
    Column("scope2", "plant-column-scope2", unit="t", digits=0),
    Column("chosen", "plant-column-chosen"),
)
_GASES = ("CO2", "CH4", "N2O", "CO2_biogenic")


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
        "choices": Sheet(CHOICE_COLUMNS, [_choice_row(visit, one) for one in rows], visit.t("plant-sensitivity")),
        "energy": Sheet(ENERGY_COLUMNS, list(_energy_rows(visit, result)), visit.t("plant-energy-title")),
        "ways": Sheet(WAY_COLUMNS, [_way_row(visit, one) for one in result.ways], visit.t("plant-ways")),
        "inputs": Sheet(INPUT_COLUMNS, list(_input_rows(visit, result)), visit.t("plant-inputs")),
        "verified": None if report.verification is None else visit.number(report.verification.amount),
        "findings": [(one.level, one.text(visit.language)) for one in result.findings],
        "versions": data["versions"],
        "offered": [(one.figure.indicator, visit.t(f"indicator-{_dashed(one.figure.indicator)}")) for one in figures]
        if allowed
        else [],
        "files": f"/emissions/plants/{plant}/files",
    }
    sheet = Sheet(LINE_COLUMNS, [_line_row(visit, one) for one in result.lines], visit.t("plant-lines"))
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


def _energy_rows(visit: Visit, result: PlantResult) -> Iterator[dict[str, str]]:
    """What came in and went out, with what each unit sent out emitted."""
    energy = result.energy
    large, heat = UNITS["GW.h"], UNITS["Gcal_IT"]
    for name in ("burnt", "bought", "heat", "power"):
        value: float | None = getattr(energy, name)
        if value is not None:
            told = f"{visit.number(value / float(large.factor), 1)} {large.written(visit.language)}"
            if name == "heat":
                told += f" ({visit.number(value / float(heat.factor), 0)} {heat.written(visit.language)})"
            yield {"what": visit.t(f"plant-energy-{name}"), "value": told}
    if energy.efficiency is not None:
        yield {"what": visit.t("plant-energy-efficiency"), "value": f"{visit.number(energy.efficiency * 100, 1)} %"}
    for carrier, unit in (("heat", heat), ("power", UNITS["MW.h"])):
        each = result.intensity(carrier)
        if each is not None:
            told = f"{visit.number(each * float(unit.factor), 1)} {UNITS['kg'].written(visit.language)}"
            told += f"/{unit.written(visit.language)}"
            yield {"what": visit.t(f"plant-energy-intensity-{carrier}"), "value": told}


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
        "scope1": _tonnes(result.equivalent1),
        "scope2": _tonnes(result.equivalent2),
        "quota": _tonnes(balance.quota if balance else None),
        "left": _tonnes(balance.left if balance else None),
        "errors": len(result.findings),
        "version": head.version,
    }


def _line_row(visit: Visit, one: LineResult) -> dict[str, Any]:
    masses = one.emission.masses if one.emission else {}
    row: dict[str, Any] = {gas: _tonnes(float(masses[gas])) if gas in masses else None for gas in _GASES}
    if "CO2e" in masses:
        row["CO2"] = _tonnes(float(masses["CO2e"]))
    return row | {
        "name": one.name,
        "subject": subject_name(visit, one),
        "reference": one.reference,
        "energy": None if one.energy is None else one.energy / 1e6,
        "kind": visit.t(f"plant-kind-{one.kind}") if visit.form == "html" else one.kind,
        "equation": one.emission.equation if one.emission else None,
    }


def _input_rows(visit: Visit, result: PlantResult) -> Iterator[dict[str, Any]]:
    for line in result.lines:
        for one in line.emission.inputs if line.emission else ():
            ends = "" if one.low is None or one.high is None else f"{visit.number(one.low)}–{visit.number(one.high)}"
            origin = "default" if one.name in line.defaults else "factor" if one.factor else line.kind
            if one.source and not one.factor:
                origin = "stated"
            yield {
                "line": line.name,
                "input": visit.t(f"plant-input-{one.name.lower()}") if visit.form == "html" else one.name,
                "value": float(one.value),
                "unit": one.unit,
                "range": ends,
                "factor": one.factor,
                "source": one.source,
                "origin": visit.t(f"plant-origin-{origin}"),
            }


def _way_row(visit: Visit, one: Shares) -> dict[str, Any]:
    told = "; ".join(f"{name} = {visit.number(value)}" for name, value in one.parameters.items())
    return {"way": visit.t(f"plant-way-{_dashed(one.method)}"), "heat": one.heat * 100, "power": one.power * 100,
            "parameters": told}  # fmt: skip


def _choice_row(visit: Visit, one: Sensitivity) -> dict[str, Any]:
    return {
        "subject": visit.t(f"plant-choice-{one.subject}"),
        "choice": choice_name(visit, one),
        "scope1": _tonnes(one.scope1),
        "scope2": _tonnes(one.scope2),
        "chosen": visit.t("plant-chosen") if one.chosen else "",
    }


def subject_name(visit: Visit, one: LineResult) -> str:
    """A fuel, process or carrier by its word on the page, by its key in files."""
    if visit.form != "html" or (one.section == "fuel" and one.emission is None):
        return one.subject
    kind = {"fuel": "fuel", "process": "plant-process", "bought": "plant-carrier"}[one.section]
    return visit.t(f"{kind}-{_dashed(one.subject)}")


def choice_name(visit: Visit, one: Sensitivity) -> str:
    """What a choice is called: a grid factor by name and number, a calorific value by number and where it is from."""
    if one.subject == "grid":
        found = next(each for each in energy_factors("electricity") if each.key == one.choice)
        return f"{found.name(visit.language)}: {visit.number(found.value)} {found.unit}"
    if one.subject == "coal" and one.choice != "own":
        fact = factor(one.choice)
        year = f", {fact.year}" if fact.year else ""
        return f"{visit.number(fact.value)} {fact.unit} ({fact.region}{year})"
    return visit.t("plant-choice-own") if one.choice == "own" else one.choice


def _version(one: BookHead) -> dict[str, Any]:
    return {"version": one.version, "digest": one.digest, "author": one.author, "recorded_at": one.recorded_at,
            "record": one.record_id, "note": one.note, "publication": one.publication}  # fmt: skip


def _tonnes(kilograms: float | None) -> float | None:
    return None if kilograms is None else kilograms / 1000


def _tonnes_text(visit: Visit, kilograms: float | None) -> str | None:
    return None if kilograms is None else visit.number(kilograms / 1000, 0)


def _dashed(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")
