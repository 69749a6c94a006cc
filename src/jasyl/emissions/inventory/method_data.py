"""What the calculation methods of the Guidelines need, as an inventory states it: one form for each method.

Amounts are in the units people have them in (t, km, heads, ha), told in each form. A ``factor`` is the id of one of the
package or of the document's own. What has a default is told with the line; where the Guidelines leave a choice, the
form asks for it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from jasyl.texts import Language, has, say

from ..landfill import Climate, Management
from ..waste_treatment import Basis, Burning
from .parts import Base

FactorId = str


class LandfillData(Base, frozen=True, kw_only=True, tag="landfill", tag_field="of"):
    """First-order decay: tonnes deposited by kind of waste, one for each year from ``first_year`` on; methane collected
    in the inventory's year, kg."""

    first_year: int
    climate: Climate
    management: Management
    deposits: dict[str, tuple[Decimal, ...]]
    covered: bool = False
    recovered: Decimal = Decimal(0)


class CommitmentData(Base, frozen=True, kw_only=True, tag="methane_commitment", tag_field="of"):
    """Methane commitment of the waste of the year, t: ``composition`` by kind, ``inert`` the rest; ``docf`` is the
    factor of the share that decomposes, ``recovered`` and ``oxidation`` are shares."""

    waste: Decimal
    composition: dict[str, Decimal]
    management: Management
    docf: FactorId
    recovered: Decimal = Decimal(0)
    oxidation: Decimal = Decimal(0)


class CompostingData(Base, frozen=True, kw_only=True, tag="composting", tag_field="of"):
    """Waste composted, t, weighed ``wet`` or ``dry``."""

    waste: Decimal
    basis: Basis


class DigestionData(Base, frozen=True, kw_only=True, tag="digestion", tag_field="of"):
    """Waste digested without air, t, weighed ``wet`` or ``dry``; methane ``recovered`` of what escapes, kg."""

    waste: Decimal
    basis: Basis
    recovered: Decimal = Decimal(0)


class IncinerationData(Base, frozen=True, kw_only=True, tag="incineration", tag_field="of"):
    """Municipal waste burnt in a plant, t wet: its ``composition`` by material gives fossil and biogenic carbon;
    ``methane`` is a factor in g/t waste, ``oxidation`` the share of carbon burnt (the Guidelines' where empty)."""

    waste: Decimal
    composition: dict[str, Decimal]
    burning: Burning
    methane: FactorId
    oxidation: FactorId = ""


class OpenBurningData(Base, frozen=True, kw_only=True, tag="open_burning", tag_field="of"):
    """Waste burnt in the open, t wet, by material."""

    waste: Decimal
    composition: dict[str, Decimal]
    oxidation: FactorId = ""


class WastewaterPath(Base, frozen=True, kw_only=True):
    """A way wastewater goes: the share of people, and its methane correction factor (``septic_system``: the end of an
    id of the table)."""

    name: str
    share: Decimal
    mcf: str
    collected: bool = True


class WastewaterData(Base, frozen=True, kw_only=True, tag="wastewater", tag_field="of"):
    """Methane and nitrous oxide of domestic wastewater. ``bod`` and ``protein`` are factors in g/person/day (the
    table's where empty), ``sludge`` kg BOD and ``nitrogen`` kg N taken out, ``recovered`` kg of methane;
    ``plant_share`` of people with controlled nitrification."""

    people: Decimal
    paths: tuple[WastewaterPath, ...]
    bod: FactorId = ""
    sludge: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)
    protein: FactorId = ""
    nitrogen: Decimal = Decimal(0)
    plant_share: Decimal = Decimal(0)
    industrial: bool = True
    disposal_units: bool = False


class Travel(Base, frozen=True, kw_only=True):
    """Trips of one kind of vehicle in the year: ``length`` km each, of which the share ``inside`` belongs to this cell;
    ``attributed`` is the part of the trips that is the city's (0.5 of those with one end in it), ``consumption`` a
    factor in kg of fuel a km. ``ncv`` is a factor in TJ/Gg, ``condition`` tells cars of one fuel apart."""

    name: str
    fuel: str
    trips: Decimal
    length: Decimal
    consumption: FactorId
    inside: Decimal
    attributed: Decimal
    ncv: FactorId = ""
    condition: str = ""


class TravelData(Base, frozen=True, kw_only=True, tag="travel", tag_field="of"):
    """Vehicles by what they travelled: induced activity, geographic or by residents, as the inventory says."""

    vehicles: tuple[Travel, ...]


class Flights(Base, frozen=True, kw_only=True):
    """Flights that depart from an airport which serves the city: fuel ``loaded``, t, or ``departures`` with the fuel
    each burns, kg (``each``: to land and take off, or all the way). ``attributed`` is the part of passengers or cargo
    that is the city's, ``methane`` and ``nitrous_oxide`` are factors in kg/TJ."""

    name: str
    fuel: str
    attributed: Decimal
    methane: FactorId
    nitrous_oxide: FactorId
    loaded: Decimal | None = None
    departures: Decimal | None = None
    each: Decimal | None = None


