"""Fine particles where people breathe them (SDG 11.6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..evaluation import Answer
from ..share import Group
from .arrays import worst

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exposure:
    """``mean`` in µg/m³ over the people for whom a concentration is known; None where that is nobody.

    ``covered`` of ``people`` are known. ``low`` and ``high`` are the extremes of inhabited cells.
    """

    mean: float | None
    covered: float
    people: float
    low: float | None
    high: float | None
    by: Mapping[Group, "Exposure"] = field(default_factory=dict[Group, "Exposure"])

    @property
    def coverage(self) -> float | None:
        """Share of the people for whom a concentration is known; an index of trust, to be told beside the mean."""
        return self.covered / self.people if self.people > 0 else None

    def answer(self, point: str) -> Answer:
        """As an answer of the evaluation, marked as computed, ``partly`` where not everybody is covered."""
        whole = self.covered >= self.people
        value = None if self.mean is None else Decimal(repr(self.mean))
        return Answer(point, value=value, status="reported" if whole else "partly", origin="system")


def exposure(concentration: Floats, persons: Floats, groups: Mapping[Group, Floats] | None = None) -> Exposure:
    """Annual means (µg/m³) and people of the same cells, in any shape. NaN is a cell without a concentration.

    Raises Refusal ``sdg-shape``, ``sdg-persons``, ``sdg-concentration``.
    """
    made = _mean(concentration, persons)
    return Exposure(
        made.mean,
        made.covered,
        made.people,
        made.low,
        made.high,
        {group: _mean(concentration, counted) for group, counted in (groups or {}).items()},
    )


def _mean(concentration: Floats, persons: Floats) -> Exposure:
    if concentration.shape != persons.shape:
        raise Refusal("sdg-shape", received=str(persons.shape), expected=str(concentration.shape))
    if not np.all(persons >= 0):
        raise Refusal("sdg-persons", received=worst(persons))
    if np.any(concentration < 0) or np.any(np.isinf(concentration)):
        raise Refusal("sdg-concentration", received=worst(concentration))
    inhabited = ~np.isnan(concentration) & (persons > 0)
    people, felt = persons[inhabited], concentration[inhabited]
    covered = float(people.sum())
    if not covered:
        return Exposure(None, 0.0, float(persons.sum()), None, None)
    mean = float((people * felt).sum() / covered)
    return Exposure(mean, covered, float(persons.sum()), float(felt.min()), float(felt.max()))
