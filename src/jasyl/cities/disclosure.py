"""What of the groups behind a data point everybody may see."""

from dataclasses import replace

from jasyl.indicators import Catalogue, Part, Shown, disaggregate
from jasyl.people import SMALLEST_CELL

from .entry import Entry


def shown_parts(catalogue: Catalogue, entry: Entry) -> tuple[Shown, ...]:
    """The groups of an entry as everybody may see them, small ones closed. The whole is shown anyway, so that no closed
    group may be what the open ones leave of it."""
    if not entry.parts:
        return ()
    counts = entry.numerator is not None
    whole = [Part((), entry.numerator, entry.denominator, people=SMALLEST_CELL)] if counts else []
    return tuple(one for one in disaggregate(catalogue.point(entry.point), [*entry.parts, *whole]) if one.by)


def without_small(catalogue: Catalogue, entry: Entry) -> Entry:
    """The entry with only those groups that everybody may see."""
    closed = {one.by for one in shown_parts(catalogue, entry) if one.suppressed}
    return replace(entry, parts=tuple(part for part in entry.parts if part.by not in closed)) if closed else entry