class AviationData(Base, frozen=True, kw_only=True, tag="aviation", tag_field="of"):
    """Aircraft by fuel loaded, or by departures (GPC 7.6): within the city II.4.1, departing from it II.4.3."""

    flights: tuple[Flights, ...]


class Trains(Base, frozen=True, kw_only=True):
    """Trains on fuel: ``burnt``, t, or a ``distance`` in km (train-, tonne- or passenger-km) with the fuel of each of
    them, kg (``each``). ``inside`` is the share on tracks of this cell, ``attributed`` the part that is the city's (0.5
    of trains with one end in it), ``methane`` and ``nitrous_oxide`` are factors in kg/TJ."""

    name: str
    fuel: str
    inside: Decimal
    attributed: Decimal
    methane: FactorId
    nitrous_oxide: FactorId
    burnt: Decimal | None = None
    distance: Decimal | None = None
    each: Decimal | None = None


class RailwayData(Base, frozen=True, kw_only=True, tag="railway", tag_field="of"):
    """Locomotives by fuel burnt, or by what they travelled (GPC 7.4): within the city II.2.1, beyond it II.2.3."""

    trains: tuple[Trains, ...]


class RefrigerantData(Base, frozen=True, kw_only=True, tag="refrigerants", tag_field="of"):
    """A fluorinated gas by mass balance, kg: sold, filled into new equipment, held by what was retired, destroyed."""

    gas: str
    sold: Decimal
    filled: Decimal
    retired: Decimal
    destroyed: Decimal


class CarbonateData(Base, frozen=True, kw_only=True, tag="carbonates", tag_field="of"):
    """Carbonates calcined, t: ``carbonate`` t CO2 a tonne (0.43971 for CaCO3), ``calcined`` the share."""

    mass: Decimal
    carbonate: Decimal
    calcined: Decimal


class Herd(Base, frozen=True, kw_only=True):
    """Heads of one kind of animal; factors in kg/head/year: ``enteric``, and ``manure`` where it is counted here."""

    kind: str
    heads: Decimal
    enteric: FactorId = ""
    manure: FactorId = ""


class LivestockData(Base, frozen=True, kw_only=True, tag="livestock", tag_field="of"):
    """Methane of animals."""

    herds: tuple[Herd, ...]


class ManureSystem(Base, frozen=True, kw_only=True):
    """Nitrogen of manure kept in one way, kg N, and its factor in kg N2O-N/kg N."""

    name: str
    nitrogen: Decimal
    direct: FactorId


class ManureData(Base, frozen=True, kw_only=True, tag="manure_nitrogen", tag_field="of"):
    """N2O of manure; the share ``volatilised`` of its nitrogen emits elsewhere by ``indirect``."""

    systems: tuple[ManureSystem, ...]
    volatilised: Decimal = Decimal(0)
    indirect: FactorId = ""


class SoilData(Base, frozen=True, kw_only=True, tag="soils", tag_field="of"):
    """N2O of nitrogen put on soils, kg N: ``direct`` is EF1; a way whose factor is empty is not counted."""

    direct: FactorId
    fertiliser: Decimal = Decimal(0)
    manure: Decimal = Decimal(0)
    residues: Decimal = Decimal(0)
    volatile_fertiliser: FactorId = ""
    volatile_manure: FactorId = ""
    deposited: FactorId = ""
    leaching: FactorId = ""
    leached: FactorId = ""


class LimingData(Base, frozen=True, kw_only=True, tag="liming", tag_field="of"):
    """Limestone and dolomite spread on fields, t; factors in t C/t."""

    limestone: Decimal
    dolomite: Decimal
    of_limestone: FactorId
    of_dolomite: FactorId


class StockData(Base, frozen=True, kw_only=True, tag="stock_difference", tag_field="of"):
    """Carbon stocks of one land use, t C, at two times ``years`` apart."""

    before: Decimal
    after: Decimal
    years: Decimal


class Conversion(Base, frozen=True, kw_only=True):
    """Hectares that went from one use to another within the period."""

    before: str
    after: str
    area: Decimal


class ConversionData(Base, frozen=True, kw_only=True, tag="land_converted", tag_field="of"):
    """Land that changed its use: ``stocks`` is the factor of each use in kg C/m2 (10 t C/ha are 1), spread over
    ``years``."""

    areas: tuple[Conversion, ...]
    stocks: dict[str, FactorId]
    years: Decimal


MethodData = (
    LandfillData
    | CommitmentData
    | CompostingData
    | DigestionData
    | IncinerationData
    | OpenBurningData
    | WastewaterData
    | TravelData
    | AviationData
    | RailwayData
    | RefrigerantData
    | CarbonateData
    | LivestockData
    | ManureData
    | SoilData
    | LimingData
    | StockData
    | ConversionData
)


def method_name(by: str, language: Language) -> str:
    """A method in words; one that this house does not know as somebody called it."""
    message = f"inventory-method-{by.replace('_', '-')}"
    return say(language, message) if has(language, message) else by


def named_factors(data: MethodData) -> Iterator[str]:
    """Every text in what a method was told: the ids of factors are among them."""
    left: list[Any] = [msgspec.to_builtins(data, builtin_types=(Decimal,))]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += one.values()  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        elif isinstance(one, list | tuple):
            left += one  # pyright: ignore[reportUnknownArgumentType]
