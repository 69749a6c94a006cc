"""Adding areas up by region and by the rules that hit them together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .result import SCORE_CLASSES, RegionResult, RuleResult
from .rules import MAX_RULES

_RULES = (1 << MAX_RULES) - 1
# The score of a thousandth is the finest that is told apart.
SCORE_STEPS = 1000


def _steps() -> NDArray[np.float64]:
    return np.zeros(SCORE_STEPS + 1)


@dataclass
class Tally:
    """Areas (m²) of a region: by the set of bits of its cells, and of what is left over by score in thousandths."""

    by_bits: dict[int, float] = field(default_factory=lambda: defaultdict[int, float](float))
    by_score: NDArray[np.float64] = field(default_factory=_steps)

    def add(self, bits: NDArray[np.uint64], score: NDArray[np.float32], areas: NDArray[np.float64]) -> None:
        """Count cells."""
        kinds, which = np.unique(bits, return_inverse=True)
        for kind, area in zip(kinds, np.bincount(which, areas), strict=True):
            self.by_bits[int(kind)] += float(area)
        free = ((bits & np.uint64(_RULES)) == 0) & ~np.isnan(score)
        steps = np.rint(score[free] * SCORE_STEPS).astype(np.intp)
        self.by_score += np.bincount(steps, areas[free], SCORE_STEPS + 1)

    @property
    def area(self) -> float:
        return sum(self.by_bits.values())

    def of(self, *, hit: int = 0, clear: int = 0, unknown: int = 0) -> float:
        """Area whose cells have all bits of ``hit``, none of ``clear`` and some of ``unknown`` (if any are asked)."""
        return sum(
            area
            for bits, area in self.by_bits.items()
            if bits & hit == hit and not bits & clear and (not unknown or bits >> MAX_RULES & unknown)
        )

    def region(self, code: str, threshold: float, density: Decimal | None) -> RegionResult:
        """The results of the region ``code``."""
        remaining = round(self.of(clear=_RULES))
        scored = float(self.by_score.sum())
        at = np.arange(SCORE_STEPS + 1) / SCORE_STEPS
        classes = np.minimum((at * SCORE_CLASSES).astype(int), SCORE_CLASSES - 1)
        return RegionResult(
            code=code,
            area=round(self.area),
            excluded=round(self.area) - remaining,
            remaining=remaining,
            unknown=round(self.of(clear=_RULES, unknown=_RULES)),
            capacity=None if density is None else round(remaining * density),  # 1 MW/km² is 1 W/m²
            score=round(float((at * self.by_score).sum()) / scored, 4) if scored else None,
            scored=round(scored),
            suitable=round(float(self.by_score[at >= threshold].sum())) if scored else None,
            classes=tuple(round(float(each)) for each in np.bincount(classes, self.by_score, SCORE_CLASSES))
            if scored
            else (),
        )

    def rules(self, named: Sequence[tuple[str, str]]) -> tuple[RuleResult, ...]:
        """What each rule excludes."""
        return tuple(
            RuleResult(
                identifier,
                title,
                hit=round(self.of(hit=1 << number)),
                alone=round(self.of(hit=1 << number, clear=_RULES & ~(1 << number))),
                unknown=round(self.of(unknown=1 << number)),
            )
            for number, (identifier, title) in enumerate(named)
        )

    def overlaps(self, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """What two rules exclude together."""
        return {
            name: {
                other: round(self.of(hit=1 << first | 1 << second))
                for second, other in enumerate(names)
                if second != first
            }
            for first, name in enumerate(names)
        }


def tally_regions(
    parts: Iterable[tuple[int, NDArray[Any], NDArray[Any], NDArray[np.float64]]], count: int
) -> list[Tally]:
    """One tally for each of ``count`` regions from parts (number of the region, bits, score, areas)."""
    tallies = [Tally() for _ in range(count)]
    for number, bits, score, areas in parts:
        tallies[number].add(bits, score, areas)
    return tallies


def total_of(tallies: Iterable[Tally]) -> Tally:
    """All regions together."""
    whole = Tally()
    for tally in tallies:
        for bits, area in tally.by_bits.items():
            whole.by_bits[bits] += area
        whole.by_score += tally.by_score
    return whole
