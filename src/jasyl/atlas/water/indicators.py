"""How scarce water is and how well it is supplied, by country, region, district and basin, from sourced facts.

A place has a value only where every fact its indicator needs stands; nothing is estimated or carried to other places.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jasyl.facts import Fact
from jasyl.texts import Refusal

from ..areas import COUNTRY, AreaValue, Level
from ..value_file import Confidence, ValueKind, significant
from .layers import LOSSES, SAVING, STRESS, SUPPLY_RURAL, SUPPLY_URBAN

# Metrics, all in km³ of a year but the last three.
WITHDRAWAL = "water_withdrawal"
RENEWABLE = "renewable_freshwater"
SURFACE = "total_renewable_surface_water_with_agreements"
GROUND = "renewable_groundwater"
OVERLAP = "groundwater_overlap_with_surface_water"
ENVIRONMENT = "environmental_releases"
LOST = "transport_losses_of_water"
RUNOFF_SHARE, RUNOFF = "share_of_national_runoff", "mean_annual_river_runoff"
BASIN_RUNOFF = "mean_annual_runoff_with_inflow"
URBAN, RURAL = "access_to_water_supply_urban", "access_to_water_supply_rural"
SAVING_LAND, SAVING_SHARE = "area_with_water_saving_irrigation", "share_of_land_with_water_saving_irrigation"
_AGGREGATE = "(aggregate)"  # an object that stands for all of its kind in the place
_RANK: tuple[Confidence, ...] = ("high", "medium", "low")
StressClass = Literal["none", "low", "medium", "high", "critical"]


@dataclass(frozen=True)
class Place:
    """A country, region, district or basin that facts speak of."""

    level: Level
    code: str

    @classmethod
    def of(cls, fact: Fact) -> "Place | None":
        """Where a fact holds: a basin by its name, else the code; None for a town or a thing."""
        if fact.object and not fact.object.endswith(_AGGREGATE):
            return None
        if fact.place in {None, COUNTRY} and fact.area:
            return cls("basin", fact.area) if " together" not in fact.area else None
        if fact.place is None or fact.area:
            return None
        level: Level = "country" if fact.place == COUNTRY else "district" if fact.place.isdigit() else "region"
        return cls(level, fact.place)


def water_stress(withdrawal: Decimal, renewable: Decimal, environmental: Decimal) -> Decimal:
    """SDG indicator 6.4.2, percent: freshwater withdrawn of renewable resources less environmental flow requirements.

    All in one unit of volume a year. UN Statistics Division, metadata of indicator 6.4.2 (FAO): TFWW / (TRWR - EFR).
    Raises Refusal ``water-balance`` when nothing is left after the environment or a number is negative.
    """
    if min(withdrawal, renewable, environmental) < 0 or renewable <= environmental:
        raise Refusal("water-balance", received=f"{withdrawal} / ({renewable} − {environmental})", expected="> 0")
    return 100 * withdrawal / (renewable - environmental)


def stress_class(percent: Decimal) -> StressClass:
    """The class FAO and UN-Water give a value of 6.4.2: none to 25 %, low to 50, medium to 75, high to 100."""
    limits: tuple[tuple[StressClass, int], ...] = (("none", 25), ("low", 50), ("medium", 75), ("high", 100))
    for name, upper in limits:
        if percent <= upper:
            return name
    return "critical"


def indicators(facts: Iterable[Fact]) -> dict[str, list[AreaValue]]:
    """The values of the layers of water stress, supply, losses and saving, by layer id.

    Of several facts of one metric and place the newest confirmed one counts; plans and targets never do.
    """
    known = _newest(facts)
    makers: dict[str, Callable[[Place, Mapping[str, Fact]], AreaValue | None]] = {
        STRESS.id: _stress,
        SUPPLY_URBAN.id: lambda place, found: _published(place, found.get(URBAN)),
        SUPPLY_RURAL.id: lambda place, found: _published(place, found.get(RURAL)),
        LOSSES.id: _losses,
        SAVING.id: _saving,
    }
    national = known.get(Place("country", COUNTRY), {})
    for place, found in known.items():
        if place.level == "basin" and RUNOFF_SHARE in found and RUNOFF in national:
            found[RUNOFF] = national[RUNOFF]
    return {
        layer: [value for place, found in known.items() if (value := make(place, found)) is not None]
        for layer, make in makers.items()
    }


def _newest(facts: Iterable[Fact]) -> dict[Place, dict[str, Fact]]:
    """By place and metric the newest fact, and by ``metric@year`` that of each year."""
    known: dict[Place, dict[str, Fact]] = {}
    for fact in facts:
        place = Place.of(fact)
        if place is None or fact.value is None or fact.basis == "planned":
            continue
        found = known.setdefault(place, {})
        for name in (fact.metric, f"{fact.metric}@{fact.end_year}"):
            if name not in found or _freshness(fact) >= _freshness(found[name]):
                found[name] = fact
    return known


def _freshness(fact: Fact) -> tuple[bool, int, str]:
    return fact.confirmed, fact.end_year or 0, fact.period


def _stress(place: Place, found: Mapping[str, Fact]) -> AreaValue | None:
    resource, used = _resource(found)
    withdrawal, environment = found.get(WITHDRAWAL), found.get(ENVIRONMENT)
    if resource is None:
        return None
    parts = {"renewable_km3": significant(resource)}
    for name, fact in (("withdrawal_km3", withdrawal), ("environment_km3", environment)):
        if fact is not None and fact.value is not None:
            parts[name] = fact.value
            used.append(fact)
    if withdrawal is None or environment is None:  # the resource alone is told, without a value
        return _value(place, None, used, parts=parts, kind="published")
    assert withdrawal.value is not None
    assert environment.value is not None
    percent = water_stress(withdrawal.value, resource, environment.value)
    note = f"class {stress_class(percent)}; years of the parts: {_years(used)}"
    return _value(place, significant(percent, 3), used, year=withdrawal.end_year, parts=parts, note=note)


def _resource(found: Mapping[str, Fact]) -> tuple[Decimal | None, list[Fact]]:
    """Renewable freshwater in km³ a year and the facts it is from: as stated, from its parts, or a basin's runoff."""

    def numbers(*metrics: str) -> tuple[list[Decimal], list[Fact]]:
        facts = [found[metric] for metric in metrics if metric in found]
        return [fact.value for fact in facts if fact.value is not None], facts

    stated, facts = numbers(RENEWABLE)
    if stated:
        return stated[0], facts
    stated, facts = numbers(SURFACE, GROUND, OVERLAP)
    if len(stated) == 3:
        return stated[0] + stated[1] - stated[2], facts
    stated, facts = numbers(RUNOFF_SHARE, RUNOFF)
    if len(stated) == 2:
        return stated[0] * stated[1] / 100, facts
    stated, facts = numbers(BASIN_RUNOFF)
    return (stated[0], facts) if stated else (None, [])


