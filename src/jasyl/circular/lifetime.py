"""How long products stay in use: survival functions of lifetime distributions, vectorised over products and regions.

Weibull by shape and scale, lognormal and normal by mean and standard deviation, fixed by its length; ages and
lifetimes are years. The normal distribution is neither truncated nor folded: its mass below age zero leaves in the
year of entry. The conventions are those of Pauliuk and Heeren (2020, ODYM) and of flodym.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jasyl.texts import Refusal, Where

Floats = NDArray[np.float64]
LifetimeKind = Literal["weibull", "lognormal", "normal", "fixed"]
LIFETIMES: tuple[LifetimeKind, ...] = get_args(LifetimeKind)
Entry = Literal["start", "middle", "end"]
ENTRIES: tuple[Entry, ...] = get_args(Entry)

# Age at the end of the year of entry, in years.
ENTRY_AGE: dict[Entry, float] = {"start": 1.0, "middle": 0.5, "end": 0.0}
_STEPS = 80  # halvings of the bracket of a Weibull shape: below the last digit of a double


@dataclass(frozen=True, eq=False)
class Lifetime:
    """A distribution for every series; ``first`` and ``second`` are arrays of the series' shape, or scalars.

    They are scale and shape (Weibull), mean and standard deviation (lognormal, normal), length and nothing (fixed).
    With ``by_cohort`` both begin with an axis of years: products of each year have a lifetime of their own.
    """

    kind: LifetimeKind
    first: Floats
    second: Floats | None = None
    by_cohort: bool = False

    def of_cohort(self, number: int) -> "Lifetime":
        """The lifetime of products that entered in year ``number`` (counted from 0)."""
        if not self.by_cohort:
            return self
        return Lifetime(self.kind, self.first[number], None if self.second is None else self.second[number])

    def survival(self, ages: ArrayLike) -> Floats:
        """Share still in use at each of ``ages`` [n]: [n, *series]."""
        first = np.asarray(self.first)
        age = np.asarray(ages, dtype=np.float64).reshape(-1, *(1,) * first.ndim)
        if self.kind == "fixed":
            return np.where(age < first, 1.0, 0.0)
        second = np.asarray(self.second)
        if self.kind == "weibull":
            return _weibull(age, first, second)
        return _normal(age, first, second) if self.kind == "normal" else _lognormal(age, first, second)

    def mean(self) -> Floats:
        """Mean lifetime in years."""
        if self.kind != "weibull":
            return np.asarray(self.first)
        from scipy.special import gamma  # noqa: PLC0415

        return np.asarray(self.first) * gamma(1 + 1 / np.asarray(self.second))


def weibull(shape: ArrayLike, scale: ArrayLike, *, by_cohort: bool = False) -> Lifetime:
    """``S(t) = exp(−(t / scale)^shape)``. Raises Refusal ``lifetime-parameter``."""
    return _pair("weibull", _positive("scale", scale), _positive("shape", shape), by_cohort)


def weibull_of(mean: ArrayLike, sd: ArrayLike, *, by_cohort: bool = False) -> Lifetime:
    """The Weibull distribution of a mean and a standard deviation of 0.05 to 5 times it.

    Raises Refusal ``lifetime-parameter``.
    """
    from scipy.special import gammaln  # noqa: PLC0415

    middle, spread = _positive("mean", mean), _positive("sd", sd)
    wanted = np.log1p((spread / middle) ** 2)
    if np.any(spread > 5 * middle) or np.any(spread < middle / 20):
        raise Refusal("lifetime-parameter", where=Where(field="sd"), received=_shown(spread), expected="0.05–5 · mean")
    # ln(1 + CV²) falls as the shape grows: bisection in the logarithm of the shape.
    low, high = np.full_like(wanted, np.log(0.1)), np.full_like(wanted, np.log(100.0))
    for _ in range(_STEPS):
        half = (low + high) / 2
        inverse = np.exp(-half)
        too_wide = gammaln(1 + 2 * inverse) - 2 * gammaln(1 + inverse) > wanted
        low, high = np.where(too_wide, half, low), np.where(too_wide, high, half)
    shape = np.exp((low + high) / 2)
    return Lifetime("weibull", middle / np.exp(gammaln(1 + 1 / shape)), shape, by_cohort)


def lognormal(mean: ArrayLike, sd: ArrayLike, *, by_cohort: bool = False) -> Lifetime:
    """By mean and standard deviation of the lifetime itself, not of its logarithm. Raises ``lifetime-parameter``."""
    return _pair("lognormal", _positive("mean", mean), _positive("sd", sd), by_cohort)


def normal(mean: ArrayLike, sd: ArrayLike, *, by_cohort: bool = False) -> Lifetime:
    """Neither truncated nor folded. Raises Refusal ``lifetime-parameter``."""
    return _pair("normal", _positive("mean", mean), _positive("sd", sd), by_cohort)


def fixed(length: ArrayLike, *, by_cohort: bool = False) -> Lifetime:
    """In use as long as the age is below ``length``. Raises Refusal ``lifetime-parameter``."""
    return Lifetime("fixed", _positive("mean", length), None, by_cohort)


def _pair(kind: LifetimeKind, first: Floats, second: Floats, by_cohort: bool) -> Lifetime:
    if by_cohort:  # both then have the axis of years
        first, second = np.broadcast_arrays(first, second)
    return Lifetime(kind, first, second, by_cohort)


def _weibull(age: Floats, scale: Floats, shape: Floats) -> Floats:
    """exp(−(age/scale)^shape), the power by logarithms, which takes a third of the time less."""
    with np.errstate(divide="ignore"):  # ln 0 = −∞: everything survives age zero
        power = np.asarray((np.log(age) - np.log(scale)) * shape)
    np.exp(power, out=power)
    return np.exp(np.negative(power, out=power), out=power)


def _normal(age: Floats, mean: Floats, sd: Floats) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415

    return ndtr((mean - age) / sd)


def _lognormal(age: Floats, mean: Floats, sd: Floats) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415

    variance = np.log1p((sd / mean) ** 2)
    middle = np.log(mean) - variance / 2
    with np.errstate(divide="ignore"):  # ln 0 = −∞: everything survives age zero
        return ndtr((middle - np.log(age)) / np.sqrt(variance))


def _positive(name: str, given: ArrayLike) -> Floats:
    values = np.asarray(given, dtype=np.float64)
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        raise Refusal("lifetime-parameter", where=Where(field=name), received=_shown(values[wrong]), expected="> 0")
    return values


def _shown(values: NDArray[Any]) -> str:
    return f"{values.ravel()[0]:g}"
