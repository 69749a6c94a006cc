"""Performance of storage, heat, water and waste facilities: the ratio that their technology names, of metered amounts.

The table of technologies says by which quantity each is judged (``round_trip_efficiency`` of a battery); here stands
what the quantity is a ratio of. Only days count on which every meter of both is whole and sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from jasyl.figures import FigureKind, Gathered, Gatherer, NoParameters, Outcome, Request, Watch, method
from jasyl.quantities import microseconds
from jasyl.registry import series_of, technology

from .amounts import RATIO
from .methods import series_measuring, strictest
from .sealed_hours import daily_amounts
from .series import SeriesDefinition

PREFIX = "performance."


@dataclass(frozen=True)
class Ratio:
    """``upper`` over ``lower`` (quantities of series, amounts in base units) times ``scale``, in ``unit`` (UCUM)."""

    upper: str
    lower: str
    unit: str = "1"
    scale: Decimal = Decimal(1)


# Key of a quantity in performance_quantities.csv → what it is a ratio of. Scales lead from Wh, m³ and kg to the unit.
_PER_TONNE, _KILO = Decimal(1000), Decimal("0.001")
RATIOS: dict[str, Ratio] = {
    "round_trip_efficiency": Ratio("electricity_generated", "electricity_consumed"),
    "storage_efficiency": Ratio("heat_supplied", "heat_consumed"),
    "seasonal_performance_factor": Ratio("heat_supplied", "electricity_consumed"),
    "cop": Ratio("heat_supplied", "electricity_consumed"),
    "power_to_heat": Ratio("electricity_generated", "heat_supplied"),
    "fuel_use": Ratio("fuel_consumed", "electricity_generated", "t/(MW.h)", Decimal(1000)),
    "biogas_yield": Ratio("gas_produced", "waste_received", "m3/t", _PER_TONNE),
    "biogas": Ratio("gas_produced", "waste_received", "m3/t", _PER_TONNE),
    "electricity_per_tonne": Ratio("electricity_generated", "waste_received", "kW.h/t", Decimal(1)),
    "recycling_rate": Ratio("waste_recycled", "waste_received"),
    "recovery_rate": Ratio("waste_recycled", "waste_received"),
    "yield": Ratio("waste_recycled", "waste_received"),
    "crumb_yield": Ratio("waste_recycled", "waste_received"),
    "recycling_efficiency": Ratio("waste_recycled", "waste_received"),
    "compost_yield": Ratio("compost_produced", "waste_received"),
    "conveyance_efficiency": Ratio("water_supplied", "water_consumed"),
    "reuse_rate": Ratio("water_supplied", "water_treated"),
    "recovery": Ratio("water_supplied", "water_consumed"),
    "energy_per_m3": Ratio("electricity_consumed", "water_supplied", "kW.h/m3", _KILO),
    "energy": Ratio("electricity_consumed", "water_treated", "kW.h/m3", _KILO),
    "specific_energy": Ratio("electricity_consumed", "water_supplied", "kW.h/m3", _KILO),
}


@dataclass(frozen=True)
class TwoAmounts:
    """Sums over the days that both know, how many those are, and how many days the period has."""

    upper: float
    lower: float
    days: int
    of: int


def ratio_of_amounts(_parameters: NoParameters, data: TwoAmounts, *, scale: Decimal) -> Outcome:
    """The ratio over the common days, to 10^-6; None where the lower amount is not above zero."""
    complete = (Decimal(data.days) / data.of).quantize(RATIO) if data.of else Decimal(0)
    if not data.days or data.lower <= 0:
        return Outcome(None, complete)
    return Outcome((Decimal(repr(data.upper / data.lower)) * scale).quantize(RATIO), complete)


RATIO_INDICATORS = {PREFIX + key: one for key, one in RATIOS.items()}
for _indicator, _one in RATIO_INDICATORS.items():
    method(_indicator, "1.0.0", indicator=_indicator, kind="observed", unit=_one.unit)(
        partial(ratio_of_amounts, scale=_one.scale)
    )


def ratio_gatherers(definitions: Mapping[int, SeriesDefinition], kind: FigureKind = "observed") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods."""

    def gather(connection: sa.Connection, request: Request, one: Ratio) -> Gathered:
        start, end = microseconds(request.period.start), microseconds(request.period.end)
        both = [series_measuring(definitions, request.subject.id, of) for of in (one.upper, one.lower)]
        (upper, first), (lower, second) = (daily_amounts(connection, series, request.period) for series in both)
        common = upper.keys() & lower.keys()
        data = TwoAmounts(
            sum(upper[day] for day in common), sum(lower[day] for day in common), len(common),
            round((end - start) / 86_400_000_000),
        )  # fmt: skip
        series = [*both[0], *both[1]]
        watches = tuple(Watch("series", each.id, start, end) for each in series)
        return Gathered(data, (*first, *second), watches, strictest(series), kind)

    return {indicator: partial(gather, one=one) for indicator, one in RATIO_INDICATORS.items()}


def ratios_offered(connection: sa.Connection, facility: Mapping[Any, Any]) -> tuple[str, ...]:
    """The ratios that the facility's technology names and its meters give."""
    metered = {one.quantity for one in series_of(connection, facility["id"])}
    # The same word may mean another ratio elsewhere (energy per hectare): the unit must agree too.
    named = [(one.key.lower(), one.unit) for one in technology(facility["technology"]).quantities]
    return tuple(
        PREFIX + key
        for key, unit in dict.fromkeys(named)
        if key in RATIOS and unit == RATIOS[key].unit and {RATIOS[key].upper, RATIOS[key].lower} <= metered
    )
