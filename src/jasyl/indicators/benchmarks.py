"""Targets against which values are judged: a versioned table with a source for every row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .catalogue import Direction

HOUSE = "house proposal"
"""The label of our own proposals. The thresholds of U4SSC are not public; ours are never called theirs."""
RECALLED = "; recalled, check before relying on it"
"""How the source of a row ends that was written from general knowledge and never read."""
WHY_NONE = ("none-u4ssc", "none-told", "none-relative", "none-other-measure", "none-local", "none-found")
"""Why a data point has no benchmark: reports of U4SSC print none, it is told without judgement, published targets are
cuts from a base year, they are of another measure, the right value is the place's own, none was found."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The target of a data point, why it is set so (``basis``) and where that was read (``source``).

    ``worst`` is the value at which the linear rule of "lower is better" gives nothing. ``direction`` replaces that of
    the catalogue, so that a point told without judgement can be judged by those who wish to. ``label`` says whose
    the target is: ``house proposal``, ``user``, or who set it (``WHO``, ``Kazakhstan``).
    """

    point: str
    target: Decimal
    worst: Decimal | None = None
    basis: str = ""
    source: str = ""
    label: str = "user"
    direction: Direction | None = None

    @property
    def recalled(self) -> bool:
        """Whether nobody has read the source: the target stands from memory."""
        return self.source.endswith(RECALLED)


@dataclass(frozen=True, slots=True)
class NoBenchmark:
    """That a data point has no benchmark, why (``basis``, one of `WHY_NONE`), and what was read (``source``)."""

    point: str
    basis: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """A version of the table. Data points without a row have no benchmark and are left out of every score; ``none``
    says of some of them why."""

    version: str
    rows: tuple[Benchmark, ...] = ()
    title: str = ""
    none: tuple[NoBenchmark, ...] = ()
    _by_point: dict[str, Benchmark] = field(default_factory=dict[str, Benchmark], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_point.update((row.point, row) for row in self.rows)

    def __iter__(self) -> Iterator[Benchmark]:
        return iter(self.rows)

    def get(self, point: str) -> Benchmark | None:
        return self._by_point.get(point)

    def why_none(self, point: str) -> NoBenchmark | None:
        """Why a data point has no benchmark, where the table says it."""
        return None if point in self._by_point else next((one for one in self.none if one.point == point), None)
