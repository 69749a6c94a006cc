"""Verdicts as they are kept: an append-only table beside the readings, which no verdict ever touches."""

from collections.abc import Iterable, Sequence
from typing import Literal

import sqlalchemy as sa

from jasyl.texts import Refusal

from ..tables import quality_state, reading_source
from ..tables import verdict as held
from .catalogue import find_check
from .verdict import PERSON, Decision, Verdict, in_force, within

Tier = Literal["near", "deep"]
_FIELDS = tuple(Verdict.__dataclass_fields__)


def verdicts(
    connection: sa.Connection, series: Sequence[int], start: int, end: int, *, cleared: bool = False
) -> list[Verdict]:
    """The verdicts in force on ``series`` in [start, end), µs UTC, cut to it; by series and start."""
    found: list[Verdict] = []
    numbers = sorted({int(number) for number in series})
    for at in range(0, len(numbers), 500):
        question = sa.select(*(held.c[name] for name in _FIELDS)).where(
            held.c.series.in_(numbers[at : at + 500]), held.c.start < end, held.c.end > start
        )
        found += [Verdict(**row) for row in connection.execute(question).mappings()]
    # Outside of the stretch a row may have been replaced by one that does not touch it: hence cut to the stretch.
    cut = (within(each, start, end) for each in found)
    return in_force((each for each in cut if each is not None), cleared=cleared)


def verdict_of(connection: sa.Connection, number: int) -> Verdict | None:
    """One row as it was kept."""
    question = sa.select(*(held.c[name] for name in _FIELDS)).where(held.c.number == number)
    row = connection.execute(question).mappings().first()
    return Verdict(**row) if row else None


def keep(connection: sa.Connection, rows: Iterable[Verdict], now: int) -> int:
    """Append ``rows``; how many there were. Nothing is ever changed or removed."""
    values = [
        {name: getattr(each, name) for name in _FIELDS if name not in {"number", "at"}} | {"at": now} for each in rows
    ]
    if values:
        connection.execute(sa.insert(held), values)
    return len(values)


def decide(
    connection: sa.Connection,
    series: int,
    start: int,
    end: int,
    decision: Decision,
    *,
    actor: str,
    note: str,
    now: int,
    check: str | None = None,
) -> list[Verdict]:
    """A person's decision on [start, end): clears what checks found there, or marks it; the rows that were added.

    ``check`` limits a clearing to one check. Without note it is refused (``verdict-note``): the next reader must be
    able to ask why. Raises Refusal ``verdict-nothing`` when there is nothing to clear, ``unknown-check``.
    """
    if not note.strip():
        raise Refusal("verdict-note")
    if check is not None and check != PERSON:
        find_check(check)
    judged = newest_delivery(connection)
    if decision != "cleared":
        row = Verdict(series, PERSON, "1.0.0", start, end, decision, 0, "", judged, actor, note)
        keep(connection, [row], now)
        return [row]
    standing = [each for each in verdicts(connection, [series], start, end) if check in {None, each.check}]
    rows = [
        Verdict(
            series, each.check, each.version, max(each.start, start), min(each.end, end), "cleared", each.readings,
            each.evidence, judged, actor, note,
        )
        for each in standing
    ]  # fmt: skip
    if not rows:
        raise Refusal("verdict-nothing", received=check or "—")
    keep(connection, rows, now)
    return rows


def newest_delivery(connection: sa.Connection) -> int:
    """The number of the newest delivery, 0 when there is none."""
    return int(connection.execute(sa.select(sa.func.max(reading_source.c.number))).scalar() or 0)


def judged_until(connection: sa.Connection, tier: Tier) -> tuple[int, int]:
    """Deliveries up to this number have been judged by the checks of a tier, and when (µs UTC)."""
    question = sa.select(quality_state.c.judged, quality_state.c.at).where(quality_state.c.tier == tier)
    row = connection.execute(question).first()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def set_judged(connection: sa.Connection, tier: Tier, number: int, now: int) -> None:
    """Note how far the checks of a tier have come."""
    mine = sa.update(quality_state).where(quality_state.c.tier == tier).values(judged=number, at=now)
    if connection.execute(mine).rowcount == 0:
        connection.execute(sa.insert(quality_state).values(tier=tier, judged=number, at=now))
