"""Answers to GET: the service's root, sets, entities, properties, links."""

from typing import Any

import msgspec

from .collection import Page, Reader, entities, observations, streams_of
from .conformance import CONFORMANCE
from .fault import invalid, missing
from .model import SETS, TYPES
from .observation_filter import read_identity, write_identity
from .query_options import Options, read_options
from .representation import (
    Observed,
    data_array,
    expanded_of_observation,
    headed,
    next_link,
    observation_objects,
    observation_values,
    observed,
    received,
    shown,
)
from .resource_path import Resource, Step, link_of, read_path
from .view import Entity

Found = Entity | Observed


def root(base: str) -> bytes:
    """The sets of the service, and what it conforms to."""
    sets = [{"name": name, "url": f"{base}/{name}"} for name in SETS]
    settings: dict[str, Any] = {
        "conformance": list(CONFORMANCE),
        "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/create-entity": {"endpoints": [base]},
    }
    return msgspec.json.encode({"value": sets, "serverSettings": settings})


def answer(reader: Reader, path: str, query: bytes) -> tuple[bytes, str]:
    """The body of an answer and its media type. Raises Fault."""
    resource = read_path(path)
    if resource.property:
        found = one(reader, resource.steps)
        return _property(reader, found, resource)
    options = read_options(query, resource.kind)
    if not resource.many:
        found = one(reader, resource.steps)
        if resource.ending == "$ref":
            return _json({"@iot.selfLink": _self_link(reader, found)})
        return _json(_entity(reader, found, options))
    return _json(_set(reader, resource, options, path))


_JSON = "application/json; charset=utf-8"


def _json(body: Any) -> tuple[bytes, str]:
    return msgspec.json.encode(body), _JSON


def _set(reader: Reader, resource: Resource, options: Options, path: str) -> dict[str, Any]:
    *before, last = resource.steps
    parent = one(reader, tuple(before)) if before else None
    if resource.kind.name == "Observation":
        if parent is not None and not isinstance(parent, Entity):
            raise missing(path)
        page = observations(reader, streams_of(reader, parent, last.name), options)
        assert page.readings is not None
        if resource.ending == "$ref":
            body: list[Any] = [{"@iot.selfLink": _self_link(reader, each)} for each in observed(reader, page.readings)]
        elif options.data_array:
            body = data_array(reader, page, options)
        else:
            body = list(observation_objects(reader, page.readings, options))
    else:
        if isinstance(parent, Entity):
            every = reader.view.linked(parent, last.name, reader.actor)
        else:
            every = list(reader.view.all(resource.kind.name, reader.actor))
        page = entities(reader, resource.kind.name, every, options)
        if resource.ending == "$ref":
            body = [{"@iot.selfLink": _self_link(reader, each)} for each in page.entities]
        else:
            body = [shown(reader, each, options) for each in page.entities]
    return _headed(reader, path, options, page) | {"value": body}


def _headed(reader: Reader, path: str, options: Options, page: Page) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if page.count is not None:
        made["@iot.count"] = page.count
    if page.after is not None:
        made["@iot.nextLink"] = next_link(f"{reader.base}/{path.strip('/')}", options, page.after)
    return made


def one(reader: Reader, steps: tuple[Step, ...]) -> Found:
    """The entity that a path leads to. Raises Fault 404 where there is none, or none the reader may see."""
    first, *rest = steps
    kind = SETS[first.name]
    found: Found | None = _by_identity(reader, kind.name, first.identity or "")
    for step in rest:
        if found is None:
            break
        found = _follow(reader, found, step)
    if found is None:
        raise missing("/".join(f"{step.name}({step.identity or ''})" for step in steps))
    return found


def _by_identity(reader: Reader, kind: str, identity: str) -> Found | None:
    if kind != "Observation":
        return reader.view.get(kind, identity, reader.actor)
    key = read_identity(identity)
    stream = reader.view.streams.get(key[0]) if key else None
    if key is None or stream is None or not reader.view.sees(reader.actor, stream.entity):
        return None
    page = observations(reader, {key[0]: stream}, Options(top=1), (key[1], key[1] + 1))
    assert page.readings is not None
    return next(observed(reader, page.readings), None)


def _follow(reader: Reader, found: Found, step: Step) -> Found | None:
    if isinstance(found, Observed):
        if step.name == "Datastream":
            return found.stream.entity
        return reader.view.get("FeatureOfInterest", found.stream.feature, reader.actor)
    target, _ = TYPES[found.kind].links[step.name]
    if target == "Observation":
        reading = _by_identity(reader, target, step.identity or "")
        mine = streams_of(reader, found, step.name)
        return reading if isinstance(reading, Observed) and reading.stream.definition.number in mine else None
    linked = reader.view.linked(found, step.name, reader.actor)
    if step.identity is None:
        return linked[0] if linked else None
    return next((each for each in linked if each.id == step.identity), None)


def _entity(reader: Reader, found: Found, options: Options) -> dict[str, Any]:
    if isinstance(found, Entity):
        return shown(reader, found, options)
    identity = write_identity(found.stream.definition.number, found.start)
    values = observation_values(found, received(reader, [found.source]))
    made = headed(reader, TYPES["Observation"], identity, values, options)
    for expansion in options.expand:
        made |= expanded_of_observation(reader, found, expansion)
    return made


def _self_link(reader: Reader, found: Found) -> str:
    if isinstance(found, Entity):
        return f"{reader.base}/{link_of(TYPES[found.kind].set, found.id)}"
    return f"{reader.base}/{link_of('Observations', write_identity(found.stream.definition.number, found.start))}"


def _property(reader: Reader, found: Found, resource: Resource) -> tuple[bytes, str]:
    name, *inner = resource.property
    if isinstance(found, Entity):
        value = found.id if name in {"id", "@iot.id"} else found.values.get(name)
    else:
        identity = write_identity(found.stream.definition.number, found.start)
        value = (
            observation_values(found, received(reader, [found.source])) | {"id": identity, "@iot.id": identity}
        ).get(name)
    for part in inner:
        if not isinstance(value, dict) or part not in value:
            raise missing("/".join(resource.property))
        value = value[part]  # pyright: ignore[reportUnknownVariableType]
    if resource.ending != "$value":
        return _json({resource.property[-1]: value})
    if value is None:
        return b"", "text/plain; charset=utf-8"
    if isinstance(value, dict | list):
        return msgspec.json.encode(value), _JSON
    if isinstance(value, str):
        return value.encode(), "text/plain; charset=utf-8"
    return msgspec.json.encode(value), "text/plain; charset=utf-8"


__all__ = ["answer", "invalid", "one", "root"]
