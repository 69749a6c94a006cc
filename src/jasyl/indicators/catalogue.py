"""What a set of city indicators says: indicators, their data points, and the groups they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from jasyl.texts import Refusal

from .words import NOTHING, Words

Direction = Literal["higher", "lower", "target", "report"]
"""Which way is better: more, less, nearer to the target; ``report`` is told and never scored."""
Level = Literal["core", "advanced", ""]
Certainty = Literal["high", "medium", "low", ""]

YES_NO = "yes/no"


@dataclass(frozen=True, slots=True)
class DataPoint:
    """What is reported, verified and scored: a whole indicator, or one part of it (a pollutant, a mode of travel).

    The value is ``numerator / denominator * multiplier``, or the numerator times the multiplier where
    ``has_denominator`` is false. Of yes/no points 1 is yes and 0 is no. ``unit`` is a key of the catalogue's own
    words (``percent``, ``ug/m3``); people read ``unit_name``.
    """

    id: str
    indicator: str
    name: Words
    direction: Direction
    unit: str
    multiplier: Decimal = Decimal(1)
    has_denominator: bool = True

    @property
    def is_yes_no(self) -> bool:
        return self.unit == YES_NO


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a catalogue.

    ``dimension``, ``subdimension`` and ``category`` are keys of ``Catalogue.groups``; empty where the catalogue has
    no such level. ``type_guessed`` says that no source read names the type. ``sdg_confidence`` ``goal only`` means that
    a goal is named and no target. ``disaggregation`` holds the breakdowns asked for (``sex``, ``age``, ``disability``,
    ``income``, ``district``). ``rule`` says where the data come from and how they are combined, ``computed_by`` names
    the function of this room that does it, empty where there is none; ``gap`` says what is missing for it.
    """

    id: str
    code: str
    name: Words
    dimension: str = ""
    subdimension: str = ""
    category: str = ""
    alt_codes: tuple[str, ...] = ()
    level: Level = ""
    type: str = ""
    type_guessed: bool = False
    unit: str = ""
    numerator: Words = NOTHING
    denominator: Words = NOTHING
    multiplier: Decimal = Decimal(1)
    direction: Direction | Literal["mixed"] = "higher"
    sdg_targets: tuple[str, ...] = ()
    sdg_goals: tuple[int, ...] = ()
    sdg_confidence: str = ""
    disaggregation: tuple[str, ...] = ()
    rule: Words = NOTHING
    computed_by: str = ""
    gap: Words = NOTHING
    confidence: Certainty = ""
    code_confidence: Certainty = ""
    source: str = ""
    notes: Words = NOTHING
    points: tuple[DataPoint, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """Dimension, sub-dimension and category, without the levels that are empty."""
        return tuple(part for part in (self.dimension, self.subdimension, self.category) if part)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A versioned set of indicators. ``groups`` names the keys of dimensions, sub-dimensions and categories."""

    id: str
    version: str
    title: Words
    indicators: tuple[Indicator, ...]
    groups: dict[str, Words] = field(default_factory=dict[str, Words])
    source: str = ""
    licence: str = ""
    note: Words = NOTHING
    _by_point: dict[str, DataPoint] = field(default_factory=dict[str, DataPoint], init=False, repr=False, compare=False)
    _by_id: dict[str, Indicator] = field(default_factory=dict[str, Indicator], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_id.update((indicator.id, indicator) for indicator in self.indicators)
        self._by_point.update((point.id, point) for indicator in self.indicators for point in indicator.points)

    @property
    def points(self) -> Iterator[DataPoint]:
        """Every data point, in the order of the catalogue."""
        return iter(self._by_point.values())

    def point(self, point: str) -> DataPoint:
        """Raises Refusal ``indicator-unknown-point``."""
        found = self._by_point.get(point)
        if found is None:
            raise Refusal("indicator-unknown-point", received=point, expected=self.id)
        return found

    def has(self, point: str) -> bool:
        return point in self._by_point

    def indicator(self, indicator: str) -> Indicator:
        """Raises Refusal ``indicator-unknown``."""
        found = self._by_id.get(indicator)
        if found is None:
            raise Refusal("indicator-unknown", received=indicator, expected=self.id)
        return found

    def indicator_of(self, point: str) -> Indicator:
        """The indicator a data point belongs to. Raises Refusal ``indicator-unknown-point``."""
        return self._by_id[self.point(point).indicator]

    def group_name(self, key: str) -> Words:
        """The name of a dimension, sub-dimension or category; its key where the catalogue names none."""
        return self.groups.get(key) or Words(en=key)
