"""The construction chain, computed: materials in use, waste by origin and fate, aggregate; kg, m² and years."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ..documents import digest_of, refuse
from ..lifetime import Floats
from .aggregate import AggregateYear, allocate
from .chain import FATES, ConstructionChain, Fate, Fates
from .deviations import Shift, deviation, shifts_of
from .floor_areas import FloorSeries, floor_series
from .retrofits import Followed, changes_of, follow_retrofits

Origin = Literal["demolition", "construction", "retrofit"]
ORIGINS: tuple[Origin, ...] = ("demolition", "construction", "retrofit")
SOIL = "soil"  # kept out of recovery rates, as the Waste Framework Directive does


@dataclass(frozen=True, eq=False)
class ChainRun:
    """A computed chain: arrays [years]. Masses are kg, areas m²; ``…_sd`` are standard deviations.

    ``places`` are (district, type, material, kg in use), ``built`` kg in use by year of building and material.
    """

    chain: ConstructionChain
    digest: str
    materials: tuple[str, ...]
    area: Floats
    new_area: Floats
    demolished_area: Floats
    leaving_age: Floats
    stock: Mapping[str, Floats]
    inflow: Mapping[str, Floats]
    waste: Mapping[Origin, Mapping[str, Floats]]
    aggregate: tuple[AggregateYear, ...]
    places: tuple[tuple[str, str, str, Floats], ...]
    built: Mapping[tuple[int, str], Floats]
    shifts: tuple[Shift, ...]

    @cached_property
    def stock_sd(self) -> Mapping[str, Floats]:
        """Standard deviation of what is in use, by material."""
        return {each: self._deviation(one.stock.get(each, 0.0) for one in self.shifts) for each in self.materials}

    @cached_property
    def waste_sd(self) -> Mapping[str, Floats]:
        """Standard deviation of the waste of all origins, by material."""
        return {each: self._deviation(one.waste(each) for one in self.shifts) for each in self.materials}

    def waste_of(self, material: str) -> Floats:
        """Waste of a material from all origins."""
        return np.sum([self.waste[origin][material] for origin in ORIGINS], axis=0)

    def fate(self, material: str, fate: Fate) -> Floats:
        """Waste of a material with one fate."""
        shares = self.chain.fates.get(material, Fates()).shares()
        return self.waste_of(material) * shares[fate]

    def recoverable(self, material: str) -> Floats | None:
        """What could be recovered by the potential somebody estimated; None where nobody did."""
        share = self.chain.fates.get(material, Fates()).recoverable
        return None if share is None else self.waste_of(material) * share

    @property
    def knows_buildings(self) -> bool:
        """Whether any floor area is told: a list of demolitions alone says nothing of what stands or is built."""
        return bool(self.area.any())

    def indicators(self) -> dict[str, list[float | None]]:
        """The indicators ``con.…`` of the catalogue by year; None where nothing is told or the denominator is zero."""
        solid = [one for one in self.materials if one != SOIL]
        waste = self._sum(self.waste_of(one) for one in solid)
        strict = self._sum(self.fate(one, fate) for one in solid for fate in ("reuse", "recycle"))
        filled = self._sum(self.fate(one, "backfill") for one in solid)
        built = self._sum(self.inflow[one] for one in self.materials)
        ages = [None if np.isnan(age) else float(age) for age in self.leaving_age]
        substitution = [each.substitution for each in self.aggregate]
        return {
            "con.stock": self._if_known(self._sum(self.stock[one] for one in self.materials)),
            "con.inflow": self._if_known(built),
            "con.demolition": self._sum(self.waste["demolition"][one] for one in self.materials).tolist(),
            "con.rate": _ratio(strict + filled, waste),
            "con.rate_strict": _ratio(strict, waste),
            "con.sub": [None if one is None else 100 * one for one in substitution],
            "con.life": ages,
            "con.mi": _ratio(built, self.new_area, 1.0),
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a year and material: stock, inflow (None where nothing is told), waste by origin and by fate."""
        for at, year in enumerate(self.chain.years):
            for material in self.materials:
                buildings = {
                    "stock": self.stock[material], "stock_sd": self.stock_sd[material], "inflow": self.inflow[material],
                }  # fmt: skip
                wastes = {
                    "waste": self.waste_of(material), "waste_sd": self.waste_sd[material],
                    **{origin: self.waste[origin][material] for origin in ORIGINS},
                    **{fate: self.fate(material, fate) for fate in FATES},
                }  # fmt: skip
                yield {
                    "year": year,
                    "material": material,
                    **{name: float(values[at]) if self.knows_buildings else None for name, values in buildings.items()},
                    **{name: float(values[at]) for name, values in wastes.items()},
                    "kind": "modelled",
                }

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        chain = self.chain
        areas = {"stock": self.area, "new": self.new_area, "demolished": self.demolished_area}
        return {
            "title": chain.title,
            "place": chain.place,
            "years": chain.years,
            "input_sha256": self.digest,
            "entry": chain.entry,
            "demolition": chain.demolition,
            "area": {name: values.tolist() for name, values in areas.items()},
            "rows": list(self.rows()),
            "aggregate": [
                {**vars(one), "substitution": one.substitution, "year": year}
                for one, year in zip(self.aggregate, chain.years, strict=True)
            ],
            "indicators": self.indicators(),
        }

    def _if_known(self, amounts: Floats) -> "list[float | None]":
        return amounts.tolist() if self.knows_buildings else [None] * len(amounts)

    def _deviation(self, parts: Iterator[Floats | float]) -> Floats:
        return deviation(parts, len(self.chain.years))

    def _sum(self, parts: Iterator[Floats]) -> Floats:
        return np.sum([np.zeros(len(self.chain.years)), *parts], axis=0)


