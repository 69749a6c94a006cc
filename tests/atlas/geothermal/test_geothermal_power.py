"""Heat and electricity of geothermal water by hand, and a register in which what is not published stays missing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.atlas.bounds import Bounds, exact
from jasyl.atlas.geothermal.power import (
    binary_efficiency,
    binary_power,
    density,
    heat,
    heat_bounds,
    power_bounds,
    temperature_class,
)
from jasyl.atlas.geothermal.register import electricity_values, heat_values, sites, temperature_values
from jasyl.facts import Fact, load_facts

FACTS = tuple(load_facts())


@pytest.mark.parametrize(
    ("temperature", "expected"),
    # IAPWS-95 at atmospheric pressure: steam tables of every handbook.
    [(4, 999.975), (20, 998.207), (40, 992.22), (60, 983.20), (80, 971.80), (100, 958.37)],
)
def test_density_of_water(temperature: float, expected: float):
    assert density(temperature) == pytest.approx(expected, rel=1e-5)


def test_heat_by_hand():
    """10 L/s of 60 °C water cooled to 20 °C: 983.2 · 4180 · 0.01 · 40 = 1.644 MW."""
    assert heat(60, 0.01, 20) == pytest.approx(1_643_900, rel=1e-4)
    assert heat(15, 0.01, 20) == 0


def test_binary_efficiency_by_hand():
    """DiPippo's triangle between 100 and 20 °C: 80 / 666.3 = 12.0 %, of which 58 %: 6.96 %."""
    assert binary_efficiency(100, 20) == pytest.approx(0.58 * 80 / 666.30)
    assert binary_power(100, 0.05, sink=20, outlet=60, relative=0.58) == pytest.approx(
        heat(100, 0.05, 60) * 0.0696, rel=1e-3
    )
    assert binary_power(73, 0.05, sink=20, outlet=60, relative=0.58) == 0


@given(st.floats(5, 95), st.floats(0, 1), st.floats(0, 1))
def test_more_and_warmer_water_gives_more(temperature: float, flow: float, more: float):
    found = heat_bounds(Bounds(temperature, temperature, temperature + 5), Bounds(flow, flow, flow + more))
    assert 0 <= found.low <= found.central <= found.high


def test_too_cool_for_power():
    assert power_bounds(Bounds(60, 65, 70), exact(0.1)) is None
    found = power_bounds(Bounds(70, 90, 110), exact(0.1))
    assert found is not None
    assert (found.low, found.central > 0) == (0, True)


def test_classes():
    assert [temperature_class(value) for value in (20, 30, 89, 90, 150)] == [
        "tepid", "low", "low", "intermediate", "high",
    ]  # fmt: skip


def test_the_register_of_the_facts():
    found = sites(FACTS)
    warmth = {site.id: site for site in temperature_values(found)}
    heats = {site.id: site for site in heat_values(found)}
    power = {site.id: site for site in electricity_values(found)}
    kapal = heats["kapal-arasan"]
    assert float(kapal.value or 0) == pytest.approx(heat(39, 400 / 86400, 20) / 1e6, rel=1e-5)
    assert float(kapal.high or 0) == pytest.approx(heat(44, 670 / 86400, 10) / 1e6, rel=1e-5)
    assert (kapal.longitude, kapal.precision) == (Decimal("79.3547"), "exact")
    assert heats["zhanasu-deposit"].value is None
    assert "temperature" in heats["zhanasu-deposit"].note
    assert heats["keles-artesian-basin"].value is None
    assert warmth["mangystau-basin"].value == Decimal("82.5")  # at 1500 m, the deepest that is published
    assert heats["mangystau-basin"].value is None
    assert not heats["barlyk-arasan"].confirmed
    assert not heats["kazakhstan-thermal-water"].confirmed
    both = power["zharkunak-field-well-5539"].value, power["wells-studied-in-the-zharkent-area"].value
    assert sum(float(value or 0) for value in both) == pytest.approx(20_111 / 8760, rel=1e-5)
    assert len(power) == 2


def test_a_hot_well_of_ones_own_is_modelled_and_unconfirmed():
    def said(metric: str, value: str, unit: str) -> Fact:
        return Fact(
            metric=metric, place="KZ-33", area="", object="a hot well", technology="geothermal", period="2025",
            value=Decimal(value), low=None, high=None, unit=unit, basis="measured", source="a log", source_date="",
            confidence="high", confirmed=True, note="",
        )  # fmt: skip

    found = sites([said("temperature", "95", "Cel"), said("flow", "40", "L/s")])
    (power,) = electricity_values(found)
    assert (power.kind, power.confirmed) == ("modelled", False)
    assert 0 < float(power.low or 0) < float(power.value or 0) < float(power.high or 0)
    (warm,) = heat_values(found)
    assert warm.confirmed
    assert electricity_values(sites([said("temperature", "60", "Cel"), said("flow", "40", "L/s")])) == ()
