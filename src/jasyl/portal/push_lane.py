"""Pushes without the framework around them, which takes longer over a request than reading and storing its readings.

What is out of the ordinary (a refusal, a fault) goes to the framework with the same octets and is answered there:
readings may be said twice, so asking again is safe.
"""

from typing import Any, cast

from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from jasyl.monitoring.push import MOST_BYTES
from jasyl.texts import Language

from .house import House
from .push import JSON, pushed

PATH = "/api/readings"
_READ = frozenset({"authorization", "jasyl-gateway", "jasyl-signature", "content-length"})


class PushLane:
    """``POST /api/readings``; every other request, and whatever is not answered 200, is for ``app``."""

    def __init__(self, house: House, app: ASGIApp) -> None:
        self.house, self.app = house, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope = cast("HTTPScope", scope)
        headers = {
            name: value.decode("latin-1")
            for name, value in ((name.decode("latin-1"), value) for name, value in scope["headers"])
            if name in _READ
        }
        length = headers.get("content-length", "")
        if scope["path"] != PATH or scope["method"] != "POST" or not length.isdigit() or int(length) > MOST_BYTES:
            await self.app(scope, receive, send)
            return
        read = await _document(receive)
        if read is None:  # the sender has gone
            return
        language: Language = scope.get("state", {}).get("language", "en")
        try:
            answer = await pushed(self.house, headers, read, language)
        except Exception:  # noqa: BLE001  (told in full where the framework meets it)
            await self.app(scope, _again(read, receive), send)
            return
        await _send(send, answer)


async def _document(receive: Receive) -> bytes | None:
    """The body as announced; None when its sender went away before its end."""
    message: Any = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return message.get("body", b"")
    parts: list[bytes] = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None


def _again(content: bytes, receive: Receive) -> Receive:
    """A way of receiving that gives ``content`` first."""
    first: list[Any] = [{"type": "http.request", "body": content, "more_body": False}]

    async def given() -> Any:
        return first.pop() if first else await receive()

    return given


async def _send(send: Send, answer: bytes) -> None:
    headers = [(b"content-type", JSON.encode()), (b"content-length", str(len(answer)).encode())]
    start: Any = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(start)
    end: Any = {"type": "http.response.body", "body": answer, "more_body": False}
    await send(end)
