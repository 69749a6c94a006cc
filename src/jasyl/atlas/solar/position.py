"""Where the sun stands at a moment over every place: the terms from which a kernel makes angles by products alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAY = 86_400_000_000  # µs
J2000 = 946_728_000_000_000  # noon UTC of 1 January 2000 in µs


@dataclass(frozen=True, eq=False)
class SunTerms:
    """Of each moment [time]: sine and cosine of the declination and of the hour angle at Greenwich."""

    declination_sine: Floats
    declination_cosine: Floats
    hour_sine: Floats
    hour_cosine: Floats

    def at_longitudes(self, longitudes: Floats) -> tuple[Floats, Floats]:
        """Cosine and sine of the hour angle [time, column] at longitudes in degrees east; negative before noon."""
        here = np.radians(longitudes)
        cosine, sine = np.cos(here), np.sin(here)
        hour_cosine, hour_sine = self.hour_cosine[:, None], self.hour_sine[:, None]
        return hour_cosine * cosine - hour_sine * sine, hour_sine * cosine + hour_cosine * sine


def sun_terms(start: int, step: int, steps: int) -> SunTerms:
    """The sun in the middle of each of ``steps`` intervals of ``step`` µs from ``start`` (µs UTC).

    J. J. Michalsky, The Astronomical Almanac's algorithm for approximate solar position (1950-2050), Solar Energy 40
    (1988) 227: within 0.01°. The moment counts to the whole minute, as in atlite.
    """
    # Half intervals that are not whole minutes are cut to the minute in the sidereal time, again as in atlite.
    moments = start + step // 2 + step * np.arange(steps, dtype=np.int64)
    days = (moments - J2000) / DAY
    hours = (moments % DAY // 60_000_000) / 60
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    obliquity = np.radians(23.439 - 4e-7 * days)
    ascension = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(obliquity) * np.sin(longitude))
    sidereal = np.radians((6.697375 + hours + 0.0657098242 * days) * 15)
    hour = sidereal - ascension
    return SunTerms(np.sin(declination), np.cos(declination), np.sin(hour), np.cos(hour))


def elevation_azimuth(start: int, step: int, steps: int, longitude: float, latitude: float) -> tuple[Floats, Floats]:
    """True elevation and azimuth (clockwise from north) of the sun at one place, degrees [time]: no refraction."""
    sun = sun_terms(start, step, steps)
    cosine, sine = (angle[:, 0] for angle in sun.at_longitudes(np.array([longitude])))
    place = np.radians(latitude)
    up = _up(sun, cosine, latitude)
    north = sun.declination_sine * np.cos(place) - sun.declination_cosine * np.sin(place) * cosine
    east = -sun.declination_cosine * sine
    return np.degrees(np.arcsin(np.clip(up, -1, 1))), np.degrees(np.arctan2(east, north)) % 360


def elevation(sun: SunTerms, longitude: float, latitude: float) -> Floats:
    """The elevation of :func:`elevation_azimuth` alone, where the sun's terms are known already."""
    cosine, _ = sun.at_longitudes(np.array([longitude]))
    return np.degrees(np.arcsin(np.clip(_up(sun, cosine[:, 0], latitude), -1, 1)))


def _up(sun: SunTerms, cosine: Floats, latitude: float) -> Floats:
    """Sine of the elevation; ``cosine`` of the hour angle."""
    place = np.radians(latitude)
    return sun.declination_sine * np.sin(place) + sun.declination_cosine * np.cos(place) * cosine
