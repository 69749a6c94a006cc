"""Air density by height, temperature and pressure, and the power the wind carries."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .power_curve import REFERENCE_DENSITY

Floats = NDArray[np.float64]

# ISO 2533:1975 standard atmosphere.
SEA_LEVEL_PRESSURE = 101_325.0  # Pa
SEA_LEVEL_TEMPERATURE = 288.15  # K
LAPSE = 0.0065  # K/m
GRAVITY = 9.80665  # m/s²
DRY_AIR = 287.05287  # J/(kg·K)
# What windpowerlib 0.2.2 takes, kept so that its numbers can be had to the digit.
HAU_PRESSURE = 101_330.0
KNORR_DRY_AIR = 287.058
GRADIENT = 12.5  # Pa per m: 1/8 hPa


def barometric(pressure: ArrayLike, height: float, to_height: float, temperature: ArrayLike) -> Floats:
    """Density kg/m³ at ``to_height`` from pressure (Pa) at ``height`` (m) and the temperature (K) there aloft.

    Pressure falls by 1/8 hPa a metre. E. Hau, Windkraftanlagen (2008), p. 560; as windpowerlib's ``barometric``.
    """
    aloft = np.asarray(pressure, np.float64) - (to_height - height) * GRADIENT
    warmth = np.asarray(temperature, np.float64)
    return aloft * REFERENCE_DENSITY * SEA_LEVEL_TEMPERATURE / (HAU_PRESSURE * warmth)


def ideal_gas(pressure: ArrayLike, height: float, to_height: float, temperature: ArrayLike) -> Floats:
    """The same by the ideal gas law of dry air, as windpowerlib's ``ideal_gas``."""
    aloft = np.asarray(pressure, np.float64) - (to_height - height) * GRADIENT
    return aloft / (KNORR_DRY_AIR * np.asarray(temperature, np.float64))


def linear_temperature(temperature: ArrayLike, height: float, to_height: float) -> Floats:
    """Temperature (K) aloft: 6.5 K less per kilometre (ISO 2533); as windpowerlib's ``linear_gradient``."""
    return np.asarray(temperature, np.float64) - LAPSE * (to_height - height)


def pressure_at(altitude: ArrayLike) -> Floats:
    """Pressure (Pa) of the standard atmosphere at ``altitude`` m above the sea."""
    share = 1 - LAPSE * np.asarray(altitude, np.float64) / SEA_LEVEL_TEMPERATURE
    return SEA_LEVEL_PRESSURE * share ** (GRAVITY / (DRY_AIR * LAPSE))


def density_at(altitude: ArrayLike, temperature: ArrayLike | None = None) -> Floats:
    """Density (kg/m³) at ``altitude`` m above the sea, for the temperature (K) there, else that of the standard.

    Ideal gas under the standard atmosphere's pressure: where no pressure is known, this is within about 1 % of the
    yearly mean. Winter air is a sixth denser than summer's, so a known temperature is worth more than a known pressure.
    """
    heights = np.asarray(altitude, np.float64)
    warmth = SEA_LEVEL_TEMPERATURE - LAPSE * heights if temperature is None else np.asarray(temperature, np.float64)
    return pressure_at(heights) / (DRY_AIR * warmth)


def power_density(speed: ArrayLike, density: ArrayLike = REFERENCE_DENSITY) -> Floats:
    """Power of the wind through a square metre, W/m²: ½ ρ v³."""
    return 0.5 * np.asarray(density, np.float64) * np.asarray(speed, np.float64) ** 3
