"""Years of one city beside each other: values, distance to the benchmark, and when a straight trend would reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jasyl.indicators import Scored
from jasyl.monitoring import Assessment, assess
from jasyl.papers.trend import Mark, trend
from jasyl.texts import Language, say, write_number

from .result import CityResult, name_text

# The year of the Sustainable Development Goals, to which U4SSC indicators are tied.
TARGET_YEAR = 2030


@dataclass(frozen=True)
class PointTrend:
    """A data point over the years of a city. ``years`` holds every book (None where it gives no value), ``distance``
    is target minus newest value. ``reached`` says that the newest value has the target. ``assessment`` is that of
    programmes' targets, with a straight trend and its 90 % interval."""

    point: str
    years: Mapping[int, Scored]
    target: Decimal | None
    distance: Decimal | None
    reached: bool
    assessment: Assessment | None

    @property
    def values(self) -> dict[int, Decimal]:
        """The years that have a value which counts: verified ones and those nobody has judged."""
        return {
            year: one.value
            for year, one in self.years.items()
            if one.value is not None and one.answer.status in ("reported", "partly")
        }

    @property
    def completion(self) -> int | None:
        """The year in which a straight trend reaches the target; None where it is reached or not in sight."""
        linear = self.assessment.linear if self.assessment else None
        return None if self.reached or linear is None or linear.completion is None else int(-(-linear.completion // 1))


def point_trend(books: Mapping[int, CityResult], point: str, target_year: int = TARGET_YEAR) -> PointTrend:
    """The trend of ``point`` through the books of one city, by year."""
    years = {year: books[year].evaluation.of(point) for year in sorted(books)}
    found = PointTrend(point, years, None, None, reached=False, assessment=None)
    values = found.values
    if not values:
        return found
    newest = years[max(values)]
    target = newest.target
    if target is None or newest.value is None or _is_yes_no(books, point):
        return PointTrend(point, years, target, None, newest.share == 1, None)
    observed = {year: float(value) for year, value in values.items()}
    judged = assess(float(target), target_year, observed)
    reached = newest.share is not None and newest.share >= 1
    return PointTrend(point, years, target, target - newest.value, reached, judged)


def _is_yes_no(books: Mapping[int, CityResult], point: str) -> bool:
    return next(iter(books.values())).catalogue.point(point).is_yes_no


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
    if found.target is not None and found.assessment is not None:
        target = Mark(TARGET_YEAR, float(found.target), write_number(language, found.target))
        linear = found.assessment.linear
        if linear is not None and not found.reached:
            projected = Mark(TARGET_YEAR, linear.at_target, write_number(language, linear.at_target, 1))
    values = "; ".join(f"{mark.year}: {mark.written or '—'}" for mark in marks)
    told = say(language, "trend-alternative", name=name_text(newest, scored, language), values=values)
    return trend(marks, alternative=told, target=target, projected=projected), told


def completion_text(found: PointTrend, language: Language) -> str:
    """When the target is reached, in words."""
    if found.reached:
        return say(language, "trend-reached")
    if found.target is None:
        return say(language, "trend-no-target")
    if len(found.values) < 2:
        return say(language, "trend-too-few")
    return str(found.completion) if found.completion else say(language, "trend-not-in-sight")
