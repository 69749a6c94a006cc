"""Cities beside each other with what is not known: no bare rank, but the ranks that missing data leave open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jasyl.indicators import Catalogue, Evaluation, Scored


@dataclass(frozen=True)
class Bounds:
    """The score of a group (a share of 1; None where nothing is scored), and the least and the most it may be.

    Data points that would be scored but are not reported or not verified count one point in ``low`` and four in
    ``high``. ``missing`` counts them, ``scored`` those with points.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    scored: int
    missing: int

    @property
    def known(self) -> Decimal:
        """Which share of the data points that could be scored is scored; 0 where none could."""
        return Decimal(self.scored) / (self.scored + self.missing) if self.scored + self.missing else Decimal(0)


@dataclass(frozen=True)
class RankedCity:
    """A city's book of a year and the ranks it may have; ``best`` is 1 for a city that nothing is known of."""

    place: str
    year: int
    bounds: Bounds
    best: int
    worst: int


def score_bounds(catalogue: Catalogue, evaluation: Evaluation, path: tuple[str, ...]) -> Bounds:
    """The score of the group at ``path`` (a dimension, sub-dimension or category) and its bounds."""
    group = evaluation.group(*path)
    missing = sum(
        1
        for scored in missing_points(catalogue, evaluation)
        if set(path) <= set(catalogue.indicator_of(scored.point).path)
    )
    whole = 4 * (group.scored + missing)
    if not whole:
        return Bounds(None, None, None, 0, 0)
    low, high = Decimal(group.points + missing) / whole, Decimal(group.points + 4 * missing) / whole
    return Bounds(group.share, low, high, group.scored, missing)


def rank_cities(
    catalogue: Catalogue, books: Mapping[tuple[str, int], Evaluation], path: tuple[str, ...]
) -> list[RankedCity]:
    """Books by the middle of their bounds, highest first, then by place; each with the ranks that the bounds leave
    open. There is no score of a whole city, so a group must be named."""
    bounds = {key: score_bounds(catalogue, evaluation, path) for key, evaluation in books.items()}
    found: list[RankedCity] = []
    for key, own in bounds.items():
        others = [one for other, one in bounds.items() if other != key]
        found.append(RankedCity(*key, own, _best(own, others), _worst(own, others)))
    return sorted(found, key=lambda one: (-_middle(one.bounds), one.place, -one.year))


def _best(own: Bounds, others: Sequence[Bounds]) -> int:
    return 1 + sum(1 for one in others if one.low is not None and own.high is not None and one.low > own.high)


def _worst(own: Bounds, others: Sequence[Bounds]) -> int:
    """Whatever has no bounds may stand anywhere."""
    return 1 + sum(1 for one in others if one.high is None or own.low is None or one.high > own.low)


def _middle(bounds: Bounds) -> Decimal:
    return Decimal(-1) if bounds.low is None or bounds.high is None else (bounds.low + bounds.high) / 2


def missing_points(catalogue: Catalogue, evaluation: Evaluation) -> Iterator[Scored]:
    """Data points that would be scored if they were reported and verified: they have a benchmark and a judgement."""
    for scored in evaluation.points:
        direction = catalogue.point(scored.point).direction
        if scored.benchmark is not None and scored.benchmark.direction is not None:
            direction = scored.benchmark.direction
        judged = scored.benchmark is not None and direction != "report"
        if judged and scored.points is None and scored.answer.status != "not_applicable":
            yield scored
