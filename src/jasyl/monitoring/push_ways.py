"""Which series and unit each reading of a push means: how its value becomes an integer, or why it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.people import Actor
from jasyl.quantities import UNITS, Unit, unit
from jasyl.texts import Refusal

from .delivery import Int
from .known_series import SeriesIndex
from .series import SeriesDefinition


class Named(Protocol):
    """A reading that may say its series and unit."""

    @property
    def series(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...


@dataclass(frozen=True)
class Way:
    """How readings under one series and unit become integers; ``wrong`` says why they cannot."""

    name: str
    written_unit: str
    definition: SeriesDefinition | None = None
    factor: Decimal = Decimal(1)
    wrong: Refusal | None = None

    @cached_property
    def taken(self) -> bool:
        return self.wrong is None and self.definition is not None

    @cached_property
    def demands_signature(self) -> bool:
        """Whether the register says that a device or gateway signs for the series."""
        return self.taken and self.definition is not None and self.definition.trust != "operator-entered"

    @property
    def series_id(self) -> str:
        return self.definition.id if self.definition else ""

    def unsigned(self) -> "Way":
        """The way of a reading that should have been signed and was not."""
        return replace(self, wrong=Refusal("push-unsigned", received=self.name[:80]))

    @cached_property
    def scaling(self) -> tuple[int, float]:
        """Number of the series, and the factor to its stored integers."""
        return (self.definition.number if self.definition else 0), float(self.factor)


@dataclass(frozen=True)
class Layout:
    """The ways of a document, reading by reading: a program pushes the same series in the same order each time.

    ``taken``: all go to series that the sender may write; ``signed``: ids of the series that demand a signature.
    ``numbers`` of the series and ``factors`` to their integers are meant only when all are taken.
    """

    ways: Sequence[Way]
    taken: bool
    signed: frozenset[str]
    numbers: Int
    factors: NDArray[np.float64]

    @classmethod
    def of(cls, ways: Sequence[Way]) -> "Layout":
        """The layout of a document whose readings go these ways."""
        scaling = np.array([way.scaling for way in ways], np.float64).reshape(-1, 2)
        signed = frozenset(way.series_id for way in ways if way.demands_signature)
        taken = all(way.taken for way in ways) and len(ways) > 0
        numbers = scaling[:, 0].astype(np.int64)
        numbers.flags.writeable = False  # deliveries of many requests share it
        return cls(ways, taken, signed, numbers, scaling[:, 1].copy())


class Asked:
    """Series and units of one document; what a sender asked for before is known as long as the register stays."""

    def __init__(self, series: str | None, unit: str | None, index: SeriesIndex, actor: Actor) -> None:
        self.series, self.unit, self.index, self.actor = series, unit, index, actor
        self._known: dict[tuple[str | None, str | None], Way] = index.remembered(actor)

    def layout(self, readings: Sequence[Named]) -> Layout:
        """The ways of ``readings``; found again at once when the sender spoke of the same before."""
        asked = (
            self.actor,
            self.series,
            self.unit,
            tuple([each.series for each in readings]),
            tuple([each.unit for each in readings]),
        )
        found: Layout | None = self.index.layouts.get(asked)
        if found is None:
            found = Layout.of([self.way(each.series, each.unit) for each in readings])
            if found.taken:
                self.index.layouts.put(asked, found, len(readings))
        return found

    def way(self, series: str | None, written: str | None) -> Way:
        asked = (series or self.series, written or self.unit)
        found = self._known.get(asked)
        if found is None:
            found = self._find(*asked)
            if found.taken:
                self._known[asked] = found
        return found

    def _find(self, series: str | None, written: str | None) -> Way:
        name = series or ""
        if not series or len(series) > 200:
            return Way(name, written or "", wrong=Refusal("push-no-series", received=name[:80]))
        if not written or len(written) > 40:
            return Way(name, "", wrong=Refusal("push-no-unit", received=(written or "")[:40], series=name[:80]))
        try:
            definition, allowed = self.index.writable(self.actor, series)
            said: Unit = UNITS.get(written) or unit(written)
            if definition is None:
                return Way(name, said.ucum)
            if not allowed:
                return Way(name, said.ucum, wrong=Refusal("push-not-yours", received=name[:80]))
            definition.unit.refuse_other(said)
        except Refusal as wrong:
            return Way(name, written, wrong=wrong)
        return Way(name, said.ucum, definition, said.factor.scaleb(definition.scale))
