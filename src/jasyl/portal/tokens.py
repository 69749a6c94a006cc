"""Tokens in the portal: which series have them, when they were made and last used; making one, withdrawing one."""

from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post

from jasyl.monitoring.known_series import SeriesIndex
from jasyl.people import Actor, Token, end_token, may, may_see, may_withdraw, new_token, tokens
from jasyl.quantities import UTC, civil_time
from jasyl.registry import enterprises, facility_by_key, series_of
from jasyl.texts import Refusal

from .house import House
from .page import Document, page, respond
from .readings import series_name
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

COLUMNS = (
    Column("label", "column-token"),
    Column("account", "column-token-account"),
    Column("reach", "column-token-reach"),
    Column("actions", "column-token-actions"),
    Column("made", "column-token-made"),
    Column("used", "column-token-used"),
)
LONGEST_LABEL = 120
# Keys named in a cell of the page; the files name all.
NAMED = 4
# Series offered in the form; more of them come by the page of their facility.
OFFERED = 300


@page("/tokens", "Tokens of programs that the reader may know of; `series` only those that may write it (signed in)")
def tokens_page(visit: Visit, connection: sa.Connection) -> Document:
    """The newest first, with the forms to make and to withdraw one for those who may."""
    return _document(visit, connection)


def _document(visit: Visit, connection: sa.Connection, secret: str | None = None) -> Document:
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    index = visit.house.series.current(fresh=True)
    own = _writable(index, visit.actor)
    held = {index.resources[number].series_id or "" for number in own}
    found = [one for one in reversed(tokens(connection)) if may_see(visit.actor, one, held)]
    asked = visit.query.get("series")
    if asked:
        number = index.named.get(asked)
        resource = index.resources[number] if number is not None else None
        if resource is None or not (may(visit.actor, "read", resource) or number in own):
            raise Refusal("unknown-series", received=asked[:80])
        found = [one for one in found if may(one.actor, "write_readings", resource)]
    firms = {row["id"]: row for row in enterprises(connection, [each for one in found for each in one.enterprises])}
    rows = [_row(visit, index, one, [visit.name_of(firms[each]) for each in one.enterprises]) for one in found]
    offered, chosen = _offered(visit, connection, index, own)
    context = {
        "secret": secret,
        "asked": asked,
        "choices": [(index.keys[number], _told(visit, index, number)) for number in offered[:OFFERED]],
        "chosen": chosen,
        "writable": len(offered),
        "longest": LONGEST_LABEL,
    }
    caption = visit.t("tokens-of-series", series=asked) if asked else visit.t("tokens-caption")
    data = {"tokens": [one.as_data() | {"series": _keys(visit.actor, index, one)[0]} for one in found]}
    sheet = Sheet(COLUMNS, rows, caption)
    return Document("tokens.html", visit.t("tokens-title"), data, sheet, context, cacheable=False)


def _writable(index: SeriesIndex, actor: Actor) -> list[int]:
    """Numbers of the series whose readings ``actor`` may write, by key."""
    return sorted(
        (number for number, each in index.resources.items() if may(actor, "write_readings", each)),
        key=lambda number: index.keys[number],
    )


def _offered(
    visit: Visit, connection: sa.Connection, index: SeriesIndex, own: list[int]
) -> tuple[list[int], frozenset[str]]:
    """The series that the form offers, and the keys of those chosen already: of a facility or a series asked for."""
    key = visit.query.get("facility")
    facility = facility_by_key(connection, key, visit.actor) if key else None
    if facility is not None:
        here = {one.number for one in series_of(connection, facility["id"])}
        own = [number for number in own if number in here]
        return own, frozenset(index.keys[number] for number in own)
    return own, frozenset({visit.query["series"]} if visit.query.get("series") else ())


def _told(visit: Visit, index: SeriesIndex, number: int) -> str:
    return f"{index.keys[number]} ({series_name(visit, index.definitions[number])})"


