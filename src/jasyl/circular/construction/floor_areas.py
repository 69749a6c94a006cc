"""Floor areas of a construction chain by type, district and era of building: what stands, comes and goes (m²)."""

from dataclasses import dataclass, field

import numpy as np

from ..cohorts import DynamicStock, Standing, inflow_driven, path
from ..documents import refuse
from ..lifetime import Floats
from ..stock_model import lifetime_of
from .chain import BuildingType, ConstructionChain, Intensity

_FOREVER = 9999


@dataclass(eq=False)
class FloorSeries:
    """Floor area of one type, district and era of intensities."""

    type: BuildingType
    district: str
    era: tuple[int, int]
    standing: dict[int, float]
    spread: float  # variance of the standing area, m⁴
    new: Floats
    listed: Floats
    listed_age: Floats  # area × age of what the list takes

    made: tuple[Intensity, ...] = ()
    stock: Floats = field(default_factory=lambda: np.zeros(0))
    gone: Floats = field(default_factory=lambda: np.zeros(0))
    age_gone: Floats = field(default_factory=lambda: np.zeros(0))
    old_stock: Floats = field(default_factory=lambda: np.zeros(0))
    old_gone: Floats = field(default_factory=lambda: np.zeros(0))


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
            found[kind, district, era] = FloorSeries(types[kind], district, era, {}, 0.0, *zeros, made=made)
        return found[kind, district, era]

    for one in chain.floor_area:
        years = range(one.built_from, one.built_to + 1)
        for year in years:
            held = of(one.type, one.district, year)
            held.standing[year] = held.standing.get(year, 0.0) + one.area / len(years)
        # All years of a row share its error: each era gets its part of the deviation.
        for held in {id(each): each for each in (of(one.type, one.district, year) for year in years)}.values():
            within = sum(held.era[0] <= year <= held.era[1] for year in years)
            held.spread += (one.area * one.cv * within / len(years)) ** 2
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
    if chain.demolition == "list":
        before = float(amount.sum())
        one.stock = before + np.cumsum(one.new - one.listed)
        if (one.stock < -1e-6 * (1 + before)).any():
            year = chain.years[int(np.argmax(one.stock < 0))]
            said = " ".join(part for part in (one.type.id, one.district, str(year)) if part)
            raise refuse("construction-demolished-more", name, "demolitions", said)
        one.gone, one.age_gone = one.listed, one.listed_age
        one.old_stock, one.old_gone = np.maximum(before - np.cumsum(one.listed), 0.0), one.listed
        return
    lifetime, first = lifetime_of(one.type.lifetime), chain.first_year
    standing = Standing(tuple(entered), amount) if entered else None
    made = inflow_driven(one.new, lifetime, first, entry=chain.entry, standing=standing)
    old = inflow_driven(np.zeros_like(one.new), lifetime, first, entry=chain.entry, standing=standing)
    one.stock, one.gone = made.stock, made.outflow
    one.old_stock, one.old_gone = old.stock, old.outflow
    one.age_gone = _ages(made)


def _ages(made: DynamicStock) -> Floats:
    """Area × age of what leaves, by year."""
    ages = [float(made.mean_age(year, leaving=True)) for year in made.years]
    return np.where(made.outflow > 0, made.outflow * np.nan_to_num(ages), 0.0)
