"""Finding measures of strategies."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor

from .narrowing import visible
from .tables import measure


@dataclass(frozen=True)
class MeasureFilter:
    """What a list of measures is narrowed to; None leaves a field free. ``theme`` is one of several."""

    programme: str | None = None
    region: str | None = None
    district: str | None = None
    status: str | None = None
    theme: str | None = None
    key: str | None = None

    def condition(self) -> sa.ColumnElement[bool]:
        """The filter in SQL."""
        asked = {name: getattr(self, name) for name in ("programme", "region", "district", "status", "key")}
        terms: list[sa.ColumnElement[bool]] = [
            measure.c[name] == value for name, value in asked.items() if value is not None
        ]
        if self.theme is not None:
            terms.append((" " + measure.c.themes + " ").contains(f" {self.theme} ", autoescape=True))
        return sa.and_(sa.true(), *terms)


def measures(connection: sa.Connection, wanted: MeasureFilter, actor: Actor = ANYBODY) -> Sequence[sa.RowMapping]:
    """Measures that ``actor`` may see, by due date, those without one last, then by key."""
    order = (measure.c.due.is_(None), measure.c.due, measure.c.key)
    query = sa.select(measure).where(wanted.condition(), visible(actor, measure)).order_by(*order)
    return list(connection.execute(query).mappings())
