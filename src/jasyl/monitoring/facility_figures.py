"""Figures of one facility, asked for by name: what a method needs is brought from the register."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.figures import FigureKind, Request, StoredFigure, Subject, make
from jasyl.quantities import decimal_text, period
from jasyl.registry import series_of
from jasyl.texts import Refusal

from .amounts import AMOUNTS, QUANTITIES, indicator_of
from .definitions import definitions
from .methods import GENERATED, gatherers

CAPACITY_FACTOR = "capacity_factor"
INDICATORS = (*QUANTITIES, CAPACITY_FACTOR)


def make_figure(
    connection: sa.Connection, facility: Mapping[Any, Any], indicator: str, name: str, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep the figure ``indicator`` of a facility for the period ``name`` (2016, 2016-07, 2016-07-03).

    ``facility`` is its row of the register; periods are cut in the civil time of its series. A capacity factor makes
    the energy it rests on. Raises Refusal ``unknown-indicator``, ``no-series``, ``no-capacity``, ``period-name``.
    """
    if indicator not in INDICATORS:
        raise Refusal("unknown-indicator", received=indicator[:60], expected=", ".join(INDICATORS))
    amount = GENERATED if indicator == CAPACITY_FACTOR else indicator
    series = [each for each in series_of(connection, facility["id"]) if each.quantity == QUANTITIES[amount]]
    if not series:
        raise Refusal("no-series", received=facility["key"], expected=QUANTITIES[amount])
    defined = definitions(connection, series)
    span = period(name, defined[series[0].number].time_zone)
    subject, ways = Subject("facility", facility["id"]), gatherers(defined, kind)
    counted = make(connection, ways, amount, Request(subject, span, {}), now)
    if indicator == amount:
        return counted
    if facility["capacity_w"] is None:
        raise Refusal("no-capacity", received="—")
    asked = Request(subject, span, {"capacity": decimal_text(facility["capacity_w"])})
    return make(connection, ways, CAPACITY_FACTOR, asked, now)


def facility_indicators(connection: sa.Connection, facility: Mapping[Any, Any]) -> tuple[str, ...]:
    """The figures that can be made of a facility: an amount for each quantity it meters, and what rests on them."""
    metered = dict.fromkeys(each.quantity for each in series_of(connection, facility["id"]))
    amounts = tuple(indicator_of(quantity) for quantity in metered if quantity in AMOUNTS)
    return (*amounts, CAPACITY_FACTOR) if GENERATED in amounts and facility["capacity_w"] else amounts
