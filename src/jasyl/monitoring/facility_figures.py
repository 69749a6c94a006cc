"""Figures of one facility, asked for by name: what a method needs is brought from the register."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.figures import FigureKind, Request, StoredFigure, Subject, make
from jasyl.quantities import decimal_text, period
from jasyl.registry import series_of
from jasyl.texts import Refusal

from .definitions import definitions
from .methods import GENERATED, gatherers

CAPACITY_FACTOR = "capacity_factor"
INDICATORS = (GENERATED, CAPACITY_FACTOR)


def make_figure(
    connection: sa.Connection, facility: Mapping[Any, Any], indicator: str, name: str, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep the figure ``indicator`` of a facility for the period ``name`` (2016, 2016-07, 2016-07-03).

    ``facility`` is its row of the register; periods are cut in the civil time of its series. A capacity factor makes
    the energy it rests on. Raises Refusal ``unknown-indicator``, ``no-series``, ``no-capacity``, ``period-name``.
    """
    if indicator not in INDICATORS:
        raise Refusal("unknown-indicator", received=indicator[:60], expected=", ".join(INDICATORS))
    series = series_of(connection, facility["id"])
    if not series:
        raise Refusal("no-series", received=facility["key"], expected="electricity_generated")
    defined = definitions(connection, series)
    span = period(name, defined[series[0].number].time_zone)
    subject, ways = Subject("facility", facility["id"]), gatherers(defined, kind)
    energy = make(connection, ways, GENERATED, Request(subject, span, {}), now)
    if indicator == GENERATED:
        return energy
    if facility["capacity_w"] is None:
        raise Refusal("no-capacity", received="—")
    asked = Request(subject, span, {"capacity": decimal_text(facility["capacity_w"])})
    return make(connection, ways, CAPACITY_FACTOR, asked, now)
