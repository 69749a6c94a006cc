"""Sound meters for trials of the checks: what plants, networks and works read when nothing is wrong. Generated."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from jasyl.quantities import UNITS

from ..series import SeriesDefinition, SeriesKind
from ..training_weather import MICROSECONDS, STEP, Floats, Weather, weather_at
from .observation import Int, Observed, rate_of

DAY = 86_400 * MICROSECONDS
# 2025-01-01 00:00 in Kazakhstan (UTC+5 all year).
YEAR = 1_735_671_600 * MICROSECONDS
DAYS = 84


class Maker:
    """Makes sound series of one seed; each from random numbers of its own, at a place and in a season of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.number = 0

    def _begin(self, interval: int) -> tuple[np.random.Generator, tuple[float, float], Weather]:
        self.number += 1
        random = np.random.default_rng([self.seed, 11, self.number])
        place = (float(random.uniform(50, 85)), float(random.uniform(42, 54)))
        # Counted from a whole week, so that Monday is Monday; the model of the sun holds within one year.
        start = YEAR + int(random.integers(0, (364 - DAYS) // 7)) * 7 * DAY
        steps = np.arange(start, start + DAYS * DAY, STEP * MICROSECONDS, dtype=np.int64)
        return random, place, weather_at(*place, steps, random)

    def solar(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """A photovoltaic plant, turned somewhat to the east or west, inverters at 80–100 % of its modules."""
        random, place, weather = self._begin(interval)
        height = np.clip(weather.sun, 1e-6, None)
        clear = np.where(weather.sun > 0, 1098 * height * np.exp(-0.057 / height), 0.0)
        light = clear * (1 - 0.75 * weather.cloud**3.4)
        hour = ((weather.start // MICROSECONDS) % 86_400 / 3600 + place[0] / 15) % 24
        turned = 1 + float(random.uniform(-0.25, 0.25)) * np.sin((hour - 12) * np.pi / 12)
        part = np.clip(light * turned / 1000 * 0.85, 0, float(random.uniform(0.8, 1.0)))
        made = self._made(part, weather, interval, kind, place, random, "solar", "electricity_generated", 2e7)
        light = _mean(light * (1 + 0.01 * random.standard_normal(len(light))), interval)
        return _with(made, irradiance=light)

    def wind(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """A turbine with the anemometer on its nacelle."""
        random, place, weather = self._begin(interval)
        part = np.where(weather.wind < 25, np.clip((weather.wind**3 - 27) / (12.5**3 - 27), 0, 1), 0.0)
        made = self._made(part, weather, interval, kind, place, random, "wind", "electricity_generated", 5e6)
        speed = _mean(weather.wind * (1 + 0.02 * random.standard_normal(len(part))), interval)
        return _with(made, wind=speed)

    def hydro(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """A run-of-river plant with a peak in the evening."""
        random, place, weather = self._begin(interval)
        days = (weather.start - weather.start[0]) / DAY
        hour = (weather.start // MICROSECONDS + 18_000) % 86_400 / 3600
        part = 0.55 + 0.05 * np.sin(days / 9 + random.random() * 6) + np.where((hour >= 18) & (hour < 22), 0.12, 0.0)
        return self._made(part, weather, interval, kind, place, random, "hydro", "electricity_generated", 4e6)

    def biogas(self, interval: int = 3600, kind: SeriesKind = "counter") -> Observed:
        """A steady engine with two services of six hours: true zeros."""
        random, place, weather = self._begin(interval)
        part = 0.78 + 0.05 * np.sin((weather.start - weather.start[0]) / DAY / 4)
        for day in random.integers(4, DAYS - 4, 2).tolist():
            part[day * 96 + 36 : day * 96 + 60] = 0
        return self._made(part, weather, interval, kind, place, random, "bioenergy", "electricity_generated", 1e6)

    def heat(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """Heat of a building that is warmed whenever it is below 15 °C, and hot water."""
        random, place, weather = self._begin(interval)
        part = 0.08 + 0.9 * np.clip((15 - weather.temperature + 12) / 50, 0, 1)
        return self._made(part, weather, interval, kind, place, random, "heat", "heat_supplied", 5e5)

    def gas(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """Gas of a boiler house."""
        random, place, weather = self._begin(interval)
        part = 0.2 + 0.75 * np.clip((15 - weather.temperature + 12) / 50, 0, 1)
        return self._made(part, weather, interval, kind, place, random, "gas", "gas_consumed", 80.0)

    def water(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """Water of a district: little at night, peaks in the morning and the evening, less on Sundays."""
        random, place, weather = self._begin(interval)
        hour = (weather.start // MICROSECONDS + 18_000) % 86_400 / 3600
        day = ((weather.start // MICROSECONDS + 18_000) // 86_400 + 3) % 7
        usual = 0.08 + 0.35 * np.exp(-(((hour - 8) / 2) ** 2)) + 0.4 * np.exp(-(((hour - 20) / 2.5) ** 2))
        usual = usual + np.where((hour > 6) & (hour < 23), 0.2, 0.0)
        part = usual * np.where(day == 6, 0.85, 1.0) * (1 + 0.08 * random.standard_normal(len(hour)))
        return self._made(part, weather, interval, kind, place, random, "water", "water_consumed", 60.0)

    def waste(self, interval: int = 3600, kind: SeriesKind = "amount") -> Observed:
        """Lorries by day, none on Sundays."""
        random, place, weather = self._begin(interval)
        hour = (weather.start // MICROSECONDS + 18_000) % 86_400 / 3600
        day = ((weather.start // MICROSECONDS + 18_000) // 86_400 + 3) % 7
        loads = random.poisson(1.0, len(hour)) * random.uniform(0.6, 1.2, len(hour)) / 4
        part = np.where((hour >= 8) & (hour < 18) & (day != 6), np.clip(loads, 0, 1), 0.0)
        return self._made(part, weather, interval, kind, place, random, "waste", "waste_received", 60_000.0, scale=0)

    def _made(
        self, part: Floats, weather: Weather, interval: int, kind: SeriesKind, place: tuple[float, float],
        random: np.random.Generator, family: str, quantity: str, rate: float, scale: int | None = None,
    ) -> Observed:  # fmt: skip
        electric = quantity.startswith(("electricity", "heat"))
        unit = UNITS["W" if kind == "mean" else "W.h"] if electric else UNITS["kg" if "waste" in quantity else "m3"]
        series = SeriesDefinition(
            self.number, f"TRIAL{self.number:021}", f"TRIALPLANT{self.number:016}", quantity, unit,
            (0 if electric else 3) if scale is None else scale, interval, kind,
            capacity_base=Decimal(round(rate)) if electric else None,
        )  # fmt: skip
        noisy = np.clip(part * (1 + 0.01 * random.standard_normal(len(part))), 0, 1)
        mean = _mean(noisy, interval)
        most = rate * (1 if kind == "mean" else interval / 3600) * 10**series.scale
        stored = np.rint(mean * most)
        if kind == "counter":
            stored = float(random.integers(10**9, 2 * 10**9)) + np.cumsum(stored) - stored
        start = weather.start[:: interval // STEP].copy()
        return laid(series, start, stored / 10**series.scale, family=family, place=place)


def laid(series: SeriesDefinition, start: Int, reading: Floats, **around: Any) -> Observed:
    """Readings on their grid as a check sees them, each delivered an hour after its interval ended."""
    received = np.where(np.isnan(reading), 0, start + series.interval + 3600 * MICROSECONDS)
    return Observed(series, start, reading, rate_of(reading, series), received, **around)


def _mean(values: Floats, interval: int) -> Floats:
    return values.reshape(-1, interval // STEP).mean(axis=1)


def _with(seen: Observed, **around: Any) -> Observed:
    return Observed(seen.series, seen.start, seen.reading, seen.rate, seen.received, seen.family, seen.place, **around)


MAKERS: dict[str, Callable[[Maker, int, SeriesKind], Observed]] = {
    "solar": Maker.solar,
    "wind": Maker.wind,
    "hydro": Maker.hydro,
    "biogas": Maker.biogas,
    "heat": Maker.heat,
    "gas": Maker.gas,
    "water": Maker.water,
    "waste": Maker.waste,
}


def what_parts_say(seen: Observed, random: np.random.Generator) -> Floats:
    """What three meters behind a main meter say: two to three per cent are lost, each meter of class 1."""
    share = random.dirichlet((3, 3, 3))
    noise = 1 + 0.005 * random.standard_normal((3, len(seen)))
    return np.asarray((share[:, None] * noise * seen.rate * (1 - random.uniform(0.01, 0.03))).sum(axis=0))


def a_neighbour(maker: Maker, seen: Observed) -> dict[str, Floats]:
    """A neighbour under the same weather: nearly the same, not exactly."""
    random = np.random.default_rng([maker.seed, 14, maker.number])
    return {"neighbour": np.rint(seen.rate * (1 + 0.01 * random.standard_normal(len(seen))))}
