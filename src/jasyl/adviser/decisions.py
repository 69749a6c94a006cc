"""Filled assessments as decision records of the log, and which of them are to be asked again."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

import sqlalchemy as sa

from jasyl.ledger import Decision, enqueue, issued_now, names_person, records_of_kind
from jasyl.texts import Refusal

from .assessment import Advice, Assessment, Confidence, Given
from .rules import Answer, rules

RULES = "blockchain-suitability"
# A decision is asked again after a year even when no rule has changed: the case may have.
ASK_AGAIN = dt.timedelta(days=365)
State = Literal["current", "rules-changed", "old", "superseded"]


@dataclass(frozen=True)
class LoggedDecision:
    """A decision in the log: its record id, what was asked and answered, what was advised, and whether it still holds.

    ``advised`` is the id of an option, None when none could be advised. ``issued`` is the moment of writing, UTC.
    """

    id: str
    assessment: Assessment
    advised: str | None
    rules_version: str
    issued: str
    state: State


def log_decision(connection: sa.Connection, log_origin: str, advice: Advice, actor: str) -> str:
    """Put a decision on its way into the log, in the caller's transaction; gives its record id.

    An earlier decision on the same subject by the same authority is superseded. Raises Refusal ``record-malformed``
    for texts outside a record's limits, ``decision-personal`` where one names a person by a number or an address.
    """
    form = advice.assessment
    for text in (form.subject, form.authority, *(one.evidence for one in form.answers.values())):
        if names_person(text):
            raise Refusal("decision-personal", received=text[:80])
    earlier = [one for one in logged_decisions(connection) if _same_case(one.assessment, form)]
    given = form.answers.items()
    record = Decision(
        log_origin=log_origin,
        issued=issued_now(),
        author=actor,
        subject=form.subject,
        rules=RULES,
        rules_version=advice.rules_version,
        payload={
            "authority": form.authority,
            "records_per_day": form.records_per_day,
            "answers": {name: one.answer for name, one in given},
            "evidence": {name: one.evidence for name, one in given if one.evidence},
            "confidence": {name: one.confidence for name, one in given if one.confidence},
            "advised": advice.grading.advised.id if advice.grading.advised else None,
            "blockchain": advice.blockchain,
            "frameworks": {one.framework.id: " / ".join(one.outcomes) for one in advice.verdicts if one.outcomes},
        },
        actor=actor,
        supersedes=earlier[-1].id if earlier else None,
    )
    return enqueue(connection, record)


def logged_decisions(connection: sa.Connection, now: dt.datetime | None = None) -> list[LoggedDecision]:
    """Every decision on the suitability of a blockchain, in order of arrival, with its state at ``now``."""
    moment = now or dt.datetime.now(dt.UTC)
    records = [
        (identity, record)
        for identity, record in records_of_kind(connection, "decision")
        if isinstance(record, Decision) and record.rules == RULES
    ]
    replaced = {record.supersedes for _, record in records}
    return [
        LoggedDecision(
            identity,
            _assessment(record),
            cast("str | None", record.payload.get("advised")),
            record.rules_version,
            record.issued,
            "superseded" if identity in replaced else _state(record, moment),
        )
        for identity, record in records
    ]


def _state(record: Decision, now: dt.datetime) -> State:
    if record.rules_version != rules().version:
        return "rules-changed"
    return "old" if now - dt.datetime.fromisoformat(record.issued) > ASK_AGAIN else "current"


def _same_case(one: Assessment, other: Assessment) -> bool:
    return (one.subject, one.authority) == (other.subject, other.authority)


def _assessment(record: Decision) -> Assessment:
    """The form again; criteria that the rules no longer know stay as they were answered."""
    payload = record.payload
    answers = cast("dict[str, Answer]", payload.get("answers", {}))
    evidence = cast("dict[str, str]", payload.get("evidence", {}))
    confidence = cast("dict[str, Confidence]", payload.get("confidence", {}))
    return Assessment(
        record.subject,
        str(payload.get("authority", "")),
        cast("int", payload.get("records_per_day", 1)),
        {name: Given(answer, evidence.get(name, ""), confidence.get(name)) for name, answer in answers.items()},
    )
