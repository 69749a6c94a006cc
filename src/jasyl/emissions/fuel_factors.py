"""What a fuel holds and emits: net calorific value and factors by fuel, sector and gas; grid and heat as choices.

Fuels are called as the ids of the table spell them (``natural_gas``, ``other_bituminous_coal``). Two numbers decide
what a city of Kazakhstan is said to emit: the calorific value of its coal (18.58 or 25.8 TJ/Gg, 39 % apart a tonne)
and the factor of its electricity (532 to 814 g/kWh). Neither has a default: who asks without a choice gets a Refusal
that lists the choices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from jasyl.texts import Refusal

from .energy_factors import EnergyFactor, energy_factor, energy_factors
from .factors import Factor, factor, find_factors

Sector = Literal[
    "energy_industries", "manufacturing_construction", "commercial_institutional", "residential_agri_stationary", "road"
]  # fmt: skip
SECTORS: tuple[Sector, ...] = get_args(Sector)
COMBUSTION_GASES = ("CO2", "CH4", "N2O")
# Coals whose calorific value differs too much between fields for any default, with what Kazakhstan reported of them.
_COALS = {
    "anthracite": "hard_coal_anthracite_coking_other_bitumi",
    "coking_coal": "hard_coal_anthracite_coking_other_bitumi",
    "other_bituminous_coal": "hard_coal_anthracite_coking_other_bitumi",
    "sub_bituminous_coal": "lignite_and_sub_bituminous_coal",
    "lignite": "lignite_and_sub_bituminous_coal",
}


@dataclass(frozen=True)
class Stated:
    """A factor of somebody's own: a laboratory's calorific value, a supplier's electricity; ``source`` says whose.

    ``low`` and ``high`` are its 95 % range in the same unit, None where nobody gave one; ``id`` is what the document
    calls it, where it has a name there.
    """

    value: float
    unit: str
    source: str
    low: float | None = None
    high: float | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise Refusal("emission-factor-stated", received=f"{self.value:g} {self.unit}")


@dataclass(frozen=True)
class Fuel:
    """One of the 54 fuels of the Guidelines; the CO2 of a ``biogenic`` one is told apart and in no total."""

    key: str
    item: str
    biogenic: bool
    coal: bool


def fuels() -> tuple[Fuel, ...]:
    """Every fuel, in the order of the Guidelines."""
    return tuple(_fuels().values())


def fuel(key: str) -> Fuel:
    """The fuel of a key. Raises Refusal ``fuel-unknown``."""
    found = _fuels().get(key)
    if found is None:
        raise Refusal("fuel-unknown", received=key[:60], expected=", ".join(_fuels()))
    return found


def combustion_factor(of: str, gas: str, sector: Sector, condition: str | None = None) -> Factor:
    """kg of a gas for each TJ (net) of a fuel burnt in a sector: IPCC 2006, volume 2, tables 2.2 to 2.5 and 3.2.2.

    CO2 of ``road`` is that of the fuel itself: it is the same wherever the fuel burns. Methane and nitrous oxide of
    petrol on roads have a factor for each ``condition`` of the cars (``uncontrolled``, ``oxidaton_catalyst`` as the
    table spells it …). Raises Refusal ``fuel-unknown``, ``combustion-factor`` where the table has none and
    ``combustion-choice`` where it has several and none was chosen.
    """
    of = fuel(of).key
    if sector not in SECTORS:
        raise Refusal("combustion-factor", received=sector[:60], expected=", ".join(SECTORS))
    table = "energy_industries" if sector == "road" and gas == "CO2" else sector
    ids = _by_fuel().get((table, of, gas), ())
    if not ids:
        raise Refusal("combustion-factor", received=f"{of}, {sector}, {gas}", expected=", ".join(SECTORS))
    if len(ids) == 1:
        return factor(ids[0])
    chosen = [one for one in ids if condition is not None and one.split(".")[3] == condition]
    if not chosen:
        raise Refusal(
            "combustion-choice", received=f"{of}, {gas}", expected=", ".join(one.split(".")[3] for one in ids)
        )
    return factor(chosen[0])


def calorific_value(of: str, choice: str | None = None) -> Factor:
    """Net calorific value of a fuel in TJ/Gg (= MJ/kg): the 2006 default, or the factor whose id is chosen.

    For coal there is no default. Raises Refusal ``coal-ncv-choice`` for coal without a choice,
    ``fuel-ncv`` for a fuel without any value (industrial waste), ``emission-factor-unknown`` for another choice.
    """
    found = fuel(of)
    options = calorific_options(of)
    if choice is not None:
        if choice not in {one.id for one in options}:
            raise Refusal("fuel-ncv-choice", received=choice[:80], expected=_ids(options), fuel=of)
        return factor(choice)
    if not options:
        raise Refusal("fuel-ncv", received=of)
    if found.coal:
        raise Refusal("coal-ncv-choice", received=of, expected=_ids(options))
    return options[0]


def calorific_options(of: str) -> tuple[Factor, ...]:
    """Calorific values that can be chosen for a fuel; the default of the Guidelines is first."""
    key = fuel(of).key
    usual = find_factors("fuel_ncv", item=_fuels()[key].item)
    own = (factor(f"ncv.kaz1990.{_COALS[key]}"),) if key in _COALS else ()
    return usual + own


def grid_factor(choice: str | None = None) -> EnergyFactor:
    """The factor of grid electricity that somebody chose. Raises Refusal ``grid-factor-choice`` without a choice.

    A row that is kept only to be told apart (``ets_benchmark``) is no choice: Refusal ``grid-factor-choice`` too.
    """
    return _chosen(choice, "electricity", "grid-factor-choice")


def heat_factor(choice: str | None = None) -> EnergyFactor:
    """The factor of district heat that somebody chose. Raises Refusal ``heat-factor-choice`` without a choice."""
    return _chosen(choice, "heat", "heat-factor-choice")


def _chosen(choice: str | None, carrier: Literal["electricity", "heat"], code: str) -> EnergyFactor:
    options = [one.key for one in energy_factors(carrier)]
    if choice is None or choice not in options:
        raise Refusal(code, received=(choice or "—")[:60], expected=", ".join(options))
    return energy_factor(choice)


def _ids(options: Iterable[Factor]) -> str:
    return ", ".join(f"{one.id} ({one.written} {one.unit})" for one in options)


@cache
def _fuels() -> dict[str, Fuel]:
    found: dict[str, Fuel] = {}
    for one in find_factors("stationary_combustion", gas="CO2", sector="energy_industries"):
        key = one.id.split(".")[2]
        found[key] = Fuel(key, one.item, "biogenic" in one.note, key in _COALS)
    return found


@cache
def _by_fuel() -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for group in ("stationary_combustion", "mobile_combustion"):
        for one in find_factors(group):
            key = (one.sector, one.id.split(".")[2], one.gas)
            found[key] = (*found.get(key, ()), one.id)
    return found
