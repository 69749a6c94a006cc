"""Savings by regression: models found again, intervals that hold under correlated errors, checks by name."""

import numpy as np
import pytest
from scipy import stats

from jasyl.monitoring.change_point import autocorrelation, correlation, design, fit_change_point
from jasyl.monitoring.savings import (
    Consumption,
    guideline_14_uncertainty,
    measured_savings,
    normalised_savings,
)
from jasyl.texts import Refusal


def errors(count, rho, sigma, numbers):
    """A stationary first-order process."""
    found = np.empty(count)
    found[0] = numbers.normal(0, sigma)
    for place in range(1, count):
        found[place] = rho * found[place - 1] + numbers.normal(0, sigma * np.sqrt(1 - rho**2))
    return found


def weather(count, days, numbers):
    season = 6 - 18 * np.cos(2 * np.pi * np.arange(count) * days / 365)
    return season + (numbers.normal(0, 1.5, count) if days > 20 else errors(count, 0.7, 4, numbers))


def use(model, temperature, coefficients, points, noise=0.0, days=1.0, share=1.0):
    rate = share * (design(model, temperature, np.array(points)) @ np.array(coefficients)) + noise
    length = np.full(len(temperature), days)
    return Consumption(rate * length, length, temperature)


CASES = {
    "1P": ([100.0], []),
    "2P": ([100.0, -2.0], []),
    "3PH": ([30.0, 5.0], [14.0]),
    "3PC": ([50.0, 4.0], [16.0]),
    "4P": ([60.0, 3.0, 2.0], [13.0]),
    "5P": ([50.0, 2.0, 3.0], [8.0, 18.0]),
}


@pytest.mark.parametrize("model", CASES)
def test_each_model_is_found_again(model):
    numbers = np.random.default_rng(5)
    cold = weather(365, 1, numbers)
    coefficients, points = CASES[model]
    used = use(model, cold, coefficients, points, numbers.normal(0, 0.5, 365))
    found = fit_change_point(cold, used.rate)
    assert found.model == model
    assert found.points == pytest.approx(points, abs=0.5)
    assert found.coefficients == pytest.approx(coefficients, rel=0.05)
    # The gradient is the derivative: moving everything a little moves the prediction as it says.
    step = 1e-6
    at = np.array([-20.0, 3.0, 12.0, 25.0])
    for number in range(found.count):
        moved = [np.concatenate([found.coefficients, found.points]) + sign * step * (np.arange(found.count) == number)
                 for sign in (1, -1)]  # fmt: skip
        ends = [
            design(found.model, at, each[len(found.coefficients) :]) @ each[: len(found.coefficients)] for each in moved
        ]
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(found.gradient_at(at)[:, number], abs=1e-5)


def test_a_straight_line_is_that_of_the_textbook():
    numbers = np.random.default_rng(3)
    cold = weather(24, 30.4, numbers)
    rate = 100 - 2 * cold + numbers.normal(0, 3, 24)
    found = fit_change_point(cold, rate, models=["2P"])
    peer = stats.linregress(cold, rate)
    assert found.coefficients == pytest.approx([peer.intercept, peer.slope])
    assert found.r_squared == pytest.approx(peer.rvalue**2)
    if found.rho == 0:
        assert np.sqrt(np.diag(found.covariance)) == pytest.approx([peer.intercept_stderr, peer.stderr])


SIMULATED = [
    ("3PH", 12, 12, 30.4, 0.0, 0.06),
    ("3PH", 24, 12, 30.4, 0.3, 0.06),
    ("2P", 12, 6, 30.4, 0.0, 0.05),
    ("3PC", 365, 365, 1.0, 0.7, 0.10),
    ("5P", 365, 180, 1.0, 0.6, 0.10),
]


@pytest.mark.parametrize(("model", "before", "after", "days", "rho", "cv"), SIMULATED)
def test_nine_of_ten_intervals_hold_the_true_saving(model, before, after, days, rho, cv):
    """One fifth is saved; errors are correlated from period to period, also across the works."""
    numbers = np.random.default_rng(2026)
    coefficients, points = CASES[model]
    rounds = 140 if days > 20 else 60
    inside = 0
    for _ in range(rounds):
        then, now = weather(before, days, numbers), weather(after, days, numbers)
        plain = use(model, now, coefficients, points, days=days)
        level = cv * use(model, then, coefficients, points).rate.mean()
        noise = errors(before + after, rho, level, numbers)
        found = measured_savings(
            use(model, then, coefficients, points, noise[:before], days),
            use(model, now, coefficients, points, noise[before:], days, share=0.8),
        )
        inside += int(found.low <= 0.2 * plain.amount.sum() <= found.high)
    assert 0.85 <= inside / rounds <= 0.95


