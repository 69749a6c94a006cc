"""A witness as an ASGI application: two endpoints of C2SP tlog-witness, and its keys at ``/``."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from jasyl.jobs import end_with_parent

from .witness import MAX_REQUEST, TEXT_TYPE, Reply, Witness

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
FOLDER = "JASYL_WITNESS"

end_with_parent()


@cache
def _witness() -> Witness:
    return Witness(Path(os.environ[FOLDER]))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """``POST /add-checkpoint``, ``GET /<sha256hex(origin)>/checkpoint``, ``GET /``: verifier keys, one per line."""
    if scope["type"] != "http":
        return
    try:
        reply = await _answer(_witness(), scope, receive)
    except OSError:  # nothing was stored, so nothing is cosigned
        reply = Reply(503)
    headers = [(b"content-type", reply.content_type.encode()), (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _answer(witness: Witness, scope: Scope, receive: Receive) -> Reply:
    method, path = scope["method"], scope["path"]
    if path == "/add-checkpoint":
        if method != "POST":
            return Reply(405)
        body = await _body(receive)
        # One after another, in a few milliseconds each: they would wait for the same lock in threads as well.
        return Reply(413) if body is None else witness.add_checkpoint(body)
    if method != "GET":
        return Reply(405)
    if path == "/":
        return Reply(200, "".join(f"{vkey}\n" for vkey in witness.vkeys).encode(), TEXT_TYPE)
    origin_hash, _, rest = path.removeprefix("/").partition("/")
    latest = witness.latest(origin_hash) if rest == "checkpoint" else None
    return Reply(404) if latest is None else Reply(200, latest)


async def _body(receive: Receive) -> bytes | None:
    """The request's body, None when it is longer than any request can be."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_REQUEST:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)
