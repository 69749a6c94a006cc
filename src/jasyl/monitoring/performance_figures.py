"""Performance of power plants as figures: yield, performance ratio, performance index, availability, degradation.

Comparisons use hours that are whole, sealed, and known to the weather: the same hours on both sides. ``kind`` is
*modelled* wherever the weather of the atlas enters, *observed* where an own meter of irradiance does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.figures import (
    FigureKind,
    Gathered,
    Gatherer,
    Outcome,
    Request,
    Watch,
    method,
)
from jasyl.quantities import microseconds
from jasyl.registry.tables import facility as held
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .amounts import RATIO
from .degradation import availability, performance_against_expected, year_on_year
from .expected_output import HOUR, ExpectedOutput, expected_output
from .methods import series_measuring, strictest
from .sealed_hours import Steps, hourly_amounts
from .series import SeriesDefinition

Floats = NDArray[np.float64]
IRRADIANCE = "irradiance"
EXPECTED, INDEX, AVAILABILITY = "electricity.expected", "performance_index", "availability"
PERFORMANCE_RATIO, METERED_RATIO, DEGRADATION = "performance_ratio", "performance_ratio.metered", "degradation"


class Plant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was assumed of the plant: nominal power in W, panel or turbine, how it stands, losses as a share."""

    capacity: str
    losses: str = "0"
    panel: str | None = None
    mounting: str | None = None
    turbine: str | None = None
    hub_height: str | None = None


class Nominal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``capacity`` is the nominal power in W as decimal text."""

    capacity: str


@dataclass(frozen=True, eq=False)
class Compared:
    """Steps of one period: ``metered`` and ``expected`` energy (Wh), irradiation on the panels (Wh/m²); NaN unknown."""

    metered: Floats
    expected: Floats
    irradiation: Floats | None = None
    steps_a_day: int = 24


@method(EXPECTED, "1.0.0", indicator=EXPECTED, kind="modelled", unit="W.h", parameters=Plant)
def expected_energy(_parameters: Plant, data: Compared) -> Outcome:
    """What the atlas expects over the period; completeness is the share of its steps that the weather knows."""
    known = np.isfinite(data.expected)
    if not known.any():
        return Outcome(None, Decimal(0))
    return Outcome(_rounded(float(data.expected[known].sum()), Decimal(1)), _rounded(float(known.mean())))


@method(INDEX, "1.0.0", indicator=INDEX, kind="modelled", unit="1", parameters=Plant)
def index_of(_parameters: Plant, data: Compared) -> Outcome:
    """Metered over expected energy of the same hours; see ``performance_against_expected``."""
    found = performance_against_expected(data.metered, data.expected)
    return Outcome(None if found.ratio is None else _rounded(found.ratio), _rounded(found.share))


@method(AVAILABILITY, "1.0.0", indicator=AVAILABILITY, kind="modelled", unit="1", parameters=Plant)
def availability_of(_parameters: Plant, data: Compared) -> Outcome:
    """Share of the expected energy in hours in which the plant ran; see ``availability``."""
    found = availability(data.metered, data.expected)
    return Outcome(None if found.ratio is None else _rounded(found.ratio), _rounded(found.share))


@method(PERFORMANCE_RATIO, "1.0.0", indicator=PERFORMANCE_RATIO, kind="modelled", unit="1", parameters=Plant)
def ratio_by_atlas(parameters: Plant, data: Compared) -> Outcome:
    """IEC 61724-1: (E/P)/(H/1 kW/m²), H by the atlas on panels that stand as assumed, over the same hours."""
    return performance_ratio(data, Decimal(parameters.capacity))


@method(METERED_RATIO, "1.0.0", indicator=PERFORMANCE_RATIO, kind="observed", unit="1", parameters=Nominal)
def ratio_by_meter(parameters: Nominal, data: Compared) -> Outcome:
    """IEC 61724-1 with the plant's own meter of irradiance, taken to lie in the plane of the panels."""
    return performance_ratio(data, Decimal(parameters.capacity))


@method(DEGRADATION, "1.0.0", indicator=DEGRADATION, kind="modelled", unit="/a", parameters=Plant)
def degradation_of(_parameters: Plant, data: Compared) -> Outcome:
    """Change a year of the daily performance index up to the end of the period; ``year_on_year`` with its interval.

    Days need half of their expected energy metered. The standard uncertainty is half the 90 % interval over 1.645.
    """
    found = year_on_year(daily_index(data, data.steps_a_day))
    spread = (found.high - found.low) / 2 / 1.645
    return Outcome(_rounded(found.rate), _rounded(min(found.share, 1.0)), _rounded(spread))


def performance_ratio(data: Compared, capacity: Decimal) -> Outcome:
    """Performance ratio and the share of the irradiation whose steps have a reading."""
    if data.irradiation is None:
        return Outcome(None, Decimal(0))
    found = performance_against_expected(data.metered, data.irradiation)
    # Wh over Wh/m² is m²; nominal power is given at 1000 W/m².
    return Outcome(
        None if found.ratio is None else _rounded(found.ratio * 1000 / float(capacity)), _rounded(found.share)
    )


