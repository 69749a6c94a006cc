"""The register as SensorThings entities: one picture in memory, made anew when the register changes.

Facilities are Things, their places Locations, series Datastreams; sensors, observed properties and features follow from
them. What clients added stands in `sta_entity` and is laid over. Observations are not here: they stay in the segments.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import definitions
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Actor, Level, Resource, may
from jasyl.quantities import UNITS, Unit, instant
from jasyl.registry import every_series, latest_assertion
from jasyl.registry.tables import assertion, facility
from jasyl.texts import has, say

from .model import GEOJSON, MEASUREMENT, TYPES
from .tables import sta_entity


@dataclass
class Entity:
    """One entity: its ``values`` by property, ids of linked entities by navigation link, and whose it is."""

    kind: str
    id: str
    values: dict[str, Any]
    links: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    resource: Resource = field(default_factory=Resource)
    actor: str | None = None


@dataclass(frozen=True)
class Stream:
    """What turns stored integers of a Datastream into results: ``factor`` × integer is in the shown ``unit``."""

    entity: Entity
    definition: SeriesDefinition
    unit: Unit
    factor: Fraction
    feature: str


class View:
    """All entities by type and id (in the order of ids), and the streams by number of their series."""

    def __init__(self) -> None:
        self.entities: dict[str, dict[str, Entity]] = {name: {} for name in TYPES}
        self.streams: dict[int, Stream] = {}
        self.numbers: dict[str, int] = {}
        self._seen: dict[Actor, dict[tuple[str, str], bool]] = {}
        self._streams_seen: dict[Actor, Mapping[int, Stream]] = {}

    def add(self, entity: Entity) -> Entity:
        self.entities[entity.kind][entity.id] = entity
        return entity

    def get(self, kind: str, identity: str, actor: Actor) -> Entity | None:
        """An entity, unless there is none that ``actor`` may see."""
        found = self.entities[kind].get(identity)
        return found if found is not None and self.sees(actor, found) else None

    def sees(self, actor: Actor, entity: Entity) -> bool:
        """Publication levels; a Datastream needs its Thing seen too, what belongs to Things one of them."""
        seen = self._seen.setdefault(actor, {})
        key = (entity.kind, entity.id)
        if key not in seen:
            seen[key] = self._decide(actor, entity)
        return seen[key]

    def _decide(self, actor: Actor, entity: Entity) -> bool:
        if entity.kind in {"Thing", "Datastream"} and not may(actor, "read", entity.resource):
            return False
        owners = {
            "Datastream": ("Thing", "Thing"),
            "HistoricalLocation": ("Thing", "Thing"),
            "Location": ("Thing", "Things"),
        }
        _, link = owners.get(entity.kind, ("", ""))
        things = [self.entities["Thing"].get(one) for one in entity.links.get(link, [])] if link else []
        if things:
            return any(one is not None and self.sees(actor, one) for one in things)
        own = entity.links.get("Datastreams", [])
        if entity.kind in {"Sensor", "ObservedProperty"} and own:
            streams = (self.entities["Datastream"].get(one) for one in own)
            return any(one is not None and self.sees(actor, one) for one in streams)
        if entity.kind == "FeatureOfInterest" and entity.resource.level != "public":
            return may(actor, "read", entity.resource)
        return True

    def all(self, kind: str, actor: Actor) -> Iterator[Entity]:
        """The entities of a type that ``actor`` may see, by id."""
        return (each for each in self.entities[kind].values() if self.sees(actor, each))

    def streams_seen(self, actor: Actor) -> Mapping[int, Stream]:
        """The streams whose Datastreams ``actor`` may see, by number; thousands, and asked for with every page."""
        if actor not in self._streams_seen:
            seen = {number: one for number, one in self.streams.items() if self.sees(actor, one.entity)}
            self._streams_seen[actor] = seen
        return self._streams_seen[actor]

    def linked(self, entity: Entity, link: str, actor: Actor) -> list[Entity]:
        """Where a navigation link leads (not to Observations), as far as ``actor`` may see."""
        kind = TYPES[entity.kind].links[link][0]
        found = (self.entities[kind].get(one) for one in entity.links.get(link, []))
        return [one for one in found if one is not None and self.sees(actor, one)]


class Views:
    """The view of one process, kept while neither the register nor what clients added changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[int, int] | None = None
        self._view = View()

    def current(self, connection: sa.Connection) -> View:
        newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(sta_entity.c.version), 0))).scalar_one()
        key = latest_assertion(connection), newest
        with self._lock:
            if key != self._key:
                self._view, self._key = build(connection), key
            return self._view


