"""Targets against which values are judged: a versioned table with a source for every row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .catalogue import Direction

HOUSE = "house proposal"
"""The label of our own proposals. The thresholds of U4SSC are not public; ours are never called theirs."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The target of a data point, why it is set so (``basis``) and where that was read (``source``).

    ``worst`` is the value at which the linear rule of "lower is better" gives nothing. ``direction`` replaces that of
    the catalogue, so that a point told without judgement can be judged by those who wish to. ``label`` says whose
    the row is: ``house proposal``, ``user`` or a name.
    """

    point: str
    target: Decimal
    worst: Decimal | None = None
    basis: str = ""
    source: str = ""
    label: str = "user"
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """A version of the table. Data points without a row have no benchmark and are left out of every score."""

    version: str
    rows: tuple[Benchmark, ...] = ()
    title: str = ""
    _by_point: dict[str, Benchmark] = field(default_factory=dict[str, Benchmark], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_point.update((row.point, row) for row in self.rows)

    def __iter__(self) -> Iterator[Benchmark]:
        return iter(self.rows)

    def get(self, point: str) -> Benchmark | None:
        return self._by_point.get(point)
