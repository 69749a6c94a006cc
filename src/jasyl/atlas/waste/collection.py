"""How far the waste of a settlement has to go: to the nearest landfill or sorting plant at work in the register."""

from collections.abc import Iterable
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Final

from jasyl.places import Settlement

from ..bounds import Bounds
from ..sites import SiteValue
from ..value_file import significant
from .facilities import Facility
from .generation import Amount

# Mean radius of the Earth, km (IUGG).
_RADIUS: Final = 6371.0088
# Roads are longer than the great circle. Assumed: 1.3; low is Newell's 1.2 of towns (1980), high for mountains.
DETOUR: Final = Bounds(1.2, 1.3, 1.5)


def great_circle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (longitude, latitude) on a sphere, within 0.6 % of the ellipsoid (haversine)."""
    (west, south), (east, north) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _RADIUS * asin(sqrt(min(half, 1.0)))


def destinations(facilities: Iterable[Facility], landfills: Iterable[SiteValue]) -> tuple[SiteValue, ...]:
    """Where waste can go: landfills and sorting plants that are at work and whose place is known."""
    plants = [
        SiteValue(
            id=facility.key,
            name=facility.name,
            longitude=facility.longitude,
            latitude=facility.latitude,
            precision=facility.precision,
            place=facility.region,
            kind="published",
            source=facility.source,
            confidence=facility.confidence,
            confirmed=facility.confirmed,
        )
        for facility in facilities
        if facility.technology == "WS.SOR" and facility.at_work
    ]
    sites = [site for site in landfills if site.longitude is not None and _works(site)]
    return tuple(site for site in (*plants, *sites) if site.longitude is not None)


def _works(site: SiteValue) -> bool:
    said = {part.removeprefix("status: ") for part in site.note.split("; ")}
    return not said & {"suspended", "planned", "financing", "approved", "under_construction", "closed"}


def collection(
    settlements: Iterable[Settlement], goals: Iterable[SiteValue], amounts: Iterable[Amount], people: dict[str, int]
) -> tuple[SiteValue, ...]:
    """For each settlement the way to the nearest destination, km, and the waste of its people, t a year.

    The waste is the amount of its region per person times its population, an allocation: settlements of the list are
    not all there are, so their sum is not the region's. ``people`` is the population of the regions.
    """
    goals = tuple(goals)
    per_head = {
        amount.place: amount.tonnes.central / people[amount.place] for amount in amounts if amount.place in people
    }
    return tuple(_way(one, goals, per_head.get(one.region)) for one in settlements) if goals else ()


def _way(one: Settlement, goals: tuple[SiteValue, ...], per_head: float | None) -> SiteValue:
    here = (one.place.lon, one.place.lat)
    distance, goal = min(
        ((great_circle(here, (float(goal.longitude or 0), float(goal.latitude or 0))), goal) for goal in goals),
        key=lambda pair: (pair[0], not pair[1].confirmed, pair[1].id),
    )
    low, central, high = (DETOUR * distance).rounded()
    parts: dict[str, Decimal] = {"great_circle_km": significant(distance)}
    if per_head is not None and one.population:
        parts["waste_t"] = significant(per_head * one.population)
        parts["haulage_t_km"] = significant(per_head * one.population * float(central))
    return SiteValue(
        id=str(one.geoname),
        name=one.name_en,
        longitude=Decimal(str(one.place.lon)),
        latitude=Decimal(str(one.place.lat)),
        place=one.region,
        value=central,
        low=low,
        high=high,
        kind="modelled",
        source=one.source,
        confidence="medium",
        confirmed=goal.confirmed,
        note=f"to: {goal.name} ({goal.id})",
        parts=parts,
    )