def build(connection: sa.Connection) -> View:
    """The view of what the register and clients say now."""
    view = View()
    rows = connection.execute(sa.select(sta_entity).order_by(sta_entity.c.id)).all()
    said: dict[tuple[str, str], Any] = {(row.kind, row.id): json.loads(row.document) for row in rows}
    gone = {(row.kind, row.id) for row in rows if row.withdrawn}
    actors = {(row.kind, row.id): row.actor for row in rows}
    for kind in ("Sensor", "ObservedProperty", "FeatureOfInterest", "Location", "HistoricalLocation"):
        for (of, identity), document in said.items():
            if of == kind and (of, identity) not in gone:
                links = {name: list(ids) for name, ids in document.get("links", {}).items()}
                view.add(Entity(kind, identity, dict(document["values"]), links, actor=actors[of, identity]))
    _things(view, connection, said, gone)
    _places(view, connection)
    _datastreams(view, connection, said, gone)
    _join(view)
    for one in actors.items():
        found = view.entities[one[0][0]].get(one[0][1])
        if found is not None:
            found.actor = one[1]
    view.entities = {kind: dict(sorted(held.items())) for kind, held in view.entities.items()}
    return view


_TOLD = (
    "key",
    "name_kk",
    "name_ru",
    "name_en",
    "technology",
    "status",
    "commissioned",
    "capacity",
    "capacity_unit",
    "region",
    "district",
    "place",
    "place_precision",
    "confirmed",
    "confidence",
)


def _things(view: View, connection: sa.Connection, said: Mapping[Any, Any], gone: set[tuple[str, str]]) -> None:
    for row in connection.execute(sa.select(facility).where(facility.c.merged_into.is_(None))).mappings():
        if ("Thing", row["id"]) in gone:
            continue
        own = said.get(("Thing", row["id"]), {}).get("values", {})
        told = {name: _plain(row[name]) for name in _TOLD if row[name] is not None}
        name = row["name_en"] or row["name_ru"] or row["name_kk"] or row["key"]
        values = {
            "name": own.get("name", name),
            "description": own.get("description", row["description"] or name),
            "properties": {**told, **(own.get("properties") or {})},
        }
        resource = Resource(cast("Level", row["level"]), row["enterprise_id"], row["region"])
        view.add(Entity("Thing", row["id"], values, resource=resource))
        _feature(view, row, name, resource)


def _feature(view: View, row: Mapping[Any, Any], name: str, resource: Resource) -> None:
    point = _point(row["lon"], row["lat"])
    values = {
        "name": name,
        "description": f"Where {name} is.",
        "encodingType": GEOJSON,
        "feature": point,
        "properties": {},
    }
    view.add(Entity("FeatureOfInterest", row["id"], values, resource=resource))


def _point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def _places(view: View, connection: sa.Connection) -> None:
    """Each place that the register ever recorded for a facility is a Location, the last one its present."""
    asked = sa.select(assertion.c.entity_id, assertion.c.field, assertion.c.value, assertion.c.recorded_at)
    asked = asked.where(assertion.c.field.in_(("lon", "lat"))).order_by(assertion.c.entity_id, assertion.c.seq)
    held: dict[str, dict[str, Any]] = defaultdict(dict)
    states: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for identity, name, value, at in connection.execute(asked):
        if identity not in view.entities["Thing"]:
            continue
        now = held[identity]
        now[name] = None if value is None else float(json.loads(value))
        state = _point(now.get("lon"), now.get("lat"))
        if states[identity] and states[identity][-1][0] == at:
            states[identity].pop()
        states[identity].append((at, state))
    for identity, course in states.items():
        thing = view.entities["Thing"][identity]
        for place, (at, point) in enumerate([each for each in course if each[1]], 1):
            own = f"{identity}.{place}"
            values = {
                "name": thing.values["name"],
                "description": f"Place of {thing.values['name']}.",
                "encodingType": GEOJSON,
            }
            view.add(
                Entity(
                    "Location",
                    own,
                    {**values, "location": point, "properties": {}},
                    {"Things": [], "HistoricalLocations": [own]},
                )
            )
            if place == len([each for each in course if each[1]]) and course[-1][1]:
                view.entities["Location"][own].links["Things"] = [identity]
            view.add(
                Entity("HistoricalLocation", own, {"time": written(at)}, {"Thing": [identity], "Locations": [own]})
            )


