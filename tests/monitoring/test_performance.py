"""Closed forms of performance, and the arithmetic that takes stored integers to amounts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.monitoring.world import a_series

from jasyl.monitoring.performance import capacity_factor, specific_yield
from jasyl.monitoring.series import check_series
from jasyl.quantities import UNITS
from jasyl.texts import Refusal


@given(st.integers(1, 10**9), st.integers(1, 8784), st.integers(1, 100))
def test_full_power_in_the_metered_time_is_one(capacity: int, hours: int, percent: int) -> None:
    completeness = Decimal(percent) / 100
    energy = Decimal(capacity) * hours * completeness
    assert capacity_factor(energy, Decimal(capacity), Decimal(hours), completeness).value == 1
    assert specific_yield(energy, Decimal(capacity)).value == hours * completeness


def test_missing_is_not_zero() -> None:
    assert capacity_factor(None, Decimal(5), Decimal(24)).value is None
    assert capacity_factor(Decimal(0), Decimal(5), Decimal(24), Decimal(0)).value is None
    assert capacity_factor(Decimal(0), Decimal(5), Decimal(24)).value == 0
    assert specific_yield(None, Decimal(5)).value is None


@pytest.mark.parametrize(
    ("capacity", "hours", "completeness", "code"),
    [(0, 1, 1, "no-capacity"), (1, 0, 1, "no-capacity"), (1, 1, 2, "completeness-range")],
)
def test_refusals(capacity: int, hours: int, completeness: int, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        capacity_factor(Decimal(1), Decimal(capacity), Decimal(hours), Decimal(completeness))
    assert caught.value.code == code


def test_what_a_mean_amounts_to() -> None:
    power = a_series(kind="mean", unit=UNITS["W"], scale=3, interval_seconds=900)
    assert (power.amount_unit.ucum, power.amount_factor) == ("W.h", Fraction(1, 4000))
    flow = a_series(kind="mean", unit=UNITS["kg/s"], interval_seconds=60)
    assert (flow.amount_unit.ucum, flow.amount_factor) == ("kg", 60)
    energy = a_series(scale=2)
    assert (energy.amount_unit.ucum, energy.amount_factor) == ("W.h", Fraction(1, 100))
    with pytest.raises(Refusal, match="does not add up"):
        _ = a_series(kind="mean", unit=UNITS["1"]).amount_factor


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"interval_seconds": 7}, "series-interval"),
        ({"interval_seconds": 0}, "series-interval"),
        ({"interval_seconds": 7200}, "series-interval"),
        ({"interval_seconds": 86_400, "kind": "mean"}, "series-interval"),
        ({"unit": UNITS["kW.h"]}, "series-unit"),
    ],
)
def test_series_that_cannot_be(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_series(a_series(**changes))
    assert caught.value.code == code


def test_series_that_can_be() -> None:
    for seconds in (1, 10, 60, 300, 900, 1800, 3600, 86_400):
        assert check_series(a_series(interval_seconds=seconds)).interval_seconds == seconds
