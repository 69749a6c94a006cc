"""Signing in and out."""

import time
from collections import deque
from typing import Any, cast

from anyio import to_thread
from litestar import Request, Response, post

from jasyl.people import ANYBODY, SESSION_SECONDS, sign_in, sign_out
from jasyl.texts import Refusal

from .house import House
from .page import Document, page, respond
from .session import SESSION_COOKIE, actor_of, check_form
from .sheet import Column, Sheet
from .visit import Visit, visit_of

# Guessing passwords: this many tries from one address in this many seconds, then wait.
TRIES, WINDOW = 10, 300.0
# What those who are signed in find from here: (address, message).
DESK = (
    ("/import", "import-title"),
    ("/import/metering", "metering-title"),
    ("/import/mappings", "metering-history"),
    ("/alerts", "alerts-title"),
    ("/quarantine", "quarantine-title"),
    ("/tokens", "tokens-title"),
)
_tries: dict[str, deque[float]] = {}


@page("/sign-in", "The form to sign in")
def sign_in_form(visit: Visit, connection: Any) -> Document:
    """Name and password; who is signed in finds the pages for which that is needed, and the way out."""
    return _form(visit)


def _form(visit: Visit, refusal: Refusal | None = None) -> Document:
    title = visit.t("own-account" if visit.actor.signed_in else "sign-in")
    sheet = Sheet((Column("name", "column-name"),), [{"name": visit.actor.name or None}], title)
    data = {"signed_in_as": visit.actor.name or None}
    return Document("signin.html", title, data, sheet, {"refusal": refusal, "desk": DESK}, cacheable=False)


@post("/sign-in", summary="Sign in with name and password", status_code=200)
async def sign_in_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Open a session and go to the front page; a wrong name or password shows the form again."""
    house = cast("House", request.app.state.house)
    form = await request.form()
    check_origin(request)
    visit = visit_of(request, house, ANYBODY, "/sign-in", "html")
    try:
        _limit(request.client.host if request.client else "?")
        name, password = str(form.get("name", ""))[:120], str(form.get("password", ""))[:500]
        signed = await to_thread.run_sync(_sign_in, house, name, password)
    except Refusal as refusal:
        return respond(visit, _form(visit, refusal), 403)
    answer = Response(b"", status_code=303, headers={"location": visit.href("/")})
    answer.set_cookie(SESSION_COOKIE, signed, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="lax")
    return answer


def _sign_in(house: House, name: str, password: str) -> str:
    with house.database.writing(visible=False) as connection:
        return sign_in(connection, name, password).secret


def _limit(address: str) -> None:
    now = time.monotonic()
    tries = _tries.setdefault(address, deque(maxlen=TRIES))
    if len(tries) == TRIES and now - tries[0] < WINDOW:
        raise Refusal("too-many-tries", minutes=int((WINDOW - (now - tries[0])) // 60) + 1)
    tries.append(now)
    if len(_tries) > 10_000:
        _tries.clear()


@post("/sign-out", summary="Close the session", status_code=200)
async def sign_out_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Close the browser's session."""
    house = cast("House", request.app.state.house)
    form = dict(await request.form())
    cookies = request.scope.get("state", {}).get("cookies", {})
    await to_thread.run_sync(_sign_out, house, cookies, form)
    answer = Response(b"", status_code=303, headers={"location": request.scope.get("state", {})["prefix"] + "/"})
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def _sign_out(house: House, cookies: dict[str, str], form: dict[str, Any]) -> None:
    with house.database.writing(visible=False) as connection:
        check_form(actor_of(connection, cookies, None), form)
        if SESSION_COOKIE in cookies:
            sign_out(connection, cookies[SESSION_COOKIE])


def check_origin(request: Request[Any, Any, Any]) -> None:
    """A form may come from our own pages only: browsers say where a post comes from.

    Raises Refusal ``form-too-old``.
    """
    origin = request.headers.get("origin")
    if origin and origin != "null" and origin.partition("://")[2] != request.headers.get("host"):
        raise Refusal("form-too-old")
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise Refusal("form-too-old")
