"""What a page says of a history: whole years only, every curve with its verdict or its reason."""

import numpy as np
import pytest

from jasyl.monitoring.diffusion import curve_additions, fit_diffusion
from jasyl.monitoring.diffusion_report import History, best_curve, curves, history, month_of
from jasyl.monitoring.dynamics import dynamics
from jasyl.registry import AdoptionRow
from jasyl.texts import LANGUAGES

BASS = np.log([1000, 0.01, 0.45])


def known(years=22):
    additions = curve_additions("bass", BASS, np.arange(years, dtype=float))
    noise = np.random.default_rng(4).normal(0, 3, years)
    values = tuple(float(each) for each in additions + noise)
    return History(2000, values, sum(values))


def test_the_right_curve_is_found_best():
    found = curves(known(), 5)
    assert [one.model for one in found] == ["logistic", "gompertz", "bass"]
    best = best_curve(found)
    assert best is not None
    assert best.model == "bass"
    assert curves(known(), 5) is found, "kept"
    data = best.as_data("en")
    assert data["parameters"]["K"]["low"] < 1000 < data["parameters"]["K"]["high"]
    assert [row["year"] for row in data["forecast"]] == [2022, 2023, 2024, 2025, 2026]
    assert data["backtest"]["wins"]
    assert data["refused"] == []
    for language in LANGUAGES:
        assert best.verdict(language)


@pytest.mark.parametrize(("shift", "month"), [(-0.5, "2010-07"), (-0.25, "2010-10"), (-0.999, "2010-01")])
def test_the_month_of_fastest_growth_lies_in_the_year_of_most_additions(shift, month):
    additions = curve_additions("logistic", np.array([np.log(1000), np.log(0.5), 10 + shift]), np.arange(20.0))
    assert 2000 + int(np.argmax(additions)) == 2010
    assert month_of(fit_diffusion("logistic", 2000, additions).parameters["t0"].value) == month


def test_a_month_without_an_end_says_so():
    assert [month_of(one) for one in (2021.0, 2021.999, np.inf, -np.inf)] == ["2021-01", "2021-12", "∞", "−∞"]


def test_what_has_no_curve_says_why():
    found = curves(History(2015, (1.0, 0.0, 2.0), 3.0), 5)
    assert best_curve(found) is None
    assert [refusal.code for refusal in found[0].refusals] == ["diffusion-too-few", "backtest-too-few"]
    data = found[0].as_data("ru")
    assert (data["parameters"], data["forecast"], data["backtest"]) == (None, None, None)
    assert found[0].verdict("en") == "not tested on the past"


@pytest.mark.parametrize(("measure", "additions", "standing"), [
    ("facilities", (2.0, 0.0, 1.0), 3.0), ("enterprises", (1.0, 0.0, 1.0), 2.0), ("capacity", (5.0, 0.0, 4.0), 9.0),
])  # fmt: skip
def test_a_history_begins_with_the_first_addition_and_ends_with_a_whole_year(measure, additions, standing):
    known = [("a", 2015, 2), ("a", 2015, 3), ("b", 2017, 4), ("c", 2018, 9)]
    rows = [
        AdoptionRow(f"{n}", who, "RP.PV", "solar", None, year, "operating", capacity)
        for n, (who, year, capacity) in enumerate(known)
    ]
    found = history(dynamics(rows, [], 2018, first=2000).rows, measure, 2017)
    assert (found.first, found.additions, found.standing, found.last) == (2015, additions, standing, 2017)
    assert history(dynamics(rows, [], 2018, first=2000).rows, measure, 2010).additions == ()
    old = [*rows, AdoptionRow("o", "o", "RP.HSM", "hydro", None, 1928, "operating", 1)]
    assert history(dynamics(old, [], 2018).rows, measure, 2017).first == 2015, "thirty years at most"
