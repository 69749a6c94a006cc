"""What growth is made of: exact decomposition by the logarithmic mean Divisia index (LMDI-I, Ang 2005)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jasyl.registry import AdoptionRow
from jasyl.texts import Refusal

from .dynamics import hours_of, standing

Factors = Sequence[float | None]


@dataclass(frozen=True)
class Decomposition:
    """A change and the part of each factor in it; the parts add up to the change. ``groups`` holds each group's parts
    in the order of ``factors``."""

    before: float
    after: float
    factors: tuple[str, ...]
    effects: Mapping[str, float]
    groups: Mapping[str, tuple[float, ...]]

    @property
    def change(self) -> float:
        return self.after - self.before


def logarithmic_mean(one: float, other: float) -> float:
    """(a - b) / ln(a/b), the value itself where both are equal, 0 where one is 0."""
    if one <= 0 or other <= 0:
        return 0.0
    ratio = one / other
    if abs(ratio - 1) < 1e-6:  # the series around equality: the quotient would lose its digits
        return math.sqrt(one * other) * (1 + math.log(ratio) ** 2 / 24)
    return (one - other) / math.log(ratio)


def lmdi(names: Sequence[str], before: Mapping[str, Factors], after: Mapping[str, Factors]) -> Decomposition:
    """Decompose the change of sum over groups of the product of factors, additively and without a remainder.

    A group that is missing or zero on one side is the limit of a factor going to zero (Ang and Liu 2007): the whole
    change of the group goes to the factors that are zero there, in equal parts; factors that are not defined there
    (None) have no part in it, and a group missing altogether counts as zero in its first factor. Raises Refusal
    ``decomposition-negative`` when a factor is negative or not defined where its product is not zero.
    """
    nothing = (0.0, *(None for _ in names[1:]))
    groups: dict[str, tuple[float, ...]] = {}
    first = last = 0.0
    for group in sorted({*before, *after}):
        then, now = before.get(group, nothing), after.get(group, nothing)
        was, is_ = _product(group, then), _product(group, now)
        first, last = first + was, last + is_
        groups[group] = _parts(then, now, was, is_)
    effects = {name: math.fsum(parts[number] for parts in groups.values()) for number, name in enumerate(names)}
    return Decomposition(first, last, tuple(names), effects, groups)


def _product(group: str, factors: Factors) -> float:
    if any(each is not None and (each < 0 or not math.isfinite(each)) for each in factors):
        raise Refusal("decomposition-negative", received=group)
    if any(each == 0 for each in factors):
        return 0.0
    if any(each is None for each in factors):
        raise Refusal("decomposition-negative", received=group)
    return math.prod(each for each in factors if each is not None)


def _parts(then: Factors, now: Factors, was: float, is_: float) -> tuple[float, ...]:
    if was == 0 and is_ == 0:
        return tuple(0.0 for _ in then)
    if was == 0 or is_ == 0:
        empty = then if was == 0 else now
        zero = [each == 0 for each in empty]
        return tuple((is_ - was) / sum(zero) if each else 0.0 for each in zero)
    weight = logarithmic_mean(is_, was)
    return tuple(weight * math.log((b or 1) / (a or 1)) for a, b in zip(then, now, strict=True))


def capacity_growth(facilities: Iterable[AdoptionRow], first: int, last: int) -> Decomposition:
    """Growth of capacity (W) between the ends of two years by family: number of facilities × mean size.

    ``facilities`` are those that entered a :func:`dynamics` table; those of unknown capacity are left out on both
    sides, so that no mean is made of what is not known.
    """
    known = [each for each in facilities if each.capacity]

    def of(year: int) -> dict[str, Factors]:
        found: dict[str, list[int]] = {}
        for each in standing(known, year):
            found.setdefault(each.family, []).append(each.capacity or 0)
        return {family: (float(len(sizes)), sum(sizes) / len(sizes)) for family, sizes in found.items()}

    return lmdi(("facilities", "mean_size"), of(first), of(last))


def output_growth(facilities: Iterable[AdoptionRow], first: int, last: int) -> Decomposition:
    """Growth of published output (Wh) between two years by family: capacity × structure × capacity factor.

    Capacity is that of all facilities with known capacity and output in the year, structure each family's share of
    it, the capacity factor output over capacity and hours of the year.
    """
    known = [each for each in facilities if each.capacity]

    def of(year: int) -> dict[str, Factors]:
        hours = float(hours_of(year))
        told = [each for each in known if year in each.output]
        sums: dict[str, tuple[int, int]] = {}
        for each in told:
            capacity, output = sums.get(each.family, (0, 0))
            sums[each.family] = (capacity + (each.capacity or 0), output + each.output[year])
        whole = float(sum(capacity for capacity, _ in sums.values()))
        return {
            family: (whole, capacity / whole, hours, output / capacity / hours)
            for family, (capacity, output) in sums.items()
        }

    names = ("capacity", "structure", "hours", "capacity_factor")
    return lmdi(names, *_aligned(of(first), of(last)))


def _aligned(before: dict[str, Factors], after: dict[str, Factors]) -> tuple[dict[str, Factors], dict[str, Factors]]:
    """A family that is missing on one side has no share there: the structure changed, not the whole capacity."""
    sides = (before, after)
    for side, other in (sides, sides[::-1]):
        if side:
            whole, _, hours, _ = next(iter(side.values()))
            for family in other:
                side.setdefault(family, (whole, 0.0, hours, None))
    return sides
