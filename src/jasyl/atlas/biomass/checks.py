"""Statistics that contradict each other: named, never mended unseen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jasyl.quantities import decimal_text

from .crops import GROUPS
from .statistics import Measure, Statistic

# Rounding of published sums.
_ROUNDING = Decimal("0.005")
Kind = Literal["districts-above-region", "districts-below-region", "members-above-group", "sources-differ"]


@dataclass(frozen=True)
class Disagreement:
    """Two numbers of one place, item and year that do not fit: ``one`` is what ``kind`` names first. Base units."""

    kind: Kind
    place: str
    item: str
    measure: Measure
    year: int
    one: Decimal
    other: Decimal

    @property
    def share(self) -> Decimal:
        """How far the first lies from the second."""
        return self.one / self.other - 1 if self.other else Decimal(0)

    def as_data(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "place": self.place,
            "item": self.item,
            "measure": self.measure,
            "year": self.year,
            "one": decimal_text(self.one),
            "other": decimal_text(self.other),
            "share": f"{self.share:.4f}",
        }


def disagreements(statistics: Iterable[Statistic]) -> tuple[Disagreement, ...]:
    """Every contradiction among confirmed rows.

    - districts against their region: a sum above it is an error somewhere, one below it says that districts lack;
    - crops against their group, weighed alike: together they cannot be more;
    - two sources of one number that differ by more than rounding.
    """
    rows = [one for one in statistics if one.confirmed]
    return (*_districts(rows), *_groups(rows), *_sources(rows))


def _districts(rows: list[Statistic]) -> Iterable[Disagreement]:
    sums: defaultdict[tuple[str, str, Measure, int], Decimal] = defaultdict(Decimal)
    for one in rows:
        if one.level == "district" and one.region:
            sums[one.region, one.item, one.measure, one.year] += one.value
    regional: defaultdict[tuple[str, str, Measure, int], list[Decimal]] = defaultdict(list)
    for one in rows:
        key = (one.place, one.item, one.measure, one.year)
        if one.level == "region" and not one.provisional and key in sums:
            regional[key].append(one.value)
    for key, published in regional.items():
        together = sums[key]
        # Where the region itself has two numbers, `_sources` tells; the districts are held against the nearer.
        whole = min(published, key=lambda value: abs(value - together))
        if together > whole * (1 + _ROUNDING):
            yield Disagreement("districts-above-region", *key, together, whole)
        elif together < whole * (1 - _ROUNDING):
            yield Disagreement("districts-below-region", *key, together, whole)


def _groups(rows: list[Statistic]) -> Iterable[Disagreement]:
    for group, members in GROUPS.items():
        for whole in (one for one in rows if one.item == group):
            parts: dict[str, Decimal] = {}
            for one in rows:
                alike = (one.place, one.measure, one.year) == (whole.place, whole.measure, whole.year)
                if alike and one.item in members and one.origin == whole.origin:
                    parts[one.item] = max(one.value, parts.get(one.item, Decimal(0)))
            together = sum(parts.values(), Decimal(0))
            if together > whole.value * (1 + _ROUNDING):
                yield Disagreement(
                    "members-above-group", whole.place, group, whole.measure, whole.year, together, whole.value
                )


def _sources(rows: list[Statistic]) -> Iterable[Disagreement]:
    same: defaultdict[tuple[str, str, Measure, int], list[Statistic]] = defaultdict(list)
    for one in rows:
        same[one.place, one.item, one.measure, one.year].append(one)
    for key, found in same.items():
        least, most = min(one.value for one in found), max(one.value for one in found)
        if most > least * (1 + _ROUNDING):
            yield Disagreement("sources-differ", *key, most, least)
