"""Recycled aggregate: what is made of crushed concrete and brick, and what uses may take of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .chain import Maker, Use


@dataclass(frozen=True)
class AggregateYear:
    """Aggregate of one year, kg. ``made`` by grade; ``used`` and ``primary`` by use; what nobody takes is ``surplus``.

    ``lost`` are fines, ``contamination`` is what sorting takes out: both leave the loop.
    """

    made: Mapping[int, float]
    used: Mapping[str, float]
    primary: Mapping[str, float]
    lost: float
    contamination: float
    surplus: float

    @property
    def substitution(self) -> float | None:
        """Recycled share of all aggregate used; None where none is used."""
        recycled, virgin = sum(self.used.values()), sum(self.primary.values())
        return recycled / (recycled + virgin) if recycled + virgin else None


def allocate(recycled: Mapping[str, float], makers: Mapping[str, Maker], uses: Sequence[Use]) -> AggregateYear:
    """Give what is recycled (kg by material) to uses: no use above its cap, none below the grade it needs.

    The most demanding uses choose first, and of what they may take the lowest grade: since every grade that serves a
    demanding use serves the others too, this replaces as much primary aggregate as is possible.
    Materials without a `Maker` make no aggregate (steel goes elsewhere).
    """
    left: dict[int, float] = {}
    lost = contamination = 0.0
    for material, mass in recycled.items():
        maker = makers.get(material)
        if maker is None:
            continue
        lost += mass * maker.loss
        contamination += mass * maker.contamination
        left[maker.grade] = left.get(maker.grade, 0.0) + mass * (1 - maker.loss - maker.contamination)
    made = dict(sorted(left.items()))
    used: dict[str, float] = {}
    for use in sorted(uses, key=lambda one: -one.grade):
        room = use.demand * use.cap
        taken = 0.0
        for grade in sorted(left):
            if grade >= use.grade:
                part = min(left[grade], room - taken)
                left[grade] -= part
                taken += part
        used[use.id] = taken
    primary = {use.id: use.demand - used[use.id] for use in uses}
    return AggregateYear(made, used, primary, lost, contamination, sum(left.values()))
