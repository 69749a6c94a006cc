"""Questions, verdicts and the attestation: what a verifier does, and what the log then holds."""

import pytest
from tests.cities.book_world import AKIMAT, NOW, U4SSC, VERIFIER, entry

from jasyl import ledger
from jasyl.cities import (
    answer,
    ask,
    ask_of_findings,
    attest,
    attestations,
    city,
    close_question,
    comment,
    entries,
    evaluation_of,
    findings,
    judge,
    keep_evidence,
    questions,
    readiness,
    verdicts,
    write_entries,
    write_entry,
)  # fmt: skip
from jasyl.figures import Subject, find, statements_of
from jasyl.indicators import Benchmark, Benchmarks
from jasyl.people import ANYBODY
from jasyl.storage import create_folder
from jasyl.texts import Refusal

ASTANA = city("KZ-71")
INTERNET, BROADBAND, GINI = "EC.ICT.ICT.1C", "EC.ICT.ICT.2C", "SC.SH.SI.2C"
BOOK = ("KZ-71", 2024, "u4ssc")
LOG = "log.example"


def code_of(call, *arguments, **named):
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    assert refused.value.text("kk") != refused.value.text("en")
    return refused.value.code


def say(connection, point, verified=True, note="", at=0):
    newest = entries(connection, *BOOK)[point]
    return judge(connection, ASTANA, 2024, "u4ssc", point, newest.id, verified=verified, note=note, actor=VERIFIER,
        now=NOW + at)  # fmt: skip


def test_a_question_is_asked_answered_and_closed(connection):
    asked = ask(connection, ASTANA, 2024, U4SSC, INTERNET, "Households or people?", VERIFIER, NOW)
    answer(connection, ASTANA, asked.id, "Households, census of 2021", AKIMAT, NOW + 1)
    (thread,) = questions(connection, *BOOK)
    assert (thread.is_open, thread.is_answered, thread.point) == (True, True, INTERNET)
    close_question(connection, ASTANA, asked.id, "Thank you", VERIFIER, NOW + 2)
    (thread,) = questions(connection, *BOOK, INTERNET)
    assert not thread.is_open
    assert [one.author for one in (thread.first, *thread.replies)] == ["vera", "akim", "vera"]
    assert code_of(answer, connection, ASTANA, asked.id, "More", AKIMAT, NOW) == "city-thread-closed"
    remark = comment(connection, ASTANA, 2024, U4SSC, "base.population", "As of 1 January", AKIMAT, NOW)
    assert not remark.is_open
    assert questions(connection, *BOOK, GINI) == []


def test_who_may_ask_answer_and_close(connection):
    asked = ask(connection, ASTANA, 2024, U4SSC, INTERNET, "?", VERIFIER, NOW)
    assert code_of(ask, connection, ASTANA, 2024, U4SSC, INTERNET, "?", AKIMAT, NOW) == "not-allowed"
    assert code_of(close_question, connection, ASTANA, asked.id, "!", AKIMAT, NOW) == "not-allowed"
    assert code_of(comment, connection, ASTANA, 2024, U4SSC, INTERNET, "!", ANYBODY, NOW) == "not-allowed"
    assert code_of(answer, connection, city("KZ-75"), asked.id, "!", VERIFIER, NOW) == "city-thread-unknown"
    assert code_of(ask, connection, ASTANA, 2024, U4SSC, INTERNET, "  ", VERIFIER, NOW) == "city-text-empty"
    assert code_of(ask, connection, ASTANA, 2024, U4SSC, INTERNET, "x" * 4001, VERIFIER, NOW) == "cell-too-long"
    assert code_of(ask, connection, ASTANA, 2024, U4SSC, "X.1", "?", VERIFIER, NOW) == "indicator-unknown-point"


def test_a_verdict_is_on_the_entry_that_was_seen(connection):
    first = write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 300_000, 400_000), AKIMAT, NOW)
    write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 310_000, 400_000), AKIMAT, NOW + 1)
    given = {"verified": True, "note": "", "actor": VERIFIER, "now": NOW}
    assert code_of(judge, connection, ASTANA, 2024, "u4ssc", INTERNET, first.id, **given) == "city-verdict-outdated"
    assert code_of(judge, connection, ASTANA, 2024, "u4ssc", GINI, first.id, **given) == "city-nothing-to-judge"
    newest = entries(connection, *BOOK)[INTERNET].id
    no = given | {"verified": False}
    assert code_of(judge, connection, ASTANA, 2024, "u4ssc", INTERNET, newest, **no) == "city-text-empty"
    for actor in (AKIMAT, ANYBODY):
        by = given | {"actor": actor}
        assert code_of(judge, connection, ASTANA, 2024, "u4ssc", INTERNET, newest, **by) == "not-allowed"
    made = say(connection, INTERNET, verified=False, note="The census has fewer")
    assert verdicts(connection, *BOOK) == {INTERNET: made}
    assert readiness(connection, "KZ-71", 2024, U4SSC).unjudged == ()
    write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 305_000, 400_000), AKIMAT, NOW + 2)
    assert readiness(connection, "KZ-71", 2024, U4SSC).unjudged == (INTERNET,)