def _keys(actor: Actor, index: SeriesIndex, one: Token) -> tuple[list[str], int]:
    """Keys of the series a token is narrowed to, and how many more there are that ``actor`` may not know of."""
    numbers = [index.named[each] for each in one.series if each in index.named]
    known = [number for number in numbers if any(may(actor, way, index.resources[number]) for way in _KNOWN_BY)]
    return sorted(index.keys[number] for number in known), len(numbers) - len(known)


_KNOWN_BY = ("read", "write_readings")


def _row(visit: Visit, index: SeriesIndex, one: Token, firms: list[str]) -> dict[str, Any]:
    keys, closed = _keys(visit.actor, index, one)
    named = keys[:NAMED] if visit.form == "html" else keys
    reach = [*firms, *named]
    if len(keys) > len(named):
        reach.append(visit.t("token-more", count=len(keys) - len(named)))
    if closed:
        reach.append(visit.t("token-closed", count=closed))
    return {
        "id": one.id,
        "label": one.label,
        "account": one.actor.name,
        "reach": "; ".join(reach) or visit.t("people-whole-account"),
        "actions": ", ".join(visit.t(f"token-action-{each.replace('_', '-')}") for each in one.actions),
        "made": civil_time(one.created_at, UTC),
        "used": None if one.last_used_at is None else civil_time(one.last_used_at, UTC),
        "withdraw": may_withdraw(visit.actor, one),
    }


@post("/tokens", summary="Make a token for series (label, series) or withdraw one (token), by action", status_code=200)
async def tokens_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The page with the new token, which is shown this once; or back to the list."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = await request.form()
    series = [str(one) for one in form.getall("series", [])]
    state = request.scope["state"]
    actor, secret = await to_thread.run_sync(_change, house, state["cookies"], dict(form), series)
    if secret is None:
        return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/tokens"})
    return await to_thread.run_sync(_shown, house, request, actor, secret)


def _shown(house: House, request: Request[Any, Any, Any], actor: Actor, secret: str) -> Response[bytes]:
    visit = visit_of(request, house, actor, "/tokens", "html")
    with house.database.reading() as connection:
        answer = respond(visit, _document(visit, connection, secret))
    answer.headers["cache-control"] = "no-store"
    return answer


def _change(house: House, cookies: dict[str, str], form: dict[str, Any], series: list[str]) -> tuple[Actor, str | None]:
    """Whoever is signed in, and the secret of the token that was made. A token makes no tokens."""
    with house.database.writing(visible=False) as connection:
        actor = actor_of(connection, cookies, None)
        if not actor.signed_in:
            raise Refusal("not-allowed")
        check_form(actor, form)
        if form.get("action") == "withdraw":
            _withdraw(connection, actor, str(form.get("token", "")))
            return actor, None
        label = str(form.get("label", "")).strip()
        if not 0 < len(label) <= LONGEST_LABEL:
            raise Refusal("token-label", received=len(label), expected=LONGEST_LABEL)
        if any(one.label == label for one in tokens(connection) if one.actor.id == actor.id):
            raise Refusal("token-label-taken", received=label)
        narrowed = _ids(house.series.current(fresh=True), actor, series)
        return actor, new_token(connection, actor.id, label, frozenset({"write_readings"}), series=narrowed)


def _ids(index: SeriesIndex, actor: Actor, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        definition, allowed = index.writable(actor, name)
        if definition is None:
            raise Refusal("unknown-series", received=name[:80])
        if not allowed:
            raise Refusal("token-not-yours", received=name[:80])
        found.add(definition.id)
    if not found:
        raise Refusal("token-series")
    return found


def _withdraw(connection: sa.Connection, actor: Actor, identity: str) -> None:
    found = next((one for one in tokens(connection) if one.id == identity), None)
    if found is None or not may_withdraw(actor, found):
        raise Refusal("token-gone")
    end_token(connection, found)
