"""Totals of lists, kept until the data changes: every page of a list shows the same ones."""

import threading

import sqlalchemy as sa

from jasyl.people import Actor
from jasyl.registry import FacilityFilter, Totals, totals

_MOST = 2000


class KeptTotals:
    """Totals as anybody sees them, by filter. Counting a register of 100,000 facilities takes longer than a page of it;
    readers who are signed in see more and are counted for anew."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._revision = -1
        self._kept: dict[FacilityFilter, Totals] = {}

    def of(self, connection: sa.Connection, wanted: FacilityFilter, actor: Actor, revision: int) -> Totals:
        """Totals of the facilities that ``wanted`` leaves, as of the data ``revision``."""
        if actor.signed_in:
            return totals(connection, wanted, actor)
        with self._counting:  # many readers of a new list: one counts, the others wait for it
            if revision != self._revision or len(self._kept) >= _MOST:
                self._kept.clear()
                self._revision = revision
            if wanted not in self._kept:
                self._kept[wanted] = totals(connection, wanted, actor)
            return self._kept[wanted]
