"""Figures of one facility, asked for by name: what a method needs is brought from register, readings and atlas."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.emissions import AVOIDED_INDICATORS
from jasyl.figures import FigureKind, Request, StoredFigure, Subject, make
from jasyl.quantities import Period, decimal_text, microseconds, period
from jasyl.registry import series_of
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .amounts import AMOUNTS, QUANTITIES, indicator_of
from .avoided_figures import avoided_offered, make_avoided_figure
from .definitions import definitions
from .expected_output import SOLAR, WIND, expected_output
from .methods import GENERATED, gatherers
from .performance_figures import (
    AVAILABILITY,
    DEGRADATION,
    EXPECTED,
    INDEX,
    IRRADIANCE,
    METERED_RATIO,
    PERFORMANCE_METHODS,
    PERFORMANCE_RATIO,
    performance_gatherers,
    plant_parameters,
)
from .performance_ratios import RATIO_INDICATORS, ratio_gatherers, ratios_offered
from .series import SeriesDefinition

CAPACITY_FACTOR = "capacity_factor"
YIELD = "yield.specific"
# Of energy and nominal power.
_OF_POWER = (CAPACITY_FACTOR, YIELD)
INDICATORS = (*QUANTITIES, *_OF_POWER, *PERFORMANCE_METHODS, *RATIO_INDICATORS, *AVOIDED_INDICATORS)


def make_figure(
    connection: sa.Connection,
    facility: Mapping[Any, Any],
    indicator: str,
    name: str,
    kind: FigureKind,
    now: int,
    *,
    folder: DataFolder | None = None,
) -> StoredFigure:
    """Compute and keep the figure ``indicator`` of a facility for the period ``name`` (2016, 2016-07, 2016-07-03).

    ``facility`` is its row of the register; periods are cut in the civil time of its series. A figure that rests on an
    amount makes that too. ``folder`` is wanted by figures that look at single hours (performance). Raises Refusal
    ``unknown-indicator``, ``no-series``, ``no-capacity``, ``no-weather``, ``period-name`` and those of the methods.
    """
    if indicator not in INDICATORS:
        raise Refusal("unknown-indicator", received=indicator[:60], expected=", ".join(INDICATORS[:40]))
    series = list(series_of(connection, facility["id"]))
    defined = definitions(connection, series)
    measured = {QUANTITIES[indicator]} if indicator in QUANTITIES else {each.quantity for each in series}
    mine = [each for each in series if each.quantity in measured]
    if not mine:
        raise Refusal(
            "no-series", received=facility["key"], expected=QUANTITIES.get(indicator, "electricity_generated")
        )
    request = Request(Subject("facility", facility["id"]), period(name, defined[mine[0].number].time_zone), {})
    if indicator in AVOIDED_INDICATORS:
        return make_avoided_figure(connection, facility, indicator, request, kind, now)
    if indicator in RATIO_INDICATORS:
        return make(connection, ratio_gatherers(defined, kind), indicator, request, now)
    if indicator in PERFORMANCE_METHODS:
        if folder is None:
            raise Refusal("no-weather", received=facility["key"])
        return _performance(connection, folder, facility, indicator, request, defined, kind, now)
    if indicator in _OF_POWER:
        return _of_power(connection, facility, indicator, request, defined, kind, now)
    return make(connection, gatherers(defined, kind), indicator, request, now)


def _of_power(
    connection: sa.Connection,
    facility: Mapping[Any, Any],
    indicator: str,
    request: Request,
    defined: Mapping[int, SeriesDefinition],
    kind: FigureKind,
    now: int,
) -> StoredFigure:
    ways = gatherers(defined, kind)
    make(connection, ways, GENERATED, request, now)
    if facility["capacity_w"] is None:
        raise Refusal("no-capacity", received="—")
    parameters = {"capacity": decimal_text(facility["capacity_w"])}
    return make(connection, ways, indicator, Request(request.subject, request.period, parameters), now)


def _performance(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    indicator: str,
    request: Request,
    defined: Mapping[int, SeriesDefinition],
    kind: FigureKind,
    now: int,
) -> StoredFigure:
    if facility["capacity_w"] is None:
        raise Refusal("no-capacity", received="—")
    ways = performance_gatherers(defined, folder, kind)
    if indicator == METERED_RATIO:
        parameters = {"capacity": decimal_text(facility["capacity_w"])}
    else:
        start, end = microseconds(request.period.start), microseconds(request.period.end)
        found = expected_output(connection, folder, facility, start, end)
        if found is None:
            raise Refusal("no-weather", received=facility["key"])
        parameters = plant_parameters(facility, found)
    return make(connection, ways, indicator, Request(request.subject, request.period, parameters), now)


def facility_indicators(
    connection: sa.Connection, facility: Mapping[Any, Any], folder: DataFolder | None = None, span: Period | None = None
) -> tuple[str, ...]:
    """The figures that can be made of a facility: an amount for each quantity it meters, and what rests on them.

    With ``folder`` and ``span`` also those that need weather, where the store has it for the span.
    """
    metered = dict.fromkeys(each.quantity for each in series_of(connection, facility["id"]))
    amounts = tuple(indicator_of(quantity) for quantity in metered if quantity in AMOUNTS)
    found = (*amounts, *ratios_offered(connection, facility))
    if GENERATED in amounts and facility["capacity_w"]:
        found = (*found, *_OF_POWER, *((METERED_RATIO,) if IRRADIANCE in metered else ()))
        if folder is not None and span is not None and facility["technology"].startswith((*SOLAR, *WIND)):
            weather = expected_output(connection, folder, facility, microseconds(span.start), microseconds(span.end))
            found = (*found, *(_by_weather(facility) if weather else ()))
    return (*found, *avoided_offered(connection, facility))


def _by_weather(facility: Mapping[Any, Any]) -> tuple[str, ...]:
    solar = facility["technology"].startswith(SOLAR)
    return (EXPECTED, INDEX, AVAILABILITY, *((PERFORMANCE_RATIO, DEGRADATION) if solar else (DEGRADATION,)))
