"""Years of one city beside each other: values, distance to the benchmark, and when a straight trend would reach it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jasyl.indicators import Outlook, Scored, outlook
from jasyl.papers.trend import Mark, trend
from jasyl.texts import Language, say, write_number

from .result import CityResult, name_text

# To where a picture shows the target: the year of the Sustainable Development Goals, to which the indicators are tied.
TARGET_YEAR = 2030


@dataclass(frozen=True)
class PointTrend:
    """A data point over the years of a city. ``years`` holds every book; ``outlook`` is of the values that count,
    against the benchmark of the newest of them (None without one, and for yes or no)."""

    point: str
    years: Mapping[int, Scored]
    outlook: Outlook | None

    @property
    def values(self) -> dict[int, Decimal]:
        """The years that have a value which counts: those that a verifier refused do not."""
        return {
            year: one.value
            for year, one in self.years.items()
            if one.value is not None and one.answer.status in ("reported", "partly")
        }


def point_trend(books: Mapping[int, CityResult], point: str) -> PointTrend:
    """The trend of ``point`` through the books of one city, by year."""
    years = {year: books[year].evaluation.of(point) for year in sorted(books)}
    found = PointTrend(point, years, None)
    values = found.values
    one = books[max(books)].catalogue.point(point)
    benchmark = years[max(values)].benchmark if values else None
    if benchmark is None or one.is_yes_no:
        return found
    seen = outlook({year: float(value) for year, value in values.items()}, benchmark, one.direction)
    return PointTrend(point, years, seen)


def trend_picture(books: Mapping[int, CityResult], found: PointTrend, language: Language) -> tuple[str, str]:
    """The trend as SVG, and in words."""
    newest = books[max(books)]
    scored = newest.evaluation.of(found.point)
    marks = [
        Mark(
            year, None if one.value is None else float(one.value),
            "" if one.value is None else write_number(language, one.value),
            open=one.answer.status not in ("reported", "partly"),
        )
        for year, one in found.years.items()
    ]  # fmt: skip
    target = projected = None
    seen = found.outlook
    if seen is not None and seen.target is not None:
        end = max(TARGET_YEAR, *found.years)
        target = Mark(end, seen.target, write_number(language, seen.target))
        if seen.state == "approaching" and seen.slope is not None and seen.value is not None and seen.last is not None:
            # The straight line ends where it arrives: beyond the target it would say what nobody claims.
            stop = min(end, int(seen.completion or end))
            at = seen.target if stop >= (seen.completion or stop) else seen.value + seen.slope * (stop - seen.last)
            projected = Mark(stop, at, "")
    values = "; ".join(f"{mark.year}: {mark.written or '—'}" for mark in marks)
    told = say(language, "trend-alternative", name=name_text(newest, scored, language), values=values)
    return trend(marks, alternative=told, target=target, projected=projected), told


def completion_text(found: PointTrend, language: Language) -> str:
    """When the target is reached, in words: the year with its 90 % bounds, or why none is said."""
    seen = found.outlook
    if seen is None:
        return say(language, "trend-no-target")
    if seen.state == "approaching" and seen.completion is not None:
        bounds = {"early": _year(seen.earliest), "late": _year(seen.latest)}
        return say(language, "trend-approaching", year=_year(seen.completion), **bounds)
    if seen.state == "not_projectable":
        return say(language, f"trend-{seen.reason.replace('_', '-')}")
    return say(language, f"trend-{seen.state.replace('_', '-')}")


def _year(value: float | None) -> str:
    return "—" if value is None else str(math.ceil(value))