def run_chain(chain: ConstructionChain, name: str = "") -> ChainRun:
    """Compute a chain that `examine_chain` has seen.

    Raises Refusal ``construction-list-unused`` for listed demolitions beside lifetimes, ``construction-built`` for
    a listed building whose age decides what it is made of and is not told, ``construction-demolished-more`` where a
    list takes more than stands, and as `follow_retrofits`.
    """
    if chain.demolition == "lifetime" and chain.demolitions:
        raise refuse("construction-list-unused", name, "demolitions", chain.demolitions[0].id)
    series, span = floor_series(chain, name), len(chain.years)
    retrofits = follow_retrofits(chain, series, name)
    materials = _materials(chain, series)
    stock, gone, new = (_masses(series, materials, part, span) for part in ("stock", "gone", "new"))
    lost, surveyed = _site_loss(series, materials, span), _surveyed(chain, materials)
    put_in, taken_out = (_renewed(retrofits, materials, part, span) for part in ("put_in", "taken_out"))
    down = {each: sum((one.come_down(each, span) for one in retrofits), start=np.zeros(span)) for each in materials}
    for one in retrofits:
        stock = {each: stock[each] + one.change(each, span) for each in materials}
    waste: dict[Origin, dict[str, Floats]] = {
        "demolition": {each: gone[each] + surveyed[each] + down[each] for each in materials},
        "construction": lost,
        "retrofit": taken_out,
    }
    areas = [_total(getattr(one, part) for one in series) + np.zeros(span) for part in ("stock", "new", "gone")]
    ages = _total(one.age_gone for one in series) + np.zeros(span)
    with np.errstate(invalid="ignore", divide="ignore"):
        leaving = np.where(areas[2] > 0, ages / areas[2], np.nan)
    inflow = {each: new[each] + lost[each] + put_in[each] for each in materials}
    run = ChainRun(
        chain, digest_of(chain), materials, areas[0], areas[1], areas[2], leaving, stock, inflow, waste, (),
        _places(series, retrofits), _built(series, retrofits), shifts_of(chain, series, retrofits),
    )  # fmt: skip
    return _with_aggregate(run)


