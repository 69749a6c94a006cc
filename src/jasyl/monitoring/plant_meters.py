"""Amounts that a plant's report takes from meters: the figures of its year, made before the report is kept."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.emissions.plants import PlantReport, meters_of
from jasyl.figures import FigureKind, StoredFigure
from jasyl.registry import series_of

from .amounts import QUANTITIES
from .facility_figures import make_figure


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
