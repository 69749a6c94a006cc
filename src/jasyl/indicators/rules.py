"""How values become points and bands: what U4SSC publishes, and the settings it leaves open."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from jasyl.texts import Refusal

Status = Literal["reported", "not_reported", "partly", "not_verified", "not_verifiable", "not_applicable"]
STATUSES: tuple[Status, ...] = (
    "reported",
    "not_reported",
    "partly",
    "not_verified",
    "not_verifiable",
    "not_applicable",
)
Band = Literal["0-33", "33-66", "66-95", "95+"]
BANDS: tuple[Band, ...] = ("0-33", "33-66", "66-95", "95+")


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of an evaluation; every one of them is shown with the result.

    ``edges``: shares at which the next band begins. U4SSC prints 33, 66 and 95 per cent.
    ``edge_inclusive``: ``upper`` puts a share exactly on an edge into the band above, ``lower`` into the one below;
    the printed bands overlap there.
    ``lower_is_better``: ``ratio`` is target / value, ``linear`` is (worst - value) / (worst - target); not published.
    ``zero``: what a value of zero is where less is better and the ratio cannot be formed: ``full`` or ``unscored``.
    ``yes_no``: points of yes and of no.
    ``target``: share where nearer is better: ``ratio`` of the smaller to the larger of value and target, or
    ``distance``, 1 - |value - target| / |target|.
    ``rounding``: None judges the unrounded value; a number rounds it to so many decimals first, half up.
    ``scored``: the statuses that are judged; others are left out of both sums.
    ``category_within``: whether a category is summed within its sub-dimension, or over a whole dimension as the
    printed reports do inside Economy.
    """

    edges: tuple[Decimal, Decimal, Decimal] = (Decimal("0.33"), Decimal("0.66"), Decimal("0.95"))
    edge_inclusive: Literal["upper", "lower"] = "upper"
    lower_is_better: Literal["ratio", "linear"] = "ratio"
    zero: Literal["full", "unscored"] = "full"
    yes_no: tuple[int, int] = (4, 1)
    target: Literal["ratio", "distance"] = "ratio"
    rounding: int | None = None
    scored: tuple[Status, ...] = ("reported", "partly")
    category_within: Literal["subdimension", "dimension"] = "subdimension"

    def __post_init__(self) -> None:
        """Raises Refusal ``indicator-rules``."""
        first, second, third = self.edges
        if not 0 < first < second < third <= 1:
            raise Refusal("indicator-rules", received=", ".join(map(str, self.edges)), expected="0 < … < … < … ≤ 1")
        if not all(1 <= points <= 4 for points in self.yes_no) or self.yes_no[0] < self.yes_no[1]:
            raise Refusal("indicator-rules", received=", ".join(map(str, self.yes_no)), expected="4 ≥ yes ≥ no ≥ 1")
        if "reported" not in self.scored or not set(self.scored) <= set(STATUSES):
            raise Refusal("indicator-rules", received=", ".join(self.scored), expected="reported, …")
        if self.rounding is not None and not 0 <= self.rounding <= 12:
            raise Refusal("indicator-rules", received=self.rounding, expected="0 … 12")

    def points_of(self, share: Fraction) -> int:
        """1 to 4: one more than the number of edges that the share has passed."""
        if self.edge_inclusive == "upper":
            return 1 + sum(share >= Fraction(edge) for edge in self.edges)
        return 1 + sum(share > Fraction(edge) for edge in self.edges)

    def as_data(self) -> dict[str, Any]:
        """For a program, and for the sheet of settings beside a result."""
        return {
            "edges": [str(edge) for edge in self.edges],
            "edge_inclusive": self.edge_inclusive,
            "lower_is_better": self.lower_is_better,
            "zero": self.zero,
            "yes_no": list(self.yes_no),
            "target": self.target,
            "rounding": self.rounding,
            "scored": list(self.scored),
            "category_within": self.category_within,
        }


def band_of(points: int) -> Band:
    """The band of 1 to 4 points."""
    return BANDS[points - 1]
