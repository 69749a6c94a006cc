"""A part of a whole, and the same part of its groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .evaluation import Answer

Group = tuple[str, str]
"""An axis of breakdown and a value on it: ``("sex", "female")``."""


@dataclass(frozen=True, slots=True)
class Share:
    """``counted`` of ``of``, in the same unit; ``by`` holds the groups that were given."""

    counted: float
    of: float
    by: Mapping[Group, "Share"] = field(default_factory=dict[Group, "Share"])

    @property
    def percent(self) -> float | None:
        """None where there is nobody and nothing to be a part of."""
        return 100 * self.counted / self.of if self.of > 0 else None

    def answer(self, point: str) -> Answer:
        """As an answer of the evaluation, marked as computed."""
        return Answer(point, Decimal(repr(self.counted)), Decimal(repr(self.of)), origin="system")
