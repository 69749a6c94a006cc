"""Municipal waste of a place: the programme kept last (or the one that ships) beside what is published."""

from functools import lru_cache
from typing import Any

import numpy as np
import sqlalchemy as sa

from jasyl.circular.account import name_of
from jasyl.circular.kept import kept_model
from jasyl.circular.waste import (
    DEFINITIONS,
    Comparison,
    SeriesPoint,
    WasteEffects,
    WasteProgramme,
    compare,
    comparison_columns,
    ends_chart,
    finding_lines,
    flow_message,
    gases_chart,
    published_series,
    scenario_name,
    shares_chart,
    starter_programme,
    target_chart,
)
from jasyl.figures import Subject, current_of
from jasyl.quantities import written_unit
from jasyl.registry import FacilityFilter, facilities

from .circular_models import TONNE, Picture, in_tonnes, model_document, nothing_kept, place_name, publishing
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

_SHOWN = 5e-4  # a deviation of a share that rounds to more than nothing
_YEAR = 4  # characters of a period that is a year


@page("/circular/{place:str}/waste", "Municipal waste: flows, scenarios, targets against published rates with breaks")
def waste_page(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """The programme kept last or the one that ships, beside what is published of the place."""
    title = visit.t("circular-page-waste-title", place=place_name(visit, place))
    points = published_series(place)
    found = kept_model(connection, WasteProgramme, place)
    programme, book = found or (starter_programme(place), None)
    pictures = [_series_picture(visit, points, title)] if any(one.measure == "rate" for one in points) else []
    plants = _metered(visit, connection, place)
    if programme is None:
        if not points and not plants.rows:
            return nothing_kept(visit, place, "waste", title, "jasyl circular scenario FILE --keep")
        sheet = pictures[0].sheet if pictures and pictures[0].sheet else plants
        data = {"published": [vars(one) for one in points]}
        return model_document(
            visit, place, "waste", title, sheet, data, None, pictures=pictures, shown=[plants], notes=[]
        )  # fmt: skip
    comparison = compare(programme) if book else _starter_comparison(place)
    base = comparison.outcomes[0]
    pictures += [
        Picture("ends", visit.t("circular-page-ends-title"), ends_chart(base, visit.language)),
        Picture("shares", visit.t("circular-page-shares-title"), shares_chart(base, visit.language)),
        Picture("gases", visit.t("circular-page-gases-title"), gases_chart(comparison, visit.language)),
    ]
    shown = [_scenarios(visit, comparison), _targets(visit, comparison)]
    if len(programme.members) > 1:
        shown.append(_exchange(visit, base))
    shown += [_plants(visit, base), plants]
    data = comparison.as_data() | {"published": [vars(one) for one in points]}
    notes = [name_of(programme.notes, visit.language), *finding_lines(base.run, visit.language)]
    whole = Sheet(_comparison_columns(), [in_tonnes(row) for row in comparison.rows()], title)
    return model_document(
        visit, place, "waste", title, whole, data, book, pictures=pictures, shown=shown, notes=notes,
        publishing=publishing(visit, connection, book, str(programme.first_year)),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _starter_comparison(place: str) -> Comparison:
    programme = starter_programme(place)
    if programme is None:
        raise NotFoundError
    return compare(programme)


def _series_picture(visit: Visit, points: tuple[SeriesPoint, ...], title: str) -> Picture:
    columns = [
        Column("year", "circular-column-year"), Column("measure", "circular-column-quantity"),
        Column("definition", "circular-page-counts"), Column("value", "circular-column-value", digits=1),
        Column("unit", "circular-column-unit"), Column("source", "column-source"),
        Column("confidence", "column-confidence", choices="confidence-level"), Column("note", "column-note"),
    ]  # fmt: skip
    rows = [
        vars(one)
        | {
            "year": str(one.year),
            "unit": visit.unit(one.unit),
            "note": one.note[visit.language],
            "measure": visit.t(f"circular-measure-{one.measure}"),
            "definition": visit.t(f"circular-counted-{one.definition.replace('_', '-')}"),
        }
        for one in sorted(points, key=lambda one: (one.year, one.measure))
    ]
    head = visit.t("circular-page-series-title")
    sheet = Sheet(columns, rows, visit.t("circular-page-published-title"))
    return Picture("series", head, target_chart(points, f"{title}: {head}", visit.language), sheet)


def _scenarios(visit: Visit, comparison: Comparison) -> Sheet:
    programme = comparison.programme
    columns = [
        Column("scenario", "circular-column-scenario"),
        *(Column(name, f"circular-share-{name.replace('_', '-')}", number=True) for name in DEFINITIONS),
        Column("recycled_share_at_most", "circular-share-recycled-at-most", digits=1),
        Column("co2e", "circular-gas-all", unit="t"), Column("jobs", "circular-waste-jobs", number=True),
        Column("investment", "circular-waste-investment", number=True),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for one in comparison.outcomes:
        spread = comparison.deviations[one.run.scenario]
        shares = {name: _share(visit, one.run.share(name)[-1], spread.get(name)) for name in DEFINITIONS}
        rows.append(
            {"scenario": scenario_name(programme, one.run.scenario, visit.language), **shares,
             "recycled_share_at_most": 100 * float(one.run.share_at_most("recycled")[-1]),
             "co2e": float(one.total[-1]) / TONNE, "jobs": float(one.jobs[-1]) or None,
             "investment": _money(visit, float(one.investment.sum()), programme.currency)}
        )  # fmt: skip
    return Sheet(columns, rows, visit.t("circular-page-scenarios-title", year=str(programme.last_year)))


def _share(visit: Visit, share: float, spread: Any) -> str | None:
    """A share of the last year in %, with its standard deviation where an input tells one."""
    if np.isnan(share):
        return None
    told = visit.number(100 * float(share), 1)
    return told if spread is None or spread[-1] < _SHOWN else f"{told} ± {visit.number(100 * float(spread[-1]), 1)}"


def _money(visit: Visit, amount: float, currency: str) -> str | None:
    return f"{visit.number(amount)} {written_unit(f'{{{currency}}}', visit.language)}" if amount else None


def _targets(visit: Visit, comparison: Comparison) -> Sheet:
    columns = [
        Column("scenario", "circular-column-scenario"), Column("target", "circular-page-target"),
        Column("year", "circular-column-year"), Column("wanted", "circular-page-target-value", unit="%", digits=1),
        Column("value", "circular-page-reached", unit="%"), Column("source", "column-source"),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for one in comparison.outcomes:
        for each in comparison.targets(one):
            ends = [visit.number(end, 1) for end in (each.value, each.at_most) if end is not None]
            definition = visit.t(flow_message(each.target.definition))
            title = name_of(each.target.title, visit.language)
            rows.append(
                {"scenario": scenario_name(comparison.programme, one.run.scenario, visit.language),
                 "target": f"{title} ({definition})" if title else definition,
                 "year": str(each.target.year), "wanted": each.target.value,
                 "value": "–".join(dict.fromkeys(ends)) or None, "source": each.target.source}
            )  # fmt: skip
    return Sheet(columns, rows, visit.t("circular-page-shares-title"))


def _exchange(visit: Visit, base: WasteEffects) -> Sheet:
    sums, programme = base.run.between_members(), base.run.programme
    columns = [
        Column("member", "circular-page-member"), Column("exported", "circular-page-exported", unit="t"),
        Column("imported", "circular-page-imported", unit="t"),
    ]  # fmt: skip
    rows = [
        {"member": name_of(one.title, visit.language) or one.id}
        | {way: float(sums[way][one.id][-1]) / TONNE for way in ("exported", "imported")}
        for one in programme.members
    ]
    return Sheet(columns, rows, visit.t("circular-page-exchange-title", year=str(programme.last_year)))


def _plants(visit: Visit, base: WasteEffects) -> Sheet:
    columns = [
        Column("plant", "circular-page-plant"), Column("role", "circular-page-role"),
        Column("capacity", "circular-page-capacity", unit="t"), Column("metered", "circular-page-metered"),
        Column("kind", "column-kind", choices="kind"), Column("source", "column-source"),
    ]  # fmt: skip
    rows = [
        {"plant": name_of(one.title, visit.language) or one.id, "role": visit.t(f"circular-role-{one.role}"),
         "capacity": one.capacity / TONNE, "kind": one.kind, "source": one.source,
         "metered": ", ".join(f"{year}: {visit.number(kg / TONNE)}" for year, kg in sorted(one.metered.items()))}
        for one in base.run.facilities
    ]  # fmt: skip
    return Sheet(columns, rows, visit.t("circular-page-plants-title"))


def _metered(visit: Visit, connection: sa.Connection, place: str) -> Sheet:
    """Waste facilities of the register in the place, with the tonnes their meters counted in the newest year."""
    columns = [
        Column("plant", "circular-page-plant", link=True), Column("status", "column-status", choices="status"),
        Column("year", "circular-column-year"), Column("metered", "circular-page-metered", unit="t"),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for one in facilities(connection, FacilityFilter(region=place, family="waste"), visit.actor):
        counted = [
            (each.figure.start, each.figure.period, each.figure.value)
            for each in current_of(connection, Subject("facility", one["id"]), "waste.received")
            if each.figure.publication == "public" and len(each.figure.period) == _YEAR
        ]
        _, year, mass = max(counted, key=lambda each: each[0], default=(0, None, None))
        rows.append(
            {"plant": visit.name_of(one), "plant_link": visit.href(f"/facilities/{one['key']}"),
             "status": one["status"], "year": year, "metered": None if mass is None else float(mass) / TONNE}
        )  # fmt: skip
    return Sheet(columns, rows, visit.t("circular-page-registered-title"))


def _comparison_columns() -> list[Column]:
    """The columns of the scenario file, as those of the command's."""
    return [
        Column(one.key, _message_of(one.key), unit=one.unit, number=one.kind == "decimal" and one.unit is None)
        for one in comparison_columns()
    ]


def _message_of(key: str) -> str:
    if key in ("scenario", "year", "kind"):
        return f"circular-column-{key}"
    if key == "co2e":
        return "circular-gas-all"
    slug = key.replace("_", "-")
    if slug.endswith("-co2e"):
        return f"circular-gas-{slug.removesuffix('-co2e')}"
    return f"circular-share-{slug.replace('-share', '')}" if "-share" in slug else flow_message(key)
