"""What changed between two states of the data, and what of it a reader may know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from jasyl.figures import found_outdated, get, last_outdated
from jasyl.monitoring.arrivals import arrivals, last_delivery
from jasyl.people import Actor, Level, Resource, may
from jasyl.quantities import instant
from jasyl.registry import latest_assertion
from jasyl.registry.tables import facility, series
from jasyl.storage import DataFolder

_WRITTEN = re.compile(r"(\d{1,15})-(\d{1,15})-(\d{1,15})")
# A reader who is further behind is told to look again instead of being told everything.
FARTHEST = 500


@dataclass(frozen=True, order=True)
class Mark:
    """A state of the data: the last delivery of readings, the last assertion of the register, and the last statement
    that was found outdated."""

    delivery: int
    assertion: int
    outdated: int = 0

    def __str__(self) -> str:
        return f"{self.delivery}-{self.assertion}-{self.outdated}"


def mark_of(text: str | None) -> Mark | None:
    """The mark that a browser brings back (``12-340-7``); None for anything else."""
    found = _WRITTEN.fullmatch(text or "")
    return Mark(int(found[1]), int(found[2]), int(found[3])) if found else None


def current_mark(connection: sa.Connection) -> Mark:
    """The state that a page made now shows."""
    return Mark(last_delivery(connection), latest_assertion(connection), last_outdated(connection))


@dataclass(frozen=True)
class Moved:
    """A series of a facility that got readings. ``facility`` is its row of the register."""

    facility: Mapping[Any, Any]
    series: str
    level: Level
    readings: int
    newest: int

    def visible_to(self, actor: Actor) -> bool:
        """Both the facility and the series must be the reader's to see."""
        owner, region = self.facility["enterprise_id"], self.facility["region"]
        own: tuple[Level, str | None] = (cast("Level", self.facility["level"]), None)
        levels: tuple[tuple[Level, str | None], ...] = (own, (self.level, self.series))
        return all(may(actor, "read", Resource(level, owner, region, of)) for level, of in levels)


@dataclass(frozen=True)
class Outdated:
    """A published statement that has another number than the current figure now; ``subject`` is what it is about."""

    statement: str
    subject: str


@dataclass(frozen=True)
class Change:
    """What brought the data to ``mark``. ``whole``: too much to tell, look at everything again."""

    mark: Mark
    revision: int
    register: bool
    moved: tuple[Moved, ...] = ()
    whole: bool = False
    outdated: tuple[Outdated, ...] = ()

    def told_to(self, actor: Actor, facility_id: str | None = None) -> dict[str, Any] | None:
        """The event for one reader, of one facility or of all; None when nothing concerns this reader."""
        mine = [one for one in self.moved if facility_id in {None, one.facility["id"]} and one.visible_to(actor)]
        statements = [one.statement for one in self.outdated if facility_id in {None, one.subject}]
        if not (mine or statements or self.register or self.whole):
            return None
        return {
            "revision": self.revision,
            "register": self.register,
            "whole": self.whole,
            "facilities": [_told(group) for group in _by_facility(mine)],
            "statements": statements,
        }


def changes_between(connection: sa.Connection, folder: DataFolder, old: Mark, new: Mark, revision: int) -> Change:
    """What happened from ``old`` to ``new``."""
    register = new.assertion > old.assertion
    behind = new.delivery - old.delivery, new.outdated - old.outdated
    if not all(0 <= each <= FARTHEST for each in behind):
        return Change(new, revision, register, whole=True)
    came = {one.series: one for one in arrivals(connection, folder, old.delivery, new.delivery)}
    query = (
        sa.select(
            facility, series.c.number, series.c.id.label("series_id"), series.c.level.label("series_level")
        )
        .join(series, series.c.facility_id == facility.c.id)
        .where(series.c.number.in_(list(came)))
        .order_by(facility.c.key, series.c.number)
    )  # fmt: skip
    rows = connection.execute(query).mappings().all() if came else []
    moved = [
        Moved(row, row["series_id"], row["series_level"], came[row["number"]].readings, came[row["number"]].newest)
        for row in rows
    ]
    outdated = tuple(
        Outdated(one.id, get(connection, one.figure).figure.subject.id)
        for _, one in found_outdated(connection, old.outdated, new.outdated)
    )
    return Change(new, revision, register, tuple(moved), outdated=outdated)


def _by_facility(moved: list[Moved]) -> list[list[Moved]]:
    groups: dict[str, list[Moved]] = {}
    for one in moved:
        groups.setdefault(one.facility["id"], []).append(one)
    return list(groups.values())


def _told(group: list[Moved]) -> dict[str, Any]:
    row = group[0].facility
    return {
        "key": row["key"],
        "lon_lat": None if row["lon"] is None else [row["lon"], row["lat"]],
        "series": len(group),
        "readings": sum(one.readings for one in group),
        "newest": instant(max(one.newest for one in group)).isoformat(),
    }