def test_what_a_verifier_refused_is_left_out_of_the_evaluation(connection):
    write_entries(connection, ASTANA, 2024, U4SSC,
        [entry(INTERNET, 380_000, 400_000), entry(GINI, value="0.29", level="closed")], AKIMAT, NOW)  # fmt: skip
    benchmarks = Benchmarks("t", (Benchmark(INTERNET, 100),))
    assert evaluation_of(connection, "KZ-71", 2024, U4SSC, benchmarks).of(INTERNET).points == 4
    assert evaluation_of(connection, "KZ-71", 2024, U4SSC, benchmarks).of(GINI).reason == "not_reported"
    levels = ("public", "closed")
    assert evaluation_of(connection, "KZ-71", 2024, U4SSC, benchmarks, levels=levels).of(GINI).value is not None
    say(connection, INTERNET, verified=False, note="Too high")
    found = evaluation_of(connection, "KZ-71", 2024, U4SSC, benchmarks).of(INTERNET)
    assert (found.points, found.reason) == (None, "not_verified")
    # A verdict on an earlier entry says nothing of the next one.
    write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 360_000, 400_000), AKIMAT, NOW + 1)
    assert evaluation_of(connection, "KZ-71", 2024, U4SSC, benchmarks).of(INTERNET).points == 3


def test_the_attestation_publishes_signed_statements_and_says_what_it_rests_on(connection, tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    proof = keep_evidence(connection, folder, ASTANA, b"%PDF survey", "survey.pdf", AKIMAT, NOW)
    given = [
        entry("base.population", value=1_200_000), entry(INTERNET, 300_000, 400_000, evidence=proof.sha256),
        entry(BROADBAND, 200_000, 400_000), entry(GINI, value="0.29", level="closed"),
    ]  # fmt: skip
    write_entries(connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW)
    by = {"log_origin": LOG, "signers": ()}
    assert code_of(attest, connection, ASTANA, 2024, U4SSC, AKIMAT, NOW, **by) == "not-allowed"
    assert code_of(attest, connection, ASTANA, 2024, U4SSC, VERIFIER, NOW, **by) == "city-unjudged"
    say(connection, "base.population")  # what others rest on has no statement of its own
    say(connection, INTERNET)
    say(connection, BROADBAND, verified=False, note="Lines of firms are counted")
    say(connection, GINI)
    made = attest(connection, ASTANA, 2024, U4SSC, VERIFIER, NOW, **by)
    assert (set(made.statements), set(made.closed), set(made.not_verified)) == ({INTERNET}, {GINI}, {BROADBAND})
    (statement,) = statements_of(connection, Subject("place", "KZ-71"))
    record = ledger.parse_record(statement.document)
    assert isinstance(record, ledger.Calc)
    assert (record.indicator, record.value, record.unit, record.number_kind) == (
        "u4ssc.EC.ICT.ICT.1C", "75", "%", "published",
    )  # fmt: skip
    newest = entries(connection, *BOOK)
    ((entered, said),) = ledger.records_of_kind(connection, "import")
    assert isinstance(said, ledger.Import)
    assert (record.inputs, said.sha256, said.author) == ([entered], newest[INTERNET].digest, "akim")
    assert record.method.parameters["multiplier"] == "100"
    assert find("city.indicator").run(record.method.parameters, newest[INTERNET]).value == 75
    assert made.statements == {INTERNET: statement.record_id}
    ((identity, decision),) = ledger.records_of_kind(connection, "decision")
    assert isinstance(decision, ledger.Decision)
    assert (identity, decision.rules, decision.subject) == (made.record_id, "city-verification", "KZ-71/2024/u4ssc")
    assert decision.payload["not_verified"] == {BROADBAND: newest[BROADBAND].digest}
    assert decision.payload["bases"] == {"base.population": newest["base.population"].digest}
    ((_, evidence),) = ledger.records_of_kind(connection, "evidence")
    assert isinstance(evidence, ledger.Evidence)
    assert (evidence.sha256, evidence.about) == (proof.sha256, [statement.record_id])
    assert "survey" not in evidence.title


def test_a_second_attestation_supersedes_the_first(connection):
    for at, share in ((0, 300_000), (1, 320_000)):
        write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, share, 400_000), AKIMAT, NOW + at)
        say(connection, INTERNET, at=at)
        attest(connection, ASTANA, 2024, U4SSC, VERIFIER, NOW + at, log_origin=LOG, signers=())
    first, second = attestations(connection, *BOOK)
    records = dict(ledger.records_of_kind(connection, "decision"))
    assert records[second.record_id].supersedes == first.record_id
    before, after = statements_of(connection, Subject("place", "KZ-71"))
    assert (before.superseded_by, after.supersedes) == (after.id, before.id)


def test_open_questions_and_findings_stand_in_the_way(connection):
    by = {"log_origin": LOG, "signers": ()}
    given = [entry("base.population", value=1_200_000), entry(INTERNET, 900_000, 1_200_000)]
    write_entries(connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW)
    say(connection, INTERNET)
    assert code_of(attest, connection, ASTANA, 2024, U4SSC, VERIFIER, NOW, **by) == "city-findings-open"
    found = [(one, one.text("en")) for one in findings(entries(connection, *BOOK), U4SSC)]
    assert ask_of_findings(connection, ASTANA, 2024, U4SSC, found, AKIMAT, NOW) == 1
    assert ask_of_findings(connection, ASTANA, 2024, U4SSC, found, AKIMAT, NOW) == 0
    assert code_of(attest, connection, ASTANA, 2024, U4SSC, VERIFIER, NOW, **by) == "city-questions-open"
    (thread,) = questions(connection, *BOOK)
    assert thread.first.finding == "city-households-inhabitants"
    close_question(connection, ASTANA, thread.id, "A survey of single people", VERIFIER, NOW)
    assert readiness(connection, "KZ-71", 2024, U4SSC).is_ready
    say(connection, INTERNET, verified=False, note="No")
    assert code_of(attest, connection, ASTANA, 2024, U4SSC, VERIFIER, NOW, **by) == "city-nothing-verified"
