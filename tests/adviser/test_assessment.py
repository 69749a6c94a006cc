"""Forms in and out, their faults, energy, and that every rule has words in three languages."""

import json
import math

import msgspec
import pytest

from jasyl.adviser import (
    Assessment,
    Given,
    advise,
    assessment_of,
    energy_per_record,
    form_schema,
    framework_row,
    headline,
    option_row,
    published_energy,
    rules,
)
from jasyl.texts import LANGUAGES, Refusal, say

FORM = {
    "subject": "Readings of public buildings",
    "authority": "Astana",
    "records_per_day": 100_000,
    "answers": {
        "stored-state": "yes",
        "trusted-party": {"answer": "no", "evidence": "three agencies write", "confidence": "medium"},
        "public-verifiability": "yes",
        "partner-witness": "yes",
    },
}


def test_a_form_survives_the_round_trip():
    first = assessment_of(FORM)
    assert first.answers["trusted-party"] == Given("no", "three agencies write", "medium")
    assert assessment_of(json.loads(json.dumps(first.as_data()))) == first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"records_per_day": 0}, "records_per_day"),
        ({"records_per_day": True}, "records_per_day"),
        ({"records_per_day": 1.5}, "records_per_day"),
        ({"subject": " "}, "subject"),
        ({"subject": "a\u0000b"}, "subject"),
        ({"authority": 7}, "authority"),
        ({"answers": []}, "answers"),
        ({"answers": {"trusted-party": "perhaps"}}, "answers.trusted-party.answer"),
        ({"answers": {"trusted-party": {"answer": "yes", "confidence": "sure"}}}, "answers.trusted-party.confidence"),
        ({"answers": {"trusted-party": {"answer": "yes", "why": "x"}}}, "answers.trusted-party"),
        ({"answers": {"trusted-party": {"answer": "yes", "evidence": "x" * 601}}}, "answers.trusted-party.evidence"),
        ({"answers": {"trusted-party": {"answer": "no", "evidence": "\ud800"}}}, "answers.trusted-party.evidence"),
        ({"answers": {"colour": "yes"}}, "answers.colour"),
        ({"extra": 1}, "{}"),
    ],
)
def test_faults_of_a_form_are_named_with_their_place(change, field):
    with pytest.raises(Refusal) as caught:
        assessment_of(FORM | change, "form.json")
    assert caught.value.code == "adviser-form"
    assert caught.value.where.field == field
    for language in LANGUAGES:
        assert "form.json" in caught.value.text(language)


def test_something_else_than_a_form_is_refused():
    with pytest.raises(Refusal):
        assessment_of([1, 2])


def test_the_schema_knows_every_criterion():
    properties = form_schema()["properties"]["answers"]["properties"]
    assert list(properties) == [one.id for one in rules().criteria]


def test_advice_holds_all_parts_and_no_average():
    advice = advise(assessment_of(FORM))
    data = advice.as_data()
    assert data["advised"] == "witnessed-log"
    assert data["blockchain"] is False
    assert [one["id"] for one in data["frameworks"]] == [one.id for one in rules().frameworks]
    assert "score" not in json.dumps(data)
    assert data["rules"] == rules().version


def test_a_changed_rule_changes_the_version_and_may_change_the_advice():
    book = rules()
    weaker = msgspec.structs.replace(book, demands=())
    assert advise(assessment_of(FORM), weaker).grading.advised.id == "database"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_criterion_option_and_outcome_has_words(language):
    advice = advise(Assessment("x", "y", 1, {}))
    assert headline(language, advice)
    for one in rules().criteria:
        assert say(language, f"adviser-ask-{one.id}")
        assert say(language, f"adviser-group-{one.group}")
    for one in (*rules().demands, *rules().obstacles):
        assert say(language, f"adviser-rule-{one.id}")
    for one in rules().options:
        for part in ("name", "benefit", "risk", "alternative", "ethics"):
            assert say(language, f"adviser-option-{one.id}-{part}")
    for one in rules().frameworks:
        for end in (*(step.outcome for step in one.steps), *([one.otherwise] if one.otherwise else [])):
            assert say(language, f"adviser-outcome-{end}")
    for one in published_energy():
        assert say(language, f"adviser-system-{one.id}")
        assert one.source(language)
    for one in advice.verdicts:
        assert framework_row(language, one)["says"]
    for one in advice.grading.options:
        assert option_row(language, one, advice.energy[one.option.id])["energy"]


def test_energy_falls_with_volume_only_in_its_always_on_part():
    few, many = (energy_per_record("witnessed-log", volume) for volume in (1_000_000, 100_000_000))
    assert few.marginal == many.marginal
    assert few.always_on[0] == pytest.approx(100 * many.always_on[0])
    # 20 W and three witnesses of 5 W are 3.0 MJ a day: 3 J a record at a million a day.
    assert few.total[0] == pytest.approx(3.024, rel=1e-3)


def test_an_anchor_a_day_adds_its_transaction():
    without, anchored = (energy_per_record(one, 1_000_000).total[0] for one in ("witnessed-log", "anchored-log"))
    assert anchored - without == pytest.approx(0.023)


def test_measured_energy_takes_the_place_of_the_benchmark():
    assert energy_per_record("log", 10**9, 0.5).marginal == (0.5, 0.5)


def test_every_option_has_an_energy_and_a_volume_of_none_is_refused():
    for one in rules().options:
        low, high = energy_per_record(one.id, 1000).total
        assert 0 <= low <= high < math.inf
    with pytest.raises(ValueError, match="at least 1"):
        energy_per_record("log", 0)
    with pytest.raises(ValueError, match="nothing"):
        energy_per_record("nothing", 1)
    assert all(one.high > 0 for one in published_energy())
