"""Decomposition of growth: exact additivity, the limits at zero, a worked example."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.monitoring.decomposition import capacity_growth, lmdi, logarithmic_mean, output_growth
from jasyl.registry import AdoptionRow
from jasyl.texts import Refusal

MW = 1_000_000
positive = st.floats(1e-6, 1e6)
factor = st.one_of(positive, st.just(0.0))
sides = st.dictionaries(st.sampled_from("abcd"), st.tuples(factor, factor, factor), max_size=4)


@given(sides, sides)
def test_the_parts_add_up_to_the_change(before, after):
    found = lmdi(("x", "y", "z"), before, after)
    size = max(found.before, found.after, 1e-12)
    assert math.fsum(found.effects.values()) == pytest.approx(found.change, abs=1e-9 * size)
    for group, parts in found.groups.items():
        was, now = (math.prod(side.get(group, (0.0,))) for side in (before, after))
        assert math.fsum(parts) == pytest.approx(now - was, abs=1e-9 * size)
    back = lmdi(("x", "y", "z"), after, before)
    for name, effect in found.effects.items():
        assert back.effects[name] == pytest.approx(-effect, abs=1e-9 * size)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between_geometric_and_arithmetic(one, other):
    mean = logarithmic_mean(one, other)
    assert math.sqrt(one * other) * (1 - 1e-9) <= mean <= (one + other) / 2 * (1 + 1e-9)
    assert mean == pytest.approx(logarithmic_mean(other, one))


def test_two_factors_by_hand():
    found = lmdi(("number", "size"), {"solar": (10, 2.0)}, {"solar": (20, 3.0)})
    weight = (60 - 20) / math.log(3)
    assert found.effects == pytest.approx({"number": weight * math.log(2), "size": weight * math.log(1.5)})
    assert found.change == 40


def test_zero_goes_to_the_factor_that_is_zero():
    found = lmdi(("number", "size"), {}, {"wind": (4, 5.0)})
    assert found.effects == {"number": 20, "size": 0}
    assert lmdi(("number", "size"), {"wind": (4, 0.0)}, {"wind": (8, 5.0)}).effects == {"number": 0, "size": 40}
    assert lmdi(("a", "b"), {"wind": (0.0, 0.0)}, {"wind": (2, 3.0)}).effects == {"a": 3, "b": 3}
    assert lmdi(("a", "b"), {"wind": (0.0, 1.0)}, {"wind": (0.0, 2.0)}).effects == {"a": 0, "b": 0}
    # The limit itself: a number that nearly vanishes leaves the same parts.
    near = lmdi(("number", "size"), {"wind": (1e-300, 5.0)}, {"wind": (4, 5.0)})
    assert near.effects == pytest.approx({"number": 20, "size": 0})


@pytest.mark.parametrize("factors", [(-1.0, 2.0), (None, 2.0), (float("nan"), 1.0)])
def test_what_has_no_logarithm_is_refused(factors):
    with pytest.raises(Refusal) as refused:
        lmdi(("a", "b"), {"x": factors}, {"x": (1.0, 1.0)})
    assert refused.value.code == "decomposition-negative"


def facility(name, year, family="solar", **changes):
    base = AdoptionRow(name, name, "RP.PV", family, "KZ-75", year, "operating", MW)
    return replace(base, **changes)


def test_growth_of_capacity_and_output():
    table = [
        facility("a", 2014, output={2015: 2 * 10**9, 2018: 10**9}),
        facility("b", 2016, capacity=3 * MW, output={2018: 6 * 10**9}),
        facility("c", 2017, family="wind", capacity=6 * MW, output={2018: 2 * 10**10}),
        facility("d", 2017, capacity=None, output={2018: 10**12}),
        facility("e", 2013, status="closed", closed_year=2016),
    ]
    grown = capacity_growth(table, 2015, 2018)
    assert (grown.before, grown.after) == (2 * MW, 10 * MW)
    assert grown.groups["wind"] == (6 * MW, 0)
    # Solar keeps two plants, their mean size doubles.
    assert grown.groups["solar"] == pytest.approx((0, 2 * MW))
    assert sum(grown.effects.values()) == pytest.approx(8 * MW)

    made = output_growth(table, 2015, 2018)
    assert (made.before, made.after) == pytest.approx((2 * 10**9, 2.7 * 10**10))
    assert sum(made.effects.values()) == pytest.approx(made.change)
    assert made.effects["hours"] == 0
    assert made.groups["wind"] == pytest.approx((0, 2 * 10**10, 0, 0)), "a new family is structure"
    assert output_growth(table, 2015, 2016).effects["hours"] == 0
    assert output_growth([facility("z", 2010, output={2015: 8760, 2016: 8784})], 2015, 2016).effects == pytest.approx(
        {"capacity": 0, "structure": 0, "hours": 24, "capacity_factor": 0}
    )
