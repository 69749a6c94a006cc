"""First-order decay against the columns of the Guidelines' spreadsheet, its closed form, and the balance of carbon."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.emissions import (
    CLIMATES,
    MANAGEMENTS,
    WASTE_KINDS,
    Decay,
    Practice,
    decay_of,
    factor,
    first_order_decay,
    landfill_factors,
    practice_of,
    recoverable_energy,
    with_rate,
)
from jasyl.texts import LANGUAGES, Refusal

MANAGED = practice_of("managed_anaerobic", covered=True)
FOOD = decay_of("food")
masses = st.lists(st.floats(0, 1e9), min_size=1, max_size=30)
rates = st.floats(0.005, 0.5)
delays = st.floats(0, 6)


def spreadsheet(waste, doc, docf, mcf, k, month):
    """One waste type as the Guidelines' workbook writes it, column by column: methane potential of each year, kg.

    B  DDOCm deposited; C  not reacted in its year; D  decomposed in its year; E  accumulated at the end of the year;
    F  decomposed in the year; G  methane. ``month`` (M) is 13 where reaction begins on 1 January of the next year.
    """
    exp1, exp2 = math.exp(-k), math.exp(-k * (13 - month) / 12)
    accumulated, methane = 0.0, []
    for amount in waste:
        b = amount * doc * docf * mcf
        c, d = b * exp2, b * (1 - exp2)
        e = c + accumulated * exp1
        f = d + accumulated * (1 - exp1)
        methane.append(f * 0.5 * 16 / 12)
        accumulated = e
    return methane


def test_the_spreadsheet_of_the_guidelines():
    """Thirty years of a growing city, six kinds at once."""
    waste = {kind: [1e6 * (number + 1) * 1.03**year for year in range(30)] for number, kind in enumerate(WASTE_KINDS)}
    found = first_order_decay(waste, 1995, MANAGED, {kind: decay_of(kind) for kind in waste})
    for row, kind in zip(found.generated, waste, strict=True):
        one = decay_of(kind)
        np.testing.assert_allclose(row, spreadsheet(waste[kind], one.doc, 0.5, 1.0, one.k, 13), rtol=1e-12)
    assert found.years == tuple(range(1995, 2025))
    total, recovered, emitted = found.of(2024)
    assert total == pytest.approx(found.generated[:, -1].sum())
    assert (recovered, emitted) == (0, pytest.approx(total * 0.9))


def test_known_answer_by_hand():
    """100 t of food: DDOCm = 100 000 · 0.15 · 0.5 · 1 = 7500 kg; the year after, 1 − e^−0.06 of it: 291.2 kg CH4."""
    found = first_order_decay({"food": [100_000, 0, 0]}, 2020, MANAGED, {"food": FOOD})
    assert found.deposited[0].tolist() == [7500, 0, 0]
    assert found.generated[0, 0] == 0
    assert found.generated[0, 1] == pytest.approx(7500 * (1 - 0.9417645335842487) * 2 / 3, rel=1e-12)
    assert found.generated[0, 1] == pytest.approx(291.18, abs=0.01)
    assert found.emitted[1] == pytest.approx(291.18 * 0.9, abs=0.01)


@given(masses, rates, delays)
def test_the_closed_form(waste, k, delay):
    """Waste of mid-year x has decayed for T + 1 − x − 1/2 − delay/12 years at the end of year T."""
    found = first_order_decay({"x": waste}, 2000, Practice(1, 0.5, 0, delay), {"x": Decay(1, k, 1)}, years=35)
    for year in range(35):
        lived = [max(year - x + 0.5 - delay / 12, 0) for x in range(min(year + 1, len(waste)))]
        left = sum(amount * math.exp(-k * age) for amount, age in zip(waste, lived, strict=False))
        assert found.stored[0, year] == pytest.approx(left, rel=1e-9, abs=1e-6)


@given(masses, rates, st.floats(0, 18))
def test_no_carbon_is_lost_or_made(waste, k, delay):
    found = first_order_decay({"x": waste}, 2000, Practice(0.6, 0.5, 0, delay), {"x": Decay(0.2, k, 0.5)}, years=40)
    before = np.concatenate([[0], found.stored[0, :-1]])
    np.testing.assert_allclose(found.stored[0], before + found.deposited[0] - found.decomposed[0], rtol=1e-9, atol=1e-6)
    assert (found.decomposed >= -1e-6).all()
    assert found.generated.sum() <= sum(waste) * 0.2 * 0.5 * 0.6 * 2 / 3 * (1 + 1e-9)


@given(masses, masses, rates)
def test_landfills_add(one, other, k):
    """Two cells side by side give what one with both would: the model is linear."""
    length = max(len(one), len(other))
    one, other = (np.pad(cell, (0, length - len(cell))) for cell in (one, other))
    decay = {"x": Decay(0.15, k, 0.5)}
    alone = [first_order_decay({"x": cell}, 2000, MANAGED, decay).generated for cell in (one, other, one + other)]
    np.testing.assert_allclose(alone[0] + alone[1], alone[2], rtol=1e-9, atol=1e-6)


@given(st.floats(1, 1e9), st.floats(0.05, 0.5))
def test_all_of_it_comes_out_in_the_end(amount, k):
    """After thirty times the mean lifetime a ten-trillionth is left."""
    found = first_order_decay({"x": [amount]}, 2000, MANAGED, {"x": Decay(0.4, k, 0.5)}, years=int(30 / k) + 2)
    assert found.generated.sum() == pytest.approx(amount * 0.4 * 0.5 * 0.5 * 16 / 12, rel=1e-9)


def test_a_half_life_is_a_half_life():
    measured = with_rate(FOOD, 7)
    found = first_order_decay({"food": [1000]}, 2000, MANAGED, {"food": measured}, years=8)
    assert found.stored[0, 7] == pytest.approx(found.stored[0, 0] / 2)
    assert measured.doc == FOOD.doc


@pytest.mark.parametrize("climate", CLIMATES)
@pytest.mark.parametrize(
    "group", ["paper_textiles", "wood_straw", "garden_other_organic", "food_sewage_sludge", "bulk_msw"]
)
def test_rates_and_half_lives_of_the_table_agree(climate, group):
    """The Guidelines print both, rounded: the rate must give the half-life to a year."""
    k, half = factor(f"fod.k.{group}.{climate}").value, factor(f"fod.half_life.{group}.{climate}").value
    assert half == pytest.approx(math.log(2) / k, abs=1)


def test_collected_methane_is_taken_off_before_oxidation():
    waste, decay = {"food": [1e6] * 5}, {"food": FOOD}
    made = first_order_decay(waste, 2000, MANAGED, decay).generated[0]
    half = first_order_decay(waste, 2000, MANAGED, decay, recovery=made / 2)
    np.testing.assert_allclose(half.emitted, made / 2 * 0.9)
    whole = first_order_decay(waste, 2000, MANAGED, decay, recovery=made)
    assert whole.emitted.tolist() == [0] * 5


def test_energy_of_methane():
    """50.4 MJ/kg is 14 kWh/kg."""
    assert recoverable_energy(1000, 0.75) == pytest.approx(1000 * 0.75 * 14_000)
    with pytest.raises(Refusal, match="share"):
        recoverable_energy(1, 1.2)


def test_ranges_are_ordered():
    for kind in WASTE_KINDS:
        low, central, high = (decay_of(kind, doc=case, k=case, docf=case) for case in ("low", "central", "high"))
        assert low.doc <= central.doc <= high.doc
        assert low.k < central.k < high.k
        assert (low.docf, central.docf, high.docf) == (0.4, 0.5, 0.6)


def test_every_default_is_confirmed_and_named():
    used = {identifier for kind in WASTE_KINDS for identifier in decay_of(kind).factors} | set(MANAGED.factors)
    assert all(factor(identifier).confirmed for identifier in used)
    found = first_order_decay({"food": [1.0]}, 2000, MANAGED, {"food": FOOD})
    assert set(found.factors) == set(MANAGED.factors) | set(FOOD.factors)
    assert all(one.source for one in landfill_factors())
    assert not factor("fod.mcf.managed_poorly_semi_aerobic_2019").confirmed
    assert [practice_of(management).mcf for management in MANAGEMENTS[-3:]] == [0.8, 0.4, 0.6]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: decay_of("gold"), "landfill-unknown"),
        (lambda: decay_of("food", "lunar"), "landfill-unknown"),
        (lambda: practice_of("perfect"), "landfill-unknown"),
        (lambda: factor("fod.none"), "emission-factor-unknown"),
        (lambda: Practice(1.2, 0.5, 0, 6), "landfill-practice"),
        (lambda: Practice(1, 0.5, 0, 30), "landfill-practice"),
        (lambda: first_order_decay({}, 2000, MANAGED, {}), "landfill-deposit"),
        (lambda: first_order_decay({"food": []}, 2000, MANAGED, {"food": FOOD}), "landfill-deposit"),
        (lambda: first_order_decay({"food": [-1]}, 2000, MANAGED, {"food": FOOD}), "landfill-deposit"),
        (lambda: first_order_decay({"food": [math.nan]}, 2000, MANAGED, {"food": FOOD}), "landfill-deposit"),
        (lambda: first_order_decay({"food": [1, 2]}, 2000, MANAGED, {"food": FOOD}, years=1), "landfill-deposit"),
        (lambda: first_order_decay({"food": [1, 2], "wood": [1]}, 2000, MANAGED, {}), "landfill-deposit"),
        (lambda: first_order_decay({"food": [1]}, 2000, MANAGED, {"food": FOOD}, recovery=[5]), "landfill-recovery"),
        (
            lambda: first_order_decay({"food": [1]}, 2000, MANAGED, {"food": FOOD}, recovery=[]),
            "landfill-recovery-years",
        ),
    ],
)
def test_what_cannot_be_is_refused(act, code):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_years_outside_are_not_zero():
    with pytest.raises(KeyError):
        first_order_decay({"food": [1]}, 2000, MANAGED, {"food": FOOD}).of(2001)


def test_the_room_loads_nothing_heavy():
    script = "import jasyl.emissions, sys; print({'pandas', 'scipy', 'xarray'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
