"""Diffusion curves: closed forms, known parameters found again with honest intervals, refusals, back-tests."""

import numpy as np
import pytest

from jasyl.monitoring.backtest import backtest
from jasyl.monitoring.diffusion import MODELS, SHAPES, curve_additions, fit_diffusion, forecast
from jasyl.texts import Refusal

TRUE = {
    "logistic": np.array([np.log(1000), np.log(0.5), 10.0]),
    "gompertz": np.array([np.log(1000), np.log(0.3), 8.0]),
    "bass": np.array([np.log(1000), np.log(0.01), np.log(0.45)]),
}


def parameters(model):
    shape = TRUE[model]
    last = shape[2] + 2001 if SHAPES[model][1] == "t0" else np.exp(shape[2])
    return {"K": 1000.0, SHAPES[model][0]: float(np.exp(shape[1])), SHAPES[model][1]: float(last)}


def additions(model, years=20):
    return curve_additions(model, TRUE[model], np.arange(years, dtype=float))


def test_the_bass_curve_is_the_one_of_the_paper():
    p, q, m = 0.03, 0.38, 1000.0
    shape = np.log([m, p, q])
    s = np.arange(1, 31, dtype=float)
    adopted = np.cumsum(curve_additions("bass", shape, s - 1))
    assert adopted == pytest.approx(m * (1 - np.exp(-(p + q) * s)) / (1 + q / p * np.exp(-(p + q) * s)))
    # The differential equation dN/dt = (p + q N/m)(m - N), and the peak at ln(q/p)/(p+q).
    fine = np.linspace(0, 30, 30_001)
    whole = m * (1 - np.exp(-(p + q) * fine)) / (1 + q / p * np.exp(-(p + q) * fine))
    slope = np.gradient(whole, fine)
    assert slope[1:-1] == pytest.approx(((p + q * whole / m) * (m - whole))[1:-1], rel=1e-5)
    assert fine[np.argmax(slope)] == pytest.approx(np.log(q / p) / (p + q), abs=2e-3)


@pytest.mark.parametrize("model", MODELS)
def test_exact_data_give_the_exact_curve(model):
    found = fit_diffusion(model, 2000, additions(model))
    for name, value in parameters(model).items():
        assert found.parameters[name].value == pytest.approx(value, rel=1e-6), name
        assert found.parameters[name].low <= found.parameters[name].value <= found.parameters[name].high
    assert found.r_squared == pytest.approx(1)
    years = list(range(2020, 2060))
    assert found.cumulative([2100])[0] == pytest.approx(1000, rel=1e-4)
    assert found.additions(years) == pytest.approx(np.diff(found.cumulative([2019, *years])))


@pytest.mark.parametrize("model", MODELS)
def test_intervals_hold_what_they_promise(model):
    """Nine of ten intervals contain the truth: parameters by profile, a forecast of five years by drawing."""
    numbers = np.random.default_rng(2013)
    rounds, sigma, ahead = 70, 6.0, np.arange(20, 25, dtype=float)
    inside = forecast_inside = 0
    for _ in range(rounds):
        data = additions(model) + numbers.normal(0, sigma, 20)
        found = fit_diffusion(model, 2000, data)
        inside += sum(found.parameters[name].low <= true <= found.parameters[name].high
                      for name, true in parameters(model).items())  # fmt: skip
        came = data.sum() + np.cumsum(curve_additions(model, TRUE[model], ahead) + numbers.normal(0, sigma, 5))
        said = forecast(found, data.sum(), 5, draws=1000)
        forecast_inside += int(said.low[-1] <= came[-1] <= said.high[-1])
    assert 0.85 <= inside / rounds / 3 <= 0.95
    assert 0.85 <= forecast_inside / rounds <= 0.95


def test_a_forecast_goes_on_from_what_stands():
    found = fit_diffusion("logistic", 2000, additions("logistic", 16) + np.resize([3, -3], 16))
    said = forecast(found, 900, 4, seed=1)
    assert said.years == (2016, 2017, 2018, 2019)
    assert said.value[0] == pytest.approx(900 + found.additions([2016])[0])
    assert np.all(np.diff(said.high - said.low) > 0), "further is less certain"
    again = forecast(found, 900, 4, seed=1)
    assert np.array_equal(said.low, again.low)
    wider = forecast(found, 900, 4, seed=1, level=0.99)
    assert np.all(wider.high > said.high)


def test_what_the_data_do_not_tell_is_refused():
    with pytest.raises(Refusal) as few:
        fit_diffusion("bass", 2015, [1, 2, 3, 4, 5])
    assert few.value.code == "diffusion-too-few"
    with pytest.raises(Refusal) as rare:
        fit_diffusion("bass", 2010, [0, 0, 5, 0, 0, 1, 0, 0, 2])
    assert rare.value.code == "diffusion-too-few"
    # Still growing like an exponential: nothing says where it ends.
    rising = np.round(2 * np.exp(0.4 * np.arange(9))) + np.array([1, -1, 0, 1, -1, 1, 0, -1, 1])
    for model in ("logistic", "gompertz"):
        with pytest.raises(Refusal) as open_:
            fit_diffusion(model, 2010, rising)
        assert open_.value.code == "diffusion-not-identifiable"


def test_a_back_test_is_won_and_lost():
    good = backtest("bass", additions("bass", 24))
    assert good.wins
    assert good.ratio == pytest.approx(0, abs=1e-3)
    assert (good.forecasts, good.refused) == (15 * 3 - 3, 0)
    # By hand: errors of the naive forecasts from the same origins.
    data = additions("bass", 24)
    moved = [np.cumsum(data[o : o + 3]) for o in range(9, 24)]
    assert good.unchanged == pytest.approx(np.concatenate(moved).mean())
    last = np.concatenate([np.abs(data[o - 1] * np.arange(1, len(m) + 1) - m) for o, m in zip(range(9, 24), moved)])  # noqa: B905
    assert good.last_growth == pytest.approx(last.mean())
    # A law that changed half way: the last growth knows at once, a curve of all years does not.
    lost = backtest("logistic", [10.0] * 9 + [100.0] * 9)
    assert not lost.wins
    assert lost.error > lost.last_growth
    with pytest.raises(Refusal, match="0 past forecasts"):  # a constant has no curve: no origin gives one
        backtest("logistic", [50.0] * 16)
    with pytest.raises(Refusal, match="4"):
        backtest("bass", additions("bass", 7))
    late = backtest("bass", [0, 0, 0, 0, 0, 0, *additions("bass", 12)])
    assert late.refused > 0
