"""The register as SensorThings entities: one view in memory, made anew when the register changes.

Facilities are Things, their places Locations, series Datastreams; sensors, observed properties and features follow from
them. What clients added stands in `sta_entity` and is laid over.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import definitions
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Level, Resource
from jasyl.quantities import UNITS, Unit
from jasyl.registry import Series, every_series, latest_assertion
from jasyl.registry.tables import assertion, facility
from jasyl.texts import has, say

from .model import GEOJSON, MEASUREMENT
from .tables import sta_entity
from .view import Entity, Stream, View, written


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
    for identity, course in _courses(view, connection).items():
        thing, known = view.entities["Thing"][identity], [(at, point) for at, point in course if point]
        for place, (at, point) in enumerate(known, 1):
            own = f"{identity}.{place}"
            present = place == len(known) and course[-1][1] is not None
            values = {
                "name": thing.values["name"],
                "description": f"Place of {thing.values['name']}.",
                "encodingType": GEOJSON,
                "location": point,
                "properties": {},
            }
            links = {"Things": [identity] if present else [], "HistoricalLocations": [own]}
            view.add(Entity("Location", own, values, links))
            then = {"Thing": [identity], "Locations": [own]}
            view.add(Entity("HistoricalLocation", own, {"time": written(at)}, then))


def _courses(view: View, connection: sa.Connection) -> Mapping[str, list[tuple[int, dict[str, Any] | None]]]:
    """By Thing, when (µs UTC) the register came to know which place, None where it knows none any more."""
    asked = sa.select(assertion.c.entity_id, assertion.c.field, assertion.c.value, assertion.c.recorded_at)
    asked = asked.where(assertion.c.field.in_(("lon", "lat"))).order_by(assertion.c.entity_id, assertion.c.seq)
    held: dict[str, dict[str, Any]] = defaultdict(dict)
    courses: dict[str, list[tuple[int, dict[str, Any] | None]]] = defaultdict(list)
    for identity, name, value, at in connection.execute(asked):
        if identity not in view.entities["Thing"]:
            continue
        now = held[identity]
        now[name] = None if value is None else float(json.loads(value))
        if courses[identity] and courses[identity][-1][0] == at:
            courses[identity].pop()
        courses[identity].append((at, _point(now.get("lon"), now.get("lat"))))
    return courses


def _plain(value: Any) -> Any:
    return float(value) if type(value).__name__ == "Decimal" else value


def _datastreams(view: View, connection: sa.Connection, said: Mapping[Any, Any], gone: set[tuple[str, str]]) -> None:
    every = [one for one in every_series(connection) if one.facility_id in view.entities["Thing"]]
    defined = definitions(connection, every)
    for one in every:
        if ("Datastream", one.id) not in gone:
            _datastream(view, one, defined[one.number], said.get(("Datastream", one.id), {}))


def _datastream(view: View, series: Series, definition: SeriesDefinition, own: Mapping[str, Any]) -> None:
    """A series as the register tells it; what a client said of it (``own``) stands before."""
    values, links = own.get("values", {}), own.get("links", {})
    thing = view.entities["Thing"][series.facility_id]
    unit = UNITS.get(values.get("ucum", ""), definition.unit)
    named = f"quantity-{series.quantity.replace('_', '-')}"
    name = say("en", named) if has("en", named) else series.quantity.replace("_", " ")
    shown = {
        "name": values.get("name", f"{thing.values['name']}: {name}"),
        "description": values.get("description", f"{name}, {series.kind} of {series.interval_seconds} s"),
        "observationType": MEASUREMENT,
        "unitOfMeasurement": values.get("unitOfMeasurement") or _unit(unit),
        "observedArea": None,
        "phenomenonTime": None,
        "resultTime": None,
        "properties": {**(values.get("properties") or {}), **_facts(series)},
    }
    resource = Resource(cast("Level", series.level), thing.resource.enterprise_id, thing.resource.region, series.id)
    sensor = _derived(view, "Sensor", links.get("Sensor"), f"meter.{series.key}", _meter(series))
    property_ = {
        "name": name,
        "description": name,
        "definition": f"urn:jasyl:quantity:{series.quantity}",
        "properties": {},
    }
    observed = _derived(view, "ObservedProperty", links.get("ObservedProperty"), series.quantity, property_)
    feature = (links.get("FeatureOfInterest") or [series.facility_id])[0]
    leads = {"Thing": [series.facility_id], "Sensor": [sensor], "ObservedProperty": [observed]}
    entity = view.add(Entity("Datastream", series.id, shown, leads, resource))
    factor = 1 / (Fraction(10**definition.scale) * Fraction(unit.factor))
    view.streams[series.number] = Stream(entity, definition, unit, factor, feature)
    view.numbers[series.id] = series.number


def _facts(series: Series) -> dict[str, Any]:
    return {
        "key": series.key,
        "number": series.number,
        "kind": series.kind,
        "interval_seconds": series.interval_seconds,
        "zone": series.zone,
        "scale": series.scale,
        "demanded_trust": series.trust,
    }


def _meter(series: Series) -> dict[str, Any]:
    return {
        "name": f"Meter of {series.key}",
        "description": "Meter",
        "encodingType": "application/json",
        "metadata": {"demanded_trust": series.trust},
        "properties": {},
    }


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
