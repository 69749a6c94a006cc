"""Published rates and masses of municipal waste with what each counts; where that changes, the series breaks.

Sorted, handed over, recycled and turned into secondary material are four flows. A rate is held against a target only
where both count the same; nothing is joined across a break, and no earlier year is corrected here.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from jasyl.texts import LANGUAGES, Language

Counted = Literal[
    "official_undefined", "sorted_and_recycled", "collected", "sorted", "handed_over", "recycled", "secondary_material",
    "landfilled",
]  # fmt: skip
Measure = Literal["rate", "mass", "target"]
# What the official series of rates was made of, one definition after the other; secondary material never was.
_OFFICIAL = ("official_undefined", "sorted_and_recycled", "sorted", "handed_over", "recycled")


@dataclass(frozen=True)
class SeriesPoint:
    """One published number: ``rate`` and ``target`` in %, ``mass`` in kt; ``definition`` says what it counts, ``note``
    by language what else must be known."""

    place: str
    year: int
    measure: Measure
    definition: Counted
    value: float
    unit: str
    source: str
    confidence: str
    note: Mapping[Language, str]


@dataclass(frozen=True)
class SeriesBreak:
    """Two successive numbers of a series count different things: they cannot be subtracted."""

    place: str
    before: SeriesPoint
    after: SeriesPoint

    @property
    def year(self) -> float:
        """Where to draw it: between the two."""
        return (self.before.year + self.after.year) / 2


def published_series(place: str | None = None, measure: Measure | None = None) -> tuple[SeriesPoint, ...]:
    """What is published of a place (ISO code), by year; all of Kazakhstan's places without one."""
    return tuple(one for one in _points() if place in (None, one.place) and (measure is None or one.measure == measure))


def series_breaks(points: Sequence[SeriesPoint]) -> tuple[SeriesBreak, ...]:
    """Where the official rate of a place changes its definition between one published year and the next."""
    found: list[SeriesBreak] = []
    for place in dict.fromkeys(one.place for one in points):
        rates = [one for one in points if one.place == place and one.measure == "rate" and one.definition in _OFFICIAL]
        order = sorted(rates, key=lambda one: one.year)
        found += [
            SeriesBreak(place, before, after)
            for before, after in pairwise(order)
            if before.definition != after.definition
        ]
    return tuple(found)


def against_target(points: Sequence[SeriesPoint], target: SeriesPoint) -> SeriesPoint | None:
    """The newest rate of the target's place that counts what the target counts, not after its year."""
    fit = [
        one
        for one in points
        if (one.place, one.measure, one.definition) == (target.place, "rate", target.definition)
        and one.year <= target.year
    ]
    return max(fit, key=lambda one: one.year, default=None)


@cache
def _points() -> tuple[SeriesPoint, ...]:
    text = (files("jasyl.circular") / "data" / "waste_series.csv").read_text(encoding="utf-8")
    made = [_point(row) for row in csv.DictReader(text.splitlines())]
    return tuple(sorted(made, key=lambda one: (one.place, one.measure, one.year)))


def _point(row: dict[str, str]) -> SeriesPoint:
    return SeriesPoint(
        place=row["place"],
        year=int(row["year"]),
        measure=_MEASURES[row["measure"]],
        definition=_COUNTED[row["definition"]],
        value=float(row["value"]),
        unit=row["unit"],
        source=row["source"],
        confidence=row["confidence"],
        note={one: row[f"note_{one}"] for one in LANGUAGES},
    )


_MEASURES: dict[str, Measure] = {"rate": "rate", "mass": "mass", "target": "target"}
_COUNTED: dict[str, Counted] = {
    "official_undefined": "official_undefined", "sorted_and_recycled": "sorted_and_recycled", "collected": "collected",
    "sorted": "sorted", "handed_over": "handed_over", "recycled": "recycled", "landfilled": "landfilled",
    "secondary_material": "secondary_material",
}  # fmt: skip
