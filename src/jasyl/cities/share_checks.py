"""Checks of shares against each other, and of how much of the book is filled.

VM is the U4SSC verification manual of 2022 and its page.
"""

from decimal import Decimal
from itertools import pairwise

from jasyl.indicators import Catalogue

from .base_checks import Check, Entries
from .entry import Entry
from .entry_checks import filled, value_of, written
from .finding import Finding

MISSING_FROM = Decimal("0.2")
SHARES = ("EC.I.T.4A", "EN.EN.WA.1C")
SHARES_WITHIN = Decimal(2)
WASTEWATER = tuple(f"EN.EN.WS.4C.{level}" for level in ("primary", "secondary", "tertiary"))
# The first is usually not above the second (VM 36, VM 68, VM 44).
ORDERED = (
    ("EC.ICT.ICT.2C", "EC.ICT.ICT.1C", "VM 36"),
    ("EC.I.WS.2C", "EC.I.WS.1C", "VM 68"),
    ("EC.ICT.WS.1C", "EC.ICT.ES.1C", "VM 44"),
)


def too_many_missing(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """More than a fifth of the data points are not reported: the city is asked. Remark (VM 32).

    Data points said to be not applicable do not count.
    """
    wanted = [one.id for one in catalogue.points if not _is_inapplicable(entries.get(one.id))]
    missing = [point for point in wanted if not (point in entries and entries[point].is_given)]
    if not wanted or Decimal(len(missing)) <= MISSING_FROM * len(wanted):
        return []
    said = f"{len(missing)} / {len(wanted)}"
    return [Finding("city-many-missing", "remark", "", "", said, f"≤ {int(MISSING_FROM * len(wanted))}", (), "VM 32")]


def shares_sum(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """The shares of modes of travel, or of ways of treating waste, add up to 100 % ± 2 points. Question (VM 32).

    With parts left open only a sum above 102 can be told to be wrong.
    """
    found: list[Finding] = []
    for indicator in SHARES:
        parts = [point.id for point in catalogue.points if point.indicator == indicator]
        given = {point: share for point in parts if (share := _value(catalogue, entries, point)) is not None}
        total = sum(given.values(), Decimal(0))
        complete = len(given) == len(parts) and bool(parts)
        if total > 100 + SHARES_WITHIN or (complete and total < 100 - SHARES_WITHIN):
            said = f"{written(total)} %"
            last = next(reversed(given))
            found.append(
                Finding(
                    "city-shares", "question", last, filled(entries[last]), said, "100 ± 2 %", tuple(given), "VM 32"
                )
            )
    return found


def wastewater_order(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Treatment levels are cumulative: primary ≥ secondary ≥ tertiary. Question (VM 32)."""
    found: list[Finding] = []
    given = [(point, share) for point in WASTEWATER if (share := _value(catalogue, entries, point)) is not None]
    for (lower, more), (higher, less) in pairwise(given):
        if less > more:
            said = f"{written(less)} % > {written(more)} % ({lower})"
            found.append(
                Finding(
                    "city-wastewater",
                    "question",
                    higher,
                    filled(entries[higher]),
                    said,
                    f"≤ {written(more)} %",
                    (lower,),
                    "VM 32",
                )
            )
    return found


def usual_order(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Fixed broadband usually ≤ household Internet, potable ≤ basic water, smart water meters usually ≤ smart
    electricity meters. Remark (VM 36, VM 68, VM 44)."""
    found: list[Finding] = []
    for first, second, page in ORDERED:
        less, more = (_value(catalogue, entries, point) for point in (first, second))
        if less is not None and more is not None and less > more:
            said = f"{written(less)} % > {written(more)} % ({second})"
            found.append(
                Finding(
                    "city-order", "remark", first, filled(entries[first]), said, f"≤ {written(more)} %", (second,), page
                )
            )
    return found


SHARE_CHECKS: tuple[Check, ...] = (
    too_many_missing,
    shares_sum,
    wastewater_order,
    usual_order,
)


def _value(catalogue: Catalogue, entries: Entries, point: str) -> Decimal | None:
    entry = entries.get(point)
    return value_of(catalogue, entry) if entry is not None else None


def _is_inapplicable(entry: Entry | None) -> bool:
    return entry is not None and entry.status == "not_applicable"
