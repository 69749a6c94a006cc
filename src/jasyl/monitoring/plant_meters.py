"""Amounts that a plant's report takes from meters: the figures of its year, made before the report is kept."""

from collections.abc import Collection, Mapping
from typing import Any, get_args

import sqlalchemy as sa

from jasyl.emissions.inventory import Activity
from jasyl.emissions.plants import (
    PlantReport,
    inventory_activities,
    metered_amounts,
    meters_of,
    plant_subject,
    report_of,
)
from jasyl.facts import BookLevel, books, get_book
from jasyl.figures import FigureKind, StoredFigure
from jasyl.people import OPERATOR
from jasyl.registry import facility_by_key, series_of

from .amounts import QUANTITIES
from .facility_figures import make_figure

_LEVELS: tuple[BookLevel, ...] = get_args(BookLevel)


def make_plant_amounts(
    connection: sa.Connection, facility: Mapping[Any, Any], report: PlantReport, kind: FigureKind, now: int
) -> list[StoredFigure]:
    """Compute and keep the figures of the year that the report's meters name, from sealed days.

    Of what the facility does not meter nothing is made: the report says so itself (``plant-meter-missing``).
    """
    metered = {one.quantity for one in series_of(connection, facility["id"])}
    return [
        make_figure(connection, facility, meter, str(report.year), kind, now)
        for meter in meters_of(report)
        if QUANTITIES.get(meter) in metered
    ]


def plant_activities(
    connection: sa.Connection, place: str, year: int, kind: FigureKind, levels: Collection[BookLevel] = _LEVELS
) -> list[Activity]:
    """What kept reports of a city's plants come to as activities of its inventory, with the figures of their meters.

    Plans have no emission and are left out, as are reports of another publication level than ``levels``. Raises
    Refusal ``plant-report-errors``.
    """
    found: list[Activity] = []
    for head in books(connection, "plant_report"):
        report = report_of(get_book(connection, head.id))
        if (report.place, report.year) != (place, year) or report.stage == "plan" or head.publication not in levels:
            continue
        subject = plant_subject(facility_by_key(connection, report.plant, OPERATOR), report.plant)
        found += inventory_activities(report, head.digest, metered_amounts(connection, report, subject, kind))
    return found
