"""Verdicts as arithmetic: the newest row holds at each instant; what is appended makes the findings hold."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jasyl.monitoring.quality.verdict import Verdict, changes, in_force, overtaken, within, without

END = 30
DECISIONS = ("suspect", "wrong", "cleared")


def verdict(start, end, decision="wrong", number=0, check="frozen", actor="quality", judged=1, evidence=""):
    return Verdict(1, check, "1.0.0", start, end, decision, end - start, evidence, judged, actor, number=number)


rows = st.lists(
    st.tuples(
        st.integers(0, END - 1), st.integers(1, 8), st.sampled_from(DECISIONS), st.sampled_from(("frozen", "gap"))
    )
)


@given(rows)
def test_the_newest_row_holds_at_each_instant(drawn):
    kept = [verdict(at, at + long, what, number, check) for number, (at, long, what, check) in enumerate(drawn, 1)]
    painted = {}
    for each in kept:
        for at in range(each.start, each.end):
            painted[each.check, at] = each.number
    pieces = in_force(reversed(kept), cleared=True)
    assert {(each.check, at): each.number for each in pieces for at in range(each.start, each.end)} == painted
    standing = {each.number for each in in_force(kept)}
    assert standing == {number for number in painted.values() if kept[number - 1].verdict != "cleared"}


@given(rows, rows)
def test_what_is_appended_makes_the_findings_hold_and_then_nothing_more_is(drawn, found_drawn):
    kept = [verdict(at, at + long, what, number) for number, (at, long, what, _) in enumerate(drawn, 1)]
    before = in_force(kept, cleared=True)
    mask = np.zeros(END + 10, bool)
    for at, long, _, _ in found_drawn:
        mask[at : at + long] = True
    edges = np.flatnonzero(np.diff(np.r_[0, mask.astype(int), 0]))
    found = [verdict(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    added = [replace(each, number=100 + place) for place, each in enumerate(changes(before, found))]
    after = in_force([*kept, *added])
    assert {at for each in after for at in range(each.start, each.end)} == set(np.flatnonzero(mask).tolist())
    assert all(each.verdict == "wrong" for each in after)
    assert changes(in_force([*kept, *added], cleared=True), found) == []


def test_what_a_person_decided_stands_until_newer_readings_come():
    decided = verdict(5, 15, "cleared", 2, actor="aigul", judged=7)
    held = in_force([verdict(0, 20, number=1), decided], cleared=True)
    assert changes(held, [verdict(0, 20)]) == [verdict(0, 5), verdict(15, 20)] or changes(held, [verdict(0, 20)]) == []
    start, source = np.arange(20), np.full(20, 7)
    assert overtaken(decided, start, source, 1) == [decided]
    source[8] = 9
    assert overtaken(decided, start, source, 1) == [replace(decided, end=8), replace(decided, start=9)]


def test_pieces():
    whole = verdict(0, 10)
    assert without(whole, 3, 5) == [replace(whole, end=3), replace(whole, start=5)]
    assert without(whole, 10, 12) == [whole]
    assert without(whole, -1, 11) == []
    assert within(whole, 8, 20) == replace(whole, start=8)
    assert within(whole, 10, 20) is None
    assert whole.by_hand is False