def _with_aggregate(run: ChainRun) -> ChainRun:
    recycled = {each: run.fate(each, "recycle") for each in run.materials}
    found = tuple(
        allocate({each: float(mass[at]) for each, mass in recycled.items()}, run.chain.makers, run.chain.uses)
        for at in range(len(run.chain.years))
    )
    return replace(run, aggregate=found)


def _materials(chain: ConstructionChain, series: list[FloorSeries]) -> tuple[str, ...]:
    named = [one.material for each in series for one in each.made]
    named += [material for one in chain.demolitions for material in one.masses]
    named += [material for one in chain.retrofits for material in (*one.removed, *one.added)]
    return tuple(dict.fromkeys(named))


def _masses(series: list[FloorSeries], materials: tuple[str, ...], part: str, span: int) -> dict[str, Floats]:
    """kg of each material in a part of the area (``stock``, ``gone``, ``new``)."""
    mass = {each: np.zeros(span) for each in materials}
    for one in series:
        for intensity in one.made:
            mass[intensity.material] += getattr(one, part) * intensity.value
    return mass


def _site_loss(series: list[FloorSeries], materials: tuple[str, ...], span: int) -> dict[str, Floats]:
    lost = {each: np.zeros(span) for each in materials}
    for one in series:
        for intensity in one.made:
            lost[intensity.material] += one.new * intensity.value * one.type.site_loss
    return lost


def _surveyed(chain: ConstructionChain, materials: tuple[str, ...]) -> dict[str, Floats]:
    """Listed demolitions by masses: of buildings outside of the floor area."""
    down = {each: np.zeros(len(chain.years)) for each in materials}
    for one in chain.demolitions:
        for material, mass in one.masses.items():
            for year in one.years:
                down[material][year - chain.first_year] += mass / len(one.years)
    return down


def _renewed(retrofits: list[Followed], materials: tuple[str, ...], part: str, span: int) -> dict[str, Floats]:
    """What retrofits put in or take out."""
    return {
        each: sum((getattr(one, part).get(each, 0.0) for one in retrofits), start=np.zeros(span)) for each in materials
    }


def _held(series: list[FloorSeries], retrofits: list[Followed]) -> Iterator[tuple[FloorSeries, str, Floats]]:
    """(series, material, kg in use [years, cohorts]) of what was built in and of what retrofits changed."""
    for place, one in enumerate(series):
        for intensity in one.made:
            yield one, intensity.material, one.by_cohort * intensity.value
        for material, mass in changes_of(retrofits, place):
            yield one, material, mass


def _places(series: list[FloorSeries], retrofits: list[Followed]) -> tuple[tuple[str, str, str, Floats], ...]:
    """(district, type, material, kg in use by year)."""
    found: dict[tuple[str, str, str], Floats] = {}
    for one, material, mass in _held(series, retrofits):
        key = (one.district, one.type.id, material)
        found[key] = found.get(key, 0.0) + mass.sum(axis=1)
    return tuple((*key, mass) for key, mass in sorted(found.items()))


def _built(series: list[FloorSeries], retrofits: list[Followed]) -> dict[tuple[int, str], Floats]:
    """kg in use by year of building and material."""
    found: dict[tuple[int, str], Floats] = {}
    for one, material, mass in _held(series, retrofits):
        for number in np.flatnonzero(mass.any(axis=0)):
            key = (one.cohorts[number], material)
            found[key] = found.get(key, 0.0) + mass[:, number]
    return dict(sorted(found.items()))


def _total(parts: Iterator[Floats]) -> Floats | float:
    return sum(parts, start=0.0)


def _ratio(part: Floats, whole: Floats, scale: float = 100.0) -> list[float | None]:
    return [scale * float(one) / float(of) if of > 0 else None for one, of in zip(part, whole, strict=True)]
