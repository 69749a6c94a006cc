"""What a series measures: its unit, scale, interval and kind, as the registry defines them."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from jasyl.figures import Publication
from jasyl.quantities import Unit, base_unit
from jasyl.texts import Refusal

from .registers import Mounting

SeriesKind = Literal["mean", "amount", "counter"]
Trust = Literal["device-signed", "gateway-signed", "operator-entered"]
HOUR = 3600
DAY = 86_400
# What a mean over an interval becomes when it is multiplied by the length of the interval.
_INTEGRAL = {
    "power": ("energy", HOUR),
    "mass flow": ("mass", 1),
    "irradiance": ("irradiation", HOUR),
    "discharge": ("volume", 1),
}


@dataclass(frozen=True)
class SeriesDefinition:
    """One measured series of one facility.

    ``number`` is the small integer that stands in segments, ``id`` the ULID everybody else uses. ``unit`` is the
    base unit of its dimension; a stored value is an integer of 10^-scale of that unit. ``kind``:

    - ``mean``: the average over the interval (power in W);
    - ``amount``: what passed during the interval (energy in Wh, water in m³);
    - ``counter``: the register of a meter as it stood at the interval's start; its amounts are differences.

    ``interval_seconds`` divides an hour, or is 86 400 for one reading a civil day of ``zone``. ``capacity_base`` is
    the nominal power in W. ``publication`` and ``trust`` travel with every number made from
    the series. ``meters`` are the known meters of a counter, by which its roll-overs and changes are bridged.
    """

    number: int
    id: str
    facility_id: str
    quantity: str
    unit: Unit
    scale: int
    interval_seconds: int
    kind: SeriesKind
    zone: str = "Asia/Almaty"
    capacity_base: Decimal | None = None
    publication: Publication = "public"
    trust: Trust = "operator-entered"
    meters: tuple[Mounting, ...] = ()

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The civil time in which days of this series begin and end."""
        return ZoneInfo(self.zone)

    @property
    def interval(self) -> int:
        """Length of an interval in microseconds (of a day without a clock change for daily series)."""
        return self.interval_seconds * 1_000_000

    @property
    def amounts_to_something(self) -> bool:
        """Whether sums over time mean anything: not of a temperature, a speed, or what the air holds."""
        return self.kind != "mean" or self.unit.dimension in _INTEGRAL

    @property
    def amount_unit(self) -> Unit:
        """The base unit of what the series amounts to over a period: Wh for W, kg for kg/s, else its own unit."""
        if self.kind == "mean" and self.unit.dimension in _INTEGRAL:
            return base_unit(_INTEGRAL[self.unit.dimension][0])
        return self.unit

    @property
    def amount_factor(self) -> Fraction:
        """Exact factor from a sum of stored integers to :attr:`amount_unit`.

        A mean of v·10^-scale W over s seconds is v·s/3600·10^-scale Wh. The sum of the integers stays an integer in
        every rollup and seal; this fraction is applied once, at the end, so that nothing is lost on the way.
        """
        step = Fraction(1, 10**self.scale)
        if self.kind != "mean":
            return step
        if not self.amounts_to_something:
            raise Refusal("no-amount", received=self.quantity, expected=", ".join(_INTEGRAL))
        return step * Fraction(self.interval_seconds, _INTEGRAL[self.unit.dimension][1])


def check_series(series: SeriesDefinition) -> SeriesDefinition:
    """``series`` itself. Raises Refusal ``series-interval`` or ``series-unit`` for one that cannot be stored."""
    daily = series.interval_seconds == DAY and series.kind != "mean"
    if not daily and (series.interval_seconds <= 0 or HOUR % series.interval_seconds):
        raise Refusal("series-interval", received=str(series.interval_seconds), expected="1–3600 | 3600, 86400")
    if series.unit.factor != 1:
        raise Refusal("series-unit", received=series.unit.ucum, expected=base_unit(series.unit.dimension).ucum)
    return series
