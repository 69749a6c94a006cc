"""How uncertain a chain's numbers are: what each uncertain input moves, to first order.

A type's intensity is one number that all its buildings share, a row of floor area one that all its years share, an
entry of a list, a retrofit and the fates of a material likewise: their errors do not average out over years and
districts. Different inputs are independent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..lifetime import Floats
from .chain import ConstructionChain
from .floor_areas import FloorSeries
from .retrofits import Followed

Masses = Mapping[str, Floats]  # kg [years] by material


@dataclass(frozen=True, eq=False)
class Shift:
    """What one standard deviation of one input adds. ``fates``: materials of which that share more is recovered."""

    stock: Masses = field(default_factory=dict[str, Floats])
    inflow: Masses = field(default_factory=dict[str, Floats])
    demolition: Masses = field(default_factory=dict[str, Floats])
    losses: Masses = field(default_factory=dict[str, Floats])
    fates: Mapping[str, float] = field(default_factory=dict[str, float])

    def waste(self, material: str) -> Floats | float:
        """Added to the waste of a material from all origins."""
        return self.demolition.get(material, 0.0) + self.losses.get(material, 0.0)


def shifts_of(
    chain: ConstructionChain, series: Sequence[FloorSeries], retrofits: Sequence[Followed]
) -> tuple[Shift, ...]:
    """The shift of every uncertain input of a chain."""
    return (
        *_intensities(series),
        *_rows(series),
        *_listed(chain, series),
        *_renewed(chain, retrofits),
        *(Shift(fates={material: one.cv}) for material, one in chain.fates.items() if one.cv),
    )


def deviation(parts: Iterator[Floats | float], span: int) -> Floats:
    """The standard deviation that independent shifts [years] make together."""
    return np.sqrt(sum((np.square(one) for one in parts), start=np.zeros(span)))


def _intensities(series: Sequence[FloorSeries]) -> Iterator[Shift]:
    shared: dict[tuple[str, int], list[FloorSeries]] = {}
    for one in series:
        for number, intensity in enumerate(one.type.made_of()):
            if intensity in one.made and intensity.cv:
                shared.setdefault((one.type.id, number), []).append(one)
    for (_, number), held in shared.items():
        kind = held[0].type
        intensity = kind.made_of()[number]
        step, material = intensity.value * intensity.cv, intensity.material
        new = _total(one.new for one in held) * step
        yield Shift(
            {material: _total(one.stock for one in held) * step},
            {material: new * (1 + kind.site_loss)},
            {material: _total(one.gone for one in held) * step},
            {material: new * kind.site_loss},
        )


def _rows(series: Sequence[FloorSeries]) -> Iterator[Shift]:
    """Floor area that stood first; what was built since counts as known."""
    for number in dict.fromkeys(row for one in series for row, spread in one.spread.items() if spread):
        stock: dict[str, Floats] = {}
        gone: dict[str, Floats] = {}
        for one in series:
            share = one.spread.get(number, 0.0) / one.before if one.before else 0.0
            for intensity in one.made if share else ():
                _add(stock, intensity.material, share * intensity.value * one.old_stock)
                _add(gone, intensity.material, share * intensity.value * one.old_gone)
        yield Shift(stock, {}, gone)


def _listed(chain: ConstructionChain, series: Sequence[FloorSeries]) -> Iterator[Shift]:
    for one in chain.demolitions:
        if not one.cv:
            continue
        share = np.where(np.isin(chain.years, one.years), one.cv / len(one.years), 0.0)
        if one.area is None:
            masses: dict[str, Floats] = {material: mass * share for material, mass in one.masses.items()}
            yield Shift(demolition=masses)
            continue
        made = next(each.made for each in series if each.holds(one.type, one.district, one.built or one.year))
        gone: dict[str, Floats] = {}
        for intensity in made:
            _add(gone, intensity.material, intensity.value * one.area * share)
        yield Shift({material: -np.cumsum(mass) for material, mass in gone.items()}, {}, gone)


def _renewed(chain: ConstructionChain, retrofits: Sequence[Followed]) -> Iterator[Shift]:
    span = len(chain.years)
    for one in retrofits:
        cv, materials = one.retrofit.cv, {**one.put_in, **one.taken_out}
        if cv:
            yield Shift(
                {each: cv * one.change(each, span) for each in materials},
                {each: cv * mass for each, mass in one.put_in.items()},
                {each: cv * one.come_down(each, span) for each in materials},
                {each: cv * mass for each, mass in one.taken_out.items()},
            )


def _add(masses: dict[str, Floats], material: str, mass: Floats) -> None:
    masses[material] = masses.get(material, 0.0) + mass


def _total(parts: Iterator[Floats]) -> Floats:
    return np.sum(list(parts), axis=0)
