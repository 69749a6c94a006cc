"""Creating entities: Things become facilities, Datastreams series, Observations readings; whole or not at all.

What the register needs and the standard does not know is read from ``properties``: of a Thing ``technology`` (a code
of the taxonomy), ``enterprise``, ``level``; of a Datastream ``kind``, ``interval_seconds``, ``scale``, ``quantity``
and ``zone``.
"""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl.monitoring.definitions import definition_of
from jasyl.monitoring.delivery import Outcome, Source
from jasyl.monitoring.readings import append_within
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import LEVELS, Actor, Resource, may
from jasyl.quantities import Unit, base_unit, now_us
from jasyl.registry import (
    Provenance,
    Statement,
    add_series,
    enterprise_id_of,
    record,
    resolve_technology,
    series_by_key,
)
from jasyl.registry.keys import slug
from jasyl.registry.tables import facility
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .entity_store import held, keep
from .entity_values import check_values, unit_of, whole_number
from .fault import Fault, invalid, missing
from .model import MEASUREMENT, TYPES
from .observation_filter import write_identity
from .reading_values import Given, batch_of, given
from .view import View, written

# A meter of which nothing is known is nearest to this; such a facility is unconfirmed and stays out of totals.
TECHNOLOGY = "EN.SMG"
MOST_DEEP = 6


