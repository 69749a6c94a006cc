"""Meters of the training starter: which facility has one, what it counts, and what it read when nothing was wrong."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from jasyl.quantities import UNITS

from .series import SeriesKind
from .training_weather import MICROSECONDS, STEP, STEPS_PER_DAY, Floats, Int, Weather, weather_at
from .training_world import TrainingFacility, TrainingWorld

# The last day is 2026-10-31, Kazakhstan's civil time (UTC+5 all year since 2024-03-01).
DAYS = 60
END = 1_793_473_200 * MICROSECONDS
DAY = 86_400 * MICROSECONDS
START = END - DAYS * DAY

Model = Literal["solar", "wind", "hydro", "biogas", "heat", "gas", "irrigation", "leak", "waste"]
# What the meter of each model measures: quantity, unit, decimals kept.
_MEASURED: dict[Model, tuple[str, str, int]] = {
    "solar": ("electricity_generated", "W.h", 0),
    "wind": ("electricity_generated", "W.h", 0),
    "hydro": ("electricity_generated", "W.h", 0),
    "biogas": ("electricity_generated", "W.h", 0),
    "heat": ("heat_supplied", "W.h", 0),
    "gas": ("gas_saved", "m3", 3),
    "irrigation": ("water_saved", "m3", 3),
    "leak": ("water_saved", "m3", 3),
    "waste": ("waste_received", "kg", 0),
}


@dataclass(frozen=True)
class Meter:
    """One meter. ``rate`` is the most it can count in an hour at nominal size, in base units of ``unit``."""

    key: str
    facility: TrainingFacility
    model: Model
    quantity: str
    unit: str
    scale: int
    interval_seconds: int
    kind: SeriesKind
    rate: float

    @property
    def most(self) -> float:
        """The largest stored integer of one interval at nominal size; of a mean, the nominal power itself."""
        hours = 1 if self.kind == "mean" else self.interval_seconds / 3600
        return self.rate * hours * 10**self.scale


@dataclass(frozen=True)
class Course:
    """Interval starts (µs UTC) and the integers a sound meter has for them."""

    meter: Meter
    start: Int
    value: Int


def training_meters(world: TrainingWorld) -> tuple[Meter, ...]:
    """The meters: mostly hourly amounts; every third sun or wind meter by quarter hours, one mean power, one
    counter, one by days, so that every kind of series occurs."""
    seen: dict[str, int] = {}
    made: list[Meter] = []
    for facility in world.facilities:
        if facility.meter is None:
            continue
        at = seen[facility.meter] = seen.get(facility.meter, 0) + 1
        made.append(_meter(facility, cast(Model, facility.meter), at))
    return tuple(made)


def training_courses(seed: int, meters: tuple[Meter, ...]) -> tuple[Course, ...]:
    """What each meter would have read without faults; each from random numbers of its own."""
    start = np.arange(START, END, STEP * MICROSECONDS, dtype=np.int64)
    made: list[Course] = []
    for number, meter in enumerate(meters):
        random = np.random.default_rng([seed, 2, number])
        weather = weather_at(meter.facility.place.lon, meter.facility.place.lat, start, random)
        made.append(_course(meter, start, _MODELS[meter.model](weather, random), random))
    return tuple(made)


def _meter(facility: TrainingFacility, model: Model, at: int) -> Meter:
    quantity, unit, scale = _MEASURED[model]
    interval = 3600
    kind: SeriesKind = "amount"
    if model in {"solar", "wind"} and at % 3 == 1:
        interval = 900
    if (model, at) == ("wind", 4):
        unit, kind = "W", "mean"
    if (model, at) == ("biogas", 2):
        kind = "counter"
    if (model, at) == ("irrigation", 2):
        interval = 86_400
    key = f"{facility.key}-{quantity.replace('_', '-')}"
    return Meter(key, facility, model, quantity, unit, scale, interval, kind, _rate(facility, model))


def _rate(facility: TrainingFacility, model: Model) -> float:
    size, unit = facility.base_capacity, facility.fields["capacity_unit"]
    if model == "gas":
        # Three per cent of the gas a boiler or compressor of that power burns: 34 MJ/m³, 90 % efficiency.
        return size * float(UNITS[unit].factor) * 3600 / 34e6 / 0.9 * 0.03
    if model == "irrigation":
        # Half of the usual 40 m³ a day and hectare in the season, spread over 14 hours.
        return size * 20 / 14
    if model == "leak":
        return size / 24 * 0.4
    if model == "waste":
        # A year's tonnes come in 300 working days of ten hours; a busy hour has three times the mean.
        return size * 1000 / 3000 * 3
    return size * float(UNITS[unit].factor)


def _course(meter: Meter, start: Int, part: Floats, random: np.random.Generator) -> Course:
    noisy = np.clip(part * (1 + 0.01 * random.standard_normal(len(part))), 0, 1)
    steps = meter.interval_seconds // STEP
    mean = noisy.reshape(-1, steps).mean(axis=1)
    value = np.rint(mean * meter.most).astype(np.int64)
    if meter.kind == "counter":
        before = int(random.integers(10**9, 10**10))
        value = before + np.cumsum(value) - value
    return Course(meter, start[::steps].copy(), value)


def _solar(weather: Weather, _random: np.random.Generator) -> Floats:
    """Horizontal irradiance of a clear sky (B. Haurwitz, J. Meteorology 2 (1945) 154), under clouds (F. Kasten,
    G. Czeplak, Solar Energy 24 (1980) 177), 82 % of it by plant; an inverter never gives more than nominal."""
    height = np.clip(weather.sun, 1e-6, None)
    clear = 1098 * height * np.exp(-0.057 / height)
    return np.where(weather.sun > 0, clear * (1 - 0.75 * weather.cloud**3.4) / 1000 * 0.82, 0.0)


def _wind(weather: Weather, _random: np.random.Generator) -> Floats:
    """A power curve: nothing below 3 m/s, cubic to 12.5 m/s, nominal to 25 m/s, then stopped."""
    cubic = (weather.wind**3 - 27) / (12.5**3 - 27)
    return np.where(weather.wind < 25, np.clip(cubic, 0, 1), 0.0)


def _hydro(weather: Weather, random: np.random.Generator) -> Floats:
    """Falling water of autumn, and more in the evening peak."""
    days = _days(weather)
    level = 0.62 - 0.0035 * days + 0.05 * np.sin(days / 9 + random.random() * 6)
    hour = _hour(weather)
    return np.clip(level + np.where((hour >= 18) & (hour < 22), 0.12, 0.0), 0, 1)


def _biogas(weather: Weather, random: np.random.Generator) -> Floats:
    """Steady, with two services of six hours: true zeros, not faults."""
    part = 0.78 + 0.05 * np.sin(_days(weather) / 4 + random.random() * 6)
    for day in random.integers(4, DAYS - 4, 2).tolist():
        at = day * STEPS_PER_DAY + 36
        part[at : at + 24] = 0
    return part


def _heat(weather: Weather, _random: np.random.Generator) -> Floats:
    """Space heating below 15 °C, up to nominal at -25 °C, above a base of hot water."""
    return 0.06 + 0.94 * np.clip((15 - weather.temperature) / 40, 0, 1)


def _gas(weather: Weather, _random: np.random.Generator) -> Floats:
    return 0.2 + 0.8 * np.clip((15 - weather.temperature) / 40, 0, 1)


def _irrigation(weather: Weather, _random: np.random.Generator) -> Floats:
    """By day, ending with September."""
    season = np.clip((38 - _days(weather)) / 25, 0.02, 1)
    hour = _hour(weather)
    return season * np.where((hour >= 6) & (hour < 20), 0.95, 0.0)


def _leak(weather: Weather, random: np.random.Generator) -> Floats:
    """Steady: pressure is managed around the clock, most at night when it was highest."""
    hour = _hour(weather)
    return 0.7 + 0.15 * np.cos((hour - 3) * math.pi / 12) + 0.02 * random.standard_normal(len(hour))


def _waste(weather: Weather, random: np.random.Generator) -> Floats:
    """Lorries between eight and eighteen o'clock, none on Sundays; a lorry is a twelfth of a busy hour."""
    lorries = random.poisson(1.0, len(weather.start))
    weekday = (np.floor(_days(weather)).astype(np.int64) + _FIRST_WEEKDAY) % 7
    open_now = (_hour(weather) >= 8) & (_hour(weather) < 18) & (weekday != 6)
    return np.where(open_now, np.clip(lorries / 3, 0, 1), 0.0)


# 2026-09-02 was a Wednesday; Monday is 0.
_FIRST_WEEKDAY = 2


def _days(weather: Weather) -> Floats:
    return (weather.start - START) / DAY


def _hour(weather: Weather) -> Floats:
    return (weather.start - START) % DAY / (3600 * MICROSECONDS)


_MODELS: Mapping[Model, Callable[[Weather, np.random.Generator], Floats]] = {
    "solar": _solar, "wind": _wind, "hydro": _hydro, "biogas": _biogas, "heat": _heat, "gas": _gas,
    "irrigation": _irrigation, "leak": _leak, "waste": _waste,
}  # fmt: skip
