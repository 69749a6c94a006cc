"""SensorThings entities in memory, by type and id, and who may see which. Observations stay in the segments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Actor, Resource, may
from jasyl.quantities import Unit, instant

from .model import TYPES


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


def written(moment: int) -> str:
    """µs UTC as ISO 8601."""
    return instant(moment).isoformat().replace("+00:00", "Z")
