"""What is told of a published statement whose number is not the current one any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.figures import Figure, Statement, current, figure_value, found_outdated, get
from jasyl.figures.tables import outdated_statement
from jasyl.quantities import instant
from jasyl.registry.tables import facility
from jasyl.storage import DataFolder
from jasyl.texts import Language, say

from ..indicator_names import indicator_name
from ..tables import notice
from .alert_settings import channels


@dataclass(frozen=True)
class StatementMessage:
    """A statement found outdated, waiting to be told: the figure it ``said`` and the one that is current ``now``."""

    number: int
    attempts: int
    finding: int
    statement: str
    at: int
    said: Figure
    now: Figure
    names: dict[str, str]

    @property
    def event(self) -> str:
        """The number of the finding, told apart from those of alerts."""
        return f"statement-{self.finding}"

    def text(self, language: Language, address: str) -> str:
        """Which number of whom, what was published, what is current, and the statement's page."""
        told = say(
            language,
            "statement-mail-line",
            indicator=indicator_name(self.said.indicator, language),
            subject=self.names.get(language, self.said.subject.id),
            period=self.said.period,
            said=figure_value(self.said, language),
            now=figure_value(self.now, language),
        )
        return told + (f"\n{address.rstrip('/')}/{language}/statements/{self.statement}" if address else "")

    def data(self) -> dict[str, Any]:
        """The same for a program; values in the unit of the figure."""
        return {
            "event": self.event,
            "statement": self.statement,
            "state": "outdated",
            "at": instant(self.at).isoformat(),
            "indicator": self.said.indicator,
            "subject": self.said.subject.id,
            "period": self.said.period,
            "unit": self.said.unit,
            "published": None if self.said.value is None else str(self.said.value),
            "current": None if self.now.value is None else str(self.now.value),
        }


def tell_outdated(connection: sa.Connection, folder: DataFolder, statements: Sequence[Statement], now: int) -> None:
    """Put messages about the findings of ``statements`` into the outbox, for each channel, each once."""
    ways = channels(folder)
    if not (ways and statements):
        return
    held = outdated_statement
    told = sa.select(notice.c.outdated).where(notice.c.outdated.is_not(None))
    mine = held.c.statement.in_([one.id for one in statements])
    fresh = connection.scalars(sa.select(held.c.number).where(mine, held.c.number.not_in(told)))
    rows = [{"outdated": one, "channel": way, "due_at": now, "attempts": 0} for one in fresh for way in ways]
    if rows:
        connection.execute(sa.insert(notice), rows)


def statement_messages(connection: sa.Connection, numbers: Sequence[int]) -> list[StatementMessage]:
    """Those of the outbox ``numbers`` that tell of statements; the current number is that of now."""
    held = outdated_statement
    question = (
        sa.select(notice.c.number, notice.c.attempts, held.c.number.label("finding"), held.c.at)
        .join(held, held.c.number == notice.c.outdated)
        .where(notice.c.number.in_(numbers))
    )
    found: list[StatementMessage] = []
    for row in connection.execute(question).all():
        ((_, one),) = found_outdated(connection, row.finding - 1, row.finding)
        said = get(connection, one.figure).figure
        now = current(connection, [one.key])[one.key].figure
        names = _names(connection, said)
        found.append(StatementMessage(row.number, row.attempts, row.finding, one.id, row.at, said, now, names))
    return found


def _names(connection: sa.Connection, figure: Figure) -> dict[str, str]:
    if figure.subject.kind != "facility":
        return {}
    row = connection.execute(sa.select(facility).where(facility.c.id == figure.subject.id)).mappings().first()
    return {language: row[f"name_{language}"] or row["key"] for language in ("kk", "ru", "en")} if row else {}
