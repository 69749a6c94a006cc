"""Performance of a facility over a period, in closed form."""

from dataclasses import dataclass
from decimal import Decimal

from jasyl.texts import Refusal


@dataclass(frozen=True)
class Performance:
    """A ratio or yield with the share of the period's intervals (0–1) that it rests on."""

    value: Decimal | None
    completeness: Decimal


def capacity_factor(
    energy: Decimal | None, capacity: Decimal, hours: Decimal, completeness: Decimal = Decimal(1)
) -> Performance:
    """Energy over what nominal power would have given in the metered time: E / (P · h · completeness).

    ``energy`` in Wh over the intervals that have readings, ``capacity`` in W, ``hours`` of the whole period. Missing
    intervals are neither zero nor filled in: the factor is that of the metered time, and says how much of the period
    it was. None without readings. IEC 61400-26 and common usage of "capacity factor", net output over nominal power.
    Raises Refusal ``no-capacity``.
    """
    _refuse(capacity, hours, completeness)
    if energy is None or completeness == 0:
        return Performance(None, completeness)
    return Performance(energy / (capacity * hours * completeness), completeness)


def specific_yield(energy: Decimal | None, capacity: Decimal, completeness: Decimal = Decimal(1)) -> Performance:
    """Energy for each unit of nominal power, Wh/W = h (the "final yield" of IEC 61724-1: kWh per kWp).

    A yield is an amount, so it is not scaled up for missing intervals; read it with its completeness.
    """
    _refuse(capacity, Decimal(1), completeness)
    return Performance(None if energy is None else energy / capacity, completeness)


def _refuse(capacity: Decimal, hours: Decimal, completeness: Decimal) -> None:
    if capacity <= 0 or hours <= 0:
        raise Refusal("no-capacity", received=str(min(capacity, hours)))
    if not 0 <= completeness <= 1:
        raise Refusal("completeness-range", received=str(completeness))
