"""Which option is advised, what stands in the way, and what an open answer may still change."""

from hypothesis import given
from hypothesis import strategies as st

from jasyl.adviser import ANSWERS, grade, rules

ANY = st.fixed_dictionaries({}, optional={one.id: st.sampled_from(ANSWERS) for one in rules().criteria})
NO_TRUST = {"trusted-party": "no", "tamper-evidence": "yes", "public-verifiability": "yes"}
DISPUTE = {"several-writers": "yes", "trusted-party": "no", "writers-trusted": "no", "shared-order": "yes"}


def standing(found):
    return {one.option.id: one.standing for one in found.options}


def test_nothing_demanded_is_a_database():
    found = grade(rules(), {one.id: "no" for one in rules().criteria} | {"trusted-party": "yes"})
    assert found.advised.id == "database"
    assert not found.advised.blockchain


def test_a_city_register_that_strangers_check_is_a_log():
    found = grade(rules(), {"trusted-party": "yes", "public-verifiability": "yes", "tamper-evidence": "yes"})
    assert found.advised.id == "log"
    assert standing(found)["public-chain"] == "excluded"


def test_without_a_trusted_party_others_countersign():
    found = grade(rules(), NO_TRUST | {"partner-witness": "yes"})
    assert found.advised.id == "witnessed-log"
    assert grade(rules(), NO_TRUST | {"partner-witness": "no"}).advised.id == "anchored-log"


def test_distrustful_writers_with_nodes_may_have_a_chain():
    found = grade(rules(), DISPUTE | {"independent-nodes": "yes", "writers-known": "yes"})
    assert found.advised.id == "permissioned-chain"
    assert found.advised.blockchain


def test_contradictory_demands_advise_nothing():
    found = grade(
        rules(),
        DISPUTE | {"writers-known": "no", "independent-nodes": "no", "deletion-needed": "yes", "sensitive-data": "yes"},
    )
    assert found.advised is None
    assert standing(found)["public-chain"] == "excluded"


def test_open_answers_are_named_when_they_could_change_the_advice():
    found = grade(rules(), {"public-verifiability": "yes"})
    assert found.advised.id == "log"
    assert "trusted-party" in found.hangs_on
    assert found.needed_at_most == 6


@given(ANY)
def test_the_advice_is_the_weakest_that_meets_every_demand_and_is_not_excluded(answers):
    found = grade(rules(), answers)
    assert found.needed <= found.needed_at_most
    for one in found.options:
        assert (one.option.grade < found.needed) == bool(one.unmet)
        if one.standing == "fits":
            assert one.option.grade == found.needed
    allowed = [one.option for one in found.options if not one.unmet and one.standing != "excluded"]
    assert found.advised == (allowed[0] if allowed else None)


@given(ANY, st.data())
def test_what_nothing_hangs_on_does_not_change_the_advice(answers, data):
    found = grade(rules(), answers)
    unknown = [one.id for one in rules().criteria if answers.get(one.id, "unknown") == "unknown"]
    idle = [name for name in unknown if name not in found.hangs_on]
    if idle:
        name = data.draw(st.sampled_from(idle))
        settled = answers | {name: data.draw(st.sampled_from(["yes", "no"]))}
        assert grade(rules(), settled).advised == found.advised
