"""Error of totals: both approaches agree on linear cases, shared factors are correlated, draws repeat."""

import math
from decimal import Decimal

import msgspec
import numpy as np
import pytest

from jasyl.emissions.inventory import evaluate
from jasyl.emissions.inventory.terms import Variable
from jasyl.emissions.inventory.training import training_inventory
from jasyl.emissions.inventory.uncertainty import multipliers, spreads

from .test_inventory import COAL, coal, inventory, masses

NO_RANGE = {"CO2": COAL["CO2"]}
OMITTED = {"CH4": "x", "N2O": "x"}


def test_independent_masses_add_in_quadrature_and_the_draws_agree():
    parts = [msgspec.structs.replace(masses("I.1.1", CO2=1000, omitted=OMITTED), id=f"m{n}", uncertainty=Decimal(10))
             for n in range(4)]  # fmt: skip
    found = spreads(evaluate(inventory(*parts)))["basic"]
    assert found.propagated == pytest.approx(100 / 1.96 * 2)  # 10 % of 1000 each, √4
    assert found.drawn == pytest.approx(found.propagated, rel=0.02)
    assert found.high - found.low == pytest.approx(4 * 100, rel=0.03)
    assert found.half == pytest.approx(5)


def test_a_factor_shared_between_cells_is_one_error():
    """Two cells with one factor of ±10 %: the total has ±10 %, not ±7 % as rows taken for independent would say."""
    calorific = {
        "id": "f",
        "parameter": "ncv",
        "value": "20",
        "unit": "TJ/Gg",
        "source": "s",
        "low": "18",
        "high": "22",
    }
    book = inventory(
        *(coal(f"c{n}", ref, through=("f",), gases=NO_RANGE, omitted=OMITTED, uncertainty=Decimal(0))
          for n, ref in enumerate(("I.1.1", "I.2.1")))
    )  # fmt: skip
    book = msgspec.convert(book.as_data() | {"factors": [calorific]}, type(book))
    result = evaluate(book)
    variables = {name: one if name == "factor:f" else still(one) for name, one in result.variables.items()}
    found = spreads(msgspec_free(result, variables))["basic"]
    assert found.half == pytest.approx(10)
    assert found.drawn == pytest.approx(found.propagated, rel=0.02)
    assert [one.variable for one in found.shares] == ["factor:f"]


def still(one):
    return Variable(one.id, one.name, 0.0, one.basis)


def msgspec_free(result, variables):
    return type(result)(result.inventory, result.terms, variables, result.factors, result.cells, result.findings)


def test_the_fictional_city_agrees_between_approaches_and_repeats():
    result = evaluate(training_inventory())
    found, again = spreads(result), spreads(result)
    other = spreads(result, seed=1)
    assert found == again
    for name, one in found.items():
        assert one.mean == pytest.approx(float(result.totals[name].co2e))
        assert one.drawn == pytest.approx(one.propagated, rel=0.04)
        assert one.low < one.mean < one.high
        assert sum(each.share for each in one.shares) == pytest.approx(1)
        assert other[name].drawn != one.drawn
        assert one.as_data()["half"] == one.half


def test_wide_errors_are_lognormal_and_never_negative():
    drawn = multipliers({"a": Variable("a", "a", 0.8, "range"), "b": Variable("b", "b", 0.1, "range")}, 20_000, 7)
    assert drawn["a"].min() > 0
    assert (drawn["a"].mean(), drawn["a"].std()) == (pytest.approx(1, abs=0.02), pytest.approx(0.8, rel=0.06))
    assert (drawn["b"].mean(), drawn["b"].std()) == (pytest.approx(1, abs=0.01), pytest.approx(0.1, rel=0.02))
    assert abs(float(np.corrcoef(drawn["a"], drawn["b"])[0, 1])) < 0.03


def test_an_inventory_without_emissions_has_no_relative_error():
    found = spreads(evaluate(inventory(coal(amount="0"))))["basic"]
    assert (found.mean, found.propagated, found.half) == (0, 0, None)
    assert math.isclose(found.drawn, 0)