def daily_index(data: Compared, steps: int = 24) -> Floats:
    """The performance index of each day of 24 h (``steps`` of them) from the first step on.

    NaN where under half of the expected energy was metered.
    """
    days = len(data.metered) // steps
    metered, expected = (part[: days * steps].reshape(days, steps) for part in (data.metered, data.expected))
    both = np.isfinite(metered) & np.isfinite(expected)
    wanted = np.where(both, expected, 0).sum(axis=1)
    enough = wanted > 0.5 * np.nansum(expected, axis=1)
    index = np.divide(
        np.where(both, metered, 0).sum(axis=1), wanted, out=np.full(days, np.nan), where=enough & (wanted > 0)
    )
    return np.where(np.isfinite(index), index, np.nan)


PERFORMANCE_METHODS = (EXPECTED, INDEX, AVAILABILITY, PERFORMANCE_RATIO, METERED_RATIO, DEGRADATION)


def performance_gatherers(
    definitions: Mapping[int, SeriesDefinition], folder: DataFolder, kind: FigureKind = "observed"
) -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods."""

    def compared(connection: sa.Connection, request: Request) -> Gathered:
        span = microseconds(request.period.start), microseconds(request.period.end)
        return _by_weather(connection, request, *span)

    def since_the_first(connection: sa.Connection, request: Request) -> Gathered:
        series = series_measuring(definitions, request.subject.id, "electricity_generated")
        first = first_day(connection, series)
        end = microseconds(request.period.end)
        return _by_weather(connection, request, min(first, end - 24 * HOUR), end)

    def _by_weather(connection: sa.Connection, request: Request, start: int, end: int) -> Gathered:
        series = series_measuring(definitions, request.subject.id, "electricity_generated")
        found = _expected(connection, folder, request, start, end)
        steps = hourly_amounts(connection, folder, series, found.start, found.step)
        data = Compared(steps.value, found.energy, found.irradiation, 24 * HOUR // found.step)
        inputs = (*steps.inputs, *((found.reference,) if found.reference else ()))
        watches = tuple(Watch("series", each.id, start, end) for each in series)
        said: FigureKind = "training" if kind == "training" else "modelled"
        return Gathered(data, inputs, watches, strictest(series), said)

    def metered(connection: sa.Connection, request: Request) -> Gathered:
        start, end = microseconds(request.period.start), microseconds(request.period.end)
        series = series_measuring(definitions, request.subject.id, "electricity_generated")
        light = series_measuring(definitions, request.subject.id, IRRADIANCE)[:1]
        grid = np.arange(start, end, HOUR, dtype=np.int64)
        energy = hourly_amounts(connection, folder, series, grid, HOUR)
        sun: Steps = hourly_amounts(connection, folder, light, grid, HOUR, mean=True)
        both = [*series, *light]
        watches = tuple(Watch("series", each.id, start, end) for each in both)
        data = Compared(energy.value, sun.value, sun.value)
        return Gathered(data, (*energy.inputs, *sun.inputs), watches, strictest(both), kind)

    by_weather = dict.fromkeys((EXPECTED, INDEX, AVAILABILITY, PERFORMANCE_RATIO), compared)
    return {**by_weather, METERED_RATIO: metered, DEGRADATION: since_the_first}


def _expected(connection: sa.Connection, folder: DataFolder, request: Request, start: int, end: int) -> ExpectedOutput:
    """The expectation from the weather store, for the plant as the method's parameters describe it.

    Raises Refusal ``no-weather``: a bound is no expectation.
    """
    row = connection.execute(sa.select(held).where(held.c.id == request.subject.id)).mappings().one()
    found = expected_output(connection, folder, row, start, end, request.parameters)
    if found is None:
        raise Refusal("no-weather", received=row["key"])
    return found


def first_day(connection: sa.Connection, series: Sequence[SeriesDefinition]) -> int:
    """The start of the first sealed day of any of ``series``. Raises Refusal ``degradation-too-short``."""
    from .tables import sealed_day  # noqa: PLC0415

    numbers = [each.number for each in series]
    query = sa.select(sa.func.min(sealed_day.c.start)).where(sealed_day.c.series.in_(numbers))
    found = connection.execute(query).scalar()
    if found is None:
        raise Refusal("degradation-too-short", received="0/0", expected="730/120")
    return int(found)


def _rounded(value: float, step: Decimal = RATIO) -> Decimal:
    return Decimal(repr(value)).quantize(step)


def plant_parameters(facility: Mapping[Any, Any], found: ExpectedOutput | None) -> dict[str, Any]:
    """The parameters of a figure that rests on the atlas."""
    settings = dict(found.settings) if found else {}
    return {"capacity": str(facility["capacity_w"]), **settings}
