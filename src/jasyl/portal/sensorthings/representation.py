"""Entities as JSON: properties, links, what was expanded; Observations as objects or as a data array."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from jasyl.monitoring import tables as monitoring_tables
from jasyl.monitoring.segments import Readings

from .collection import Page, Reader, entities, observations, streams_of
from .model import TYPES, EntityType
from .observation_filter import write_identity
from .query_options import Expansion, Options, write_token
from .resource_path import link_of
from .view import Entity, Stream, written


@dataclass(frozen=True)
class Observed:
    """A reading with its stream."""

    stream: Stream
    start: int
    value: int
    revision: int
    source: int


def observed(reader: Reader, readings: Readings) -> Iterator[Observed]:
    """The rows of a page with their streams."""
    columns = (getattr(readings, name).tolist() for name in ("series", "start", "value", "revision", "source"))
    for number, *rest in zip(*columns, strict=True):
        yield Observed(reader.view.streams[number], *rest)


def result(stream: Stream, value: int) -> int | float:
    """A stored integer in the unit of the Datastream."""
    found: Fraction = value * stream.factor
    return int(found) if found.denominator == 1 else float(found)


def shown(reader: Reader, entity: Entity, options: Options) -> dict[str, Any]:
    """An entity as the options ask for it."""
    kind = TYPES[entity.kind]
    values = {name: entity.values[name] for name in kind.properties if entity.values.get(name) is not None}
    made = headed(reader, kind, entity.id, values, options)
    for expansion in options.expand:
        made |= _expanded(reader, entity, expansion)
    return made


def headed(reader: Reader, kind: EntityType, identity: str, values: dict[str, Any], options: Options) -> dict[str, Any]:
    chosen = options.select
    own = f"{reader.base}/{link_of(kind.set, identity)}"
    made: dict[str, Any] = {}
    if chosen is None or {"id", "@iot.id"} & set(chosen):
        made["@iot.id"] = identity
    if chosen is None:
        made["@iot.selfLink"] = own
    expanded = {each.link for each in options.expand}
    for link in kind.links:
        if (chosen is None or link in chosen) and link not in expanded:
            made[f"{link}@iot.navigationLink"] = f"{own}/{link}"
    made |= {name: value for name, value in values.items() if chosen is None or name in chosen}
    return made


def _expanded(reader: Reader, entity: Entity, expansion: Expansion) -> dict[str, Any]:
    kind = TYPES[entity.kind]
    target, many = kind.links[expansion.link]
    own = f"{reader.base}/{link_of(kind.set, entity.id)}/{expansion.link}"
    if target == "Observation":
        page = observations(reader, streams_of(reader, entity, expansion.link), expansion.options)
        assert page.readings is not None
        body: Any = list(observation_objects(reader, page.readings, expansion.options))
    else:
        found = reader.view.linked(entity, expansion.link, reader.actor)
        if not many:
            return {expansion.link: shown(reader, found[0], expansion.options)} if found else {}
        page = entities(reader, target, found, expansion.options)
        body = [shown(reader, one, expansion.options) for one in page.entities]
    made: dict[str, Any] = {expansion.link: body}
    if page.count is not None:
        made[f"{expansion.link}@iot.count"] = page.count
    if page.after is not None:
        made[f"{expansion.link}@iot.nextLink"] = next_link(own, expansion.options, page.after)
    return made


def next_link(address: str, options: Options, after: list[Any]) -> str:
    """The address of the next page: the same options, behind the last key."""
    kept = {name: text for name, text in options.raw.items() if name not in {"$skip", "$skiptoken"}}
    kept["$skiptoken"] = write_token(after)
    return address + "?" + "&".join(f"{quote(name, safe='$')}={quote(text, safe='')}" for name, text in kept.items())


def observation_objects(reader: Reader, readings: Readings, options: Options) -> Iterator[dict[str, Any]]:
    """Readings as Observations."""
    received = _received(reader, readings, options)
    kind = TYPES["Observation"]
    for one in observed(reader, readings):
        identity = write_identity(one.stream.definition.number, one.start)
        made = headed(reader, kind, identity, observation_values(one, received), options)
        for expansion in options.expand:
            made |= expanded_of_observation(reader, one, expansion)
        yield made


def observation_values(one: Observed, received: dict[int, int]) -> dict[str, Any]:
    """Properties of an Observation; its result time is when the reading was received."""
    at = received.get(one.source)
    return {
        "phenomenonTime": span_of(one),
        "resultTime": written(at) if at is not None else None,
        "result": result(one.stream, one.value),
        "parameters": revision_of(one),
    }


def revision_of(one: Observed) -> dict[str, int]:
    """Which correction of its interval a reading is, and with which delivery it came."""
    return {"revision": one.revision, "delivery": one.source}


def span_of(one: Observed) -> str:
    """The interval of a reading; a register is read at one moment."""
    begin = written(one.start)
    if one.stream.definition.kind == "counter":
        return begin
    return f"{begin}/{written(one.start + one.stream.definition.interval)}"


def expanded_of_observation(reader: Reader, one: Observed, expansion: Expansion) -> dict[str, Any]:
    """The Datastream or the FeatureOfInterest of an Observation."""
    if expansion.link == "Datastream":
        return {expansion.link: shown(reader, one.stream.entity, expansion.options)}
    feature = reader.view.get("FeatureOfInterest", one.stream.feature, reader.actor)
    return {expansion.link: shown(reader, feature, expansion.options)} if feature else {}


def _received(reader: Reader, readings: Readings, options: Options) -> dict[int, int]:
    if options.select is not None and "resultTime" not in options.select:
        return {}
    return received(reader, set(readings.source.tolist()))


def received(reader: Reader, sources: Iterable[int]) -> dict[int, int]:
    """When deliveries came, µs UTC."""
    held = monitoring_tables.reading_source
    question = sa.select(held.c.number, held.c.received_at).where(held.c.number.in_(list(sources)))
    return {row.number: row.received_at for row in reader.connection.execute(question)}


_COMPONENTS = ("id", "phenomenonTime", "resultTime", "result", "parameters")


def data_array(reader: Reader, page: Page, options: Options) -> list[dict[str, Any]]:
    """Readings as rows of components, apart by Datastream."""
    assert page.readings is not None
    names = {"@iot.id": "id"}
    chosen = list(_COMPONENTS) if options.select is None else [names.get(name, name) for name in options.select]
    arrived = _received(reader, page.readings, options)
    parts: dict[int, dict[str, Any]] = {}
    for one in observed(reader, page.readings):
        number = one.stream.definition.number
        part = parts.setdefault(
            number,
            {
                "Datastream@iot.navigationLink": f"{reader.base}/{link_of('Datastreams', one.stream.entity.id)}",
                "components": chosen,
                "dataArray@iot.count": 0,
                "dataArray": [],
            },
        )
        values = observation_values(one, arrived) | {"id": write_identity(number, one.start)}
        part["dataArray"].append([values.get(name) for name in chosen])
        part["dataArray@iot.count"] += 1
    return list(parts.values())
