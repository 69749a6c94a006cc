"""Whose meters are added up in an amount of a region or of the country."""

from collections.abc import Mapping

import sqlalchemy as sa

from jasyl.figures import Subject
from jasyl.people import open_cells
from jasyl.registry.tables import facility
from jasyl.texts import Refusal

from .dynamics_figures import COUNTRY
from .series import SeriesDefinition


def series_of_place(
    connection: sa.Connection, known: Mapping[int, SeriesDefinition], subject: Subject, quantity: str
) -> list[SeriesDefinition]:
    """The series of a place that measure a quantity and may be added up, by id.

    Closed series stay out; aggregated ones enter where at least three enterprises meter the same so, as everywhere.
    Raises Refusal ``no-series``.
    """
    query = sa.select(facility.c.id, facility.c.enterprise_id)
    if subject.id != COUNTRY:
        query = query.where(facility.c.region == subject.id)
    owners = {row.id: row.enterprise_id for row in connection.execute(query)}
    mine = [each for each in known.values() if each.quantity == quantity and each.facility_id in owners]
    summed = [each for each in mine if each.publication == "aggregated"]
    shared = bool(open_cells((subject.id, owners[each.facility_id]) for each in summed))
    kept = [each for each in mine if each.publication == "public" or (each.publication == "aggregated" and shared)]
    if not kept:
        raise Refusal("no-series", received=subject.id, expected=quantity)
    return sorted(kept, key=lambda each: each.id)
