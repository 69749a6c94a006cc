"""The register of landfills: what the facts and the register of facilities name."""

import re
from collections.abc import Iterable
from decimal import Decimal

from jasyl.facts import Fact
from jasyl.places import settlement
from jasyl.texts import Refusal

from ..sites import SiteValue
from .facilities import Facility

_METRICS = ("area", "waste_buried_since_1999", "waste_accumulated", "design_capacity", "year_full", "closed_after_fire")
_PARTS = {"har": "area_ha", "t": "tonnes", "m3": "volume_m3", "{calendar_year}": "year"}
# Towns by the name that the settlements have; the site itself is not published.
_TOWNS = {"Oral (Zachagansk)": "Oral"}
# One landfill under two names: that of the register of facilities, that of the facts.
_SAME = {"astana-engineered-landfill": "astana-municipal-landfill"}


def register(facts: Iterable[Fact], facilities: Iterable[Facility]) -> tuple[SiteValue, ...]:
    """Every landfill that is named: from the facts and from the register of facilities, one of two names once.

    The value is the waste in place where tonnes are published. Volumes are kept as volumes: no density is published.
    """
    sites: dict[str, list[Fact]] = {}
    for fact in facts:
        if "landfill" in fact.object.lower() and "complex" not in fact.object.lower() and fact.metric in _METRICS:
            sites.setdefault(slug(fact.object), []).append(fact)
    found = {identifier: _from_facts(identifier, about) for identifier, about in sites.items()}
    for facility in facilities:
        if facility.technology in {"WS.LAN", "RP.LFG"} and _SAME.get(facility.key) not in found:
            found[facility.key] = _from_facility(facility)
    return tuple(found[identifier] for identifier in sorted(found))


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _from_facts(identifier: str, facts: list[Fact]) -> SiteValue:
    first = facts[0]
    parts: dict[str, Decimal] = {}
    tonnes: Decimal | None = None
    for fact in facts:
        if fact.value is None or fact.unit not in _PARTS:
            continue
        if fact.metric == "waste_buried_since_1999":
            tonnes = fact.value
        else:
            name = f"{fact.metric}_{_PARTS[fact.unit].rpartition('_')[2]}"
            parts[name] = fact.value
    longitude, latitude = _town(first.area, first.place)
    return SiteValue(
        id=identifier,
        name=first.object,
        longitude=longitude,
        latitude=latitude,
        precision="settlement",
        place=first.place,
        value=tonnes,
        year=max((fact.end_year or 0 for fact in facts), default=0) or None,
        kind="published",
        source="; ".join(dict.fromkeys(fact.source for fact in facts)),
        confidence=first.confidence,
        confirmed=all(fact.confirmed for fact in facts),
        note="; ".join(dict.fromkeys(fact.note for fact in facts if fact.note)),
        parts=parts,
    )


def _town(area: str, region: str | None) -> tuple[Decimal | None, Decimal | None]:
    try:
        place = settlement(_TOWNS.get(area, area), region).place
    except Refusal:
        return None, None
    return Decimal(str(place.lon)), Decimal(str(place.lat))


def _from_facility(facility: Facility) -> SiteValue:
    return SiteValue(
        id=facility.key,
        name=facility.name,
        longitude=facility.longitude,
        latitude=facility.latitude,
        precision=facility.precision,
        place=facility.region,
        value=None,
        kind="published",
        source=facility.source,
        confidence=facility.confidence,
        confirmed=facility.confirmed,
        note=f"status: {facility.status}",
        parts={} if facility.tonnes_a_year is None else {"capacity_t_per_year": facility.tonnes_a_year},
    )
