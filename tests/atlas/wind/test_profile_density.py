"""The wind by height and the density of air against windpowerlib, and closed forms."""

import warnings

import numpy as np
import pytest

from jasyl.atlas.wind import density, profile
from jasyl.texts import Refusal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from windpowerlib import density as their_density
    from windpowerlib import temperature as their_temperature
    from windpowerlib import wind_speed as theirs

SPEED = np.random.default_rng(1).weibull(2, 200) * 8
ROUGHNESS = np.exp(np.linspace(-7, 0.5, 200))


@pytest.mark.parametrize("to_height", [30.0, 80.0, 160.0])
def test_profiles_equal_windpowerlib(to_height: float):
    np.testing.assert_allclose(
        profile.logarithmic(SPEED, 100, to_height, ROUGHNESS),
        theirs.logarithmic_profile(SPEED, 100, to_height, ROUGHNESS),
        rtol=1e-13,
    )
    np.testing.assert_allclose(
        profile.logarithmic(SPEED, 100, to_height, 0.1, 12.0),
        theirs.logarithmic_profile(SPEED, 100, to_height, np.full(200, 0.1), 12.0),
        rtol=1e-13,
    )
    np.testing.assert_allclose(
        profile.power_law(SPEED, 100, to_height), theirs.hellman(SPEED, 100, to_height), rtol=1e-13
    )
    exponent = profile.exponent_of_roughness(ROUGHNESS, to_height)
    np.testing.assert_allclose(
        profile.power_law(SPEED, 100, to_height, exponent),
        theirs.hellman(SPEED, 100, to_height, ROUGHNESS),
        rtol=1e-13,
    )


def test_two_heights_give_back_the_law_they_were_made_by():
    low = profile.logarithmic(SPEED, 100, 10, ROUGHNESS)
    np.testing.assert_allclose(
        profile.between(low, 10, SPEED, 100, 140), profile.logarithmic(SPEED, 100, 140, ROUGHNESS), rtol=1e-12
    )
    low = profile.power_law(SPEED, 100, 10, 0.2)
    exponent = profile.shear_exponent(low, 10, SPEED, 100)
    np.testing.assert_allclose(exponent, 0.2, rtol=1e-12)
    np.testing.assert_allclose(
        profile.power_law(SPEED, 100, 140, exponent), profile.power_law(SPEED, 100, 140, 0.2), rtol=1e-12
    )
    assert np.isnan(profile.shear_exponent([0.0], 10, [3.0], 100)).all()
    # A jet below: the wind at 200 m is not taken below calm.
    assert profile.between(9.0, 10, 1.0, 100, 400) == 0


def test_roughness_that_cannot_be_is_missing():
    found = profile.logarithmic(5.0, 100, 80, [0.0, -1.0, np.nan, 90.0, 0.1])
    assert np.isnan(found[:4]).all()
    assert found[4] == pytest.approx(5 * np.log(800) / np.log(1000))
    for refused in (
        lambda: profile.power_law(5.0, 100, 0),
        lambda: profile.between(5, 100, 6, 100, 50),
        lambda: profile.logarithmic(5.0, 10, 80, 0.1, 20.0),
    ):
        with pytest.raises(Refusal):
            refused()


def test_density_equals_windpowerlib():
    pressure, warmth = np.linspace(85_000, 103_000, 200), np.linspace(240, 310, 200)
    for name in ("barometric", "ideal_gas"):
        ours, other = getattr(density, name), getattr(their_density, name)
        np.testing.assert_allclose(ours(pressure, 2, 119, warmth), other(pressure, 2, 119, warmth), rtol=1e-13)
    np.testing.assert_allclose(
        density.linear_temperature(warmth, 2, 119), their_temperature.linear_gradient(warmth, 2, 119), rtol=1e-13
    )


def test_standard_atmosphere():
    """ISO 2533: 1.225 kg/m³ at the sea, 89,874.6 Pa at 1000 m, 1.0066 kg/m³ at 2000 m."""
    assert density.density_at(0) == pytest.approx(1.225, abs=1e-4)
    assert density.pressure_at(1000) == pytest.approx(89_874.6, abs=1)
    assert density.density_at(2000) == pytest.approx(1.00655, abs=1e-4)
    assert density.density_at(300, 258.15) > density.density_at(300, 298.15)
    assert density.power_density(10.0) == pytest.approx(612.5)
