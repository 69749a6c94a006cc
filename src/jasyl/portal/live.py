"""Live: changes of the data as server-sent events (WHATWG HTML, 9.2), for all facilities or one of them.

An event says what changed, never the values: the page asks for those as it always does, and gets what its reader may
see. ``id`` of an event is the state of the data after it, so a browser that comes back is told what it missed.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from jasyl.people import ANYBODY, Actor
from jasyl.registry import facility_by_key

from .house import House
from .islands import messages
from .live_changes import current_mark, mark_of
from .live_hub import Listener
from .page import NotFoundError
from .session import SESSION_COOKIE, actor_of
from .visit import Visit

# A comment now and then keeps proxies from closing the stream, and tells us of readers who have gone.
HEARTBEAT_SECONDS = 15.0
# A stream ends after a while and the browser opens another: rights that were taken away do not outlive it.
LONGEST_SECONDS = 600.0
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "vary": "Cookie"}
_RETRY = b"retry: 3000\n\n"

Asked = Request[Any, Any, Any]


@get("/live", summary="Changes of the data as server-sent events", media_type="text/event-stream")
async def live(request: Asked) -> Response[Any]:
    """Every change the reader may know of: ``after`` or ``Last-Event-ID`` is the state from which to tell."""
    return await _stream(request, None)


@get("/facilities/{key:str}/live", summary="Readings of one facility arriving", media_type="text/event-stream")
async def facility_live(request: Asked, key: FromPath[str]) -> Response[Any]:
    """The same of one facility."""
    return await _stream(request, key)


def live_settings(visit: Visit, connection: sa.Connection, key: str | None = None) -> dict[str, Any]:
    """What the live island needs; ``key`` for the pages of one facility."""
    path = "/live" if key is None else f"/facilities/{key}/live"
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "live"),
        "url": visit.href(path, after=str(current_mark(connection))),
        "statements": visit.href("/statements"),
    }


async def _stream(request: Asked, key: str | None) -> Response[Any]:
    state = request.scope.get("state", {})
    if state.get("head"):
        return Response(b"", headers=_HEADERS, media_type="text/event-stream")
    house = cast("House", request.app.state.house)
    actor, facility_id = await to_thread.run_sync(_who, house, request, key)
    after = mark_of(request.headers.get("last-event-id")) or mark_of(request.query_params.get("after"))
    listener = await house.live.join(after)
    events = _events(house, listener, actor, facility_id)
    return Stream(events, headers=_HEADERS, media_type="text/event-stream")


def _who(house: House, request: Asked, key: str | None) -> tuple[Actor, str | None]:
    """The reader, and the facility if one is asked for; one that may not be seen is not there."""
    cookies = request.scope.get("state", {}).get("cookies", {})
    authorization = request.headers.get("authorization")
    with house.database.reading() as connection:
        known = SESSION_COOKIE in cookies or authorization
        actor = actor_of(connection, cookies, authorization) if known else ANYBODY
        if key is None:
            return actor, None
        row = facility_by_key(connection, key, actor)
        if row is None:
            raise NotFoundError
        return actor, row["id"]


async def _events(house: House, listener: Listener, actor: Actor, facility_id: str | None) -> AsyncGenerator[bytes]:
    """The bytes of a stream until it has lasted long enough; whoever leaves earlier ends it where it waits."""
    end = time.monotonic() + LONGEST_SECONDS
    try:
        yield _RETRY + f"id: {listener.since}\n\n".encode()
        while (left := end - time.monotonic()) > 0:
            try:
                change = await asyncio.wait_for(listener.waiting.get(), min(HEARTBEAT_SECONDS, left))
            except TimeoutError:
                yield b": \n\n"
                continue
            told = change.told_to(actor, facility_id)
            if told is not None:
                body = msgspec.json.encode(told)
                yield b"event: change\nid: " + str(change.mark).encode() + b"\ndata: " + body + b"\n\n"
    finally:
        house.live.leave(listener)
