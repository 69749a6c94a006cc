"""What of the groups behind a data point everybody may see."""

from dataclasses import replace

from jasyl.indicators import Catalogue, Part, Shown, disaggregate
from jasyl.people import SMALLEST_CELL
from jasyl.texts import Refusal, Where

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
    """The entry with the numbers of only those groups that everybody may see."""
    closed = tuple(one.by for one in shown_parts(catalogue, entry) if one.suppressed)
    open_ones = tuple(part for part in entry.parts if part.by not in closed)
    return replace(entry, parts=open_ones, closed=closed) if closed else entry


def with_closed(said: Entry, known: Entry | None) -> Entry:
    """What came back from a public copy, its closed groups as they stand in ``known``, so that none is lost.

    Raises Refusal ``city-breakdown-closed`` where one does not stand there.
    """
    if not said.closed:
        return said
    held = {part.by: part for part in known.parts} if known else {}
    told = {part.by: part for part in said.parts}
    for by in said.closed:
        if by not in held:
            received = ", ".join(f"{axis}={group}" for axis, group in by)
            raise Refusal("city-breakdown-closed", where=Where(field="parts"), received=received, point=said.point)
    kept = {by: told.get(by, part) for by, part in held.items() if by in told or by in said.closed}
    return replace(said, parts=tuple((kept | told).values()), closed=())
