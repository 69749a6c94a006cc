"""Power curves against windpowerlib 0.2.2 and atlite 0.7, and the shape a turbine's curve has."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.atlas import PowerCurve, turbine, turbines
from jasyl.atlas.wind.curve_table import curve_table
from jasyl.atlas.wind.power_curve import check_shape, power_at_density
from jasyl.atlas.wind.turbine_yield import at_nodes
from jasyl.texts import Refusal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from windpowerlib import power_curves, power_output

V112 = turbine("Vestas_V112_3MW").curve


def looked_up(curve: PowerCurve, speed: np.ndarray) -> np.ndarray:
    """What the kernels make of a table."""
    table = curve_table(curve)
    cell = np.minimum((speed * np.float32(1 / table.width)).astype(np.int64), len(table.base) - 1)
    below = speed < table.knot[cell]
    base = np.where(below, table.base[cell], table.base2[cell])
    return base + np.where(below, table.slope[cell], table.slope2[cell]) * speed


@pytest.mark.parametrize("name", sorted(turbines()))
def test_every_curve_interpolates_as_windpowerlib(name: str):
    curve = turbine(name).curve
    speed = np.linspace(0.003, 36, 3001)  # never on a knot: at a step the two conventions differ
    theirs = power_output.power_curve(speed, np.array(curve.speeds), np.array(curve.powers))
    np.testing.assert_allclose(curve.at(speed), theirs, rtol=1e-12, atol=1e-6)


@pytest.mark.parametrize("name", sorted(turbines()))
def test_every_table_is_exact(name: str):
    curve = turbine(name).curve
    speed = np.linspace(0.0031, 36.3, 5003).astype(np.float32)
    # float32 near 35 m/s on a slope of 2 per m/s.
    np.testing.assert_allclose(looked_up(curve, speed), curve.per_unit(speed), atol=1e-5)
    knots = np.unique(curve.closed[0])
    np.testing.assert_allclose(
        looked_up(curve, knots.astype(np.float32)), curve.per_unit(knots.astype(np.float32)), atol=1e-5
    )


@given(
    st.lists(st.integers(1, 6000), min_size=2, max_size=30, unique=True).map(sorted),
    st.lists(st.floats(0, 1), min_size=30, max_size=30),
)
def test_any_curve_has_an_exact_table(hundredths: list[int], powers: list[float]):
    speeds = tuple(number / 100 for number in hundredths)
    curve = PowerCurve(speeds, tuple(powers[: len(speeds)]), 1.0)
    speed = (np.arange(0, 6100, 7) / 100 + 0.0033).astype(np.float32)
    steepest = np.abs(np.diff(curve.closed[1])).max() / 0.01
    np.testing.assert_allclose(looked_up(curve, speed), curve.per_unit(speed), atol=1e-5 * max(1, steepest))


def test_the_cut_out_is_one_sided():
    table = curve_table(V112)
    assert table.whole
    assert looked_up(V112, np.array([24.999, 25.0, 25.001], np.float32)).tolist() == [1, 0, 0]
    assert V112.per_unit([24.999, 25.0]).tolist() == [1, 0]
    assert (V112.cut_in, V112.cut_out, V112.peak) == (2, 25, 3.06e6)
    assert np.isnan(V112.at(np.nan))


def test_smoothing_equals_atlite():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from atlite.resource import get_windturbineconfig, windturbine_smooth

        for parameters in (True, {"eta": 0.9, "Delta_v": 1.0, "sigma": 1.5}):
            theirs = windturbine_smooth(get_windturbineconfig("Vestas_V112_3MW"), parameters)
            named = {} if parameters is True else {key.lower(): value for key, value in parameters.items()}  # type: ignore[union-attr]
            ours = V112.smoothed(**named)
            np.testing.assert_allclose(ours.speeds, theirs["V"])
            np.testing.assert_allclose(np.array(ours.powers) / 1e6, theirs["POW"], atol=1e-12)
            assert ours.rated / 1e6 == pytest.approx(theirs["P"])


def test_density_correction_equals_windpowerlib():
    speed = np.random.default_rng(3).weibull(2, 500) * 9
    density = np.linspace(0.95, 1.45, 500)
    for name in ("Vestas_V112_3MW", "E-141/4200", "V126/3450"):
        curve = turbine(name).curve
        theirs = power_output.power_curve_density_correction(
            speed, np.array(curve.closed[0]), np.array(curve.closed[1]), density
        )
        np.testing.assert_allclose(power_at_density(curve, speed, density), theirs, rtol=1e-12, atol=1e-6)
    fixed = V112.at_density(1.1)
    np.testing.assert_allclose(fixed.at(speed), power_at_density(V112, speed, np.full(500, 1.1)), rtol=1e-12)
    assert V112.at_density(1.225).speeds == V112.speeds


def test_thin_air_gives_less_below_rated_power_and_the_same_at_it():
    thin = V112.at_density(1.0)
    speed = np.array([5.0, 8.0, 11.0, 20.0])
    assert (thin.at(speed)[:3] < V112.at(speed)[:3]).all()
    assert thin.at(20.0) == V112.at(20.0)


def test_losses():
    assert V112.reduced(0.9).at(15.0) == pytest.approx(0.9 * 3.06e6)
    import pandas as pd

    efficiency = pd.DataFrame({"wind_speed": [0, 10, 30], "efficiency": [0.8, 0.9, 1.0]})
    curve = turbine("V126/3450").curve
    theirs = power_curves.wake_losses_to_power_curve(pd.Series(curve.speeds), pd.Series(curve.powers), efficiency)
    ours = curve.with_efficiency(efficiency["wind_speed"], efficiency["efficiency"])
    np.testing.assert_allclose(ours.powers, theirs["value"], rtol=1e-12)
    for refused in (lambda: V112.reduced(1.1), lambda: V112.with_efficiency([0, 30], [0.5, 1.5])):
        with pytest.raises(Refusal):
            refused()


@pytest.mark.parametrize(
    ("speeds", "powers", "rated", "code"),
    [
        ((1,), (0,), 1, "power-curve-points"),
        ((1, 2), (0,), 1, "power-curve-points"),
        ((1, float("nan")), (0, 1), 1, "power-curve-number"),
        ((1, 2), (0, 1), 0, "power-curve-number"),
        ((3, 2), (0, 1), 1, "power-curve-order"),
        ((-1, 2), (0, 1), 1, "power-curve-speed"),
        ((3, 90), (0, 1), 1, "power-curve-speed"),
        ((3, 9), (-5, 1), 1, "power-curve-negative"),
    ],
)
def test_what_is_no_curve(speeds: tuple, powers: tuple, rated: float, code: str):
    with pytest.raises(Refusal) as caught:
        PowerCurve(speeds, powers, rated)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("powers", "code"),
    [
        ((0, 0.5, 1.0, 1.0, 0), None),
        ((0, 0.5, 1.0, 0.99, 0), None),
        ((0, 0.5, 1.3, 1.3, 0), "power-curve-rated"),
        ((0, 0.0005, 0.001, 0.001, 0), "power-curve-rated"),
        ((0.3, 0.5, 1.0, 1.0, 0), "power-curve-start"),
        ((0, 0.7, 0.4, 1.0, 0), "power-curve-sinks"),
    ],
)
def test_shapes_a_turbine_cannot_have(powers: tuple, code: str | None):
    curve = PowerCurve((3, 8, 12, 20, 25), powers, 1.0)
    if code is None:
        check_shape(curve)
        return
    with pytest.raises(Refusal) as caught:
        check_shape(curve)
    assert caught.value.code == code


def test_carried_curves_have_a_turbine_s_shape():
    for one in turbines().values():
        check_shape(one.curve)


def test_odd_smoothing_density_and_points_too_close_are_refused():
    for refused in (
        lambda: V112.smoothed(eta=0),
        lambda: V112.smoothed(sigma=-1),
        lambda: V112.at_density(12.25),
        lambda: curve_table(PowerCurve((3, 3.0001, 3.0002, 9), (0, 0.1, 0.2, 1), 1.0)),
    ):
        with pytest.raises(Refusal):
            refused()


def test_nodes_take_the_mean_of_both_sides_of_a_step():
    found = at_nodes(V112)
    assert found[250] == pytest.approx(0.5)
    assert found[249] == 1
    assert found[100] == pytest.approx(2.58 / 3.06)