@dataclass
class Creator:
    """One transaction of creating; ``made`` are ids of entities that the view does not know yet."""

    connection: sa.Connection
    folder: DataFolder
    view: View
    actor: Actor
    now: int = field(default_factory=now_us)
    made: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    streams: dict[str, tuple[SeriesDefinition, Unit]] = field(default_factory=dict[str, tuple[SeriesDefinition, Unit]])

    def create(self, kind: str, document: Any, around: dict[str, list[str]] | None = None, depth: int = 0) -> str:
        """Make an entity with everything inside it, and give its id. Raises Fault."""
        if depth > MOST_DEEP or not isinstance(document, dict):
            raise invalid("sta-body", reason=f"{kind}: {type(document).__name__}, depth {depth}")
        body: dict[str, Any] = {str(name): value for name, value in document.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        type_ = TYPES[kind]
        check_values(kind, body, whole=True)
        links = {name: list(ids) for name, ids in (around or {}).items()}
        for name, (target, many) in type_.links.items():
            if name in body and (
                not many or (kind in {"Thing", "HistoricalLocation", "Location"} and target in {"Location", "Thing"})
            ):
                links[name] = self.linked(target, body[name], depth, many=many)
        demanded = (name for name, (_, many) in type_.links.items() if not many and name != "FeatureOfInterest")
        lacking = [name for name in demanded if not links.get(name)]
        if lacking:
            raise invalid("sta-mandatory", kind=kind, received=", ".join(lacking), expected=", ".join(lacking))
        values = {name: body[name] for name in type_.properties if body.get(name) is not None}
        identity = getattr(self, f"_{kind.lower()}")(values, links)
        self.made.add((kind, identity))
        inside = "Observations" if kind == "Datastream" else "Datastreams"
        if inside in type_.links and inside in body:
            target = type_.links[inside][0]
            its = next(name for name, (of, _) in TYPES[target].links.items() if of == kind)
            for each in _several(body[inside]):
                self.create(target, each, {its: [identity]}, depth + 1)
        return identity

    def linked(self, target: str, given_: Any, depth: int, *, many: bool) -> list[str]:
        """Ids of what a link in a document names or holds, made where it is not there yet."""
        found: list[str] = []
        for each in _several(given_) if many else [given_]:
            if isinstance(each, dict) and set(each) & {"@iot.id", "id"}:  # pyright: ignore[reportUnknownArgumentType]
                identity = str(each.get("@iot.id", each.get("id")))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
                self.known(target, identity)
                found.append(identity)
            else:
                found.append(self.create(target, each, depth=depth + 1))
        return found

    def known(self, kind: str, identity: str) -> None:
        """Raises Fault 404 unless the entity is there for this actor."""
        if (kind, identity) not in self.made and self.view.get(kind, identity, self.actor) is None:
            raise missing(f"{TYPES[kind].set}('{identity}')")

    def _allowed(self) -> None:
        if not may(self.actor, "write_registry", Resource(enterprise_id=self.actor.enterprise_id)):
            raise Refusal("not-allowed")

    def _thing(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        told = values.get("properties") or {}
        owner = self.actor.enterprise_id
        if told.get("enterprise") is not None:
            owner = enterprise_id_of(self.connection, str(told["enterprise"]))
        level = str(told.get("level", "public"))
        if level not in LEVELS:
            raise invalid("sta-value", field="properties/level", received=level[:40], expected=", ".join(LEVELS))
        if not may(self.actor, "write_registry", Resource("public", owner)):
            raise Refusal("not-allowed")
        technology = resolve_technology(str(told["technology"])).code if "technology" in told else TECHNOLOGY
        key = f"{slug(values['name'])[:40]}-{str(ULID()).lower()[-10:]}"
        fields = {
            "name_en": values["name"],
            "description": values["description"],
            "technology": technology,
            "status": "operating",
            "status_certain": False,
            "confirmed": False,
            "place_precision": "none",
            "enterprise_id": owner,
        }
        said = Provenance("SensorThings client", self.actor.id, "low", level=level)
        record(self.connection, "facility", [Statement(key, fields, said)], at=self.now)
        identity = self.connection.execute(sa.select(facility.c.id).where(facility.c.key == key)).scalar_one()
        extra = {"name": values["name"], "description": values["description"], "properties": told}
        keep(self.connection, "Thing", identity, extra, {}, self.actor)
        if links.get("Locations"):
            self.move(identity, links["Locations"])
        return identity

    def move(self, thing: str, locations: list[str]) -> None:
        """Give a Thing another place: the Locations, a HistoricalLocation, and the point in the register."""
        for identity in {
            one.id for one in self.view.entities["Location"].values() if thing in one.links.get("Things", [])
        }:
            if "." not in identity and identity not in locations:
                before = held(self.connection, "Location", identity)
                things = [one for one in before["links"].get("Things", []) if one != thing]
                keep(self.connection, "Location", identity, before["values"], {"Things": things}, self.actor)
        for identity in locations:
            if "." in identity:
                continue
            now = held(self.connection, "Location", identity)
            things = sorted({*now["links"].get("Things", []), thing})
            keep(self.connection, "Location", identity, now["values"], {"Things": things}, self.actor)
            self._place(thing, now["values"])
        past = {"Thing": [thing], "Locations": locations}
        keep(self.connection, "HistoricalLocation", None, {"time": written(self.now)}, past, self.actor)

    def _place(self, thing: str, values: dict[str, Any]) -> None:
        point = values.get("location")
        if isinstance(point, dict) and point.get("type") == "Feature":  # pyright: ignore[reportUnknownMemberType]
            point = point.get("geometry")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(point, dict) or point.get("type") != "Point":  # pyright: ignore[reportUnknownMemberType]
            return
        lon, lat, *_ = (float(each) for each in point["coordinates"])  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        key = self.connection.execute(sa.select(facility.c.key, facility.c.level).where(facility.c.id == thing)).one()
        said = Provenance("SensorThings client", self.actor.id, "low", level=key.level)
        fields = {"lon": lon, "lat": lat, "place_precision": "site"}
        record(self.connection, "facility", [Statement(key.key, fields, said)], at=self.now)

    def _location(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        self._allowed()
        identity = keep(self.connection, "Location", None, values, {"Things": []}, self.actor)
        for thing in links.get("Things", []):
            self.owned("Thing", thing)
            self.move(thing, [identity])
        return identity

    def _historicallocation(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        self.owned("Thing", links["Thing"][0])
        return keep(self.connection, "HistoricalLocation", None, values, links, self.actor)

    def _sensor(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        self._allowed()
        return keep(self.connection, "Sensor", None, values, {}, self.actor)

    def _observedproperty(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        self._allowed()
        return keep(self.connection, "ObservedProperty", None, values, {}, self.actor)

    def _featureofinterest(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        self._allowed()
        return keep(self.connection, "FeatureOfInterest", None, values, {}, self.actor)

    def owned(self, kind: str, identity: str) -> None:
        """Raises Fault 404 or Refusal ``not-allowed`` unless the actor may write this Thing."""
        self.known(kind, identity)
        row = self.connection.execute(
            sa.select(facility.c.enterprise_id, facility.c.region).where(facility.c.id == identity)
        ).one()
        if not may(self.actor, "write_registry", Resource("public", row.enterprise_id, row.region)):
            raise Refusal("not-allowed")

    def _datastream(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        thing = links["Thing"][0]
        self.owned("Thing", thing)
        if values["observationType"] != MEASUREMENT:
            raise invalid("sta-observation-type", received=str(values["observationType"])[:100], expected=MEASUREMENT)
        measured = unit_of(values["unitOfMeasurement"])
        told = values.get("properties") or {}
        place = self.connection.execute(sa.select(facility.c.level).where(facility.c.id == thing)).scalar_one()
        made = add_series(
            self.connection,
            f"{slug(values['name'])[:40]}-{str(ULID()).lower()[-10:]}",
            Provenance("SensorThings client", self.actor.id, "low", level=place),
            facility_id=thing,
            quantity=slug(str(told.get("quantity") or self._observed_name(links["ObservedProperty"][0])))[:40],
            unit=base_unit(measured.dimension).ucum,
            interval_seconds=whole_number(told, "interval_seconds", 1, 86_400, 1),
            kind=str(told.get("kind", "mean")),
            scale=whole_number(told, "scale", 0, 9, 6),
            zone=str(told.get("zone", "Asia/Almaty"))[:40],
            at=self.now,
        )
        definition = definition_of(made)
        if definition.kind not in {"mean", "amount", "counter"}:
            raise invalid(
                "sta-value", field="properties/kind", received=made.kind[:40], expected="mean, amount, counter"
            )
        extra = {
            name: values[name] for name in ("name", "description", "unitOfMeasurement", "properties") if name in values
        }
        own = {name: links[name] for name in ("Sensor", "ObservedProperty")}
        keep(self.connection, "Datastream", made.id, extra | {"ucum": measured.ucum}, own, self.actor)
        self.streams[made.id] = definition, measured
        return made.id

    def _observed_name(self, identity: str) -> str:
        known = self.view.entities["ObservedProperty"].get(identity)
        values = known.values if known else held(self.connection, "ObservedProperty", identity)["values"]
        return str(values.get("name", identity))

    def stream(self, identity: str) -> tuple[SeriesDefinition, Unit]:
        """Definition and shown unit of a Datastream that the actor may write into. Raises Fault 404, Refusal."""
        if identity in self.streams:
            return self.streams[identity]
        known = self.view.get("Datastream", identity, self.actor)
        if known is None:
            raise missing(f"Datastreams('{identity}')")
        if not may(self.actor, "write_readings", known.resource):
            raise Refusal("not-allowed")
        stream = self.view.streams[self.view.numbers[identity]]
        return stream.definition, stream.unit

    def feature(self, datastream: str, links: dict[str, list[str]]) -> None:
        """The first feature that Observations name is that of the Datastream. Raises Fault for another one later."""
        wanted = links.get("FeatureOfInterest")
        if not wanted:
            return
        now = held(self.connection, "Datastream", datastream)
        series = series_by_key(self.connection, datastream)
        before = now["links"].get("FeatureOfInterest") or [series.facility_id]
        if wanted == before:
            return
        if now["links"].get("FeatureOfInterest"):
            raise Fault(409, "sta-feature", received=wanted[0][:80])
        keep(
            self.connection,
            "Datastream",
            datastream,
            now["values"],
            now["links"] | {"FeatureOfInterest": wanted},
            self.actor,
        )

    def _observation(self, values: dict[str, Any], links: dict[str, list[str]]) -> str:
        datastream = links["Datastream"][0]
        definition, shown = self.stream(datastream)
        self.feature(datastream, links)
        reading: Given = given(values, definition, shown, self.now)
        batch = batch_of([reading], [definition], Source("sensorthings", self.actor.name, self.actor.id))
        receipt = append_within(self.connection, self.folder, {definition.number: definition}, batch, self.now)
        if receipt.outcome[0] == Outcome.REFUSED:
            raise receipt.refused[0].reason
        return write_identity(definition.number, reading.start)


def _several(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise invalid("sta-body", reason=f"{type(found).__name__}, not a list")
    return found  # pyright: ignore[reportUnknownVariableType]
