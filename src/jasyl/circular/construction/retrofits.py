"""What retrofits put into buildings and take out of them, followed by year of building until these come down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..documents import refuse
from ..lifetime import Floats
from .chain import ConstructionChain, Retrofit
from .floor_areas import FloorSeries


@dataclass(frozen=True, eq=False)
class Followed:
    """One retrofit: kg by material [years]. ``put_in`` and ``taken_out`` in its year; ``held`` is what it changed in
    the stock of each series by year of building [years, cohorts], less than nothing where it took out more."""

    retrofit: Retrofit
    put_in: dict[str, Floats]
    taken_out: dict[str, Floats]
    held: dict[int, dict[str, Floats]]

    def change(self, material: str, span: int) -> Floats:
        """What is more in use at the end of each year than without the retrofit."""
        parts = (masses[material].sum(axis=1) for masses in self.held.values() if material in masses)
        return sum(parts, start=np.zeros(span))

    def come_down(self, material: str, span: int) -> Floats:
        """What comes down with the buildings in each year more than without the retrofit."""
        change = self.change(material, span)
        own = (self.put_in.get(material, 0.0) - self.taken_out.get(material, 0.0)) + np.zeros(span)
        return own - np.diff(change, prepend=0.0)


def follow_retrofits(chain: ConstructionChain, series: Sequence[FloorSeries], name: str) -> list[Followed]:
    """Every retrofit, in the order of their years.

    Raises Refusal ``construction-retrofit-area`` where it renews more than stands, ``construction-removed-more`` where
    it takes out more than the buildings hold.
    """
    found: list[Followed] = []
    for number, one in sorted(enumerate(chain.retrofits), key=lambda each: each[1].year):
        found.append(_followed(chain, series, number, one, name))
        _examine_left(chain, series, found, number, name)
    return found


def _followed(
    chain: ConstructionChain, series: Sequence[FloorSeries], number: int, one: Retrofit, name: str
) -> Followed:
    at, span = one.year - chain.first_year, len(chain.years)
    concerned = {place: within for place, each in enumerate(series) if (within := _cohorts(each, one)).any()}
    there = sum(float(series[place].by_cohort[at, within].sum()) for place, within in concerned.items())
    if one.area > there * (1 + 1e-9):
        raise refuse("construction-retrofit-area", name, f"retrofits[{number}].area", one.area, f"≤ {there:.0f} m²")
    masses = {each: one.added.get(each, 0.0) - one.removed.get(each, 0.0) for each in {**one.added, **one.removed}}
    held: dict[int, dict[str, Floats]] = {}
    for place, within in concerned.items():
        area = np.where(within, series[place].by_cohort, 0.0)
        area[:at] = 0.0
        area[:, area[at] == 0] = 0.0  # what is built later was not renewed
        held[place] = {each: mass * (one.area / there) * area for each, mass in masses.items()}
    return Followed(one, _in_year(one.added, one, at, span), _in_year(one.removed, one, at, span), held)


def _cohorts(series: FloorSeries, one: Retrofit) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which years of building of a series a retrofit concerns."""
    built = np.array(series.cohorts)
    within = (built >= (one.built_from or 0)) & (built <= (one.built_to or 9999))
    holds = {each.material for each in series.made}
    fits = series.type.id == one.type if one.type else set(one.removed) <= holds
    return within & fits & (not one.district or one.district == series.district)


def _in_year(masses: dict[str, float], one: Retrofit, at: int, span: int) -> dict[str, Floats]:
    return {each: np.eye(1, span, at)[0] * mass * one.area for each, mass in masses.items()}


def _examine_left(
    chain: ConstructionChain, series: Sequence[FloorSeries], found: list[Followed], number: int, name: str
) -> None:
    for place, material in [(place, each) for place, masses in found[-1].held.items() for each in masses]:
        base = sum(each.value for each in series[place].made if each.material == material) * series[place].by_cohort
        left = sum((each.held[place][material] for each in found if material in each.held.get(place, {})), start=base)
        short = (left < -1e-6 * (1 + np.abs(base).max(initial=0.0))).any(axis=1)
        if short.any():
            said = f"{material}, {chain.years[int(np.argmax(short))]}"
            raise refuse("construction-removed-more", name, f"retrofits[{number}].removed", said)


def changes_of(found: Sequence[Followed], place: int) -> Iterator[tuple[str, Floats]]:
    """What retrofits changed in one series: (material, kg [years, cohorts])."""
    for one in found:
        yield from one.held.get(place, {}).items()
