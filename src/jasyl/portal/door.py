"""The outermost layer: which host was asked, in which language, and what every answer must carry.

Pure ASGI, so that a cached page never enters the framework.
"""

from http.cookies import CookieError, SimpleCookie
from typing import Any, cast
from urllib.parse import parse_qsl

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from jasyl.texts import DEFAULT, LANGUAGES, Language, language_or_none, negotiate

from .cache import PageCache
from .session import SESSION_COOKIE
from .token_uses import TokenUses

LANGUAGE_COOKIE = "jasyl_language"
_SECURITY = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        b"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)


class Door:
    """Checks ``Host``, takes the language from the address, a cookie or ``Accept-Language``, answers from the cache.

    ``/ru/regions`` is ``/regions`` in Russian; an address without a language is answered in the reader's own.
    A host that is not in ``hosts`` gets 421: a foreign page that points its own name at this machine
    (DNS rebinding) must not be able to read from it.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], cache: PageCache, uses: TokenUses) -> None:
        self.app, self.hosts, self.cache, self.uses = app, hosts, cache, uses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        headers = dict(scope["headers"])
        if not self._knows(headers.get(b"host", b"")):
            await _plain(send, 421, b"This server does not answer for that host name. Add it with --host-name.\n")
            return
        prefix, path = split_language(scope["path"])
        cookies = _cookies(headers.get(b"cookie", b""))
        language = _choose(prefix, cookies, headers, scope["query_string"])
        state: dict[str, Any] = {"language": language, "prefix": f"/{prefix}" if prefix else "", "cookies": cookies}
        scope["path"] = path
        scope["raw_path"] = path.encode()
        scope["state"] = {**scope.get("state", {}), **state}
        anonymous = SESSION_COOKIE not in cookies and b"authorization" not in headers
        dressed = _dress(send, prefix)
        if scope["method"] in {"GET", "HEAD"} and anonymous:
            key = (path, scope["query_string"], language, state["prefix"], headers.get(b"host", b""))
            await self.cache.serve(key, headers, scope, receive, dressed, self.app)
        else:
            token = headers.get(b"authorization", b"").decode("latin-1")
            await self.app(scope, receive, _noting(dressed, self.uses, token) if token else dressed)

    def _knows(self, host: bytes) -> bool:
        name = host.decode("latin-1").rsplit(":", 1)[0] if not host.endswith(b"]") else host.decode("latin-1")
        return "*" in self.hosts or name.lower() in self.hosts


def split_language(path: str) -> tuple[Language | None, str]:
    """``/kk/regions`` → (``kk``, ``/regions``); a path without a language keeps its form."""
    first, _, rest = path[1:].partition("/")
    return (first, f"/{rest}") if first in LANGUAGES else (None, path)


def _choose(prefix: Language | None, cookies: dict[str, str], headers: dict[bytes, bytes], query: bytes) -> Language:
    if prefix:
        return prefix
    if b"lang=" in query:
        asked = language_or_none(dict(parse_qsl(query.decode("latin-1"))).get("lang"))
        if asked:
            return asked
    remembered = language_or_none(cookies.get(LANGUAGE_COOKIE))
    return remembered or negotiate(headers.get(b"accept-language", b"").decode("latin-1"), DEFAULT)


def _cookies(header: bytes) -> dict[str, str]:
    if not header:
        return {}
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header.decode("latin-1"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _dress(send: Send, prefix: Language | None) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *_SECURITY]
            if prefix:
                cookie = f"{LANGUAGE_COOKIE}={prefix}; Path=/; Max-Age=31536000; SameSite=Lax"
                headers.append((b"set-cookie", cookie.encode()))
            message["headers"] = headers
        await send(message)

    return dressed


def _noting(send: Send, uses: TokenUses, token: str) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 401:
            uses.note(token)
        await send(message)

    return noting


async def _plain(send: Send, status: int, body: bytes) -> None:
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())],
    }
    await send(start)
    end: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(end)
