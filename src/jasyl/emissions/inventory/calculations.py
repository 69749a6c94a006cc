"""From what a method needs to what it gives: the forms of an inventory put into the functions of the Guidelines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from jasyl.texts import Refusal

from ..emission import Emission, FactorLike, summed
from ..factors import factor
from ..fuel_factors import Stated
from ..industry import carbonate_used, refrigerant_balance
from ..land_use import (
    enteric_fermentation,
    land_converted,
    limed,
    managed_soils,
    manure_methane,
    manure_nitrous_oxide,
    stock_difference,
)
from ..landfill import WASTE_KINDS, decay_of, practice_of
from ..transport import aviation, railway, travelled
from ..waste_treatment import composted, digested, incinerated, landfilled, methane_commitment, open_burnt
from ..wastewater import Path, wastewater_methane, wastewater_nitrous_oxide
from . import method_data as given
from .gases import family
from .method_data import MethodData

_NEAR = 1e-6
_SQUARE_METRES = 10_000.0
_WHOLE = 0.005  # shares of a composition sum to one within this
_INERT = "inert"


@dataclass(frozen=True)
class Stand:
    """Where a method stands: the year, and the document's own factors by id."""

    year: int
    own: Mapping[str, Stated]
    gases: Mapping[str, str]

    def factor(self, identifier: str, gas: str = "") -> FactorLike:
        """A factor by its id, of the document or the package.

        Raises Refusal ``emission-factor-unknown``, and ``inventory-gas-factor`` for a factor of another gas.
        """
        found: FactorLike = self.own.get(identifier) or factor(identifier)
        of = self.gases.get(identifier, "") if isinstance(found, Stated) else found.gas
        if gas and of and family(of) != gas:
            raise Refusal("inventory-gas-factor", received=f"{identifier} ({of})", expected=gas)
        return found

    def optional(self, identifier: str, gas: str = "") -> FactorLike | None:
        """The same; None where none is named."""
        return self.factor(identifier, gas) if identifier else None


def emissions_of(data: MethodData, stand: Stand) -> tuple[Emission, ...]:
    """What a method gives, one emission for each part of it (kind of waste, vehicle, gas).

    Raises the Refusals of the methods: ``landfill-unknown``, ``waste-composition``, ``emission-factor-unit`` …
    """
    return tuple(_METHODS[type(data)](data, stand))


