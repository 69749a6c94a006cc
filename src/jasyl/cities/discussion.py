"""Threads about data points: questions of the verifier, answers of the city, comments of either."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from ulid import ULID

from jasyl.indicators import Catalogue
from jasyl.people import Actor
from jasyl.texts import Refusal, Where

from .access import demand, may_discuss, may_verify
from .city import City
from .entry import BASES
from .finding import Finding
from .tables import message_table

MessageKind = Literal["question", "comment", "answer", "close"]
LONGEST = 4_000


@dataclass(frozen=True)
class Message:
    """One message of a thread; ``author`` is an account id, ``recorded_at`` µs UTC."""

    id: str
    thread: str
    kind: MessageKind
    point: str
    text: str
    finding: str | None
    author: str
    recorded_at: int


@dataclass(frozen=True)
class Question:
    """A thread: its first message, a question or a comment, and what was said after it, oldest first."""

    first: Message
    replies: tuple[Message, ...] = ()

    @property
    def id(self) -> str:
        return self.first.id

    @property
    def point(self) -> str:
        return self.first.point

    @property
    def is_open(self) -> bool:
        """A question stays open until the verifier closes it; comments never are."""
        return self.first.kind == "question" and all(one.kind != "close" for one in self.replies)

    @property
    def is_answered(self) -> bool:
        return any(one.kind == "answer" for one in self.replies)


def questions(
    connection: sa.Connection, place: str, year: int, catalogue: str, point: str | None = None
) -> list[Question]:
    """The threads of a book, or of one of its data points, oldest first."""
    held = message_table.c
    mine = (held.place == place) & (held.year == year) & (held.catalogue == catalogue)
    if point is not None:
        mine &= held.point == point
    messages = [
        _message(row)
        for row in connection.execute(sa.select(message_table).where(mine).order_by(held.number)).mappings()
    ]
    replies: dict[str, list[Message]] = {}
    for one in messages:
        if one.thread != one.id:
            replies.setdefault(one.thread, []).append(one)
    return [Question(one, tuple(replies.get(one.id, ()))) for one in messages if one.thread == one.id]


def ask(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    point: str,
    text: str,
    actor: Actor,
    now: int,
    *,
    finding: str | None = None,
) -> Question:
    """The verifier opens a question about a data point; ``finding`` is the code of the check it goes back to.

    Raises Refusal ``not-allowed``, ``city-text-empty``, ``cell-too-long``, ``indicator-unknown-point``.
    """
    demand(may_verify(actor, city))
    _known(catalogue, point)
    return _start(connection, city, year, catalogue.id, point, "question", text, actor, now, finding)


def ask_of_findings(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    found: list[tuple[Finding, str]],
    actor: Actor,
    now: int,
) -> int:
    """Open a question for each finding (with its words) that has none open yet; how many were opened.

    Whoever takes a file in with open questions has them asked in the same moment.
    """
    demand(may_discuss(actor, city))
    standing = {
        (one.point, one.first.finding) for one in questions(connection, city.place, year, catalogue.id) if one.is_open
    }
    opened = 0
    for finding, text in found:
        if finding.severity == "question" and (finding.point, finding.code) not in standing:
            _start(connection, city, year, catalogue.id, finding.point, "question", text, actor, now, finding.code)
            opened += 1
    return opened


def comment(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    point: str,
    text: str,
    actor: Actor,
    now: int,
) -> Question:
    """A remark of the city or the verifier that asks for nothing. Raises as ``ask``."""
    demand(may_discuss(actor, city))
    _known(catalogue, point)
    return _start(connection, city, year, catalogue.id, point, "comment", text, actor, now, None)


def answer(connection: sa.Connection, city: City, thread: str, text: str, actor: Actor, now: int) -> Message:
    """Add to a thread. Raises Refusal ``not-allowed``, ``city-thread-unknown``, ``city-thread-closed``,
    ``city-text-empty``."""
    demand(may_discuss(actor, city))
    return _reply(connection, city, thread, "answer", text, actor, now)


def close_question(connection: sa.Connection, city: City, thread: str, text: str, actor: Actor, now: int) -> Message:
    """The verifier is satisfied. Raises as ``answer``."""
    demand(may_verify(actor, city))
    return _reply(connection, city, thread, "close", text, actor, now)


def _reply(
    connection: sa.Connection, city: City, thread: str, kind: MessageKind, text: str, actor: Actor, now: int
) -> Message:
    held = message_table.c
    query = sa.select(message_table).where(held.id == thread, held.thread == thread, held.place == city.place)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refusal("city-thread-unknown", received=thread[:26])
    closed = sa.select(held.id).where(held.thread == thread, held.kind == "close")
    if connection.execute(closed).first() is not None:
        raise Refusal("city-thread-closed", received=row["point"])
    made = Message(str(ULID()), thread, kind, row["point"], _said(text), row["finding"], actor.id, now)
    _keep(connection, made, row["place"], row["year"], row["catalogue"])
    return made


def _start(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: str,
    point: str,
    kind: MessageKind,
    text: str,
    actor: Actor,
    now: int,
    finding: str | None,
) -> Question:
    identity = str(ULID())
    made = Message(identity, identity, kind, point, _said(text), finding, actor.id, now)
    _keep(connection, made, city.place, year, catalogue)
    return Question(made)


def _keep(connection: sa.Connection, message: Message, place: str, year: int, catalogue: str) -> None:
    about = {"place": place, "year": year, "catalogue": catalogue}
    connection.execute(sa.insert(message_table).values(vars(message) | about))


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refusal("city-text-empty", where=Where(field="text"))
    if len(said) > LONGEST:
        raise Refusal("cell-too-long", where=Where(field="text"), received=len(said), expected=LONGEST)
    return said


def _known(catalogue: Catalogue, point: str) -> None:
    """A data point of the catalogue or the city itself; empty means the book as a whole."""
    if point and point not in BASES:
        catalogue.point(point)


def _message(row: Mapping[Any, Any]) -> Message:
    return Message(**{name: row[name] for name in Message.__dataclass_fields__})
