"""The keeper of anchors: sends heads, follows what becomes of them, and tells every change of state in the log.

It never holds anything up: it runs in a thread of its own, reads the published checkpoint, and leaves its records in
the outbox as every room does. What it knows lies in ``log/anchors.json``; the history is in the log.
"""

import threading
import time
from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from ..checkpoint import Checkpoint
from ..event_records import Anchor
from ..log import Log
from ..outbox import enqueue
from ..records import issued_now
from ..tables import outbox_table
from .settings import AnchorTarget, adapter_of, read_targets
from .states import Adapter, AnchorState, Fixed, read_states, write_states

LOOK = 60.0  # a pending anchor is looked at so often, in seconds
WATCH = 600.0  # a confirmed one on a chain, which may reorganise
LONGEST_PAUSE = 3600.0
PATIENCE = 2 * 86_400.0  # pending longer than this, it has failed, and a newer head is sent
Maker = Callable[[DataFolder, AnchorTarget], Adapter]


class AnchorKeeper:
    """Anchors the log of a data folder at every target of its settings."""

    def __init__(
        self,
        folder: DataFolder,
        database: Database,
        *,
        clock: Callable[[], float] = time.time,
        maker: Maker = adapter_of,
    ) -> None:
        self.folder, self.database, self.clock, self.maker = folder, database, clock, maker

    def run(self, interval: float, stop: threading.Event, failed: Callable[[Exception], None] | None = None) -> None:
        """Look every ``interval`` seconds until ``stop`` is set; failures are told to ``failed`` and do not end it."""
        while not stop.wait(interval):
            try:
                self.turn()
            except Exception as error:
                missing = isinstance(error, Refusal) and error.code in {"log-missing", "log-no-policy"}
                if failed is None and not missing:
                    raise
                if failed is not None and not missing:
                    failed(error)

    def turn(self, names: set[str] | None = None, *, at_once: bool = False) -> dict[str, AnchorState]:
        """Do what is due at every target (of ``names``); ``at_once`` without waiting for its time. Gives all states."""
        targets = [one for one in read_targets(self.folder) if names is None or one.name in names]
        for target in targets:
            states = read_states(self.folder.log)
            before = states.get(target.name)
            after = self._step(target, before, at_once=at_once)
            if after is None or after == before:
                continue
            if before is None or (after.state, after.size) != (before.state, before.size):
                after = msgspec.structs.replace(after, record=self._tell(target, after))
            write_states(self.folder.log, read_states(self.folder.log) | {target.name: after})
        return read_states(self.folder.log)

    def _step(self, target: AnchorTarget, held: AnchorState | None, *, at_once: bool) -> AnchorState | None:
        now = self.clock()
        if held is None:
            return self._send(target, None, now)
        if held.state == "failed":
            pause = min(LOOK * 2 ** min(held.tries, 16), LONGEST_PAUSE)
            return self._send(target, held, now) if at_once or now - held.tried >= pause else None
        if held.state == "confirmed" and now - held.sent >= target.interval and self._has_news(held):
            return self._send(target, held, now)
        pause = LOOK if held.state == "pending" else WATCH
        return self._look(target, held, now) if at_once or now - held.tried >= pause else None

    def _send(self, target: AnchorTarget, held: AnchorState | None, now: float) -> AnchorState:
        head = Log(self.folder).checkpoint()
        confirmed = held.confirmed_size if held else None
        tries = held.tries if held and held.state == "failed" else 0
        try:
            fixed = self.maker(self.folder, target).submit(head)
        except Refusal as refusal:
            if held is not None and held.state == "failed":  # told already: only the next attempt moves
                return msgspec.structs.replace(held, tried=now, tries=tries + 1, error=refusal.code)
            return _state(target, head, Fixed("failed", ""), now, confirmed, tries=1, error=refusal.code)
        return _state(target, head, fixed, now, confirmed)

    def _look(self, target: AnchorTarget, held: AnchorState, now: float) -> AnchorState:
        try:
            fixed = self.maker(self.folder, target).check(held.head, held.fixed)
        except Refusal as refusal:
            late = held.state == "pending" and now - held.sent > PATIENCE
            lies = refusal.code in {"anchor-lies", "anchor-token"}
            state = "failed" if late or lies else held.state
            return msgspec.structs.replace(held, state=state, tried=now, tries=held.tries + 1, error=refusal.code)
        if fixed.state == "pending" and now - held.sent > PATIENCE:
            return msgspec.structs.replace(held, state="failed", tried=now, tries=1, error="anchor-late")
        made = _state(target, held.head, fixed, now, held.confirmed_size)
        return msgspec.structs.replace(made, sent=held.sent, record=held.record)

    def _has_news(self, held: AnchorState) -> bool:
        """Whether anything but records of anchors came since: otherwise anchoring would feed on itself."""
        newer = sa.or_(outbox_table.c.leaf_index >= held.size, outbox_table.c.leaf_index.is_(None))
        query = sa.select(outbox_table.c.seq).where(newer, outbox_table.c.kind != "anchor").limit(1)
        with self.database.reading() as connection:
            return connection.execute(query).first() is not None

    def _tell(self, target: AnchorTarget, state: AnchorState) -> str:
        # A log may have gone on under another name since; what is told now is told under that.
        name = Log(self.folder).checkpoint().origin
        said = {"error": state.error} if state.error else {}
        said |= {"origin": state.origin} if state.origin != name else {}
        record = Anchor(
            log_origin=name,
            issued=issued_now(),
            author=name,
            target=f"{target.kind}:{target.name}",
            size=state.size,
            root=state.root,
            state=state.state,
            receipt=state.receipt,
            payload={**state.payload, **said},
        )
        with self.database.writing(visible=False) as connection:
            return enqueue(connection, record)


def anchor_now(folder: DataFolder, database: Database, names: set[str] | None = None) -> dict[str, AnchorState]:
    """Look at every target (of ``names``) now, and send a head where none is under way; gives all states."""
    return AnchorKeeper(folder, database).turn(names, at_once=True)


def _state(
    target: AnchorTarget,
    head: Checkpoint,
    fixed: Fixed,
    now: float,
    confirmed: int | None,
    *,
    tries: int = 0,
    error: str = "",
) -> AnchorState:
    return AnchorState(
        kind=target.kind,
        origin=head.origin,
        size=head.size,
        root=head.root.hex(),
        state=fixed.state,
        sent=now,
        tried=now,
        tries=tries,
        error=error,
        receipt=fixed.receipt,
        payload=fixed.payload,
        confirmed_size=max(head.size, confirmed or 0) if fixed.state == "confirmed" else confirmed,
    )
