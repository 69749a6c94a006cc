"""One row of a table of dynamics: a group in a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from jasyl.quantities import decimal_text

from .amounts import AMOUNTS

Dimension = Literal["technology", "family", "region", "sector", "size", "enterprise"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


@dataclass(frozen=True)
class MeteredAmount:
    """What the meters of ``facilities`` facilities counted in a year, in the base unit of the quantity."""

    value: Decimal
    facilities: int


@dataclass(frozen=True)
class Invested:
    """Money of ``facilities`` facilities that went to work in a year, in one currency, as stated (no price level)."""

    value: Decimal
    facilities: int


@dataclass(frozen=True)
class DynamicsRow:
    """One group in one year. Counts are facilities unless they say otherwise; None is not known or not defined.

    ``group`` holds the values of the asked dimensions. ``cumulative``, ``capacity`` (W) and ``enterprises`` are at
    the end of the year; ``enterprises`` counts each once, ``new_enterprises`` in its first year in this group.
    ``capacity_unknown`` facilities are in ``cumulative`` but not in ``capacity``. ``new_installations`` are units
    where the register has them. ``invested`` is money by currency of the new facilities that state it, never
    converted. ``output`` (Wh) is what ``output_known`` facilities published; ``metered`` is what meters counted, by
    quantity: heat, gas, water and waste as well as electricity. The two are never added: one plant may stand in both.
    ``avoided`` (kg of CO2) is what the electricity of ``avoided_known`` facilities displaced, each under the usual
    baseline of its technology, from published output or else from meters: a comparison, in no inventory.
    ``capacity_factor`` is of the facilities whose output and capacity are both known for the whole year. ``share`` is
    the group's part of all groups' capacity in the year, ``growth`` the change of capacity over the year before.
    """

    group: tuple[str | None, ...]
    year: int
    new: int
    closed: int
    cumulative: int
    suspended: int
    new_enterprises: int
    enterprises: int
    new_capacity: int
    capacity: int
    capacity_unknown: int
    output: int | None
    output_known: int
    metered: Mapping[str, MeteredAmount]
    share: float | None
    growth: float | None
    new_installations: int
    invested: Mapping[str, Invested]
    capacity_factor: float | None
    avoided: int | None = None
    avoided_known: int = 0

    def as_data(self, by: tuple[Dimension, ...] = ()) -> dict[str, object]:
        """For JSON: units in the names, amounts as decimal texts in the base unit of their quantity.

        ``by`` names the dimensions of the group; each stands under its own name too.
        """
        return {
            "group": self.group[0] if self.group else None,
            **dict(zip(by, self.group, strict=False)),
            "year": self.year,
            "new": self.new,
            "closed": self.closed,
            "cumulative": self.cumulative,
            "suspended": self.suspended,
            "new_enterprises": self.new_enterprises,
            "enterprises": self.enterprises,
            "new_installations": self.new_installations,
            "new_capacity_w": self.new_capacity,
            "capacity_w": self.capacity,
            "capacity_unknown": self.capacity_unknown,
            "invested": {
                currency: {"value": decimal_text(one.value), "facilities": one.facilities}
                for currency, one in self.invested.items()
            },
            "output_wh": self.output,
            "output_known": self.output_known,
            "capacity_factor": self.capacity_factor,
            "avoided_kg_co2": self.avoided,
            "avoided_known": self.avoided_known,
            "metered": {
                quantity: {"value": decimal_text(one.value), "unit": AMOUNTS[quantity], "facilities": one.facilities}
                for quantity, one in self.metered.items()
            },
            "share": self.share,
            "growth": self.growth,
        }
