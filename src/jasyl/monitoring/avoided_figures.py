"""Avoided emissions of a facility as a figure: the metered amount first, then the comparison that rests on it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.emissions import (
    AVOIDED_INDICATORS,
    DISPLACES,
    avoided_gatherers,
    avoided_indicator,
    baseline,
    baseline_of,
    energy_factors,
)
from jasyl.figures import FigureKind, Request, StoredFigure, Subject, make
from jasyl.registry import series_of
from jasyl.texts import Refusal

from .amounts import QUANTITIES, indicator_of
from .definitions import definitions
from .methods import gatherers


def make_avoided_figure(
    connection: sa.Connection, facility: Mapping[Any, Any], indicator: str, request: Request, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep ``emissions.avoided.…`` of a facility; makes the amount it rests on.

    ``request`` has the facility as its subject. Raises Refusal ``no-series`` where nothing is metered that could
    displace anything, ``avoided-no-baseline`` for technologies that burn or store.
    """
    factor = AVOIDED_INDICATORS[indicator]
    if factor.carrier == "electricity" and baseline_of(facility["technology"]) is None and not _saves(facility):
        raise Refusal("avoided-no-baseline", received=facility["technology"], expected="RP.PV, RP.WON, RP.HSM …")
    series = list(series_of(connection, facility["id"]))
    metered = {indicator_of(one.quantity) for one in series}
    source = next((each for each, of in DISPLACES.items() if of == factor.carrier and each in metered), None)
    if source is None:
        raise Refusal("no-series", received=facility["key"], expected=", ".join(DISPLACES))
    defined = definitions(connection, [one for one in series if one.quantity == QUANTITIES[source]])
    ways = {**gatherers(defined, kind), **avoided_gatherers(kind)}
    make(connection, ways, source, Request(request.subject, request.period, {}), now)
    parameters = msgspec.to_builtins(baseline(factor, source))
    return make(connection, ways, indicator, Request(request.subject, request.period, parameters), now)


def avoided_offered(connection: sa.Connection, facility: Mapping[Any, Any]) -> tuple[str, ...]:
    """Indicators of avoided emissions of a facility, the usual baseline first; none where nothing displaces.

    Electricity has a usual baseline by technology; of heat every factor is an assumption and all are named.
    """
    metered = {indicator_of(one.quantity) for one in series_of(connection, facility["id"])}
    carriers = {carrier for source, carrier in DISPLACES.items() if source in metered}
    usual = baseline_of(facility["technology"]) or ("cm_efficiency" if _saves(facility) else None)
    offered: list[str] = []
    if "electricity" in carriers and usual:
        others = [one.key for one in energy_factors("electricity") if one.key != usual]
        offered += [usual, *others]
    if "heat" in carriers:
        offered += [one.key for one in energy_factors("heat")]
    return tuple(avoided_indicator(key) for key in offered)


def subject_of(facility: Mapping[Any, Any]) -> Subject:
    """A facility as the subject of figures."""
    return Subject("facility", facility["id"])


def _saves(facility: Mapping[Any, Any]) -> bool:
    """Technologies of buildings and industry save energy: what they save is not burned anywhere."""
    return str(facility["technology"]).startswith(("EB", "EI", "EN"))
