"""Where the sun stands: declination, irradiance outside the atmosphere, refraction, air mass."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# W/m², ASTM E490-00a. The models used here were fitted with it; the value measured since (1361) is 0.4 % lower.
SOLAR_CONSTANT = 1366.1
J2000 = dt.date(2000, 1, 1)  # day 0 of the formulae begins at noon UTC of this date
STANDARD_PRESSURE = 101_325.0


def declination(year: int, day_of_year: Floats, fraction: float) -> Floats:
    """Declination of the sun, radians, at ``fraction`` of the UTC day (0.5 is noon), counted as 1 on 1 January.

    PSA+ algorithm, valid 2020-2050: M. J. Blanco et al., Updating the PSA sun position algorithm,
    Solar Energy 212 (2020) 339-341, doi 10.1016/j.solener.2020.10.084. Within 0.01° of NREL SPA.
    """
    first = (dt.date(year, 1, 1) - J2000).days - 0.5
    n = first + (day_of_year - 1) + fraction
    omega = 2.267127827 - 9.300339267e-4 * n
    mean_longitude = 4.895036035 + 1.720279602e-2 * n
    anomaly = 6.239468336 + 1.720200135e-2 * n
    longitude = (
        mean_longitude
        + 3.338320972e-2 * np.sin(anomaly)
        + 3.497596876e-4 * np.sin(2 * anomaly)
        - 1.544353226e-4
        - 8.689729360e-6 * np.sin(omega)
    )
    obliquity = 4.090904909e-1 - 6.213605399e-9 * n + 4.418094944e-5 * np.cos(omega)
    return np.arcsin(np.sin(obliquity) * np.sin(longitude))


def extraterrestrial(day_of_year: Floats) -> Floats:
    """Irradiance on a surface facing the sun outside the atmosphere, W/m².

    J. W. Spencer, Fourier series representation of the position of the sun, Search 2 (1971) 172.
    """
    angle = 2 * np.pi / 365 * (day_of_year - 1)
    return SOLAR_CONSTANT * (
        1.00011
        + 0.034221 * np.cos(angle)
        + 0.00128 * np.sin(angle)
        + 0.000719 * np.cos(2 * angle)
        + 0.000077 * np.sin(2 * angle)
    )


def extraterrestrial_daily(latitude: Floats, declination: Floats, normal: Floats) -> Floats:
    """Irradiation of one day on a horizontal surface outside the atmosphere, Wh/m² (latitude, declination in radians).

    Closed form: J. A. Duffie, W. A. Beckman, Solar Engineering of Thermal Processes, equation 1.10.3.
    """
    sunset = np.arccos(np.clip(-np.tan(latitude) * np.tan(declination), -1, 1))
    height = np.cos(latitude) * np.cos(declination) * np.sin(sunset)
    return 24 / np.pi * normal * (height + sunset * np.sin(latitude) * np.sin(declination))


def refraction(elevation: Floats) -> Floats:
    """How much the atmosphere at 101 325 Pa and 12 °C lifts the sun, degrees, for its true elevation in degrees.

    Proportional to pressure. I. Reda, A. Andreas, NREL/TP-560-34302 (2008), equation 42.
    """
    lifted = 1.02 / (60 * np.tan(np.radians(elevation + 10.3 / (elevation + 5.11))))
    return STANDARD_PRESSURE / 101_000 * 283 / 285 * lifted


def relative_air_mass(elevation: Floats) -> Floats:
    """Path through the atmosphere relative to the vertical, for the apparent elevation in degrees (0 to 90).

    F. Kasten, A. T. Young, Applied Optics 28 (1989) 4735.
    """
    return 1 / (np.sin(np.radians(elevation)) + 0.50572 * (6.07995 + elevation) ** -1.6364)


def pressure_ratio(altitude: Floats) -> Floats:
    """Pressure at an altitude (m) in the international standard atmosphere, relative to 101 325 Pa."""
    return 100 * ((44331.514 - altitude) / 11880.516) ** (1 / 0.1902632) / STANDARD_PRESSURE
