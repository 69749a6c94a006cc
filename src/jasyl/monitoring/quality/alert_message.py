"""What is told of an alert that opened, was acknowledged or closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jasyl.quantities import civil_time, instant
from jasyl.registry.tables import facility, series
from jasyl.texts import Language, say

from ..tables import alert, alert_event, notice


@dataclass(frozen=True)
class AlertMessage:
    """A step in the life of an alert, waiting to be told."""

    number: int
    attempts: int
    step: int
    alert: int
    state: str
    at: int
    actor: str
    note: str | None
    check: str
    severity: str
    evidence: str
    start: int
    end: int
    series: str
    zone: str
    facility: str
    names: dict[str, str]

    @property
    def event(self) -> str:
        """The number of the step."""
        return str(self.step)

    def text(self, language: Language, address: str) -> str:
        """What was found, where and when, what a person wrote, and the alert's page."""
        zone = ZoneInfo(self.zone)
        said = say(
            language,
            "alert-mail-line",
            state=say(language, f"alert-{self.state}"),
            severity=say(language, f"verdict-{self.severity}"),
            check=say(language, f"check-{self.check}"),
            evidence=self.evidence or "—",
            facility=self.names[language],
            series=self.series,
            start=civil_time(self.start, zone),
            end=civil_time(self.end, zone),
            zone=self.zone,
        )
        note = f"\n{self.actor}: {self.note}" if self.note else ""
        link = f"\n{address.rstrip('/')}/{language}/alerts/{self.alert}" if address else ""
        return said + note + link

    def data(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "event": self.step,
            "alert": self.alert,
            "state": self.state,
            "at": instant(self.at).isoformat(),
            "actor": self.actor,
            "note": self.note,
            "check": self.check,
            "severity": self.severity,
            "evidence": self.evidence,
            "facility": self.facility,
            "series": self.series,
            "start": instant(self.start).isoformat(),
            "end": instant(self.end).isoformat(),
        }


def alert_messages(connection: sa.Connection, numbers: Sequence[int]) -> list[AlertMessage]:
    """Those of the outbox ``numbers`` that tell of alerts."""
    names = [facility.c[f"name_{language}"] for language in ("kk", "ru", "en")]
    question = (
        sa.select(
            notice.c.number, notice.c.attempts, alert_event.c.number.label("step"), alert.c.number.label("alert"),
            alert_event.c.state, alert_event.c.at, alert_event.c.actor, alert_event.c.note, alert.c.check,
            alert.c.severity, alert.c.evidence, alert.c.start, alert.c.end, series.c.key.label("series"), series.c.zone,
            facility.c.key.label("facility"), *names,
        )
        .join(alert_event, alert_event.c.number == notice.c.event)
        .join(alert, alert.c.number == alert_event.c.alert)
        .join(series, series.c.number == alert.c.series)
        .join(facility, facility.c.id == alert.c.facility_id)
        .where(notice.c.number.in_(numbers))
    )  # fmt: skip
    found: list[AlertMessage] = []
    for row in connection.execute(question).mappings():
        said = {language: row[f"name_{language}"] or row["facility"] for language in ("kk", "ru", "en")}
        plain = {name: row[name] for name in AlertMessage.__dataclass_fields__ if name != "names"}
        found.append(AlertMessage(**plain, names=said))
    return found
