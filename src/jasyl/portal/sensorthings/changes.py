"""Changing and deleting. A reading is never removed: another result is a new revision of its interval, and what has
readings stays. What clients added themselves they may take back."""

from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring.delivery import Outcome, Source
from jasyl.monitoring.readings import append_within
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Resource, may
from jasyl.registry import Provenance, Statement, record
from jasyl.registry.tables import facility
from jasyl.texts import Refusal

from .collection import Reader, observations
from .creation import Creator
from .entity_store import held, keep, withdraw
from .entity_values import check_values, unit_of
from .fault import Fault, invalid
from .model import TYPES
from .query_options import Options
from .reading_values import Given, batch_of, start, stored
from .representation import Observed, result, revision_of
from .view import Entity

_OWN = {"Sensor", "ObservedProperty", "FeatureOfInterest", "Location", "HistoricalLocation"}


def change(creator: Creator, reader: Reader, found: Entity | Observed, body: Any, *, patch: bool) -> None:
    """Apply a merge (or RFC 6902 operations, ``patch``) to an entity. Raises Fault and Refusal."""
    if isinstance(found, Observed):
        now = {"result": result(found.stream, found.value)}
        _correct(creator, found, _patched(now, body) if patch else _object(body))
        return
    before = {name: value for name, value in found.values.items() if value is not None}
    after = (
        _patched(before, body)
        if patch
        else before | {k: v for k, v in _object(body).items() if k not in TYPES[found.kind].links}
    )
    changed = {name: after.get(name) for name in TYPES[found.kind].properties if after.get(name) != before.get(name)}
    check_values(found.kind, after, whole=True)
    links = {} if patch else {name: value for name, value in _object(body).items() if name in TYPES[found.kind].links}
    _allowed(creator, found)
    match found.kind:
        case "Thing":
            _change_thing(creator, found, changed, after, links)
        case "Datastream":
            _change_datastream(creator, found, changed, after, links)
        case _:
            known = held(creator.connection, found.kind, found.id)
            keep(creator.connection, found.kind, found.id, known["values"] | after, known["links"], creator.actor)
            if found.kind == "Location" and "location" in changed:
                for thing in found.links.get("Things", []):
                    creator.move(thing, [found.id])


def _allowed(creator: Creator, found: Entity) -> None:
    if found.kind in {"Thing", "Datastream"}:
        allowed = may(creator.actor, "write_registry", found.resource)
    elif found.actor is None:
        # It follows from the register and has no room of its own.
        raise Fault(409, "sta-kept-register-follows", received=f"{found.kind} {found.id}"[:80])
    else:
        allowed = found.actor == creator.actor.id and may(
            creator.actor, "write_registry", Resource(enterprise_id=creator.actor.enterprise_id)
        )
        allowed = allowed or ("agency" in creator.actor.roles and may(creator.actor, "write_registry", Resource()))
    if not allowed:
        raise Refusal("not-allowed")


def _change_thing(
    creator: Creator, found: Entity, changed: dict[str, Any], after: dict[str, Any], links: dict[str, Any]
) -> None:
    row = creator.connection.execute(sa.select(facility.c.key, facility.c.level).where(facility.c.id == found.id)).one()
    fields = {
        column: changed[name]
        for name, column in (("name", "name_en"), ("description", "description"))
        if name in changed
    }
    if fields:
        said = Provenance("SensorThings client", creator.actor.id, "low", level=row.level)
        record(creator.connection, "facility", [Statement(row.key, fields, said)], at=creator.now)
    known = held(creator.connection, "Thing", found.id)
    if changed:
        extra = known["values"] | {
            name: after[name] for name in ("name", "description", "properties") if name in changed
        }
        keep(creator.connection, "Thing", found.id, extra, known["links"], creator.actor)
    if "Locations" in links:
        creator.move(found.id, creator.linked("Location", links["Locations"], 1, many=True))


def _change_datastream(
    creator: Creator, found: Entity, changed: dict[str, Any], after: dict[str, Any], links: dict[str, Any]
) -> None:
    known = held(creator.connection, "Datastream", found.id)
    values = known["values"] | {name: after[name] for name in ("name", "description", "properties") if name in changed}
    if "unitOfMeasurement" in changed:
        definition, _ = creator.stream(found.id)
        asked = unit_of(after["unitOfMeasurement"])
        definition.unit.refuse_other(asked)
        values |= {"unitOfMeasurement": after["unitOfMeasurement"], "ucum": asked.ucum}
    if "observationType" in changed:
        raise invalid("sta-observation-type", received=str(after["observationType"])[:100], expected="OM_Measurement")
    own = dict(known["links"])
    for name in ("Sensor", "ObservedProperty"):
        if name in links:
            own[name] = creator.linked(name, links[name], 1, many=False)
    keep(creator.connection, "Datastream", found.id, values, own, creator.actor)


