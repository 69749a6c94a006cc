"""Amounts of a region or of the country: the sum of what its meters counted, provable down to each sealed day."""

import sqlalchemy as sa

from jasyl.figures import FigureKind, Request, StoredFigure, make
from jasyl.quantities import LOCAL_TIME, period
from jasyl.texts import Refusal

from .amounts import QUANTITIES
from .definitions import definitions
from .dynamics_figures import dynamics_subject
from .methods import gatherers


def make_place_figure(
    connection: sa.Connection, place: str, indicator: str, name: str, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep an amount of ``place`` (``KZ`` or the ISO code of a region) for the period ``name``.

    ``indicator`` is one of the amounts (electricity.generated, water.saved …), made by the same method as a
    facility's, over all meters of the place that may be added up. Raises Refusal ``unknown-indicator``,
    ``unknown-region``, ``no-series``, ``period-name``.
    """
    if indicator not in QUANTITIES:
        raise Refusal("unknown-indicator", received=indicator[:60], expected=", ".join(QUANTITIES))
    request = Request(dynamics_subject(place), period(name, LOCAL_TIME), {})
    return make(connection, gatherers(definitions(connection), kind), indicator, request, now)