def _losses(place: Place, found: Mapping[str, Fact]) -> AreaValue | None:
    """Lost on the way of what was withdrawn, in percent, where both are known of the same year."""
    lost = found.get(LOST)
    withdrawal = found.get(f"{WITHDRAWAL}@{lost.end_year}") if lost else None
    if lost is None or withdrawal is None or lost.value is None or not withdrawal.value:
        return None
    parts = {"lost_km3": lost.value, "withdrawal_km3": withdrawal.value}
    percent = significant(100 * lost.value / withdrawal.value, 3)
    return _value(place, percent, [lost, withdrawal], year=lost.end_year, parts=parts)


def _saving(place: Place, found: Mapping[str, Fact]) -> AreaValue | None:
    land, share = found.get(SAVING_LAND), found.get(SAVING_SHARE)
    if land is None:
        return None
    parts = {} if share is None or share.value is None else {"share_percent": share.value}
    return _published(place, land, parts)


def _published(place: Place, fact: Fact | None, parts: dict[str, Decimal] | None = None) -> AreaValue | None:
    if fact is None:
        return None
    return _value(place, fact.value, [fact], year=fact.end_year, parts=parts or {}, kind="published", note=fact.note)


def _value(
    place: Place,
    value: Decimal | None,
    used: list[Fact],
    *,
    year: int | None = None,
    parts: dict[str, Decimal],
    kind: ValueKind = "modelled",
    note: str = "",
) -> AreaValue:
    """A value is as sure as the least sure of the facts it is from."""
    return AreaValue(
        place=place.code,
        level=place.level,
        value=value,
        year=year,
        kind=kind,
        source="; ".join(dict.fromkeys(fact.source for fact in used)),
        confidence=_RANK[max(_RANK.index(fact.confidence) for fact in used)],
        confirmed=all(fact.confirmed for fact in used),
        note=note,
        parts=parts,
    )


def _years(used: Iterable[Fact]) -> str:
    return ", ".join(f"{fact.metric} {fact.period or '—'}" for fact in used)
