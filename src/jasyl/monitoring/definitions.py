"""From the register's series to what readings are stored and computed by."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import sqlalchemy as sa

from jasyl.figures import Publication
from jasyl.quantities import unit
from jasyl.registry import Series, every_series
from jasyl.registry.tables import facility

from .meters import mountings
from .registers import Mounting
from .series import SeriesDefinition, SeriesKind, Trust, check_series


def definition_of(series: Series, capacity_w: int | None = None, meters: tuple[Mounting, ...] = ()) -> SeriesDefinition:
    """The definition of one registered series; ``capacity_w`` is the facility's nominal power in W, if it has one,
    ``meters`` what is known of its meters.

    Raises Refusal ``unknown-unit``, ``series-interval`` or ``series-unit``.
    """
    made = SeriesDefinition(
        number=series.number,
        id=series.id,
        facility_id=series.facility_id,
        quantity=series.quantity,
        unit=unit(series.unit),
        scale=series.scale,
        interval_seconds=series.interval_seconds,
        kind=cast(SeriesKind, series.kind),
        zone=series.zone,
        capacity_base=None if capacity_w is None else Decimal(capacity_w),
        publication=cast(Publication, series.level),
        trust=cast(Trust, series.trust),
        meters=meters,
    )
    return check_series(made)


def definitions(connection: sa.Connection, series: Sequence[Series] | None = None) -> dict[int, SeriesDefinition]:
    """The definitions of ``series`` (None: all that are registered), by number."""
    wanted = every_series(connection) if series is None else series
    power = {row.id: row.capacity_w for row in connection.execute(sa.select(facility.c.id, facility.c.capacity_w))}
    meters = mountings(connection)
    return {
        each.number: definition_of(each, power.get(each.facility_id), meters.get(each.number, ())) for each in wanted
    }
