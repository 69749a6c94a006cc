"""The register of geothermal wells, springs and fields: what is published of each, and what follows from it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec.structs import replace

from jasyl.facts import Fact
from jasyl.places import settlement

from ..bounds import Bounds, exact
from ..sites import Precision, SiteValue
from ..value_file import Confidence, ValueKind, significant
from .power import heat_bounds, power_bounds, temperature_class

_FLOWS = {"flow", "flow_of_wells", "flow_of_explored_wells"}
_CUBIC_METRES_A_SECOND = {"m3/d": 1 / 86400, "L/s": 0.001}
_HOURS = 8760
_OUTPUT = "electric_output_possible_with_an_organic_rankine_cycle"
_HEAT = ("recoverable_effective_heat_pragmatic_case", "recoverable_effective_heat_proactive_case")
_AT_DEPTH = re.compile(r"temperature_at_(\d+)_m")
# A published sum and what is shown on its own beside it.
_SUM, _OF_IT = "wells-studied-in-the-zharkent-area", "zharkunak-field-well-5539"
# Sites that a published point or the settlement in their name places on the map; basins are in the list only.
_POINTS: dict[str, tuple[str, str]] = {"kapal-arasan": ("79.3547", "45.2608")}
_TOWNS: dict[str, tuple[str, str, Precision]] = {
    _OF_IT: ("Zharkent", "KZ-33", "settlement"),
    _SUM: ("Zharkent", "KZ-33", "settlement"),
    "turgen-mineral-springs": ("Turgen", "KZ-19", "approximate"),
    "shonzhy-chundzha-hot-springs": ("Chundzha", "KZ-19", "settlement"),
}
_POTENTIAL = "thermal_water_potential"


@dataclass
class GeothermalSite:
    """Facts about one well, spring, field or basin. ``temperature`` in °C, ``flow`` in m³/s; None is not known.

    ``confirmed`` is False when a number that a power would rest on is not.
    """

    id: str
    name: str
    facts: list[Fact] = field(default_factory=list[Fact])

    @property
    def temperature(self) -> Bounds | None:
        """At the surface, else at the greatest depth for which one is published."""
        found = next((fact for fact in self.facts if fact.metric == "temperature"), None)
        if found is None:
            deep = [(int(match[1]), fact) for fact in self.facts if (match := _AT_DEPTH.fullmatch(fact.metric))]
            found = max(deep, key=lambda pair: pair[0])[1] if deep else None
        return None if found is None else _bounds(found)

    @property
    def flow(self) -> Bounds | None:
        found = next((fact for fact in self.facts if fact.metric in _FLOWS), None)
        scale = None if found is None else _CUBIC_METRES_A_SECOND.get(found.unit)
        return None if found is None or scale is None else _bounds(found) * scale

    @property
    def at_surface(self) -> bool:
        return any(fact.metric == "temperature" for fact in self.facts)

    @property
    def confirmed(self) -> bool:
        return all(fact.confirmed for fact in self.facts)

    def published(self, metric: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.metric == metric), None)

    def as_site(self) -> SiteValue:
        """The site with what is published of it as parts, without a value."""
        longitude, latitude, precision = _place(self.id)
        grades: tuple[Confidence, ...] = ("low", "medium", "high")
        years = [fact.end_year for fact in self.facts if fact.end_year]
        return SiteValue(
            id=self.id,
            name=self.name,
            longitude=longitude,
            latitude=latitude,
            precision=precision,
            place=self.facts[0].place,
            year=max(years, default=None),
            kind="published",
            source="; ".join(dict.fromkeys(fact.source for fact in self.facts)),
            confidence=grades[min(grades.index(fact.confidence) for fact in self.facts)],
            confirmed=self.confirmed,
            note="; ".join(dict.fromkeys(filter(None, (self.facts[0].area, *(fact.note for fact in self.facts))))),
            parts={_part(fact): number for fact in self.facts if (number := _number(fact)) is not None},
        )


def sites(facts: Iterable[Fact]) -> tuple[GeothermalSite, ...]:
    """Every named site of the facts on geothermal heat, by id. Facts of the whole country have no site."""
    found: dict[str, GeothermalSite] = {}
    for fact in facts:
        name = fact.object or ("Kazakhstan, thermal water" if fact.metric == _POTENTIAL else "")
        if fact.technology == "geothermal" and name:
            identifier = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            found.setdefault(identifier, GeothermalSite(identifier, name)).facts.append(fact)
    return tuple(found[identifier] for identifier in sorted(found))


def heat_values(found: Iterable[GeothermalSite]) -> tuple[SiteValue, ...]:
    """Heat of every site in MW: computed from temperature and flow, or published; None where a number is missing."""
    return tuple(_heat(site) for site in found)


def electricity_values(found: Iterable[GeothermalSite]) -> tuple[SiteValue, ...]:
    """Electric power in MW of the sites of which it is published or can be computed; the others are left out.

    Published energy of a year is spread over all its hours. What is computed rests on an efficiency that was not read
    again at its source: it stays unconfirmed.
    """
    found = tuple(found)
    known = {site.id: fact for site in found if (fact := site.published(_OUTPUT)) is not None}
    values: list[SiteValue] = []
    for site in found:
        plain = site.as_site()
        fact = known.get(site.id)
        if fact is not None and fact.value is not None:
            energy, note = fact.value, plain.note
            rest = known.get(_OF_IT)
            if site.id == _SUM and rest is not None and rest.value is not None:
                energy -= rest.value
                note = f"{note}; less {rest.object}, which is shown on its own"
            values.append(_with(plain, exact(float(energy) / _HOURS), "published", site.confirmed, note))
        elif site.temperature is not None and site.flow is not None and site.at_surface:
            power = power_bounds(site.temperature, site.flow)
            if power is not None:
                values.append(_with(plain, power / 1e6, "modelled", False, plain.note))
    return tuple(values)


def temperature_values(found: Iterable[GeothermalSite]) -> tuple[SiteValue, ...]:
    """Temperature of the water of every site that has one, °C, and its class."""
    values: list[SiteValue] = []
    for site in found:
        warmth = site.temperature
        if warmth is not None:
            note = f"class: {temperature_class(warmth.central)}; {site.as_site().note}"
            values.append(_with(site.as_site(), warmth, "published", site.confirmed, note))
    return tuple(values)


def _heat(site: GeothermalSite) -> SiteValue:
    plain = site.as_site()
    pragmatic, proactive = (site.published(metric) for metric in _HEAT)
    potential = site.published(_POTENTIAL)
    if pragmatic is not None and proactive is not None and pragmatic.value is not None and proactive.value is not None:
        least, most = (float(value) * 1e6 / (_HOURS * 3600) for value in (pragmatic.value, proactive.value))
        return _with(plain, Bounds(least, least, most), "published", site.confirmed, plain.note)
    if potential is not None and potential.value is not None:
        return _with(plain, exact(float(potential.value) * 1000), "published", potential.confirmed, plain.note)
    if site.temperature is None or site.flow is None or not site.at_surface:
        missing = [
            name for name, known in (("temperature at the well", site.at_surface), ("flow", site.flow)) if not known
        ]
        note = "; ".join(filter(None, (f"not published: {', '.join(missing)}", plain.note)))
        return _with(plain, None, "published", site.confirmed, note)
    return _with(plain, heat_bounds(site.temperature, site.flow) / 1e6, "modelled", site.confirmed, plain.note)


def _with(plain: SiteValue, bounds: Bounds | None, kind: ValueKind, confirmed: bool, note: str) -> SiteValue:
    low, central, high = (None, None, None) if bounds is None else bounds.rounded()
    ranged = bounds is not None and bounds.low < bounds.high
    return replace(
        plain,
        value=central,
        low=low if ranged else None,
        high=high if ranged else None,
        kind=kind,
        confirmed=confirmed,
        note=note,
    )


def _place(identifier: str) -> tuple[Decimal | None, Decimal | None, Precision]:
    if identifier in _POINTS:
        longitude, latitude = _POINTS[identifier]
        return Decimal(longitude), Decimal(latitude), "exact"
    if identifier in _TOWNS:
        town, region, precision = _TOWNS[identifier]
        place = settlement(town, region).place
        return Decimal(str(place.lon)), Decimal(str(place.lat)), precision
    return None, None, "approximate"


def _bounds(fact: Fact) -> Bounds:
    ends = [float(number) for number in (fact.low, fact.value, fact.high) if number is not None]
    central = ends[0] if fact.value is None else float(fact.value)
    return Bounds(min(ends), central, max(ends))


def _number(fact: Fact) -> Decimal | None:
    return None if fact.value is None else significant(fact.value)


def _part(fact: Fact) -> str:
    unit = re.sub(r"[^a-z0-9]+", "_", fact.unit.lower()).strip("_")
    return f"{fact.metric}_{unit}"
