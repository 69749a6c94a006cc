"""The rules of titles, over records alone: what the registry asks before it logs, anybody can ask of the log again.

A title begins with ``register``, signed by every key of its owner; each ``transfer`` continues the newest event and
is signed by every key of the owner before and of the owner after. A thing (its mark) has one title. Keys are ``key``
records of the purpose ``owner`` that stand before the event and that no earlier record retired or revoked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from msgspec import UnsetType

from jasyl.ledger import AnyRecord, Key, outbox_table, parse_record, record_message, signature_holds
from jasyl.ledger.confidential_records import Sealed, Title
from jasyl.texts import Refusal

OWNER_PURPOSE = "owner"


@dataclass(frozen=True)
class Event:
    """One event of a title, checked: its record and that record's id."""

    record_id: str
    record: Title


@dataclass(frozen=True)
class TitleChain:
    """A title as its events say: who owns it is the newest event's owner."""

    events: tuple[Event, ...]

    @property
    def newest(self) -> Event:
        return self.events[-1]

    @property
    def title(self) -> str:
        return self.newest.record.title

    @property
    def owner(self) -> tuple[str, ...]:
        return tuple(self.newest.record.owner)


@dataclass
class Register:
    """All titles of a log, made by taking its records in order."""

    chains: dict[str, TitleChain] = field(default_factory=dict[str, TitleChain])
    marks: dict[str, str] = field(default_factory=dict[str, str])
    keys: dict[str, Key] = field(default_factory=dict[str, Key])
    payloads: dict[str, str] = field(default_factory=dict[str, str])
    ended: set[str] = field(default_factory=set[str])

    def take(self, record_id: str, record: AnyRecord) -> None:
        """The next record of the log; kinds that titles do not rest on are passed over. Raises what ``check`` does."""
        if isinstance(record, Key):
            if record.status == "active":
                self.keys[record_id] = record
            else:
                self.ended.add(record.vkey)
        elif isinstance(record, Sealed):
            self.payloads[record_id] = record.subject
        elif isinstance(record, Title):
            self.check(record)
            before = self.chains.get(record.title)
            self.chains[record.title] = TitleChain((*(before.events if before else ()), Event(record_id, record)))
            self.marks[record.object_mark] = record.title

    def check(self, record: Title) -> None:
        """Raises Refusal ``title-registered`` (the thing has a title), ``title-unknown``, ``title-moved`` (not the
        newest event), ``title-other`` (another thing, or another title's document), ``title-same-owner``,
        ``title-key``, ``title-unsigned``, ``title-signature``.
        """
        before = self.chains.get(record.title)
        if record.event == "register":
            holder = self.marks.get(record.object_mark)
            if before is not None or holder is not None:
                raise Refusal("title-registered", received=holder or record.title)
        else:
            self._check_continues(record, before)
        if self.payloads.get(record.payload) != record.title:
            raise Refusal("title-other", received=record.payload)
        owners = [*(before.owner if before else ()), *record.owner]
        self._check_signed(record, list(dict.fromkeys(owners)))

    def _check_continues(self, record: Title, before: TitleChain | None) -> None:
        if before is None:
            raise Refusal("title-unknown", received=record.title)
        if record.previous != before.newest.record_id:
            raise Refusal("title-moved", received=record.title, expected=before.newest.record_id)
        first = before.events[0].record
        if (record.object_mark, record.object_class) != (first.object_mark, first.object_class):
            raise Refusal("title-other", received=record.object_mark)
        if set(record.owner) == set(before.owner):
            raise Refusal("title-same-owner", received=record.title)

    def _check_signed(self, record: Title, wanted: list[str]) -> None:
        message = record_message(record)
        sigs = {} if isinstance(record.sigs, UnsetType) else {each.key: each for each in record.sigs}
        for key in wanted:
            known = self.keys.get(key)
            if known is None or known.purpose != OWNER_PURPOSE or known.vkey in self.ended:
                raise Refusal("title-key", received=key)
            if key not in sigs:
                raise Refusal("title-unsigned", received=known.holder, expected=key)
            if not signature_holds(known.vkey, sigs[key], message):
                raise Refusal("title-signature", received=known.holder)


def replay(records: Iterable[tuple[str, AnyRecord]]) -> Register:
    """The register that a log's records make, taken in order: for anybody who does not trust the registry's tables.

    Raises what ``Register.check`` raises at the first event that breaks a rule.
    """
    register = Register()
    for record_id, record in records:
        register.take(record_id, record)
    return register


def title_records(connection: sa.Connection) -> Iterator[tuple[str, AnyRecord]]:
    """The records that titles rest on, in the order of the log: keys, sealed payloads, titles."""
    kinds = outbox_table.c.kind.in_(("key", "sealed", "title"))
    query = sa.select(outbox_table.c.record_id, outbox_table.c.entry).where(kinds).order_by(outbox_table.c.seq)
    for row in connection.execute(query):
        yield row[0], parse_record(bytes(row[1]))


def chain_of(connection: sa.Connection, head: str) -> Register:
    """The register of one title alone, followed back from its newest event; checked like the whole."""
    register, events, at = Register(), list[tuple[str, AnyRecord]](), head
    ended = _ended_keys(connection)
    while at:
        record = _record(connection, at)
        if not isinstance(record, Title):
            raise Refusal("title-unknown", received=at)
        events.insert(0, (at, record))
        at = record.previous or ""
    for record_id, record in events:
        assert isinstance(record, Title)
        for needed in (*record.owner, record.payload):
            register.take(needed, _record(connection, needed))
        place = _seq(connection, record_id)
        register.ended = {vkey for vkey, ended_at in ended if ended_at < place}
        register.take(record_id, record)
    register.ended = {vkey for vkey, _ in ended}
    return register


def add_parts(connection: sa.Connection, register: Register, record: Title) -> None:
    """Let ``register`` know the keys that a new event names, as far as the log knows them, and which have ended."""
    register.ended |= {vkey for vkey, _ in _ended_keys(connection)}
    for needed in record.owner:
        try:
            register.take(needed, _record(connection, needed))
        except Refusal:
            continue  # ``check`` names what is missing


def _ended_keys(connection: sa.Connection) -> list[tuple[str, int]]:
    """Keys that were retired or revoked, and where; most records of keys are passed over unread."""
    query = sa.select(outbox_table.c.seq, outbox_table.c.entry).where(outbox_table.c.kind == "key")
    found: list[tuple[str, int]] = []
    for seq, data in connection.execute(query):
        if b'"status":"active"' not in bytes(data):
            record = parse_record(bytes(data))
            assert isinstance(record, Key)
            found.append((record.vkey, seq))
    return found


def _record(connection: sa.Connection, record_id: str) -> AnyRecord:
    query = sa.select(outbox_table.c.entry).where(outbox_table.c.record_id == record_id)
    found = connection.execute(query).scalar()
    if found is None:
        raise Refusal("title-unknown", received=record_id)
    return parse_record(bytes(found))


def _seq(connection: sa.Connection, record_id: str) -> int:
    return connection.execute(sa.select(outbox_table.c.seq).where(outbox_table.c.record_id == record_id)).scalar_one()