def example(share=0.8, seed=1, cv=0.03, periods=24):
    numbers = np.random.default_rng(seed)
    then = weather(periods, 30.4, numbers)
    now = np.clip(weather(12, 30.4, numbers), then.min(), then.max())
    noise = numbers.normal(0, cv * 110, periods + 12)
    return (
        use("3PH", then, *CASES["3PH"], noise[:periods], 30.4),
        use("3PH", now, *CASES["3PH"], noise[periods:], 30.4, share),
    )


def test_amounts_balance_and_the_cross_check_agrees():
    before, after = example()
    found = measured_savings(before, after)
    assert found.avoided == pytest.approx(found.adjusted - found.metered)
    assert found.fraction == pytest.approx(0.2, abs=0.05)
    assert found.low < found.avoided < found.high
    assert found.fractional_uncertainty == pytest.approx((found.high - found.low) / 2 / found.avoided)
    assert found.guideline_14 == pytest.approx(found.fractional_uncertainty, rel=0.35)
    assert found.adequate
    fit = found.baseline
    n, m, nn = fit.periods, 12, fit.effective
    by_hand = stats.t.ppf(0.95, fit.freedom) * 1.26 * fit.cv_rmse / found.fraction * np.sqrt(n / nn * (1 + 2 / nn) / m)
    assert found.guideline_14 == pytest.approx(by_hand)
    assert guideline_14_uncertainty(fit, 12, 0) == float("inf")


def test_checks_are_named_when_they_fail():
    def failing(before, after):
        return {each.name for each in measured_savings(before, after).checks if not each.holds}

    before, after = example()
    assert failing(before, after) == set()
    warm = Consumption(after.amount, after.days, after.temperature + 25)
    assert "temperature-range" in failing(before, warm)
    short = Consumption(before.amount[:9], before.days[:9], before.temperature[:9])
    assert "baseline-length" in failing(short, after)
    assert "significance" in failing(*example(share=0.995))
    noisy = failing(*example(cv=0.9, seed=4))
    assert "cv-rmse" in noisy
    numbers = np.random.default_rng(0)
    cold = weather(365, 1, numbers)
    slow = use("3PH", cold, *CASES["3PH"], errors(365, 0.93, 20, numbers))
    assert "autocorrelation" in failing(slow, slow)
    loose = use("2P", cold, *CASES["2P"], numbers.normal(0, 25, 365))
    assert "r-squared" in failing(loose, loose)


def test_a_typical_year_takes_the_weather_out():
    before, after = example()
    typical, days = weather(12, 30.4, np.random.default_rng(9)), np.full(12, 30.4)
    true = 0.2 * use("3PH", typical, *CASES["3PH"], days=30.4).amount.sum()
    found = normalised_savings(before, after, typical, days)
    assert found.low <= true <= found.high
    assert found.saved == pytest.approx(found.before - found.after)
    with pytest.raises(Refusal) as refused:
        few = Consumption(after.amount[:5], after.days[:5], after.temperature[:5])
        normalised_savings(before, few, typical, days)
    assert refused.value.code == "savings-too-few"


def test_what_cannot_be_told_is_refused():
    before, after = example()
    nothing = Consumption(np.empty(0), np.empty(0), np.empty(0))
    with pytest.raises(Refusal) as refused:
        measured_savings(before, nothing)
    assert refused.value.code == "savings-nothing-after"
    with pytest.raises(Refusal) as refused:
        fit_change_point(after.temperature, after.temperature, models=["3PH"])  # rises with warmth: no heating
    assert refused.value.code == "savings-no-model"
    with pytest.raises(ValueError, match="length"):
        Consumption(np.ones(2), np.ones(2), np.ones(3))


def test_correlation_of_errors():
    numbers = np.random.default_rng(11)
    assert autocorrelation(errors(5000, 0.6, 1, numbers), 2) == pytest.approx(0.6, abs=0.04)
    assert autocorrelation(np.resize([1.0, -1.0], 40), 2) == 0
    assert autocorrelation(np.zeros(10), 2) == 0
    matrix = correlation(3, 0.5)
    assert matrix.tolist() == [[1, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 1]]
