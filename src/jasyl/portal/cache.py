"""Answers to anonymous readers, kept until the data changes."""

import gzip
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Send

from jasyl.storage import Database

Key = tuple[str, bytes, str, str, bytes]
Header = tuple[bytes, bytes]

# A handler marks what may be kept with this header; it does not leave the house.
CACHEABLE = b"x-jasyl-cacheable"
_LIMIT = 64 * 2**20
_WORTH_PACKING = 1500
_PASSING = frozenset({b"content-type", b"content-disposition", b"link", b"vary", b"cache-control"})


class Revision:
    """The data revision as seen by this process, at most ``staleness`` seconds old.

    Another process may write at any time; asking the database for every request would cost more than the page.
    """

    def __init__(self, database: Database, staleness: float = 0.2) -> None:
        self.database, self.staleness = database, staleness
        self._asked = float("-inf")
        self._value = -1

    def current(self) -> int:
        now = time.monotonic()
        if now - self._asked > self.staleness:
            self._value, self._asked = self.database.revision(), now
        return self._value

    def forget(self) -> None:
        """Ask the database next time: this process has just written."""
        self._asked = float("-inf")


@dataclass(frozen=True)
class Kept:
    """An answer: its headers, its bytes, and the same bytes deflated when that is worth it."""

    headers: tuple[Header, ...]
    body: bytes
    packed: bytes | None
    etag: bytes


class PageCache:
    """Whole answers by address and language, dropped together when the data revision rises."""

    def __init__(self, revision: Revision) -> None:
        self.revision = revision
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._for_revision = -1

    async def serve(
        self, key: Key, asked: dict[bytes, bytes], scope: HTTPScope, receive: Receive, send: Send, app: ASGIApp
    ) -> None:
        """Answer from what is kept, or let ``app`` answer and keep it when it says that it may be kept."""
        revision = self.revision.current()
        if revision != self._for_revision:
            self._kept.clear()
            self._size, self._for_revision = 0, revision
        kept = self._kept.get(key)
        if kept is None:
            kept = await self._produce(key, scope, receive, send, app)
            if kept is None:
                return
        else:
            self._kept.move_to_end(key)
        await _answer(kept, asked, scope["method"] == "HEAD", send)

    async def _produce(self, key: Key, scope: HTTPScope, receive: Receive, send: Send, app: ASGIApp) -> Kept | None:
        """Run ``app``; what may be kept is collected and returned, everything else streams straight through."""
        started: Any = None
        parts: list[bytes] = []
        collecting = False

        async def listen(message: Message) -> None:
            nonlocal started, collecting
            if message["type"] == "http.response.start":
                marked = any(name == CACHEABLE for name, _ in message["headers"])
                collecting = marked and message["status"] == 200
                if not collecting:
                    message["headers"] = [(n, v) for n, v in message["headers"] if n != CACHEABLE]
                    await send(message)
                else:
                    started = message
            elif collecting and message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
            else:
                await send(message)

        asked = scope["method"]
        scope["state"]["head"] = asked == "HEAD"  # what never ends must know
        scope["method"] = "GET"  # HEAD is answered from the same body
        await app(scope, receive, listen)
        scope["method"] = asked
        if started is None:
            return None
        body = b"".join(parts)
        headers = tuple((name, value) for name, value in started["headers"] if name in _PASSING)
        packed = gzip.compress(body, 6, mtime=0) if len(body) > _WORTH_PACKING and _is_text(headers) else None
        kept = Kept(headers, body, packed, b'"' + sha256(body).hexdigest()[:24].encode() + b'"')
        if len(body) < _LIMIT // 16:
            self._keep(key, kept)
        return kept

    def _keep(self, key: Key, kept: Kept) -> None:
        self._kept[key] = kept
        self._size += _weight(kept)
        while self._size > _LIMIT:
            _, dropped = self._kept.popitem(last=False)
            self._size -= _weight(dropped)


def _weight(kept: Kept) -> int:
    return len(kept.body) + len(kept.packed or b"")


def _is_text(headers: tuple[Header, ...]) -> bool:
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    return kind.startswith(
        (b"text/", b"application/json", b"application/geo+json", b"image/svg", b"application/vnd.mapbox")
    )


async def _answer(kept: Kept, asked: dict[bytes, bytes], head: bool, send: Send) -> None:
    unchanged = kept.etag in asked.get(b"if-none-match", b"")
    packed = kept.packed is not None and b"gzip" in asked.get(b"accept-encoding", b"")
    body = kept.packed if packed and kept.packed is not None else kept.body
    headers = [*kept.headers, (b"etag", kept.etag)]
    if not any(name == b"cache-control" for name, _ in kept.headers):
        headers.append((b"cache-control", b"no-cache"))  # ask again each time; mostly the answer is "unchanged"
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    if not unchanged:
        headers.append((b"content-length", str(len(body)).encode()))
    if unchanged or head:
        body = b""
    start: Any = {"type": "http.response.start", "status": 304 if unchanged else 200, "headers": headers}
    await send(start)
    end: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(end)
