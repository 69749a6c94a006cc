"""Dynamic stocks by cohorts: stock, inflow and outflow of products that live for a distribution of years.

Arrays begin with the axis of years; further axes are products, regions or whatever the caller counts. ``stock[t]`` is
what is in use at the end of year t, so that ``stock[t] = stock[t−1] + inflow[t] − outflow[t]``. The inflow of a year
enters at its ``start``, ``middle`` or ``end``: at the end of that year it is 1, ½ or 0 years old. (``middle`` is the
default of flodym; ``end`` is what ODYM and the first dynamic stock model compute.) Results depend on it by a percent
or two: state it with every number.

Survival depends on age alone unless lifetimes differ by cohort; then no array of years × cohorts × series is made at
all, and detail by cohort is worked out for the year that is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jasyl.texts import Refusal, Where

from .lifetime import ENTRIES, ENTRY_AGE, Entry, Floats, Lifetime

Shortfall = Literal["allow", "retire"]


@dataclass(frozen=True, eq=False)
class Standing:
    """What stands at the end of the year before the first: ``amount`` [vintages, *series] by year of entry.

    Its products have survived until then; from there on they leave by the hazard of their age. Where the lifetime
    gives an age no chance of being alive, they leave within the first year.
    """

    entered: tuple[int, ...]
    amount: Floats


@dataclass(frozen=True, eq=False)
class DynamicStock:
    """Stock, inflow and outflow [years, *series] of successive ``years``, and what is needed for cohort detail."""

    years: tuple[int, ...]
    entry: Entry
    lifetime: Lifetime
    stock: Floats
    inflow: Floats
    outflow: Floats
    standing: Standing | None = None
    retired: Floats | None = None

    @property
    def cohorts(self) -> tuple[int, ...]:
        """Years of entry: those that stood before, then those of the model."""
        return (*(self.standing.entered if self.standing else ()), *self.years)

    def every_year_by_cohort(self) -> Floats:
        """Stock at the end of every year by cohort [years, cohorts, *series]; zero for cohorts still to come."""
        span, old = len(self.years), len(self.cohorts) - len(self.years)
        found = np.zeros((span, len(self.cohorts), *self.stock.shape[1:]))
        for number, (amount, alive) in enumerate(_standing_survival(self)):
            found[:, number] = amount * alive
        ages = np.arange(span, dtype=np.float64) + ENTRY_AGE[self.entry]
        for number in range(span):
            alive = self.lifetime.of_cohort(number).survival(ages[: span - number])
            found[number:, old + number] = self.inflow[number] * alive
        if self.retired is not None:
            for at in range(span):
                found[at] *= self._kept(at, old)
        return found

    def by_cohort(self, year: int) -> Floats:
        """Stock at the end of ``year`` by cohort [cohorts, *series]; zero for cohorts still to come.

        A year before the first gives what stood then. Raises KeyError for any other.
        """
        at = year - self.years[0]
        if not -1 <= at < len(self.years):
            raise KeyError(year)
        found = np.zeros((len(self.cohorts), *self.stock.shape[1:]))
        old = len(self.cohorts) - len(self.years)
        for number, (amount, alive) in enumerate(_standing_survival(self)):
            found[number] = amount * (alive[at] if at >= 0 else 1.0)
        for number in range(at + 1):
            age = at - number + ENTRY_AGE[self.entry]
            alive = self.lifetime.of_cohort(number).survival([age])[0]
            found[old + number] = self.inflow[number] * alive
        return found * self._kept(at, old)

    def outflow_by_cohort(self, year: int) -> Floats:
        """What left within ``year`` by cohort [cohorts, *series]."""
        entered = np.zeros((len(self.cohorts), *self.stock.shape[1:]))
        entered[len(self.cohorts) - len(self.years) + year - self.years[0]] = self.inflow[year - self.years[0]]
        return self.by_cohort(year - 1) + entered - self.by_cohort(year)

    def mean_age(self, year: int, *, leaving: bool = False) -> Floats:
        """Mean age [*series] of the stock at the end of ``year``, or of what left within it; NaN where nothing is."""
        amounts = self.outflow_by_cohort(year) if leaving else self.by_cohort(year)
        ages = np.array([year - each + ENTRY_AGE[self.entry] for each in self.cohorts])
        if leaving:
            ages = np.maximum(ages - 0.5, 0.0)  # within the year, on average
        total = amounts.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.tensordot(ages, amounts, axes=1) / np.where(total > 0, total, np.nan)

    def _kept(self, at: int, old: int) -> Floats | float:
        """Share of each cohort that early retirement left until year ``at``: [cohorts, *series]."""
        if self.retired is None:
            return 1.0
        kept = 1.0 - self.retired
        factors = np.ones((len(self.cohorts), *self.stock.shape[1:]))
        for year in range(at + 1):
            factors[: old + year] *= kept[year]
        return factors


def inflow_driven(
    inflow: ArrayLike,
    lifetime: Lifetime,
    first_year: int,
    *,
    entry: Entry = "middle",
    standing: Standing | None = None,
) -> DynamicStock:
    """Stock and outflow of an ``inflow`` [years, *series] from ``first_year`` on.

    Raises Refusal ``stock-amount`` for amounts that are negative or not finite, ``stock-shape`` where lifetimes do
    not fit the series, ``stock-entry`` and ``stock-standing``.
    """
    arrivals = _amounts("inflow", inflow)
    span = len(arrivals)
    stock = np.zeros_like(arrivals)
    lifetime = _fitting(lifetime, arrivals, entry, standing, first_year)
    ages = np.arange(span, dtype=np.float64) + ENTRY_AGE[entry]
    if lifetime.by_cohort:
        for number in range(span):
            stock[number:] += arrivals[number] * lifetime.of_cohort(number).survival(ages[: span - number])
    else:
        _add_survivors(stock, arrivals, _every_series(lifetime.survival(ages), arrivals.shape), 0)
    years = tuple(range(first_year, first_year + span))
    made = DynamicStock(years, entry, lifetime, stock, arrivals, np.empty_like(arrivals), standing)
    for amount, survived in _standing_survival(made):
        stock += amount * survived
    return _balanced(made)


def stock_driven(
    stock: ArrayLike,
    lifetime: Lifetime,
    first_year: int,
    *,
    entry: Entry = "middle",
    standing: Standing | None = None,
    shortfall: Shortfall = "allow",
) -> DynamicStock:
    """Inflow and outflow that hold a given ``stock`` [years, *series].

    Where the stock falls faster than products age, ``allow`` gives a negative inflow (visible, not mended) and
    ``retire`` takes the same share out of every cohort early. Raises as `inflow_driven`, and ``stock-lifetime`` where
    products are gone before the end of the year they enter, so that no inflow can hold a stock.
    """
    wanted = _amounts("stock", stock)
    span = len(wanted)
    lifetime = _fitting(lifetime, wanted, entry, standing, first_year)
    inflow, retired = np.zeros_like(wanted), np.zeros_like(wanted)
    years = tuple(range(first_year, first_year + span))
    made = DynamicStock(years, entry, lifetime, wanted, inflow, np.empty_like(wanted), standing, retired)
    ages = np.arange(span, dtype=np.float64) + ENTRY_AGE[entry]
    alive = None if lifetime.by_cohort else _every_series(lifetime.survival(ages), wanted.shape)
    if shortfall == "allow" and alive is not None and bool((alive[0] > 0).all()):
        held = DynamicStock(years, entry, lifetime, wanted, inflow, made.outflow, standing)
        _hold_stock(held, alive)
        return _balanced(held)
    left = inflow if shortfall == "allow" else inflow.copy()  # of each cohort, what early retirement has not taken
    old = [[amount.copy(), survived] for amount, survived in _standing_survival(made)]
    for year in range(span):
        if alive is None:
            table = _of_year(lifetime, year, ages)
            remaining, fresh = (left[:year] * table[:year]).sum(axis=0), table[year]
        else:
            remaining, fresh = np.zeros(wanted.shape[1:]), alive[0]
            _add_survivors(remaining[np.newaxis], left, alive, year)  # of this year nothing has entered yet
        for amount, survived in old:
            remaining = remaining + amount * survived[year]
        missing = wanted[year] - remaining
        if shortfall == "retire":
            share = np.where(missing < 0, 1 - wanted[year] / np.where(remaining > 0, remaining, 1.0), 0.0)
            retired[year] = share
            left[:year] *= 1 - share
            for each in old:
                each[0] = each[0] * (1 - share)
            missing = np.maximum(missing, 0.0)
        if np.any((fresh <= 0) & (missing != 0)):
            raise Refusal("stock-lifetime", where=Where(field=str(years[year])), received=f"{entry}")
        inflow[year] = np.divide(missing, fresh, out=np.zeros_like(missing), where=fresh > 0)
        left[year] = inflow[year]
    if shortfall == "allow":
        made = DynamicStock(years, entry, lifetime, wanted, inflow, made.outflow, standing)
    return _balanced(made)


def path(points: dict[int, float], years: Sequence[int]) -> Floats:
    """A prospective path: straight between the given years. Raises Refusal ``stock-path`` outside them."""
    known = sorted(points)
    if not known or years[0] < known[0] or years[-1] > known[-1]:
        raise Refusal(
            "stock-path",
            received=f"{years[0]}–{years[-1]}",
            expected=f"{known[0]}–{known[-1]}" if known else "—",
        )
    return np.interp(np.asarray(years, dtype=np.float64), known, [points[year] for year in known])


def _of_year(lifetime: Lifetime, year: int, ages: Floats) -> Floats:
    """Survival at the end of a year of each cohort up to it, where lifetimes differ by cohort: [year + 1, *series]."""
    return np.stack(
        [lifetime.of_cohort(each).survival(ages[year - each : year - each + 1])[0] for each in range(year + 1)]
    )


def _every_series(alive: Floats, shape: tuple[int, ...]) -> Floats:
    """Survival [ages, *series] with a column of its own for every series of amounts of this shape."""
    return np.ascontiguousarray(np.broadcast_to(alive, shape))


def _add_survivors(held: Floats, entered: Floats, alive: Floats, first: int) -> None:
    """`cohort_kernel.add_survivors` over series of any axes; ``held`` and ``alive`` are contiguous."""
    from .cohort_kernel import add_survivors  # noqa: PLC0415

    series = (-1, held[0].size)
    add_survivors(held.reshape(series), np.ascontiguousarray(entered).reshape(series), alive.reshape(series), first)


def _hold_stock(made: DynamicStock, alive: Floats) -> None:
    """`cohort_kernel.hold_stock`: the inflows of a model with its stocks, in one pass over the years."""
    from .cohort_kernel import hold_stock  # noqa: PLC0415

    remaining = np.zeros_like(made.stock)
    for amount, survived in _standing_survival(made):
        remaining += amount * survived
    series = (-1, made.stock[0].size)
    wanted = np.ascontiguousarray(made.stock).reshape(series)
    hold_stock(made.inflow.reshape(series), wanted, remaining.reshape(series), alive.reshape(series))


def _standing_survival(made: DynamicStock) -> Iterator[tuple[Floats, Floats]]:
    """Each standing vintage, and the share of it that is left at the end of each year [years, *series]."""
    if made.standing is None:
        return
    lifetime = made.lifetime.of_cohort(0)
    before = made.years[0] - 1
    for amount, entered in zip(made.standing.amount, made.standing.entered, strict=True):
        age = before - entered + ENTRY_AGE[made.entry]
        now = lifetime.survival([age])[0]
        later = lifetime.survival(age + 1 + np.arange(len(made.years)))
        yield amount, np.divide(later, now, out=np.zeros_like(later), where=np.broadcast_to(now > 0, later.shape))


def _balanced(made: DynamicStock) -> DynamicStock:
    """Outflow is what the balance of each year leaves."""
    made.outflow[1:] = made.stock[:-1] - made.stock[1:]
    before = 0.0 if made.standing is None else made.standing.amount.sum(axis=0)
    made.outflow[0] = before - made.stock[0]
    np.add(made.outflow, made.inflow, out=made.outflow)
    return made


def _amounts(name: str, given: ArrayLike) -> Floats:
    values = np.asarray(given, dtype=np.float64)
    if values.ndim == 0 or not len(values):
        raise Refusal("stock-shape", where=Where(field=name), received=str(values.shape), expected="[years, …]")
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise Refusal("stock-amount", where=Where(field=name), received=f"{values[wrong][0]:g}")
    return values


def _fitting(lifetime: Lifetime, amounts: Floats, entry: Entry, standing: Standing | None, first_year: int) -> Lifetime:
    """The lifetime with the axes of the series, after a look at everything that must fit."""
    if entry not in ENTRIES:
        raise Refusal("stock-entry", received=str(entry)[:20], expected=", ".join(ENTRIES))
    if standing is not None:
        wanted = (len(standing.entered), *amounts.shape[1:])
        if standing.amount.shape != wanted:
            raise Refusal(
                "stock-shape",
                where=Where(field="standing"),
                received=str(standing.amount.shape),
                expected=str(wanted),
            )
        _amounts("standing", standing.amount)
        late = [each for each in standing.entered if each >= first_year]
        if late:
            raise Refusal("stock-standing", received=str(late[0]), expected=f"< {first_year}")
    second = None if lifetime.second is None else _with_axes(lifetime.second, lifetime.by_cohort, amounts.shape)
    return replace(lifetime, first=_with_axes(lifetime.first, lifetime.by_cohort, amounts.shape), second=second)


def _with_axes(parameter: Floats, by_cohort: bool, shape: tuple[int, ...]) -> Floats:
    own = np.shape(parameter)
    years, series = (own[:1], own[1:]) if by_cohort else ((), own)
    fits = len(series) <= len(shape) - 1 and all(
        each in (1, of) for each, of in zip(series[::-1], shape[:0:-1], strict=False)
    )
    if not fits or (by_cohort and years != shape[:1]):
        expected = str(shape if by_cohort else shape[1:])
        raise Refusal("stock-shape", where=Where(field="lifetime"), received=str(own), expected=expected)
    return np.reshape(parameter, (*years, *(1,) * (len(shape) - 1 - len(series)), *series))
