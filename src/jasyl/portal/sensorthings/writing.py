"""POST, PATCH, PUT, DELETE: one entity, Observations by data array, or a batch of requests."""

from typing import TYPE_CHECKING, Any

import msgspec
from anyio import to_thread

from jasyl.monitoring.delivery import Outcome, Source
from jasyl.people import Actor
from jasyl.quantities import now_us
from jasyl.texts import Refusal

from .answer import answer, one
from .changes import change, delete
from .collection import Reader
from .creation import Creator
from .entity_values import check_values
from .fault import Fault, invalid, missing
from .model import TYPES
from .observation_filter import write_identity
from .reading_values import Given, batch_of, given
from .representation import Observed
from .resource_path import Resource, link_of, read_path
from .view import Entity

if TYPE_CHECKING:
    from .service import Answered, Asked, SensorThings

MOST_REQUESTS, MOST_ROWS = 100, 50_000


async def write(service: "SensorThings", asked: "Asked", actor: Actor) -> "Answered":
    """Do what a request other than GET asks. Raises Fault and Refusal."""
    if asked.path == "/$batch" and asked.method == "POST":
        return await _batch(service, asked)
    if asked.path == "/CreateObservations" and asked.method == "POST":
        return await _create_observations(service, asked, actor)
    resource = read_path(asked.path)
    if resource.ending or resource.property:
        raise Fault(405, "sta-method", received=asked.method, expected="GET")
    if asked.method == "POST" and resource.many:
        body = read_json(asked.body)
        if resource.kind.name == "Observation" and isinstance(body, dict) and _plain(body):
            return await _observe(service, asked, actor, resource, body)
        return await to_thread.run_sync(_create, service, asked, actor, resource, body)
    if asked.method in {"PATCH", "PUT"} and not resource.many:
        return await to_thread.run_sync(_change, service, asked, actor, resource)
    if asked.method == "DELETE" and not resource.many:
        return await to_thread.run_sync(_delete, service, asked, actor, resource)
    raise Fault(
        405,
        "sta-method",
        received=asked.method[:12],
        expected="GET, POST" if resource.many else "GET, PATCH, PUT, DELETE",
    )


