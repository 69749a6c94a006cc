"""Floor areas of a construction chain by type, district and era of building: what stands, comes and goes (m²)."""

from dataclasses import dataclass, field

import numpy as np

from ..cohorts import Standing, inflow_driven, path
from ..documents import refuse
from ..lifetime import ENTRY_AGE, Floats
from ..stock_model import lifetime_of
from .chain import BuildingType, ConstructionChain, Intensity

_FOREVER = 9999


@dataclass(eq=False)
class FloorSeries:
    """Floor area of one type, district and era of intensities.

    ``old_stock`` and ``old_gone`` are the parts of ``stock`` and ``gone`` that follow what stood before the first year;
    ``spread`` is the standard deviation (m²) of the standing area that each row of the document brings;
    ``cohorts`` are years of building, ``by_cohort`` [years, cohorts] what of each is in use at the end of each year.
    """

    type: BuildingType
    district: str
    era: tuple[int, int]
    standing: dict[int, float]
    spread: dict[int, float]
    new: Floats
    listed: Floats
    listed_age: Floats  # area × age of what the list takes

    made: tuple[Intensity, ...] = ()
    stock: Floats = field(default_factory=lambda: np.zeros(0))
    gone: Floats = field(default_factory=lambda: np.zeros(0))
    age_gone: Floats = field(default_factory=lambda: np.zeros(0))
    old_stock: Floats = field(default_factory=lambda: np.zeros(0))
    old_gone: Floats = field(default_factory=lambda: np.zeros(0))
    cohorts: tuple[int, ...] = ()
    by_cohort: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def holds(self, kind: str | None, district: str, built: int) -> bool:
        """Whether buildings of a type, district and year of building are of this series."""
        return (self.type.id, self.district) == (kind, district) and self.era[0] <= built <= self.era[1]

    @property
    def before(self) -> float:
        """What stood before the first year, m²."""
        return sum(self.standing.values())


def floor_series(chain: ConstructionChain, name: str) -> list[FloorSeries]:
    """Every type, district and era of the chain, followed over its years.

    Raises Refusal ``construction-built`` and ``construction-demolished-more``.
    """
    found: dict[tuple[str, str, tuple[int, int]], FloorSeries] = {}
    types = {one.id: one for one in chain.types}
    span = len(chain.years)

    def of(kind: str, district: str, year: int) -> FloorSeries:
        era = next(each for each in _eras(types[kind]) if each[0] <= year <= each[1])
        if (kind, district, era) not in found:
            zeros = [np.zeros(span) for _ in range(3)]
            made = tuple(
                one for one in types[kind].made_of() if (one.built_from or 0) <= era[0] and era[1] <= _last(one)
            )
            found[kind, district, era] = FloorSeries(types[kind], district, era, {}, {}, *zeros, made=made)
        return found[kind, district, era]

    for number, one in enumerate(chain.floor_area):
        years = range(one.built_from, one.built_to + 1)
        for year in years:
            held = of(one.type, one.district, year)
            held.standing[year] = held.standing.get(year, 0.0) + one.area / len(years)
            # All years of a row share its error.
            held.spread[number] = held.spread.get(number, 0.0) + one.area * one.cv / len(years)
    for one in chain.new:
        areas = path(one.area, chain.years) if one.between == "linear" else [one.area[year] for year in chain.years]
        for at, year in enumerate(chain.years):
            of(one.type, one.district, year).new[at] += areas[at]
    for number, one in enumerate(chain.demolitions):
        if one.type is None or one.area is None:
            continue
        if one.built is None and len(_eras(types[one.type])) > 1:
            raise refuse("construction-built", name, f"demolitions[{number}].built", one.id)
        held = of(one.type, one.district, one.built or one.year)
        for year in one.years:
            held.listed[year - chain.first_year] += one.area / len(one.years)
            age = year - one.built if one.built is not None else np.nan
            held.listed_age[year - chain.first_year] += one.area / len(one.years) * age
    for one in found.values():
        _demolish(chain, one, name)
    return list(found.values())


def _eras(kind: BuildingType) -> list[tuple[int, int]]:
    """Spans of years of building within which a type is made of the same."""
    made = kind.made_of()
    starts = {0, *(one.built_from for one in made if one.built_from), *(_last(one) + 1 for one in made)} - {
        _FOREVER + 1
    }
    order = sorted(starts)
    return list(zip(order, [each - 1 for each in order[1:]] + [_FOREVER], strict=True))


def _last(one: Intensity) -> int:
    return _FOREVER if one.built_to is None else one.built_to


def _demolish(chain: ConstructionChain, one: FloorSeries, name: str) -> None:
    """Area in use and area demolished, of all and of what stood before the first year."""
    entered = sorted(one.standing)
    amount = np.array([one.standing[year] for year in entered])
    one.cohorts = (*entered, *chain.years)
    if chain.demolition == "list":
        one.by_cohort = _taken_down(one, amount)
        short = one.before + np.cumsum(one.new - one.listed) < -1e-6 * (1 + one.before)
        if short.any():
            year = chain.years[int(np.argmax(short))]
            said = " ".join(part for part in (one.type.id, one.district, str(year)) if part)
            raise refuse("construction-demolished-more", name, "demolitions", said)
        one.gone, one.age_gone = one.listed, one.listed_age
    else:
        standing = Standing(tuple(entered), amount) if entered else None
        made = inflow_driven(one.new, lifetime_of(one.type.lifetime), chain.first_year, entry=chain.entry,
                             standing=standing)  # fmt: skip
        one.by_cohort, one.gone = made.every_year_by_cohort(), made.outflow
        one.age_gone = _ages(one, amount, ENTRY_AGE[chain.entry])
    one.stock = one.by_cohort.sum(axis=1)
    # What a list takes is known, whatever stood before: an error of that stays in the stock.
    listed = chain.demolition == "list"
    one.old_stock = np.full(len(one.new), one.before) if listed else one.by_cohort[:, : len(entered)].sum(axis=1)
    one.old_gone = -np.diff(one.old_stock, prepend=one.before)


def _taken_down(one: FloorSeries, amount: Floats) -> Floats:
    """Area in use [years, cohorts] where a list takes down: of what stood first, all its years alike, then of new."""
    left = np.concatenate([amount, np.zeros(len(one.new))])
    found = np.zeros((len(one.new), len(left)))
    first, later = slice(0, len(amount)), slice(len(amount), None)
    for at, down in enumerate(one.listed):
        left[len(amount) + at] = one.new[at]
        old, new = float(left[first].sum()), float(left[later].sum())
        if old > 0:
            left[first] *= 1 - min(down, old) / old
        if new > 0 and down > old:
            left[later] *= 1 - min(down - old, new) / new
        found[at] = left
    return found


def _ages(one: FloorSeries, amount: Floats, entry_age: float) -> Floats:
    """Area × age of what leaves, by year: within the year it leaves, on average half a year before its end."""
    before = np.vstack([np.concatenate([amount, np.zeros(len(one.new))]), one.by_cohort[:-1]])
    old = len(amount)
    before[np.arange(len(one.new)), old + np.arange(len(one.new))] += one.new
    years = np.array(one.cohorts[old:])
    ages = np.maximum(years[:, None] - np.array(one.cohorts)[None] + entry_age - 0.5, 0.0)
    return ((before - one.by_cohort) * ages).sum(axis=1)
