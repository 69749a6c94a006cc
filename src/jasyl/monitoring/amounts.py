"""Amounts that meters count: which quantities add up over time, their indicator and the unit of their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jasyl.figures import NoParameters, Outcome, method
from jasyl.quantities import UNITS

from .series import SeriesDefinition

# Amounts are stated to a thousandth of their base unit: beyond the resolution of any meter, and a finite decimal.
RESOLUTION = Decimal("0.001")
RATIO = Decimal("0.000001")

# Quantity of a series → UCUM code of the base unit its figures have. What is measured and does not add up over time
# (temperature, concentration) is no amount. Terms as in the technologies' performance quantities.
AMOUNTS: dict[str, str] = {
    "electricity_generated": "W.h",
    "electricity_consumed": "W.h",
    "electricity_saved": "W.h",
    "heat_supplied": "W.h",
    "heat_consumed": "W.h",
    "heat_saved": "W.h",
    "gas_produced": "m3",
    "gas_consumed": "m3",
    "gas_saved": "m3",
    "water_supplied": "m3",
    "water_treated": "m3",
    "water_consumed": "m3",
    "water_saved": "m3",
    "waste_received": "kg",
    "waste_recycled": "kg",
    "waste_landfilled": "kg",
    "compost_produced": "kg",
    "fuel_consumed": "kg",
}


@dataclass(frozen=True)
class SeriesTotal:
    """Sum of one series' stored integers over the sealed days of a period, with the factor to the base unit."""

    sum: int
    factor: Fraction
    count: int
    expected: int


def indicator_of(quantity: str) -> str:
    """The indicator of a quantity's amount: ``electricity.generated`` of ``electricity_generated``."""
    return quantity.replace("_", ".", 1)


# Indicator → quantity, of every amount there is.
QUANTITIES: dict[str, str] = {indicator_of(quantity): quantity for quantity in AMOUNTS}


def check_quantity(series: SeriesDefinition) -> None:
    """For a series that is being registered. Raises Refusal ``unit-dimension`` when its quantity adds up in another
    dimension than the series comes to: electricity in kg would stand in no total."""
    known = AMOUNTS.get(series.quantity)
    if known is not None:
        UNITS[known].refuse_other(series.amount_unit)


def metered_amount(_parameters: NoParameters, totals: Sequence[SeriesTotal]) -> Outcome:
    """What the meters of a facility counted, exact until one rounding to 0.001 of the base unit (half to even).

    Completeness is readings over expected intervals of all its series. What is missing is not filled in.
    """
    count, expected = sum(each.count for each in totals), sum(each.expected for each in totals)
    completeness = rounded(Fraction(count, expected), RATIO) if expected else Decimal(0)
    if not count:
        return Outcome(None, completeness)
    amount = sum((each.sum * each.factor for each in totals), Fraction(0))
    return Outcome(rounded(amount, RESOLUTION), completeness)


def rounded(value: Fraction, step: Decimal) -> Decimal:
    """The multiple of ``step`` nearest to ``value``, half to even; exact whatever the size."""
    return Decimal(round(value / Fraction(step))) * step


for _indicator, _quantity in QUANTITIES.items():
    method(_indicator, "1.0.0", indicator=_indicator, kind="observed", unit=AMOUNTS[_quantity])(metered_amount)
