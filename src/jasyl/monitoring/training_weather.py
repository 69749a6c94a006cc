"""Weather of the training starter: plausible, seeded, not a record of any real day."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int = NDArray[np.int64]
MICROSECONDS = 1_000_000
STEP = 900
STEPS_PER_DAY = 86_400 // STEP


@dataclass(frozen=True)
class Weather:
    """One place over the whole time, by quarter hours that begin at ``start`` (µs UTC).

    ``sun`` is the sine of the sun's elevation in the middle of the step (negative at night), ``cloud`` the covered
    part of the sky (0–1), ``wind`` m/s at hub height, ``temperature`` °C.
    """

    start: Int
    sun: Floats
    cloud: Floats
    wind: Floats
    temperature: Floats


def weather_at(lon: float, lat: float, start: Int, random: np.random.Generator) -> Weather:
    """Weather around a place: red noise (first-order autoregression) about a daily and a seasonal course."""
    hour = ((start // MICROSECONDS) % 86_400 / 3600 + lon / 15) % 24
    days = (start - start[0]) / (86_400 * MICROSECONDS)
    cloud = 1 / (1 + np.exp(-1.6 * _red_noise(len(start), 18, random) + 0.6))
    gust = 0.75 * _red_noise(len(start), 14, random) + 0.25 * _red_noise(len(start), 2, random)
    wind = np.clip(7.2 + 3.4 * gust + 0.8 * np.cos((hour - 2) * math.pi / 12), 0, None)
    # From late summer to the first frosts, 0.75 °C cooler for each degree to the north, warmest at 15 h.
    course = 17.5 - 0.27 * days - 0.75 * (lat - 46)
    temperature = course + 5.5 * np.cos((hour - 15) * math.pi / 12) + 3 * _red_noise(len(start), 60, random)
    return Weather(start, sine_of_elevation(lon, lat, start + STEP * MICROSECONDS // 2), cloud, wind, temperature)


def sine_of_elevation(lon: float, lat: float, moment: Int) -> Floats:
    """Sine of the sun's true elevation at moments (µs UTC) of one year.

    Declination as :mod:`jasyl.atlas.solar.sun` has it; equation of time after J. W. Spencer, Search 2 (1971) 172.
    """
    from jasyl.atlas.solar.sun import declination  # noqa: PLC0415  (the atlas is wanted here only)
    from jasyl.quantities import instant  # noqa: PLC0415

    year = instant(int(moment[0])).year
    first = int(np.datetime64(f"{year}-01-01", "us").astype(np.int64))
    day = (moment - first) / (86_400 * MICROSECONDS) + 1
    tilt = declination(year, day, 0.0)
    angle = 2 * math.pi * (day - 1) / 365
    lead = 229.18 * (
        0.000075
        + 0.001868 * np.cos(angle)
        - 0.032077 * np.sin(angle)
        - 0.014615 * np.cos(2 * angle)
        - 0.04089 * np.sin(2 * angle)
    )
    turned = 2 * math.pi * ((day % 1) + lead / 1440 - 0.5) + math.radians(lon)
    return math.sin(math.radians(lat)) * np.sin(tilt) + math.cos(math.radians(lat)) * np.cos(tilt) * np.cos(turned)


def _red_noise(count: int, hours: float, random: np.random.Generator) -> Floats:
    """Standard normal noise that forgets with a time constant of ``hours``."""
    keep = math.exp(-STEP / 3600 / hours)
    fresh = random.standard_normal(count) * math.sqrt(1 - keep * keep)
    made = np.empty(count)
    last = float(random.standard_normal())
    for at in range(count):
        last = keep * last + float(fresh[at])
        made[at] = last
    return made
