"""Ranks with what is not known: bounds by hand, and laws on random tables."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.monitoring.region_ranking import SCALES, rank_regions, region_scale
from jasyl.places import regions
from jasyl.registry import AdoptionRow

MW = 1_000_000
A, B, C = "KZ-11", "KZ-71", "KZ-75"


def plant(name, region, capacity=MW, **changes):
    return replace(AdoptionRow(name, name, "RP.PV", "solar", region, 2015, "operating", capacity), **changes)


def test_an_unknown_capacity_leaves_ranks_open():
    table = [
        plant("a1", A, 5 * MW), plant("b1", B, 3 * MW), plant("b2", B, None), plant("c1", C),
        plant("c2", C, 2 * MW, confirmed=False), plant("c3", C, MW, commissioned_year=None),
        plant("c4", C, MW, status="coming"), plant("c5", C, 9 * MW, commissioned_year=2030), plant("n1", None, 50 * MW),
    ]  # fmt: skip
    found = {each.region: each for each in rank_regions(table, [A, B, C], 2020)}
    assert [(found[r].value, found[r].high) for r in (A, B, C)] == [(5 * MW, 5 * MW), (3 * MW, 53 * MW), (MW, 4 * MW)]
    assert [(found[r].rank, found[r].best, found[r].worst) for r in (A, B, C)] == [(1, 1, 2), (2, 1, 3), (3, 2, 3)]
    assert [(found[r].counted, found[r].missing, found[r].unbounded) for r in (A, B, C)] == [
        (1, 0, 0),
        (2, 1, 0),
        (1, 2, 0),
    ]
    odd = rank_regions([plant("x", A, None, technology="RP.GEO")], [A, B], 2020)
    assert (odd[0].unbounded, odd[0].high) == (1, 0)
    number = {each.region: each for each in rank_regions(table, [A, B, C], 2020, "facilities")}
    assert (number[C].value, number[C].high) == (1, 3)


rows = st.builds(
    plant, st.uuids().map(str), st.sampled_from([A, B, C, None]), st.one_of(st.none(), st.integers(1, 10**9)),
    commissioned_year=st.one_of(st.none(), st.integers(2010, 2022)), confirmed=st.booleans(),
    status=st.sampled_from(["operating", "suspended", "closed", "coming"]),
    closed_year=st.one_of(st.none(), st.integers(2012, 2022)),
)  # fmt: skip


@given(st.lists(rows, max_size=20), st.sampled_from(["capacity", "facilities"]))
def test_laws(table, measure):
    found = rank_regions(table, [A, B, C], 2020, measure)
    for each in found:
        assert each.low <= each.value <= each.high
        assert 1 <= each.best <= each.rank <= each.worst <= 3
    assert [each.value for each in found] == sorted((each.value for each in found), reverse=True)
    sure = [each for each in table if each.confirmed and each.commissioned_year and each.capacity]
    if len(sure) == len(table) and all(each.status == "operating" for each in table):
        assert all(each.best == each.rank == each.worst or each.low == each.high for each in found)


def test_scales():
    for per in SCALES:
        assert set(region_scale(per)) == {one.iso for one in regions()}
    found = rank_regions([plant("a", A, 6 * MW), plant("b", B, 2 * MW)], [A, B], 2020, per={A: 6.0, B: 1.0})
    assert [(each.region, each.value) for each in found] == [(B, pytest.approx(2 * MW)), (A, pytest.approx(MW))]
