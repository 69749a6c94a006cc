"""A number with what it may be at least and at most, carried through a calculation end by end."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .value_file import significant


@dataclass(frozen=True)
class Bounds:
    """``low ≤ central ≤ high``, none negative: masses, shares, energies.

    Products and sums join the low ends with the low, the high with the high: bounds of all inputs at once, wider than
    a spread of independent errors would be.
    """

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.central <= self.high:
            raise ValueError(f"bounds out of order: {self.low}, {self.central}, {self.high}")

    def __mul__(self, other: "Bounds | float") -> "Bounds":
        factor = other if isinstance(other, Bounds) else exact(other)
        return Bounds(self.low * factor.low, self.central * factor.central, self.high * factor.high)

    def __truediv__(self, divisor: float) -> "Bounds":
        return Bounds(self.low / divisor, self.central / divisor, self.high / divisor)

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(self.low + other.low, self.central + other.central, self.high + other.high)

    def rounded(self) -> tuple[Decimal, Decimal, Decimal]:
        """Low, central and high to six significant digits."""
        return significant(self.low), significant(self.central), significant(self.high)


NOTHING = Bounds(0, 0, 0)


def exact(value: float) -> Bounds:
    """A number without a range."""
    return Bounds(value, value, value)


def total(parts: Iterable[Bounds]) -> Bounds:
    """The sum of all; nothing for none."""
    return sum(parts, NOTHING)