def read_json(content: bytes) -> Any:
    """A JSON document. Raises Fault ``sta-body``."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise invalid("sta-body", reason=str(error)[:200]) from None


def _plain(body: dict[str, Any]) -> bool:
    """Whether an Observation names what is there already, so that nothing else has to be made."""
    stream = body.get("Datastream")
    known = stream is None or (isinstance(stream, dict) and bool(set(stream) & {"@iot.id", "id"}))  # pyright: ignore[reportUnknownArgumentType]
    return known and "FeatureOfInterest" not in body


def _parent(reader: Reader, resource: Resource) -> dict[str, list[str]]:
    """The link from what is made back to the entity in whose set it is made."""
    *before, _ = resource.steps
    if not before:
        return {}
    parent = one(reader, tuple(before))
    if not isinstance(parent, Entity):
        raise missing("/".join(step.name for step in resource.steps))
    back = next((name for name, (kind, _) in resource.kind.links.items() if kind == parent.kind), None)
    if back is None:
        raise missing(resource.steps[-1].name)
    return {back: [parent.id]}


def _created(asked: "Asked", kind: str, identity: str, body: bytes = b"") -> "Answered":
    from .service import Answered  # noqa: PLC0415

    return Answered(201, body, location=f"{asked.base}/{link_of(TYPES[kind].set, identity)}")


def _create(service: "SensorThings", asked: "Asked", actor: Actor, resource: Resource, body: Any) -> "Answered":
    house, kind = service.house, resource.kind.name
    with house.database.writing() as connection:
        view = service.views.current(connection)
        reader = Reader(view, actor, connection, house.folder, asked.base)
        around = _parent(reader, resource)
        identity = Creator(connection, house.folder, view, actor).create(kind, body, around)
    return _created(asked, kind, identity, _again(service, asked, actor, kind, identity))


def _again(service: "SensorThings", asked: "Asked", actor: Actor, kind: str, identity: str) -> bytes:
    """The entity as it stands now, where the actor may see it."""
    with service.house.database.reading() as connection:
        reader = Reader(service.views.current(connection), actor, connection, service.house.folder, asked.base)
        try:
            return answer(reader, f"/{link_of(TYPES[kind].set, identity)}", b"")[0]
        except Fault:
            return b""


async def _observe(
    service: "SensorThings", asked: "Asked", actor: Actor, resource: Resource, body: dict[str, Any]
) -> "Answered":
    """An Observation of a Datastream that is there: gathered with those of others into one transaction."""
    definition, reading = await to_thread.run_sync(_prepare, service, asked, actor, resource, body)
    batch = batch_of([reading], [definition], Source("sensorthings", actor.name, actor.id))
    receipt = await service.house.gatherer.stored(batch)
    if receipt.outcome[0] == Outcome.REFUSED:
        raise receipt.refused[0].reason
    identity = write_identity(definition.number, reading.start)
    shown = await to_thread.run_sync(_again, service, asked, actor, "Observation", identity)
    return _created(asked, "Observation", identity, shown)


def _prepare(
    service: "SensorThings", asked: "Asked", actor: Actor, resource: Resource, body: dict[str, Any]
) -> tuple[Any, Given]:
    with service.house.database.reading() as connection:
        view = service.views.current(connection)
        reader = Reader(view, actor, connection, service.house.folder, asked.base)
        stream = body.get("Datastream") or {}
        named = str(stream.get("@iot.id", stream.get("id", "")))
        identity = _parent(reader, resource).get("Datastream", [named])[0]
        if not identity:
            raise invalid("sta-mandatory", kind="Observation", received="Datastream", expected="Datastream, result")
        creator = Creator(connection, service.house.folder, view, actor)
        check_values("Observation", body, whole=True)
        definition, shown = creator.stream(identity)
        return definition, given(body, definition, shown, now_us())


async def _create_observations(service: "SensorThings", asked: "Asked", actor: Actor) -> "Answered":
    """The data array of 18-088 clause 13: for each row the address of its Observation, or ``error`` and why."""
    from .service import Answered  # noqa: PLC0415

    body = read_json(asked.body)
    if not isinstance(body, list):
        raise invalid("sta-body", reason=f"{type(body).__name__}, not a list")
    rows = await to_thread.run_sync(_read_arrays, service, asked, actor, body)
    good = [(place, row) for place, row in enumerate(rows) if not isinstance(row, str)]
    told = [row if isinstance(row, str) else "" for row in rows]
    if good:
        source = Source("sensorthings", actor.name, actor.id)
        batch = batch_of([row[1] for _, row in good], [row[0] for _, row in good], source)
        receipt = await service.house.gatherer.stored(batch)
        reasons = {each.row: each.reason for each in receipt.refused}
        for at, (place, (definition, reading)) in enumerate(good):
            address = link_of("Observations", write_identity(definition.number, reading.start))
            told[place] = f"error: {reasons[at].text(asked.language)}" if at in reasons else f"{asked.base}/{address}"
    return Answered(201, msgspec.json.encode(told))


def _read_arrays(
    service: "SensorThings", asked: "Asked", actor: Actor, body: list[Any]
) -> list[tuple[Any, Given] | str]:
    made: list[tuple[Any, Given] | str] = []
    with service.house.database.reading() as connection:
        creator = Creator(connection, service.house.folder, service.views.current(connection), actor)
        now = now_us()
        for part in body:
            if (
                not isinstance(part, dict)
                or not isinstance(part.get("dataArray"), list)
                or not isinstance(part.get("components"), list)
            ):  # pyright: ignore[reportUnknownMemberType]
                raise invalid("sta-body", reason="Datastream, components, dataArray")
            components = [str(name) for name in part["components"]]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            stream: Any = part.get("Datastream") or {}  # pyright: ignore[reportUnknownMemberType]
            identity = str(stream.get("@iot.id", "")) if isinstance(stream, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            array: list[Any] = part["dataArray"]  # pyright: ignore[reportUnknownVariableType]
            if len(made) + len(array) > MOST_ROWS:
                raise Fault(413, "push-too-many", received=len(made) + len(array), expected=MOST_ROWS)
            try:
                definition, shown = creator.stream(identity)
            except (Fault, Refusal) as error:
                refusal = error.refusal if isinstance(error, Fault) else error
                made += [f"error: {refusal.text(asked.language)}"] * len(array)
                continue
            for row in array:
                try:
                    if not isinstance(row, list) or len(row) != len(components):  # pyright: ignore[reportUnknownArgumentType]
                        raise invalid("sta-body", reason=f"{len(components)} components")
                    values = dict(zip(components, row, strict=True))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                    if "result" not in values:
                        raise invalid("sta-mandatory", kind="Observation", received="result", expected="result")
                    made.append((definition, given(values, definition, shown, now)))
                except Fault as fault:
                    made.append(f"error: {fault.refusal.text(asked.language)}")
    return made


def _change(service: "SensorThings", asked: "Asked", actor: Actor, resource: Resource) -> "Answered":
    from .service import Answered  # noqa: PLC0415

    body = read_json(asked.body)
    house = service.house
    with house.database.writing() as connection:
        view = service.views.current(connection)
        reader = Reader(view, actor, connection, house.folder, asked.base)
        found = one(reader, resource.steps)
        change(Creator(connection, house.folder, view, actor), reader, found, body, patch="json-patch" in asked.media)
        identity = (
            write_identity(found.stream.definition.number, found.start) if isinstance(found, Observed) else found.id
        )
    return Answered(200, _again(service, asked, actor, resource.kind.name, identity))


def _delete(service: "SensorThings", asked: "Asked", actor: Actor, resource: Resource) -> "Answered":
    from .service import Answered  # noqa: PLC0415

    house = service.house
    with house.database.writing() as connection:
        view = service.views.current(connection)
        reader = Reader(view, actor, connection, house.folder, asked.base)
        delete(Creator(connection, house.folder, view, actor), reader, one(reader, resource.steps))
    return Answered(200)


async def _batch(service: "SensorThings", asked: "Asked") -> "Answered":
    """The JSON batch of 18-088 clause 11: requests one after another, each with an answer of its own."""
    from .service import PREFIX, Answered, Asked  # noqa: PLC0415

    body = read_json(asked.body)
    requests: Any = body.get("requests") if isinstance(body, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(requests, list) or len(requests) > MOST_REQUESTS:  # pyright: ignore[reportUnknownArgumentType]
        raise invalid("sta-batch", reason="requests", expected=MOST_REQUESTS)
    responses: list[dict[str, Any]] = []
    made: dict[str, str] = {}
    for each in requests:  # pyright: ignore[reportUnknownVariableType]
        if (
            not isinstance(each, dict)
            or not isinstance(each.get("url"), str)
            or not isinstance(each.get("method"), str)
        ):  # pyright: ignore[reportUnknownMemberType]
            raise invalid("sta-batch", reason="id, method, url", expected=MOST_REQUESTS)
        request: dict[str, Any] = each
        url, _, query = request["url"].partition("?")
        path = "/" + url.removeprefix(asked.base).removeprefix(PREFIX).lstrip("/")
        content = msgspec.json.encode(request.get("body"))
        for name, identity in made.items():
            # "$1" in a later request is the entity that request 1 made.
            content = content.replace(f'"${name}"'.encode(), msgspec.json.encode(identity))
            for written in (f"('${name}')", f"(${name})"):
                path = path.replace(written, f"('{identity}')")
        if path.startswith("/$batch"):
            raise invalid("sta-batch", reason="$batch", expected=MOST_REQUESTS)
        media = (
            "application/json-patch+json"
            if isinstance(request.get("body"), list) and request["method"].upper() == "PATCH"
            else "application/json"
        )
        inner = Asked(
            request["method"].upper(),
            path,
            query.encode(),
            content,
            media,
            asked.authorization,
            asked.base,
            asked.language,
        )
        answered = await service.handle(inner)
        shown: dict[str, Any] = {"id": request.get("id"), "status": answered.status}
        if answered.location:
            shown["location"] = answered.location
            if request.get("id") is not None:
                made[str(request["id"])] = answered.location.partition("('")[2].removesuffix("')").replace("''", "'")
        if answered.body:
            is_json = answered.media.startswith("application/json")
            shown["body"] = msgspec.json.decode(answered.body) if is_json else answered.body.decode()
        responses.append(shown)
    return Answered(200, msgspec.json.encode({"responses": responses}))
