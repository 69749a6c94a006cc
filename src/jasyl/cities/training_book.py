"""Fictional city books for the training starter: two cities, three years, gaps, and one value that was not verified.

Nothing in them was observed. They go in by the same functions as real books, into folders of kind ``training`` alone,
whose pages, papers and exports carry the watermark.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

import sqlalchemy as sa

from jasyl.indicators import Catalogue, DataPoint, Part, catalogue
from jasyl.people import Actor
from jasyl.quantities import microseconds, sha256_hex
from jasyl.registry import import_records

from .book import write_entries
from .city import city
from .entry import Entry, Quality
from .verdicts import judge

SEED = 2026
YEARS = (2022, 2023, 2024)
_WRITER = Actor("training", "training", frozenset({"agency"}))
_VERIFIER = Actor("training-verifier", "training-verifier", frozenset({"verifier"}))
# fmt: off
# Parts of a whole, in per cent of it.
_WHOLES: dict[str, dict[str, float]] = {
    "EC.I.T.4A": {"private_vehicles": 41, "public_transport": 36, "walking": 18, "cycling": 2, "para_transport": 3},
    "EN.EN.WA.1C": {"sanitary_landfill": 62, "burnt_in_open": 0, "incinerated": 2, "open_dump": 8, "recycled": 25,
                    "other": 3},
}
# Levels of treatment: each within the one before.
_TREATED = {"primary": 83.0, "secondary": 76.0, "tertiary": 22.0}
# fmt: on
_PEOPLE = {"KZ-71": (1_200_000, 400_000, 800), "KZ-75": (1_900_000, 620_000, 680)}
_GAPS = {"KZ-71": 0.09, "KZ-75": 0.22}
_WITH_GROUPS = "EC.P.EM.1C"
_UNVERIFIED = ("KZ-71", YEARS[-1], "EC.I.WS.3C")


def training_book(place: str, year: int, of: Catalogue, seed: int = SEED) -> list[Entry]:
    """The made-up entries of a place and a year; the same seed gives the same book."""
    _, households, area = _PEOPLE[place]
    grown = people_of(place, year)
    base = {
        "base.population": (grown, None),
        "base.households": (round(households * grown / _PEOPLE[place][0]), None),
        "base.area": (area, "km2"),
    }
    found = [
        Entry(point, value=Decimal(value), unit=unit, origin="statistics", quality="measured")
        for point, (value, unit) in base.items()
    ]
    return found + [_entry(point, place, year, grown, seed) for point in of.points]


def people_of(place: str, year: int) -> int:
    """The made-up population of a training city."""
    return round(_PEOPLE[place][0] * 1.02 ** (year - YEARS[0]))


def _entry(point: DataPoint, place: str, year: int, people: int, seed: int) -> Entry:
    # A gap is a gap in every year: of indicators of several parts, all of them.
    if _draw(seed, place, point.indicator, "gap") < _GAPS[place]:
        return Entry(point.id, status="not_reported")
    value = Decimal(str(_value(point, place, year, seed)))
    quality: Quality = "measured" if _draw(seed, point.id) < 0.7 else "estimate_assumptions"
    made = Entry(point.id, origin="statistics", quality=quality)
    if point.unit.startswith("per 100 000 inhabitants") and point.has_denominator:
        counted = (value * people / point.multiplier).quantize(Decimal(1))
        return replace(made, numerator=counted, denominator=Decimal(people))
    made = replace(made, value=value)
    return replace(made, parts=_groups(value)) if point.id == _WITH_GROUPS else made


def _groups(value: Decimal) -> tuple[Part, ...]:
    """Made-up groups around the whole, one of them too small to be shown."""
    groups = (("sex", "female", "1.1", 21_000), ("sex", "male", "0.9", 23_000), ("age", "15-28", "1.4", 9_000),
              ("disability", "yes", "2.5", 2))  # fmt: skip
    return tuple(
        Part.of({axis: name}, value=(value * Decimal(ratio)).quantize(Decimal("0.1")), people=people)
        for axis, name, ratio, people in groups
    )


def _value(point: DataPoint, place: str, year: int, seed: int) -> float:
    part = point.id.removeprefix(f"{point.indicator}.")
    if point.is_yes_no:
        return int(_draw(seed, place, point.id) < 0.6)
    if point.indicator in _WHOLES:
        # Shares stay shares of one whole: recycling takes from landfills, and public transport from cars.
        parts = dict(_WHOLES[point.indicator])
        first, last = (
            ("sanitary_landfill", "recycled") if "recycled" in parts else ("private_vehicles", "public_transport")
        )
        moved = 1.5 * (year - YEARS[0]) + (2 if place == "KZ-75" else 0)
        parts[first] -= moved
        parts[last] += moved
        return parts[part]
    if part in _TREATED and point.id.startswith("EN.EN.WS.4C"):
        return round(_TREATED[part] + 1.2 * (year - YEARS[0]), 1)
    level = _levels().get(point.id, 70.0 if point.direction == "higher" else 12.0)
    better = 1 if point.direction in ("higher", "target") else -1
    drift = 1 + better * 0.02 * (year - YEARS[0]) * (1.9 * _draw(seed, place, point.id, "drift") - 0.3)
    made = level * (0.9 + 0.16 * _draw(seed, place, point.id, "level")) * drift
    most = 100.0 if "percent" in point.unit else float("inf")
    digits = 0 if made >= 1000 or point.unit == "number" else 1 if made >= 10 else 2
    return round(min(made, most), digits)


@cache
def _levels() -> dict[str, float]:
    """Made-up levels around which values are drawn."""
    text = (files("jasyl.cities") / "data" / "training_levels.csv").read_text(encoding="utf-8")
    return {row["point"]: float(row["level"]) for row in csv.DictReader(text.splitlines())}


def _draw(*keys: object) -> float:
    """A number from 0 to below 1 that depends on its keys alone."""
    return int(sha256_hex(" ".join(map(str, keys)).encode())[:12], 16) / 16**12


def load_training_books(connection: sa.Connection, seed: int = SEED) -> int:
    """Enter the books of every training city and year, and the verdict that refuses one value; how many entries."""
    of, count = catalogue("u4ssc"), 0
    _enter_measures(connection)
    for place, year in _books():
        moment = microseconds(dt.datetime(year + 1, 4, 1, tzinfo=dt.UTC))
        given = training_book(place, year, of, seed)
        made = write_entries(connection, city(place), year, of, given, _WRITER, moment)
        count += len(made)
        refused = next((one for one in made if (place, year, one.point) == _UNVERIFIED), None)
        if refused is not None:
            judge(connection, city(place), year, of.id, refused.point, refused.id, verified=False,
                  note="training: the balance of the network was not shown", actor=_VERIFIER, now=moment)  # fmt: skip
    return count


def _enter_measures(connection: sa.Connection) -> None:
    """Made-up measures of the training cities, beside the books whose data points they move."""
    text = (files("jasyl.cities") / "data" / "training_measures.csv").read_bytes()
    report = import_records(connection, "measures", text, "training_measures.csv", _WRITER)
    if not report.applied:
        raise ValueError([problem.refusal.code for problem in report.problems])


def _books() -> Iterator[tuple[str, int]]:
    for place in _PEOPLE:
        for year in YEARS:
            yield place, year
