"""SensorThings 1.1 as an ASGI application of its own: addresses, methods, tokens, faults."""

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import msgspec
from anyio import to_thread
from litestar.types import HTTPScope, Receive, Scope, Send

from jasyl.people import ANYBODY, Actor
from jasyl.texts import Language, Refusal

from .answer import answer, root
from .collection import Reader
from .fault import Fault, missing
from .query_options import read_options
from .register_view import Views

if TYPE_CHECKING:
    from ..house import House

logger = logging.getLogger("jasyl.portal")
PREFIX = "/sta/v1.1"
MOST_BYTES = 8 * 2**20
_STATUS = {"token-unknown": 401, "not-allowed": 403, "push-busy": 503, "push-too-often": 429}


@dataclass(frozen=True)
class Asked:
    """A request: of the service's own address, or a part of a batch."""

    method: str
    path: str
    query: bytes
    body: bytes
    media: str
    authorization: str | None
    base: str
    language: Language


@dataclass(frozen=True)
class Answered:
    """What it is answered with."""

    status: int
    body: bytes = b""
    media: str = "application/json; charset=utf-8"
    location: str | None = None
    allow: str | None = None


class SensorThings:
    """The service over one installation; safe to run in any number of worker processes."""

    def __init__(self, house: "House") -> None:
        self.house = house
        self.views = Views()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request below ``PREFIX``."""
        scope = cast("HTTPScope", scope)
        headers = dict(scope["headers"])
        language: Language = scope.get("state", {}).get("language", "en")
        prefix: str = scope.get("state", {}).get("prefix", "")
        host = headers.get(b"host", b"").decode("latin-1")
        base = f"{scope.get('scheme', 'http')}://{host}{prefix}{PREFIX}"
        try:
            asked = Asked(
                "GET" if scope["method"] == "HEAD" else str(scope["method"]),
                scope["path"].removeprefix(PREFIX),
                scope["query_string"],
                await _body(receive, headers),
                headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower(),
                headers[b"authorization"].decode("latin-1") if b"authorization" in headers else None,
                base,
                language,
            )
            answered = await self.handle(asked)
        except Fault as fault:
            answered = told(fault.refusal, fault.status, language)
        await _send(send, answered, head=scope["method"] == "HEAD")

    async def handle(self, asked: Asked) -> Answered:
        """The answer to one request; every fault becomes one."""
        try:
            actor = await self._actor(asked.authorization)
            if asked.method == "GET":
                return await to_thread.run_sync(self._get, asked, actor)
            return await self._write(asked, actor)
        except Fault as fault:
            return told(fault.refusal, fault.status, asked.language)
        except Refusal as refusal:
            return told(refusal, _STATUS.get(refusal.code, 400), asked.language)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            number = f"{abs(hash((id(error), asked.path))) % 10**8:08}"
            logger.exception("fault %s at %s %s", number, asked.method, asked.path[:200])
            return told(Refusal("fault", number=number), 500, asked.language)

    async def _actor(self, authorization: str | None) -> Actor:
        if not authorization:
            return ANYBODY
        return await self.house.bearers.found(authorization)

    def _get(self, asked: Asked, actor: Actor) -> Answered:
        if actor.actions is not None and "read" not in actor.actions:
            actor = ANYBODY
        if asked.path in {"", "/"}:
            read_options(asked.query, None)
            return Answered(200, root(asked.base))
        with self.house.database.reading() as connection:
            reader = Reader(self.views.current(connection), actor, connection, self.house.folder, asked.base)
            body, media = answer(reader, asked.path, asked.query)
        return Answered(200, body, media)

    async def _write(self, asked: Asked, actor: Actor) -> Answered:
        from .writing import write  # noqa: PLC0415  (imports the writers of every entity)

        if not actor.signed_in:
            raise Fault(401, "token-unknown")
        self.house.bearers.admit(asked.authorization)
        answered = await write(self, asked, actor)
        self.house.revision.forget()
        return answered


def told(refusal: Refusal, status: int, language: Language) -> Answered:
    """A fault as the standard shows it: code, type and message; the message is in the reader's language."""
    body = {"code": status, "type": "error", "message": refusal.text(language), "refused": [refusal.as_data(language)]}
    return Answered(status, msgspec.json.encode(body), allow="GET" if status == 405 else None)


async def _body(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            raise missing("")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise Fault(413, "push-too-large", received=size, expected=MOST_BYTES)
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answered: Answered, *, head: bool) -> None:
    headers = [
        (b"content-type", answered.media.encode()),
        (b"content-length", str(len(answered.body)).encode()),
        (b"vary", b"Accept-Language, Authorization"),
        (b"cache-control", b"no-cache"),
    ]
    if answered.location:
        headers.append((b"location", answered.location.encode("ascii", "replace")))
    if answered.allow:
        headers.append((b"allow", answered.allow.encode()))
    start: Any = {"type": "http.response.start", "status": answered.status, "headers": headers}
    await send(start)
    end: Any = {"type": "http.response.body", "body": b"" if head else answered.body, "more_body": False}
    await send(end)