def differing(masses: Mapping[str, Decimal], again: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """(gas, given, calculated) of every gas that is not the same to a millionth."""
    found: list[tuple[str, float, float]] = []
    for gas in dict.fromkeys((*masses, *again)):
        stated, made = float(masses.get(gas, Decimal())), again.get(gas, 0.0)
        if abs(stated - made) > _NEAR * max(abs(stated), abs(made)):
            found.append((gas, stated, made))
    return found


def masses_of(made: tuple[Emission, ...]) -> dict[str, float]:
    """kg of each gas of all parts together."""
    return {gas: float(mass) for gas, mass in summed(made).items()}


def _landfill(data: given.LandfillData, stand: Stand) -> Iterator[Emission]:
    kinds = {kind: decay_of(kind, data.climate) for kind in data.deposits}
    deposits = {kind: [_kg(tonnes) for tonnes in row] for kind, row in data.deposits.items()}
    practice = practice_of(data.management, covered=data.covered)
    yield landfilled(deposits, data.first_year, stand.year, practice, kinds, recovered=float(data.recovered))


def _commitment(data: given.CommitmentData, stand: Stand) -> Iterator[Emission]:
    known = (*WASTE_KINDS, _INERT)
    unknown = [kind for kind in data.composition if kind not in known]
    if unknown:
        raise Refusal("waste-material", received=unknown[0][:40], expected=", ".join(known))
    total = float(sum(data.composition.values()))
    if abs(total - 1) > _WHOLE:
        raise Refusal("waste-composition", received=f"{total:g}")
    mcf = factor(f"fod.mcf.{data.management}")
    for kind, share in data.composition.items():
        if kind == _INERT:
            continue
        yield methane_commitment(
            _kg(data.waste * share), factor(decay_of(kind).factors[0]), mcf, stand.factor(data.docf),
            recovered=float(data.recovered), oxidation=float(data.oxidation),
        )  # fmt: skip


def _composting(data: given.CompostingData, _stand: Stand) -> Iterator[Emission]:
    yield composted(_kg(data.waste), data.basis)


def _digestion(data: given.DigestionData, _stand: Stand) -> Iterator[Emission]:
    yield digested(_kg(data.waste), data.basis, recovered=float(data.recovered))


def _incineration(data: given.IncinerationData, stand: Stand) -> Iterator[Emission]:
    yield incinerated(
        _kg(data.waste), _shares(data.composition), data.burning, stand.factor(data.methane, "CH4"),
        oxidation=stand.optional(data.oxidation),
    )  # fmt: skip


def _open_burning(data: given.OpenBurningData, stand: Stand) -> Iterator[Emission]:
    yield open_burnt(_kg(data.waste), _shares(data.composition), oxidation=stand.optional(data.oxidation))


def _wastewater(data: given.WastewaterData, stand: Stand) -> Iterator[Emission]:
    people = float(data.people)
    paths = [Path(one.name, float(one.share), one.mcf, one.collected) for one in data.paths]
    yield wastewater_methane(
        people, paths, bod=stand.optional(data.bod), sludge=float(data.sludge), recovered=float(data.recovered)
    )
    yield wastewater_nitrous_oxide(
        people, protein=stand.optional(data.protein), disposal_units=data.disposal_units, industrial=data.industrial,
        sludge=float(data.nitrogen), plant_share=float(data.plant_share),
    )  # fmt: skip


def _travel(data: given.TravelData, stand: Stand) -> Iterator[Emission]:
    for one in data.vehicles:
        yield travelled(
            one.fuel, float(one.trips * one.length), stand.factor(one.consumption), inside=float(one.inside),
            attributed=float(one.attributed), ncv=stand.optional(one.ncv), condition=one.condition or None,
        )  # fmt: skip


def _aviation(data: given.AviationData, stand: Stand) -> Iterator[Emission]:
    for one in data.flights:
        mass = _fuel_mass(one.name, "loaded", one.loaded, "departures", one.departures, one.each)
        yield aviation(
            one.fuel, mass, stand.factor(one.methane, "CH4"), stand.factor(one.nitrous_oxide, "N2O"),
            attributed=float(one.attributed),
        )  # fmt: skip


def _railway(data: given.RailwayData, stand: Stand) -> Iterator[Emission]:
    for one in data.trains:
        mass = _fuel_mass(one.name, "burnt", one.burnt, "distance", one.distance, one.each)
        yield railway(
            one.fuel, mass, stand.factor(one.methane, "CH4"), stand.factor(one.nitrous_oxide, "N2O"),
            attributed=float(one.inside * one.attributed),
        )  # fmt: skip


def _fuel_mass(
    name: str, sold: str, tonnes: Decimal | None, activity: str, times: Decimal | None, each: Decimal | None
) -> float:
    """kg of fuel by what was sold, or by an activity; by one of the two, and by the whole of it."""
    if tonnes is not None and times is None and each is None:
        return _kg(tonnes)
    if tonnes is None and times is not None and each is not None:
        return float(times * each)
    raise Refusal("inventory-one-way", received=name[:60], expected=f"{sold} | {activity}, each")


def _refrigerants(data: given.RefrigerantData, _stand: Stand) -> Iterator[Emission]:
    yield refrigerant_balance(
        data.gas, float(data.sold), float(data.filled), float(data.retired), float(data.destroyed)
    )


def _carbonates(data: given.CarbonateData, _stand: Stand) -> Iterator[Emission]:
    yield carbonate_used(_kg(data.mass), float(data.carbonate), float(data.calcined))


def _livestock(data: given.LivestockData, stand: Stand) -> Iterator[Emission]:
    for source, method in (("enteric", enteric_fermentation), ("manure", manure_methane)):
        counted = [one for one in data.herds if getattr(one, source)]
        if counted:
            heads = {one.kind: float(one.heads) for one in counted}
            yield method(heads, {one.kind: stand.factor(getattr(one, source), "CH4") for one in counted})


def _manure(data: given.ManureData, stand: Stand) -> Iterator[Emission]:
    nitrogen = {one.name: float(one.nitrogen) for one in data.systems}
    direct = {one.name: stand.factor(one.direct, "N2O") for one in data.systems}
    indirect = stand.optional(data.indirect, "N2O")
    yield manure_nitrous_oxide(nitrogen, direct, volatilised=float(data.volatilised), indirect=indirect)


def _soils(data: given.SoilData, stand: Stand) -> Iterator[Emission]:
    yield managed_soils(
        float(data.fertiliser), float(data.manure), float(data.residues), stand.factor(data.direct, "N2O"),
        volatile_fertiliser=stand.optional(data.volatile_fertiliser),
        volatile_manure=stand.optional(data.volatile_manure), deposited=stand.optional(data.deposited, "N2O"),
        leached=stand.optional(data.leached, "N2O"), leaching=stand.optional(data.leaching),
    )  # fmt: skip


def _liming(data: given.LimingData, stand: Stand) -> Iterator[Emission]:
    limestone, dolomite = (stand.factor(one, "CO2") for one in (data.of_limestone, data.of_dolomite))
    yield limed(_kg(data.limestone), _kg(data.dolomite), limestone, dolomite)


def _stock(data: given.StockData, _stand: Stand) -> Iterator[Emission]:
    yield stock_difference(_kg(data.before), _kg(data.after), float(data.years))


def _conversion(data: given.ConversionData, stand: Stand) -> Iterator[Emission]:
    areas = {(one.before, one.after): float(one.area) * _SQUARE_METRES for one in data.areas}
    missing = [use for pair in areas for use in pair if use not in data.stocks]
    if missing:
        raise Refusal("inventory-stock-missing", received=missing[0], expected=", ".join(data.stocks))
    stocks = {use: stand.factor(identifier) for use, identifier in data.stocks.items()}
    yield land_converted(areas, stocks, years=float(data.years))


def _kg(tonnes: Decimal) -> float:
    return float(tonnes * 1000)


def _shares(composition: Mapping[str, Decimal]) -> dict[str, float]:
    return {one: float(share) for one, share in composition.items()}


_METHODS = cast(
    "Mapping[type[MethodData], Callable[[Any, Stand], Iterator[Emission]]]",
    {
        given.LandfillData: _landfill,
        given.CommitmentData: _commitment,
        given.CompostingData: _composting,
        given.DigestionData: _digestion,
        given.IncinerationData: _incineration,
        given.OpenBurningData: _open_burning,
        given.WastewaterData: _wastewater,
        given.TravelData: _travel,
        given.AviationData: _aviation,
        given.RailwayData: _railway,
        given.RefrigerantData: _refrigerants,
        given.CarbonateData: _carbonates,
        given.LivestockData: _livestock,
        given.ManureData: _manure,
        given.SoilData: _soils,
        given.LimingData: _liming,
        given.StockData: _stock,
        given.ConversionData: _conversion,
    },
)