def written(moment: int) -> str:
    """µs UTC as ISO 8601."""
    return instant(moment).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    return float(value) if type(value).__name__ == "Decimal" else value


def _datastreams(view: View, connection: sa.Connection, said: Mapping[Any, Any], gone: set[tuple[str, str]]) -> None:
    every = [one for one in every_series(connection) if one.facility_id in view.entities["Thing"]]
    defined = definitions(connection, every)
    for one in every:
        if ("Datastream", one.id) in gone:
            continue
        own = said.get(("Datastream", one.id), {})
        values, links = own.get("values", {}), own.get("links", {})
        thing, definition = view.entities["Thing"][one.facility_id], defined[one.number]
        unit = UNITS.get(values.get("ucum", ""), definition.unit)
        named = f"quantity-{one.quantity.replace('_', '-')}"
        name = say("en", named) if has("en", named) else one.quantity.replace("_", " ")
        facts = {
            "key": one.key,
            "number": one.number,
            "kind": one.kind,
            "interval_seconds": one.interval_seconds,
            "zone": one.zone,
            "scale": one.scale,
            "demanded_trust": one.trust,
        }
        shown = {
            "name": values.get("name", f"{thing.values['name']}: {name}"),
            "description": values.get("description", f"{name}, {one.kind} of {one.interval_seconds} s"),
            "observationType": MEASUREMENT,
            "unitOfMeasurement": values.get("unitOfMeasurement") or _unit(unit),
            "observedArea": None,
            "phenomenonTime": None,
            "resultTime": None,
            "properties": {**(values.get("properties") or {}), **facts},
        }
        resource = Resource(cast("Level", one.level), thing.resource.enterprise_id, thing.resource.region, one.id)
        sensor = _derived(
            view,
            "Sensor",
            links.get("Sensor"),
            f"meter.{one.key}",
            {
                "name": f"Meter of {one.key}",
                "description": "Meter",
                "encodingType": "application/json",
                "metadata": {"demanded_trust": one.trust},
                "properties": {},
            },
        )
        observed = _derived(
            view,
            "ObservedProperty",
            links.get("ObservedProperty"),
            one.quantity,
            {"name": name, "description": name, "definition": f"urn:jasyl:quantity:{one.quantity}", "properties": {}},
        )
        feature = (links.get("FeatureOfInterest") or [one.facility_id])[0]
        entity = view.add(
            Entity(
                "Datastream",
                one.id,
                shown,
                {"Thing": [one.facility_id], "Sensor": [sensor], "ObservedProperty": [observed]},
                resource,
            )
        )
        factor = 1 / (Fraction(10**definition.scale) * Fraction(unit.factor))
        view.streams[one.number] = Stream(entity, definition, unit, factor, feature)
        view.numbers[one.id] = one.number


def _unit(unit: Unit) -> dict[str, str]:
    return {"name": unit.written("en"), "symbol": unit.written("en"), "definition": f"https://ucum.org/#{unit.ucum}"}


def _derived(view: View, kind: str, named: list[str] | None, identity: str, values: dict[str, Any]) -> str:
    if named and named[0] in view.entities[kind]:
        return named[0]
    if identity not in view.entities[kind]:
        view.add(Entity(kind, identity, values))
    return identity


def _join(view: View) -> None:
    """The other direction of every link; a place that a client gave a Thing last stands before the register's."""
    every = view.entities
    for one in every["HistoricalLocation"].values():
        for thing in one.links.get("Thing", []):
            if thing in every["Thing"]:
                every["Thing"][thing].links.setdefault("HistoricalLocations", []).append(one.id)
        for place in one.links.get("Locations", []):
            back = every["Location"].get(place)
            if back and one.id not in back.links.setdefault("HistoricalLocations", []):
                back.links["HistoricalLocations"].append(one.id)
    given = {
        thing for one in every["Location"].values() if one.id.find(".") < 0 for thing in one.links.get("Things", [])
    }
    for one in every["Location"].values():
        if "." in one.id:
            one.links["Things"] = [thing for thing in one.links["Things"] if thing not in given]
        one.links["Things"] = [thing for thing in one.links.get("Things", []) if thing in every["Thing"]]
        for thing in one.links["Things"]:
            every["Thing"][thing].links.setdefault("Locations", []).append(one.id)
    for one in every["Datastream"].values():
        every["Thing"][one.links["Thing"][0]].links.setdefault("Datastreams", []).append(one.id)
        for kind in ("Sensor", "ObservedProperty"):
            every[kind][one.links[kind][0]].links.setdefault("Datastreams", []).append(one.id)
