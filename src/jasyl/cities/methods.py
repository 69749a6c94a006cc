"""The figure of a data point that a verifier attested."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from jasyl.figures import Outcome, method
from jasyl.indicators import DataPoint, Words
from jasyl.indicators import value_of as exact_value_of

from .entry import Entry


class PointParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which data point of which catalogue, and how its value is computed; ``multiplier`` is decimal text."""

    catalogue: str
    version: str
    point: str
    multiplier: str
    has_denominator: bool


@dataclass(frozen=True)
class PointNumbers:
    """What the city entered."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None


@method("city.indicator", "1.0.0", indicator="city.indicator", kind="published", unit="1", parameters=PointParameters)
def city_indicator(parameters: PointParameters, data: PointNumbers) -> Outcome:
    """numerator / denominator × multiplier to 28 digits, the numerator × multiplier where there is no denominator, else
    the value as the city entered it. The figure's indicator and unit are those of the data point."""
    return Outcome(number_of(parameters, data), Decimal(1))


def number_of(parameters: PointParameters, data: PointNumbers) -> Decimal | None:
    """The value of a data point to 28 digits; None where the numbers do not give one."""
    point = DataPoint(
        parameters.point, "", Words(), "higher", "", Decimal(parameters.multiplier), parameters.has_denominator
    )
    answer = Entry(parameters.point, data.numerator, data.denominator, data.value).answer
    exact = exact_value_of(point, answer)
    return None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)
