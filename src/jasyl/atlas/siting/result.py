"""What an analysis gives: areas in m² on the ellipsoid, capacities in W."""

from typing import Any, Literal

import msgspec

# Shares of the score's range: 0–0.1, 0.1–0.2 … 0.9–1.
SCORE_CLASSES = 10


State = Literal["excluded", "kept", "unknown"]


class RuleHit(msgspec.Struct, frozen=True):
    """A rule at one place: what it says, and the distance (m) or value it looked at; None where there is none."""

    id: str
    title: str
    state: State
    measured: float | None
    quantity: Literal["distance", "value"]


class RuleResult(msgspec.Struct, frozen=True):
    """What one rule excludes, m²: ``hit`` by it, ``alone`` by no other; ``unknown``: its data say nothing there."""

    id: str
    title: str
    hit: int
    alone: int
    unknown: int


class RegionResult(msgspec.Struct, frozen=True):
    """One region, or ``KZ`` for all that were asked for. Areas in m²; ``unknown`` is the part of ``remaining`` for
    which some rule had no data. ``capacity`` is ``remaining`` times the density, W, None without a density.

    ``score`` is the mean suitability of the remaining area, ``scored`` the part of it that has a score,
    ``suitable`` the part at or above the threshold, ``classes`` its area in tenths of the score.
    """

    code: str
    area: int
    excluded: int
    remaining: int
    unknown: int
    capacity: int | None
    score: float | None
    scored: int
    suitable: int | None
    classes: tuple[int, ...]


class SitingResult(msgspec.Struct, frozen=True):
    """The whole analysis: regions in the order asked, the total, rules with their overlaps.

    ``overlaps`` maps ``a`` to ``b`` to the area that both rules exclude. ``inputs`` maps each file or layer to its
    SHA-256; ``digest`` is the SHA-256 of rules, inputs and boundaries together. ``cells`` were looked at,
    ``precision`` is half the diagonal of the largest of them (m): distances are sure to about that.
    """

    title: str
    regions: tuple[RegionResult, ...]
    total: RegionResult
    rules: tuple[RuleResult, ...]
    overlaps: dict[str, dict[str, int]]
    licences: dict[str, str]
    inputs: dict[str, str]
    digest: str
    resolution: int
    cells: int
    precision: float
    boundaries: str

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return msgspec.to_builtins(self)
