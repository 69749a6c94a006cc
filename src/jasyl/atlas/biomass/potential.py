"""The potential of places: crop residues, manure, wood and organics put into energy, with every factor named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from jasyl.places import regions

from ..areas import COUNTRY, AreaValue, Level
from ..bounds import Bounds, total
from ..value_file import Confidence, significant
from ..waste.composition import Composition, composition_of
from ..waste.generation import Amount
from .crops import MJ_PER_WATT_HOUR, Residue, fed_share, residues
from .factors import merged, single
from .manure import Manure, biogas_volume, manure, methane_energy
from .statistics import Measure, Statistic, chosen

_GIGA = 1e9
# A technical potential is told when it is known for so much of what grows; less would pass a part for the whole.
_KNOWN = 0.9
# A region's potential is that of its districts when they grow nearly all that the region does.
_WHOLE = 0.05
# Share that might be taken from the field after the rule of thumb of Scarlat et al. 2010, recalled: shown, not summed.
_SHARE_RULE = "bf123"

Rows = Mapping[tuple[str, Measure], Statistic]


@dataclass(frozen=True)
class Place:
    """A place with statistics: its code, level, the region of a district, and its rows to compute with."""

    code: str
    level: Level
    region: str | None
    name: str
    rows: Rows


def places(statistics: Iterable[Statistic]) -> tuple[Place, ...]:
    """The places of the statistics, by code, each with its chosen rows."""
    rows: defaultdict[str, dict[tuple[str, Measure], Statistic]] = defaultdict(dict)
    for (place, item, measure), one in chosen(statistics).items():
        rows[place][item, measure] = one
    found: list[Place] = []
    for code in sorted(rows):
        any_row = next(iter(rows[code].values()))
        found.append(Place(code, any_row.level, any_row.region, any_row.name, rows[code]))
    return tuple(found)


def crop_values(statistics: Iterable[Statistic]) -> tuple[AreaValue, ...]:
    """Energy of crop residues of every place with a harvest, GW·h a year."""
    statistics = tuple(statistics)
    known = places(statistics)
    country = next((place.rows for place in known if place.code == COUNTRY), {})
    used = country.get(("straw", "fodder"))
    earlier = max(
        (one for one in statistics if used and (one.item, one.measure) == ("straw", "fodder") and one.year < used.year),
        key=lambda one: one.year,
        default=None,
    )
    fed = fed_share(country, earlier)
    values = {place.code: made for place in known if (made := _crops(place, *residues(place.rows, fed))) is not None}
    return tuple(_from_districts(value, values.values()) for value in values.values())


def manure_values(statistics: Iterable[Statistic]) -> tuple[AreaValue, ...]:
    """Energy of biogas from manure of every place with livestock, GW·h a year.

    The value is None where cattle is not published: most of what can be collected would be missing.
    """
    return tuple(made for place in places(statistics) if (made := _manure(place)) is not None)


def wood_values(statistics: Iterable[Statistic]) -> tuple[AreaValue, ...]:
    """Energy of wood residues of every place where they are published, air-dry, by their net calorific value."""
    heat = single("bf298")
    values: list[AreaValue] = []
    for place in places(statistics):
        row = place.rows.get(("wood", "residues"))
        if row is not None:
            energy = heat.bounds * (float(row.value) / MJ_PER_WATT_HOUR / _GIGA)
            parts = {"residues_t": _tonnes(float(row.value)), **_combustion(energy)}
            values.append(_value(place, energy, [row], heat.factors, parts, ()))
    return tuple(values)


def organics_values(amounts: Iterable[Amount], made_of: Mapping[str, Composition]) -> tuple[AreaValue, ...]:
    """Energy of biogas from the food and garden waste of municipal waste, of the share that could be collected apart.

    A region's own composition counts where it is published. Elsewhere the country's is the central and least value;
    the greatest share of organics that any place publishes is the upper bound. The country's row is the sum of its
    regions, there when all of them are.
    """
    most = max((mix.organics for mix in made_of.values()), default=0.0)
    values: list[AreaValue] = []
    for amount in amounts:
        mix = composition_of(amount.place, made_of)
        if mix is not None:
            own = mix.place == amount.place
            values.append(_organics(amount, mix, Bounds(mix.organics, mix.organics, mix.organics if own else most)))
    if {value.place for value in values} >= {region.iso for region in regions()}:
        values.append(_country(values))
    return tuple(values)


def _country(values: list[AreaValue]) -> AreaValue:
    low, central, high = total(_bounds(value) for value in values).rounded()
    names = values[0].parts.keys()
    return replace(
        values[0],
        place=COUNTRY,
        level="country",
        value=central,
        low=low,
        high=high,
        source="; ".join(dict.fromkeys(part for value in values for part in value.source.split("; "))),
        note=f"sum of {len(values)} regions",
        parts={name: significant(sum((value.parts[name] for value in values), Decimal(0))) for name in names},
        factors=merged(*(value.factors for value in values)),
    )


def sums(layers: Mapping[str, Iterable[AreaValue]], least: int = 1) -> tuple[AreaValue, ...]:
    """What the layers (by name) give together for each place; the note names what a place does not have.

    Fewer than ``least`` known parts are no sum: the value is None, so that a small part is not taken for the whole.
    In a city of republican rank, which has no fields, one is enough.
    """
    cities = {region.iso for region in regions() if region.kind == "city"}
    by_place: defaultdict[str, dict[str, AreaValue]] = defaultdict(dict)
    for name, values in layers.items():
        for value in values:
            if value.value is not None:
                by_place[value.place][name] = value
    made: list[AreaValue] = []
    for found in by_place.values():
        present = list(found.values())
        missing = [name for name in layers if name not in found]
        bounds = total(_bounds(value) for value in present)
        whole = len(present) >= least or present[0].place in cities
        low, central, high = bounds.rounded() if whole else (None, None, None)
        made.append(
            replace(
                present[0],
                value=central,
                low=low,
                high=high,
                year=max(value.year or 0 for value in present) or None,
                source="; ".join(dict.fromkeys(value.source for value in present)),
                confidence="medium" if all(value.confirmed for value in present) else "low",
                confirmed=all(value.confirmed for value in present),
                note=f"not known here: {', '.join(missing)}" if missing else "",
                parts={f"{name}_gwh": value.value for name, value in found.items() if value.value is not None},
                factors=merged(*(value.factors for value in present)),
            )
        )
    return tuple(made)


def theoretical_values(crops: Iterable[AreaValue], dung: Iterable[AreaValue]) -> tuple[AreaValue, ...]:
    """All that grows and falls, whether it can be used or not: the parts ``theoretical_gwh`` of both."""
    layers = {"crop residues": crops, "manure": dung}
    return sums({name: [_theoretical(value) for value in values] for name, values in layers.items()})


def _theoretical(value: AreaValue) -> AreaValue:
    low, central, high = (value.parts[f"theoretical_gwh{end}"] for end in ("_low", "", "_high"))
    return replace(value, value=central, low=low, high=high)


def _crops(place: Place, found: tuple[Residue, ...], remarks: tuple[str, ...]) -> AreaValue | None:
    if not found:
        return None
    grown = total(one.theoretical for one in found)
    known = [one for one in found if one.technical is not None]
    share = sum(one.theoretical.central for one in known) / grown.central if grown.central else 1.0
    energy = total(one.energy for one in known if one.energy is not None) / _GIGA
    parts = {
        "theoretical_t_dm": _tonnes(grown.central),
        "fed_t_dm": _tonnes(total(one.fed for one in found).central),
        **_theoretical_parts(total(one.theoretical_energy for one in found) / _GIGA),
        "share_rule_gwh": significant(_share_rule(found) / _GIGA),
    }
    if share >= _KNOWN:
        parts |= {
            "left_t_dm": _tonnes(total(one.left for one in known if one.left is not None).central),
            "technical_t_dm": _tonnes(total(one.technical for one in known if one.technical is not None).central),
            **_combustion(energy),
        }
    rows = [row for one in found for row in one.rows]
    used = merged(*(one.factors for one in found))
    if any(row.provisional for row in rows):
        remarks = (*remarks, "harvest weighed before drying and cleaning")
    return _value(place, energy if share >= _KNOWN else None, rows, used, parts, remarks)


def _share_rule(found: tuple[Residue, ...]) -> float:
    return single(_SHARE_RULE).bounds.central * sum(one.theoretical_energy.central for one in found)


def _manure(place: Place) -> AreaValue | None:
    found = manure(place.rows)
    if not found:
        return None
    energy_of = methane_energy()
    technical = total(one.technical for one in found)
    energy = technical * energy_of.bounds / _GIGA
    parts = {
        "volatile_solids_t": _tonnes(total(one.solids for one in found).central),
        **_theoretical_parts(total(one.theoretical for one in found) * energy_of.bounds / _GIGA),
        **_biogas(technical, energy),
    }
    used = merged(*(one.factors for one in found), energy_of.factors, ("bf296",))
    cattle = any(one.item == "cattle" for one in found)
    remarks = () if cattle else ("cattle not published",)
    if any(one.row.provisional for one in found):
        remarks = (*remarks, "counted at the height of the season")
    return _value(place, energy if cattle else None, _animals(found), used, parts, remarks)


def _animals(found: tuple[Manure, ...]) -> list[Statistic]:
    return [one.row for one in found]


def _organics(amount: Amount, mix: Composition, share: Bounds) -> AreaValue:
    capture, food, garden = single("assume.organics.capture"), single("bf262"), single("bf267")
    mass = amount.tonnes * share * capture.bounds
    # Food where the source has one number for both: the smaller yield of the two.
    own = mix.shares.get("garden", 0.0) / mix.organics if mix.organics else 0.0
    yields = food.bounds.central * (1 - own) + garden.bounds.central * own
    methane = mass * yields
    energy = methane * methane_energy().bounds / _GIGA
    low, central, high = energy.rounded()
    return replace(
        amount.as_area(),
        value=central,
        low=low,
        high=high,
        kind="modelled",
        source=f"{amount.source}; composition: {mix.source}",
        note=f"composition of {mix.place}, {mix.year}; {amount.note}",
        parts={
            "organics_t": significant((amount.tonnes * share).central),
            "collected_t": significant(mass.central),
            **_biogas(methane, energy),
        },
        factors=merged(capture.factors, food.factors, garden.factors if own else (), methane_energy().factors),
    )


def _from_districts(value: AreaValue, all_values: Iterable[AreaValue]) -> AreaValue:
    """The region with what its districts give, when they hold its harvest: what must stay depends on each yield."""
    inner = [one for one in all_values if one.region == value.place and one.value is not None]
    grown = sum((one.parts["theoretical_t_dm"] for one in inner), Decimal(0))
    whole = value.parts["theoretical_t_dm"]
    if value.level != "region" or not inner or abs(grown - whole) > whole * Decimal(str(_WHOLE)):
        return value
    energy = total(_bounds(one) for one in inner)
    low, central, high = energy.rounded()
    taken = sum((one.parts["technical_t_dm"] for one in inner), Decimal(0))
    parts = value.parts | {"technical_t_dm": significant(taken)} | _combustion(energy)
    note = "; ".join(filter(None, (f"sum of {len(inner)} districts", value.note)))
    return replace(value, value=central, low=low, high=high, parts=parts, note=note)


def _value(
    place: Place,
    energy: Bounds | None,
    rows: list[Statistic],
    used: tuple[str, ...],
    parts: dict[str, Decimal],
    remarks: tuple[str, ...],
) -> AreaValue:
    low, central, high = (None, None, None) if energy is None else energy.rounded()
    grades: tuple[Confidence, ...] = ("low", "medium", "high")
    years = sorted({row.year for row in rows})
    spans = [f"statistics of {years[0]} to {years[-1]}"] if len(years) > 1 else []
    return AreaValue(
        place=place.code,
        level=place.level,
        region=place.region,
        value=central,
        low=low,
        high=high,
        year=years[-1],
        kind="modelled",
        source="; ".join(dict.fromkeys(row.source for row in rows)),
        confidence=grades[min(1, *(grades.index(row.confidence) for row in rows))],
        note="; ".join(
            (*spans, *remarks, *dict.fromkeys(row.note for row in rows if row.note and "; " not in row.note))
        ),
        parts=parts,
        factors=used,
    )


def _theoretical_parts(energy: Bounds) -> dict[str, Decimal]:
    low, central, high = energy.rounded()
    return {"theoretical_gwh": central, "theoretical_gwh_low": low, "theoretical_gwh_high": high}


def _combustion(energy: Bounds) -> dict[str, Decimal]:
    electric, heat = single("conv.biomass_chp.electric"), single("conv.biomass_chp.heat")
    return {
        "electricity_gwh": significant(energy.central * electric.bounds.central),
        "heat_gwh": significant(energy.central * heat.bounds.central),
    }


def _biogas(methane: Bounds, energy: Bounds) -> dict[str, Decimal]:
    """Biogas in m³, and electricity of an engine or heat of a boiler: one or the other, not both."""
    low, central, high = biogas_volume(methane).rounded()
    engine, boiler = single("conv.gas_chp.electric"), single("conv.gas_boiler.heat")
    return {
        "biogas_m3": central,
        "biogas_m3_low": low,
        "biogas_m3_high": high,
        "methane_m3": significant(methane.central),
        "electricity_gwh": significant(energy.central * engine.bounds.central),
        "heat_only_gwh": significant(energy.central * boiler.bounds.central),
    }


def _bounds(value: AreaValue) -> Bounds:
    assert value.value is not None
    ends = (value.low, value.value, value.high)
    low, central, high = (float(value.value if end is None else end) for end in ends)
    return Bounds(low, central, high)


def _tonnes(kilograms: float) -> Decimal:
    return significant(kilograms / 1000)
