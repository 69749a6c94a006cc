"""Crop residues: from harvest to what grows, what must stay on the soil, what animals need, and what could be burnt.

``residue = production · dry share · ratio`` (dry matter), ``technical = residue − left on the soil per hectare · area −
share fed or bedded``. Energy is that of dry residue at the moisture of harvest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from ..bounds import NOTHING, Bounds, exact
from .factors import Ratio, merged, single, spread
from .statistics import Measure, Statistic

MJ_PER_WATT_HOUR = 0.0036
_TONNES_PER_HECTARE = 0.1  # kg/m²
_RATIO = "residue-to-product ratio"
_DRY = "dry matter fraction of harvested product"
_LEFT = "residue to be left for erosion control"
_ENERGY = "energy content at harvest"
_WATER = "water content of above-ground biomass"

GRAINS, OILSEEDS = "grains and pulses (group)", "oilseeds (group)"
# Members of the groups as the statistics have them; pulses are a group within a group.
GROUPS: dict[str, tuple[str, ...]] = {
    GRAINS: ("wheat", "barley", "oats", "maize", "rice", "rye", "millet", "lentils", "peas"),
    OILSEEDS: ("sunflower", "rapeseed", "flax", "safflower", "soya"),
}
# Under which names the table of factors has a crop. What is left of the grains is treated as barley, of the oilseeds
# as flax: the largest of what is usually left out (sown areas of 2025).
_NAMES: dict[str, tuple[str, ...]] = {
    "wheat": ("wheat",),
    "barley": ("barley",),
    "oats": ("oats",),
    "maize": ("maize",),
    "rice": ("rice",),
    "rye": ("rye",),
    "millet": ("millet",),
    "lentils": ("lentils", "pulses and soya"),
    "peas": ("peas (dry)", "peas", "pulses and soya"),
    "sunflower": ("sunflower",),
    "rapeseed": ("rapeseed",),
    "flax": ("flax",),
    "soya": ("soya", "pulses and soya"),
    "cotton (raw)": ("cotton (raw)", "seed cotton"),
    GRAINS: ("grains, generic", "barley", "oats", "wheat"),
    OILSEEDS: ("flax", "rapeseed"),
}
CROPS: tuple[str, ...] = tuple(_NAMES)
# Straw that is gathered for fodder and bedding.
_STRAW = frozenset(("wheat", "barley", "oats", "rye", "millet", GRAINS))
# A sum of members may exceed the published sum by rounding.
_ROUNDING = Decimal("0.002")


@dataclass(frozen=True)
class Crop:
    """The factors of one crop: dry residue per product as harvested, residue to leave (kg/m²), W·h per dry kg."""

    residue: Ratio
    left: Ratio
    energy: Ratio


@dataclass(frozen=True)
class Residue:
    """What one crop leaves in one place and year: dry masses in kg, energies in W·h.

    ``technical`` and ``energy`` are None where no area is published, so that nobody knows what must stay on the soil.
    """

    item: str
    year: int
    theoretical: Bounds
    theoretical_energy: Bounds
    left: Bounds | None
    fed: Bounds
    technical: Bounds | None
    energy: Bounds | None
    factors: tuple[str, ...]
    rows: tuple[Statistic, ...]


@cache
def crop(item: str) -> Crop:
    """The factors of a crop or of what is left of a group. Raises KeyError for what is not counted."""
    names = _NAMES[item]
    water = _water(names)
    dry = Ratio(exact(1 - water.bounds.central), water.factors)
    try:
        solid = spread(_DRY, *names)
    except LookupError:
        solid = dry
    energy = spread(_ENERGY, *names)
    return Crop(
        residue=spread(_RATIO, *names) * solid,
        left=spread(_LEFT, *names) * _TONNES_PER_HECTARE,
        energy=Ratio(
            energy.bounds / (MJ_PER_WATT_HOUR * (1 - water.bounds.central)), merged(energy.factors, water.factors)
        ),
    )


def _water(names: tuple[str, ...]) -> Ratio:
    # The table has none for barley: that of wheat.
    found = spread(_WATER, *(("wheat",) if names == ("barley",) else names))
    return Ratio(exact(found.bounds.central), found.factors)


def residue(item: str, production: Statistic, area: Statistic | None, fed_share: Ratio) -> Residue:
    """What one crop leaves. ``fed_share`` is the share of straw that animals get."""
    of = crop(item)
    grown = of.residue.bounds * float(production.value)
    fed = grown * fed_share.bounds if item in _STRAW else NOTHING
    left = technical = energy = None
    used = merged(of.residue.factors, of.energy.factors, fed_share.factors if item in _STRAW else ())
    if area is not None or of.left.bounds.high == 0:
        left = of.left.bounds * (float(area.value) if area else 0.0)
        technical = _taken(grown, left, fed_share.bounds if item in _STRAW else NOTHING)
        energy = technical * of.energy.bounds
        used = merged(used, of.left.factors)
    rows = tuple(one for one in (production, area) if one is not None)
    return Residue(item, production.year, grown, grown * of.energy.bounds, left, fed, technical, energy, used, rows)


def _taken(grown: Bounds, left: Bounds, share: Bounds) -> Bounds:
    """What may be taken away: least where least grows and most is left and fed."""
    return Bounds(
        max(grown.low * (1 - share.high) - left.high, 0),
        max(grown.central * (1 - share.central) - left.central, 0),
        max(grown.high * (1 - share.low) - left.low, 0),
    )


def residues(
    rows: Mapping[tuple[str, Measure], Statistic], fed_share: Ratio
) -> tuple[tuple[Residue, ...], tuple[str, ...]]:
    """What the crops of one place leave, each counted once, and remarks on what could not be counted.

    ``rows`` are the chosen statistics of the place. A crop that has harvest and area stands for itself; a group
    stands for what it holds beyond such crops. A group is left out when it is weighed otherwise or of another year than
    its crops, or when the
    crops add up to more.
    """
    found: list[Residue] = []
    remarks: list[str] = []
    members = {item for group in GROUPS.values() for item in group}
    for group, crops in GROUPS.items():
        whole = rows.get((group, "production"))
        known = [item for item in crops if item in _NAMES and (item, "production") in rows]
        alone = known
        if whole is not None:
            alone = [item for item in known if (item, "area") in rows]
            rest, remark = _rest(group, whole, rows.get((group, "area")), [_pair(rows, item) for item in alone])
            if remark:
                remarks.append(remark)
                alone = known
            elif rest is not None:
                found.append(residue(group, *rest, fed_share))
        found += [residue(item, *_pair(rows, item), fed_share) for item in alone]
    single_crops = [item for item in _NAMES if item not in members and item not in GROUPS]
    found += [residue(item, *_pair(rows, item), fed_share) for item in single_crops if (item, "production") in rows]
    remarks += [f"{one.item}: no area" for one in found if one.technical is None]
    return tuple(found), tuple(remarks)


def _pair(rows: Mapping[tuple[str, Measure], Statistic], item: str) -> tuple[Statistic, Statistic | None]:
    return rows[item, "production"], rows.get((item, "area"))


def _rest(
    group: str,
    whole: Statistic,
    area: Statistic | None,
    parts: list[tuple[Statistic, Statistic | None]],
) -> tuple[tuple[Statistic, Statistic | None] | None, str]:
    """What a group holds beyond its crops (harvest and area), or None, and why the group cannot be used."""
    if any((part.provisional, part.year) != (whole.provisional, whole.year) for part, _ in parts):
        return None, f"{group}: weighed otherwise, or of another year, than its crops; the crops stand alone"
    rest = whole.value - sum((part.value for part, _ in parts), Decimal(0))
    if rest < -whole.value * _ROUNDING:
        return None, f"{group}: its crops add up to more"
    if rest <= whole.value * _ROUNDING:
        return None, ""
    land = None
    if area is not None:
        known = sum((ground.value for _, ground in parts if ground is not None), Decimal(0))
        land = replace(area, value=max(area.value - known, Decimal(0)))
    return (replace(whole, value=rest), land), ""


def fed_share(country: Mapping[tuple[str, Measure], Statistic], earlier: Statistic | None = None) -> Ratio:
    """The share of straw that the country gathers for its animals: gathered / grown, both dry.

    ``country`` are the chosen rows of the country, ``earlier`` another year's gathered straw for the range. The same
    share is then taken everywhere: no region publishes its own. Nothing where the country's numbers are not loaded.
    """
    gathered, grown = country.get(("straw", "fodder")), country.get((GRAINS, "production"))
    if gathered is None or grown is None:
        return Ratio(NOTHING, ())
    water = single("bf026")
    straw = single("bf019") * single("bf020")
    dry = [float(one.value) * (1 - water.bounds.central) for one in (gathered, earlier) if one is not None]
    shares = [mass / (float(grown.value) * straw.bounds.central) for mass in dry]
    low, high = min(shares), max(shares)
    return Ratio(Bounds(low, shares[0], high), merged(water.factors, straw.factors))
