"""Performance of a facility over a year and its months, as pages show it; figures use the same functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.figures import NoParameters
from jasyl.quantities import Period, microseconds, period
from jasyl.registry import Series
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .amounts import SeriesTotal, metered_amount
from .definitions import definitions
from .degradation import Degradation, availability, performance_against_expected, year_on_year
from .expected_output import HOUR, Basis, ExpectedOutput, clear_sky_bound, expected_output
from .methods import sealed_total
from .performance_figures import Compared, daily_index, first_day, performance_ratio
from .performance_ratios import RATIO_INDICATORS, TwoAmounts, ratio_of_amounts, ratios_offered
from .sealed_hours import daily_amounts, hourly_amounts
from .series import SeriesDefinition

Floats = NDArray[np.float64]
GENERATED = "electricity_generated"


@dataclass(frozen=True)
class PerformedPeriod:
    """One month, or the year. Energies in Wh, ratios 0–1, None where not known.

    ``expected`` is of all hours of the period, ``bound`` (cloudless sky) too; ``index``, ``availability`` and
    ``performance_ratio`` are of the hours that have a reading. ``ratios`` by indicator (``performance.…``).
    """

    name: str
    energy: Decimal | None
    completeness: Decimal | None
    hours: float
    expected: float | None = None
    bound: float | None = None
    index: float | None = None
    availability: float | None = None
    performance_ratio: float | None = None
    ratios: Mapping[str, Decimal | None] | None = None

    def capacity_factor(self, capacity: int | None) -> float | None:
        """Of the metered time; None without energy, capacity or readings."""
        if self.energy is None or not capacity or not self.completeness:
            return None
        return float(self.energy) / (capacity * self.hours * float(self.completeness))

    def specific_yield(self, capacity: int | None) -> float | None:
        """Wh for each W."""
        return None if self.energy is None or not capacity else float(self.energy) / capacity


@dataclass(frozen=True)
class PerformedYear:
    """The year and its months; ``basis`` says whether an expectation or only a bound was at hand."""

    whole: PerformedPeriod
    months: tuple[PerformedPeriod, ...]
    basis: Basis | None
    settings: Mapping[str, Any]
    degradation: Degradation | None


def performance_year(
    connection: sa.Connection, folder: DataFolder, facility: Mapping[Any, Any], series: Sequence[Series], year: int
) -> PerformedYear:
    """Performance of ``facility`` (its row of the register) in a civil year, from the sealed days of ``series``.

    ``series`` are those the reader may see: what is not among them enters nothing.
    """
    defined = definitions(connection, series)
    zone = next(iter(defined.values())).time_zone
    span = period(str(year), zone)
    power = [each for each in defined.values() if each.quantity == GENERATED]
    start, end = microseconds(span.start), microseconds(span.end)
    expected = expected_output(connection, folder, facility, start, end) if power else None
    bound = clear_sky_bound(facility, start, end) if power and expected is None else None
    offered = [one for one in ratios_offered(connection, facility) if _may(RATIO_INDICATORS[one], defined)]
    hourly = _Hourly(connection, folder, power, expected, bound)
    names = [f"{year}-{month:02}" for month in range(1, 13)]
    spans = [span, *(period(name, zone) for name in names)]
    whole, *months = (
        _performed(connection, facility, power, one, hourly, _ratios(connection, defined, offered, one))
        for one in spans
    )
    there = tuple(one for one in months if one.energy is not None or any((one.ratios or {}).values()))
    basis = "weather" if expected else "clear_sky" if bound else None
    settings = dict(expected.settings) if expected else {}
    return PerformedYear(whole, there, basis, settings, _degraded(connection, folder, facility, power, end))


class _Hourly:
    """Metered and expected steps of a year; parts of it by month."""

    def __init__(
        self,
        connection: sa.Connection,
        folder: DataFolder,
        power: Sequence[SeriesDefinition],
        expected: ExpectedOutput | None,
        bound: ExpectedOutput | None,
    ) -> None:
        self.expected, self.bound = expected, bound
        grid = expected.start if expected else np.empty(0, np.int64)
        self.metered = hourly_amounts(connection, folder, power, grid, expected.step).value if expected else np.empty(0)

    def of(self, span: Period) -> Compared | None:
        if self.expected is None:
            return None
        inside = _inside(self.expected, span)
        light = self.expected.irradiation
        return Compared(self.metered[inside], self.expected.energy[inside], None if light is None else light[inside])

    def bounded(self, span: Period) -> float | None:
        return None if self.bound is None else float(self.bound.energy[_inside(self.bound, span)].sum())


def _inside(found: ExpectedOutput, span: Period) -> NDArray[np.bool_]:
    return (found.start >= microseconds(span.start)) & (found.start < microseconds(span.end))


def _performed(
    connection: sa.Connection,
    facility: Mapping[Any, Any],
    power: Sequence[SeriesDefinition],
    span: Period,
    hourly: _Hourly,
    ratios: dict[str, Decimal | None],
) -> PerformedPeriod:
    totals: list[SeriesTotal] = [sealed_total(connection, each, span)[0] for each in power]
    counted = metered_amount(NoParameters(), totals)
    hours = (microseconds(span.end) - microseconds(span.start)) / HOUR
    data = hourly.of(span)
    if data is None:
        return PerformedPeriod(
            span.name, counted.value, counted.completeness, hours, bound=hourly.bounded(span), ratios=ratios
        )
    known = np.isfinite(data.expected)
    ratio = performance_ratio(data, Decimal(facility["capacity_w"])).value
    return PerformedPeriod(
        span.name,
        counted.value,
        counted.completeness,
        hours,
        expected=float(data.expected[known].sum()) if known.any() else None,
        index=performance_against_expected(data.metered, data.expected).ratio,
        availability=availability(data.metered, data.expected).ratio,
        performance_ratio=None if ratio is None else float(ratio),
        ratios=ratios,
    )


def _may(one: Any, defined: Mapping[int, SeriesDefinition]) -> bool:
    return {one.upper, one.lower} <= {each.quantity for each in defined.values()}


def _ratios(
    connection: sa.Connection, defined: Mapping[int, SeriesDefinition], offered: Sequence[str], span: Period
) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for indicator in offered:
        one = RATIO_INDICATORS[indicator]
        upper, lower = (
            daily_amounts(connection, [each for each in defined.values() if each.quantity == of], span)[0]
            for of in (one.upper, one.lower)
        )
        common = upper.keys() & lower.keys()
        data = TwoAmounts(sum(upper[day] for day in common), sum(lower[day] for day in common), len(common), 0)
        found[indicator] = ratio_of_amounts(NoParameters(), data, scale=one.scale).value
    return found


def _degraded(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    power: Sequence[SeriesDefinition],
    end: int,
) -> Degradation | None:
    """Year-on-year change of the index over all that is metered up to ``end``; None while two years are wanting."""
    if not power:
        return None
    try:
        begin = first_day(connection, power)
        if end - begin < 730 * 24 * HOUR:
            return None
        expected = expected_output(connection, folder, facility, begin, end)
        if expected is None:
            return None
        metered = hourly_amounts(connection, folder, power, expected.start, expected.step).value
        return year_on_year(daily_index(Compared(metered, expected.energy), 24 * HOUR // expected.step))
    except Refusal as refusal:
        if refusal.code == "degradation-too-short":
            return None
        raise
