"""What an inventory would say under another calorific value of coal or another factor of the grid.

Both are choices in Kazakhstan: coal of 18.58 or 25.8 TJ/Gg, grid electricity of 532 to 814 g/kWh. Each row changes one
choice everywhere it was made and calculates the three totals anew; nothing else moves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import msgspec

from ..energy_factors import energy_factors
from ..fuel_factors import calorific_options, fuel
from .document import Activity, Inventory
from .factors import used_factor
from .structure import TOTALS, Total
from .totals import Result, evaluate

Choice = Literal["coal_ncv", "grid"]


@dataclass(frozen=True)
class Alternative:
    """The totals (kg CO2e) with ``factor`` in the place of what was chosen; ``chosen`` marks the inventory's own."""

    choice: Choice
    factor: str
    name: str
    value: Decimal
    unit: str
    chosen: bool
    totals: Mapping[Total, Decimal]


def alternatives(result: Result) -> tuple[Alternative, ...]:
    """The rows of both choices, as far as the inventory has made them; by total, smallest first."""
    found: list[Alternative] = []
    for choice, swaps in (("coal_ncv", _coal(result)), ("grid", _grid(result))):
        for option, (value, unit, changed) in swaps.items():
            after = result if changed is None else evaluate(changed)
            totals = {total: after.totals[total].co2e for total in TOTALS}
            named = used_factor(result.inventory, option).name
            found.append(Alternative(choice, option, named, value, unit, changed is None, totals))  # pyright: ignore[reportArgumentType]
    return tuple(
        sorted(found, key=lambda one: (one.choice, one.totals["territorial"], one.totals["basic"], one.factor))
    )


Swaps = dict[str, tuple[Decimal, str, Inventory | None]]


def _coal(result: Result) -> Swaps:
    """Coal is known by the fuel of its factors (``ef.SECTOR.FUEL.GAS``)."""
    book = result.inventory
    burnt = {one.id: coal for one in book.activities if (coal := _coal_of(one)) and _ncv(result, one)}
    if not burnt:
        return {}
    options = [one for coal in dict.fromkeys(burnt.values()) for one in calorific_options(coal)]
    used = dict.fromkeys(name for one in book.activities if one.id in burnt for name in _ncv(result, one))
    found: Swaps = {}
    for name in used:
        factor = result.factors[name]
        found[name] = (factor.value, factor.unit, None if len(used) == 1 else _swapped(book, used, name, burnt))
    for one in options:
        if one.id not in found and one.confirmed:
            found[one.id] = (one.exact, one.unit, _swapped(book, used, one.id, burnt))
    return found


def _coal_of(one: Activity) -> str | None:
    for ids in one.gases.values():
        for name in ids:
            parts = name.split(".")
            if len(parts) >= 4 and parts[0] == "ef" and fuel(parts[2]).coal:
                return parts[2]
    return None


def _ncv(result: Result, one: Activity) -> list[str]:
    return [name for name in one.through if result.factors[name].parameter.lower() == "ncv"]


def _grid(result: Result) -> Swaps:
    book = result.inventory
    offered = {one.id: one for one in energy_factors("electricity")}
    used = dict.fromkeys(name for name in result.factors if name in offered)
    if not used:
        return {}
    places = {one.id: "" for one in book.activities if any(name in used for ids in one.gases.values() for name in ids)}
    found: Swaps = {}
    for name, one in offered.items():
        if one.gas != "CO2":
            continue  # a factor in CO2e takes the place of none in CO2
        changed = None if name in used and len(used) == 1 else _swapped(book, used, name, places)
        found[name] = (one.value, one.unit, changed)
    return found


def _swapped(book: Inventory, used: Iterable[str], new: str, inside: Mapping[str, str]) -> Inventory:
    old = set(used)

    def turned(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if name in old else name for name in ids)

    changed = tuple(
        msgspec.structs.replace(
            one, through=turned(one.through), gases={gas: turned(ids) for gas, ids in one.gases.items()}
        )
        if one.id in inside
        else one
        for one in book.activities
    )
    return msgspec.structs.replace(book, activities=changed)
