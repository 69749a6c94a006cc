"""Verified, yes or no: what a verifier finds of single entries."""

from dataclasses import dataclass

import sqlalchemy as sa
from ulid import ULID

from jasyl.people import Actor
from jasyl.texts import Refusal

from .access import demand, may_verify
from .book import entries
from .city import City
from .tables import verdict_table


@dataclass(frozen=True)
class Verdict:
    """Whether the entry ``entry`` of a data point is plausible; of a later entry it says nothing."""

    id: str
    point: str
    entry: str
    verified: bool
    note: str
    author: str
    recorded_at: int


def verdicts(connection: sa.Connection, place: str, year: int, catalogue: str) -> dict[str, Verdict]:
    """The newest verdict on each data point that has one, whatever entry it was given on."""
    held = verdict_table.c
    mine = (held.place == place) & (held.year == year) & (held.catalogue == catalogue)
    newest = sa.select(sa.func.max(held.number)).where(mine).group_by(held.point)
    rows = connection.execute(sa.select(verdict_table).where(held.number.in_(newest))).mappings()
    return {row["point"]: Verdict(**{name: row[name] for name in Verdict.__dataclass_fields__}) for row in rows}


def judge(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: str,
    point: str,
    entry: str,
    *,
    verified: bool,
    note: str,
    actor: Actor,
    now: int,
) -> Verdict:
    """Record a verdict on the entry that the verifier saw. A no needs its reason.

    Raises Refusal ``not-allowed``, ``city-nothing-to-judge`` (no number is entered), ``city-verdict-outdated`` (another
    entry stands there meanwhile), ``city-text-empty``.
    """
    demand(may_verify(actor, city))
    current = entries(connection, city.place, year, catalogue).get(point)
    if current is None or not current.is_given:
        raise Refusal("city-nothing-to-judge", received=point[:80])
    if current.id != entry:
        raise Refusal("city-verdict-outdated", received=point[:80])
    if not verified and not note.strip():
        raise Refusal("city-text-empty")
    made = Verdict(str(ULID()), point, entry, verified, note.strip()[:4_000], actor.id, now)
    about = {"place": city.place, "year": year, "catalogue": catalogue}
    connection.execute(sa.insert(verdict_table).values(vars(made) | about))
    return made
