"""Published annual output of facilities as figures of kind *published*."""

import sqlalchemy as sa

from jasyl.quantities import UNITS, period
from jasyl.registry.tables import published_output, source

from .figure import Reference, StoredFigure, Subject
from .published import PublishedValue, published
from .recomputation import Gathered, Gatherer, Request, make

METHOD = "annual_output.published"


def keep_published_outputs(connection: sa.Connection, now: int) -> list[StoredFigure]:
    """A figure for every energy of a whole calendar year that a source says was measured; gives them.

    Design values are no output, parts of years and other quantities stay what they are: sourced entries of the
    register. Keeping them again changes nothing. ``now`` in µs UTC.
    """
    query = (
        sa.select(published_output, source.c.text)
        .join(source, source.c.id == published_output.c.source_id)
        .where(published_output.c.kind == "measured")
        .order_by(published_output.c.id)
    )
    kept: list[StoredFigure] = []
    for row in connection.execute(query).all():
        unit = UNITS.get(row.unit)
        if unit is None or unit.dimension != "energy" or not (len(row.period) == 4 and row.period.isdigit()):
            continue
        value = PublishedValue(unit.to_base(row.value))
        entry = Reference("published_output", f"{row.facility_id}/{row.period}")
        parameters = {"source": row.text, "confirmed": row.confidence != "low"}
        request = Request(Subject("facility", row.facility_id), period(row.period), parameters)
        kept.append(make(connection, {METHOD: _gatherer(value, entry)}, METHOD, request, now))
    return kept


def _gatherer(value: PublishedValue, entry: Reference) -> Gatherer:
    def gather(_connection: sa.Connection, _request: Request) -> Gathered:
        return published(value, entry)

    return gather
