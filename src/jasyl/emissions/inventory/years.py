"""An inventory beside others: its base year, the years before it, what somebody else says of the place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jasyl.texts import Refusal, Where

from ..finding import Finding
from .document import Inventory
from .structure import TOTALS, Total
from .totals import Result
from .uncertainty import Spread, spreads

# What makes two years no series: a change of one of these asks for the base year to be made again.
_STRUCTURAL = ("boundary", "gwp_set", "methane", "road_method", "landfill_method")


@dataclass(frozen=True)
class BaseYear:
    """Whether the base year has to be calculated again.

    ``changes`` are the structural fields that differ between base year and current year; ``shares`` the relative change
    of each total between the base year as published and as it would be now; ``due`` whether a structure changed or a
    total moved by more than the threshold.
    """

    year: int
    threshold: Decimal
    changes: tuple[str, ...]
    shares: dict[Total, Decimal | None]
    due: bool


def base_year(published: Result, remade: Result, current: Inventory, threshold: Decimal) -> BaseYear:
    """The policy of recalculation applied: ``published`` and ``remade`` are the base year then and now."""
    fields = [name for name in _STRUCTURAL if getattr(published.inventory, name) != getattr(current, name)]
    if published.inventory.allocation != current.allocation:
        before, now = (
            None if one is None else one.method for one in (published.inventory.allocation, current.allocation)
        )
        fields += ["allocation"] if before != now else []
    shares: dict[Total, Decimal | None] = {}
    for total in TOTALS:
        shares[total] = _change(published.totals[total].co2e, remade.totals[total].co2e)
    moved = any(one is not None and abs(one) > threshold for one in shares.values())
    return BaseYear(published.inventory.year, threshold, tuple(fields), shares, bool(fields) or moved)


def _change(before: Decimal, after: Decimal) -> Decimal | None:
    if before == 0:
        return None if after == 0 else Decimal(1)
    return (after - before) / abs(before)


def across_years(years: Iterable[Inventory]) -> list[Finding]:
    """Marks that only a series shows: a cell said not to occur that has a number in another year."""
    ordered = sorted(years, key=lambda one: one.year)
    found: list[Finding] = []
    for one in ordered:
        absent = {each.ref for each in one.cells if each.key == "NO"}
        for other in ordered:
            for ref in sorted({each.ref for each in other.activities} & absent):
                where = Where(field=f"{one.year} cells[{ref}].key")
                found.append(
                    Finding(
                        "warning",
                        Refusal("inventory-absent-then-number", where=where, received=ref, year=str(other.year)),
                    )
                )
    return found


@dataclass(frozen=True)
class Compared:
    """A value of somebody else beside ours (kg CO2e). ``inside``: whether it lies in our 95 % interval, which is known
    for totals only; ``ratio`` is theirs to ours."""

    name: str
    of: str
    theirs: Decimal
    ours: Decimal | None
    ratio: Decimal | None
    inside: bool | None
    source: str
    year: int


def compared(result: Result) -> tuple[Compared, ...]:
    """The check values of the document beside the inventory. Neither side is corrected by the other."""
    found: list[Compared] = []
    ranges: dict[Any, Spread] = dict(spreads(result).items()) if result.inventory.checks else {}
    for one in result.inventory.checks:
        if one.of in TOTALS:
            ours: Decimal | None = result.totals[one.of].co2e
        else:
            ours = result.by_ref[one.of].co2e if one.of in result.by_ref else None
        spread = ranges.get(one.of)
        inside = None if spread is None else spread.low <= float(one.value) <= spread.high
        ratio = one.value / ours if ours else None
        found.append(Compared(one.name, one.of, one.value, ours, ratio, inside, one.source, one.year))
    return tuple(found)


def trend(results: Sequence[Result], total: Total) -> list[tuple[int, Decimal, Decimal | None]]:
    """(year, kg CO2e, change against the first year) of results of one set. Raises Refusal ``gwp-mixed``."""
    ordered = sorted(results, key=lambda one: one.inventory.year)
    sets = {(one.inventory.gwp_set, one.inventory.methane) for one in ordered}
    if len(sets) > 1:
        said = ", ".join(sorted({series for series, _ in sets}))
        raise Refusal("gwp-mixed", received=said, expected=ordered[-1].inventory.gwp_set)
    first = ordered[0].totals[total].co2e if ordered else Decimal()
    return [(one.inventory.year, one.totals[total].co2e, _change(first, one.totals[total].co2e)) for one in ordered]
