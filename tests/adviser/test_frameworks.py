"""The paths of the published charts, walked to each of their ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.adviser import ANSWERS, CHAINS, disagreement, rules, verdict

BY_ID = {one.id: one for one in rules().frameworks}
ANY = st.fixed_dictionaries({one.id: st.sampled_from(ANSWERS) for one in rules().criteria})
ALL_CHAIN = {
    "stored-state": "yes", "several-writers": "yes", "trusted-party": "no", "writers-known": "yes",
    "writers-trusted": "no", "public-verifiability": "yes", "never-changed": "yes", "sensitive-data": "no",
    "control-disputed": "yes", "tamper-evidence": "yes",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "permissioned-public"),
        ({"public-verifiability": "no"}, "permissioned-private"),
        ({"writers-known": "no"}, "permissionless"),
        ({"stored-state": "no"}, "no-blockchain"),
        ({"several-writers": "no"}, "no-blockchain"),
        ({"trusted-party": "yes"}, "no-blockchain"),
        ({"writers-trusted": "yes"}, "no-blockchain"),
    ],
)
def test_ends_of_wust_and_gervais(changed, outcome):
    assert verdict(BY_ID["wust-gervais"], ALL_CHAIN | changed).outcomes == (outcome,)


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "blockchain-possible"),
        ({"stored-state": "no"}, "mail-or-spreadsheet"),
        ({"several-writers": "no"}, "database"),
        ({"never-changed": "no"}, "database"),
        ({"sensitive-data": "yes"}, "encrypted-database"),
        ({"control-disputed": "no"}, "managed-database"),
        ({"tamper-evidence": "no"}, "database"),
    ],
)
def test_ends_of_the_dhs_chart(changed, outcome):
    assert verdict(BY_ID["dhs"], ALL_CHAIN | changed).outcomes == (outcome,)


def test_the_charts_disagree_where_one_asks_what_the_other_does_not():
    answers = ALL_CHAIN | {"control-disputed": "no"}
    verdicts = [verdict(one, answers) for one in rules().frameworks]
    assert [one.blockchain for one in verdicts[:2]] == [True, False]
    assert disagreement(verdicts)
    assert not disagreement([verdict(one, ALL_CHAIN) for one in rules().frameworks])


def test_an_open_answer_leaves_both_ends_open():
    found = verdict(BY_ID["wust-gervais"], ALL_CHAIN | {"trusted-party": "unknown"})
    assert set(found.outcomes) == {"no-blockchain", "permissioned-public"}
    assert found.blockchain is None
    assert found.open == ("trusted-party",)
    assert found.walked[-1] == ("trusted-party", "unknown")


@given(ANY)
def test_the_possible_ends_are_those_of_every_way_to_answer_what_is_open(answers):
    for framework in rules().frameworks:
        if framework.kind != "path":
            continue
        ends = set()
        unknown = [name for name in framework.asks if answers[name] == "unknown"]
        for mask in range(2 ** len(unknown)):
            settled = {name: "yes" if mask >> place & 1 else "no" for place, name in enumerate(unknown)}
            ends |= set(verdict(framework, answers | settled).outcomes)
        assert set(verdict(framework, answers).outcomes) == ends


@given(ANY)
def test_a_count_adds_up(answers):
    for framework in rules().frameworks:
        if framework.kind == "path":
            continue
        found = verdict(framework, answers)
        assert len(found.leaning) + len(found.against) + len(found.open) == len(framework.asks)


def test_the_dimensions_of_suitability_are_fourteen():
    assert len(set(BY_ID["u4ssc-4s"].asks)) == 14


def test_every_criterion_says_who_asks_it_and_every_framework_asks_known_ones():
    known = {one.id for one in rules().criteria}
    for framework in rules().frameworks:
        assert set(framework.asks) <= known
        asked = {one.id for one in rules().criteria if framework.id in one.sources}
        assert asked == set(framework.asks), framework.id
    assert {step.outcome for one in rules().frameworks for step in one.steps} & CHAINS