def _correct(creator: Creator, found: Observed, body: dict[str, Any]) -> None:
    """Another result is a new revision; everything else of an Observation is what it is."""
    definition, shown = creator.stream(found.stream.entity.id)
    wrong = next((name for name, said in body.items() if not _stands(found, name, said, definition, creator.now)), None)
    if wrong is not None:
        raise Fault(409, "sta-observation-place", received=wrong[:60])
    reading = Given(
        found.start,
        stored(body.get("result", result(found.stream, found.value)), definition, shown),
        found.revision + 1,
    )
    if reading.value == found.value:
        return
    batch = batch_of([reading], [definition], Source("sensorthings", creator.actor.name, creator.actor.id))
    receipt = append_within(creator.connection, creator.folder, {definition.number: definition}, batch, creator.now)
    if receipt.outcome[0] == Outcome.REFUSED:
        raise receipt.refused[0].reason


def _stands(found: Observed, name: str, said: Any, definition: SeriesDefinition, now: int) -> bool:
    """Whether a member leaves an Observation where it is: clients send back the whole of what they were given."""
    match name:
        case "phenomenonTime":
            return start(said, definition, now) == found.start
        case "parameters":
            return said == revision_of(found)
        case "Datastream":
            return _identity(said) == found.stream.entity.id
        case "FeatureOfInterest":
            return _identity(said) == found.stream.feature
        case _:
            return name in {"result", "resultTime"} or "@iot." in name or said is None


def _identity(link: Any) -> Any:
    return cast("dict[str, Any]", link).get("@iot.id") if isinstance(link, dict) else None


def delete(creator: Creator, reader: Reader, found: Entity | Observed) -> None:
    """Withdraw what clients made and what has no readings. Raises Fault ``sta-kept-…`` for everything else."""
    if isinstance(found, Observed):
        raise Fault(405, "sta-kept-never", received="Observation")
    _allowed(creator, found)
    if found.actor is None:
        raise Fault(409, "sta-kept-register", received=f"{found.kind} {found.id}"[:80])
    streams = (
        reader.view.linked(found, "Datastreams", creator.actor)
        if found.kind == "Thing"
        else [found]
        if found.kind == "Datastream"
        else []
    )
    for stream in streams:
        number = reader.view.numbers[stream.id]
        page = observations(reader, {number: reader.view.streams[number]}, Options(top=1))
        if page.readings is not None and len(page.readings):
            raise Fault(409, "sta-kept-readings", received=f"{found.kind} {found.id}"[:80])
    if found.kind in {"Sensor", "ObservedProperty"} and found.links.get("Datastreams"):
        raise Fault(409, "sta-kept-used", received=f"{found.kind} {found.id}"[:80])
    if found.kind == "Thing":
        for stream in streams:
            withdraw(creator.connection, "Datastream", stream.id)
    withdraw(creator.connection, found.kind, found.id)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise invalid("sta-body", reason=f"{type(body).__name__}, not an object")
    return cast("dict[str, Any]", body)


def _patched(before: dict[str, Any], operations: Any) -> dict[str, Any]:
    """RFC 6902: add, remove, replace, move, copy, test."""
    import copy  # noqa: PLC0415

    if not isinstance(operations, list) or len(operations) > 200:  # pyright: ignore[reportUnknownArgumentType]
        raise invalid("sta-patch", reason="a list of operations")
    document: Any = copy.deepcopy(before)
    for each in cast("list[Any]", operations):
        try:
            document = _operate(document, each)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise invalid("sta-patch", reason=f"{type(error).__name__} {error}"[:100]) from None
    return _object(document)


def _operate(document: Any, operation: Any) -> Any:
    name, path = operation["op"], _pointer(operation["path"])
    if not path:
        raise ValueError(operation["path"])
    if name in {"move", "copy"}:
        source = _pointer(operation["from"])
        value = _get(document, source)
        if name == "move":
            _remove(document, source)
        _add(document, path, value)
    elif name == "test":
        if _get(document, path) != operation["value"]:
            raise ValueError(operation["path"])
    elif name == "remove":
        _remove(document, path)
    elif name == "replace":
        _get(document, path)
        _remove(document, path)
        _add(document, path, operation["value"])
    elif name == "add":
        _add(document, path, operation["value"])
    else:
        raise ValueError(str(name)[:20])
    return document


def _pointer(path: str) -> list[str]:
    if not path.startswith("/"):
        raise ValueError(path)
    return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]


def _get(document: Any, path: list[str]) -> Any:
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document  # pyright: ignore[reportUnknownVariableType]


def _add(document: Any, path: list[str], value: Any) -> None:
    parent = _get(document, path[:-1])
    if isinstance(parent, list):
        parent.insert(len(parent) if path[-1] == "-" else int(path[-1]), value)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    else:
        parent[path[-1]] = value


def _remove(document: Any, path: list[str]) -> None:
    parent = _get(document, path[:-1])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]
