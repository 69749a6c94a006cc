"""Manure: from heads to volatile solids, methane and biogas, as far as it can be collected.

``methane = heads · VS per head and day · 365 · B0`` (IPCC 2019 Refinement, volume 4, chapter 10, equation 10.23) at
0.67 kg/m³; of it the share that falls where it can be collected is technical.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..bounds import NOTHING, Bounds, exact
from .factors import Ratio, factor, merged, single
from .statistics import Measure, Statistic

_DAYS = 365
_MJ_PER_WATT_HOUR = 0.0036


@dataclass(frozen=True)
class _Species:
    """Ids: volatile solids and B0 as central, low and high; the collectable share (None: kept at pasture, nothing)."""

    solids: tuple[str, str, str]
    potential: tuple[str, str, str]
    collectable: str | None


# Central: Eastern Europe, to which the Refinement's transcriptions assign the country; low: extensive herds
# (Asia, low-productivity systems); high: dairy cattle, laying hens.
_SPECIES = {
    "cattle": _Species(("bf142", "bf188", "bf138"), ("bf143", "bf194", "bf139"), "bf295"),
    "pigs": _Species(("bf146", "bf146", "bf192"), ("bf147", "bf195", "bf147"), "assume.housed.collectable"),
    "poultry": _Species(("bf158", "bf158", "bf150"), ("bf155", "bf196", "bf151"), "assume.housed.collectable"),
    "sheep": _Species(("bf161", "bf189", "bf161"), ("bf162", "bf197", "bf162"), None),
    "goats": _Species(("bf165", "bf190", "bf165"), ("bf166", "bf198", "bf166"), None),
    "sheep and goats": _Species(("bf161", "bf189", "bf161"), ("bf162", "bf197", "bf162"), None),
    "horses": _Species(("bf169", "bf191", "bf169"), ("bf170", "bf199", "bf170"), None),
    "camels": _Species(("bf173", "bf173", "bf173"), ("bf174", "bf200", "bf174"), None),
}
ANIMALS: tuple[str, ...] = tuple(_SPECIES)


@dataclass(frozen=True)
class Manure:
    """The manure of one kind of animal in one place: solids in kg a year, methane in m³ a year."""

    item: str
    year: int
    solids: Bounds
    theoretical: Bounds
    technical: Bounds
    factors: tuple[str, ...]
    row: Statistic


@cache
def _of(item: str) -> tuple[Ratio, Ratio, Ratio]:
    species = _SPECIES[item]
    solids, potential = (_ratio(ids) for ids in (species.solids, species.potential))
    share = Ratio(NOTHING, ("bf295",)) if species.collectable is None else single(species.collectable)
    return solids, potential, share


def _ratio(ids: tuple[str, str, str]) -> Ratio:
    central, low, high = (factor(identifier).value for identifier in ids)
    return Ratio(Bounds(min(low, central), central, max(central, high)), merged(ids))


def manure(rows: Mapping[tuple[str, Measure], Statistic]) -> tuple[Manure, ...]:
    """The manure of each kind of animal whose heads are published for a place; sheep and goats counted once."""
    animals = [item for item in ANIMALS if (item, "heads") in rows]
    if "sheep and goats" in animals and ("sheep" in animals or "goats" in animals):
        joint = rows["sheep and goats", "heads"].year
        apart = max(rows[item, "heads"].year for item in ("sheep", "goats") if item in animals)
        out = {"sheep", "goats"} if joint >= apart else {"sheep and goats"}
        animals = [item for item in animals if item not in out]
    return tuple(_manure(item, rows[item, "heads"]) for item in animals)


def _manure(item: str, row: Statistic) -> Manure:
    solids, potential, share = _of(item)
    mass = solids.bounds * (float(row.value) * _DAYS)
    methane = mass * potential.bounds
    used = merged(solids.factors, potential.factors, share.factors)
    return Manure(item, row.year, mass, methane, methane * share.bounds, used, row)


@cache
def methane_energy() -> Ratio:
    """Energy of a cubic metre of methane, W·h: density × net calorific value."""
    density, energy = factor("bf202"), factor("bf299")
    return Ratio(exact(density.value * energy.value / _MJ_PER_WATT_HOUR), (density.id, energy.id))


def biogas_volume(methane: Bounds) -> Bounds:
    """Biogas in m³ that holds so much methane, at the published methane share (50 to 65 %, 60 % as central).

    The share bounds the volume, not the energy: poor gas is more gas.
    """
    share = factor("bf296").bounds
    return Bounds(methane.low / share.high * 100, methane.central / share.central * 100, methane.high / share.low * 100)
