"""Decisions in the log: written, read back, superseded, asked again."""

import datetime as dt

import msgspec
import pytest
import sqlalchemy as sa

from jasyl.adviser import advise, assessment_of, decisions, log_decision, logged_decisions, rules
from jasyl.ledger import entry, parse_record
from jasyl.storage import METADATA
from jasyl.texts import Refusal

FORM = {
    "subject": "Readings of public buildings",
    "authority": "Astana",
    "records_per_day": 1000,
    "answers": {
        "public-verifiability": {"answer": "yes", "evidence": "open data law", "confidence": "high"},
        "trusted-party": "no",
        "partner-witness": "yes",
    },
}


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _log(connection, **changed):
    return log_decision(connection, "test.example/log", advise(assessment_of(FORM | changed)), "account:1")


def test_what_was_asked_and_advised_is_read_back(connection):
    identity = _log(connection)
    (found,) = logged_decisions(connection)
    assert (found.id, found.advised, found.state) == (identity, "witnessed-log", "current")
    assert found.assessment == assessment_of(FORM)
    record = parse_record(entry(connection, identity))
    assert record.kind == "decision"
    assert record.payload["blockchain"] is False
    assert record.payload["frameworks"]["wust-gervais"]


def test_evidence_that_names_a_person_by_a_number_is_not_logged(connection):
    answers = {"trusted-party": {"answer": "no", "evidence": "said 850101300123"}}
    with pytest.raises(Refusal) as caught:
        _log(connection, answers=answers)
    assert caught.value.code == "decision-personal"
    assert logged_decisions(connection) == []


def test_a_second_decision_on_the_case_supersedes_the_first(connection):
    first, other = _log(connection), _log(connection, authority="Almaty")
    second = _log(connection, answers={"trusted-party": "yes"})
    states = {one.id: one.state for one in logged_decisions(connection)}
    assert states == {first: "superseded", other: "current", second: "current"}
    assert parse_record(entry(connection, second)).supersedes == first


def test_it_is_asked_again_when_rules_change_or_a_year_has_passed(connection, monkeypatch):
    _log(connection)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=366)
    assert logged_decisions(connection, later)[0].state == "old"
    newer = msgspec.structs.replace(rules(), version="2.0.0-other")
    monkeypatch.setattr(decisions, "rules", lambda: newer)
    assert logged_decisions(connection)[0].state == "rules-changed"


def test_the_longest_form_still_fits_a_record(connection):
    answers = {one.id: {"answer": "yes", "evidence": "ұ" * 600, "confidence": "low"} for one in rules().criteria}
    _log(connection, answers=answers)
    assert len(logged_decisions(connection)) == 1
