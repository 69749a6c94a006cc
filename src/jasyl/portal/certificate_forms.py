"""Moving certificates from their page: the account that holds units transfers or retires them."""

from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath
from ulid import ULID

from jasyl.certificates import Certificate, Retire, Transfer, carry_out, load
from jasyl.ledger import log_origin
from jasyl.people import Actor, Resource, may
from jasyl.quantities import now_us, period
from jasyl.texts import Refusal

from .house import House
from .page import NotFoundError
from .session import actor_of, check_form
from .signin import check_origin
from .visit import Visit

ACTIONS = ("transfer", "retire")


def movable(visit: Visit, one: Certificate) -> list[dict[str, Any]]:
    """The ranges of units that this reader may transfer or retire, each with a key by which a form that is sent
    twice is carried out once."""
    return [
        {"owner": piece.owner, "start": piece.start, "end": piece.end, "command": str(ULID())}
        for piece in one.pieces
        if piece.standing == "held" and _may_move(visit.actor, piece.owner)
    ]


def _may_move(actor: Actor, owner: str) -> bool:
    return actor.signed_in and may(actor, "write_registry", Resource("closed", enterprise_id=owner))


@post(
    "/certificates/{identity:str}",
    summary="Transfer or retire units of a certificate (action, owner, start, end, command; to, or beneficiary …)",
    status_code=200,
)
async def certificate_post(request: Request[Any, Any, Any], identity: FromPath[str]) -> Response[bytes]:
    """From the forms of the page, or by a program with a token; leads back to the certificate."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = {key: str(value) for key, value in (await request.form()).items()}
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    await to_thread.run_sync(_move, house, state.get("cookies", {}), authorization, form, identity)
    house.revision.forget()
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/certificates/{identity}"})


def _move(
    house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, str], identity: str
) -> None:
    with house.database.reading() as connection:
        actor = actor_of(connection, cookies, authorization)
        if authorization is None:
            check_form(actor, form)
        event = _asked(connection, actor, form, identity)
    carry_out(house.database, log_origin(house.folder), actor, [event])


def _asked(connection: sa.Connection, actor: Actor, form: dict[str, str], identity: str) -> Transfer | Retire:
    """The event that a form asks for. Raises Refusal ``not-allowed``, ``certificate-action``, ``certificate-range``."""
    found = load(connection, [identity])
    if not found:
        raise NotFoundError
    owner, action = form.get("owner", "")[:80], form.get("action", "")
    if not _may_move(actor, owner):
        raise Refusal("not-allowed")
    start, end = _units(form.get("start", ""), form.get("end", ""), found[0].facts.amount)
    moving: dict[str, Any] = {
        "certificate": identity,
        "command": form.get("command", "")[:60] or str(ULID()),
        "at": now_us(),
        "actor": actor.id,
        "owner": owner,
        "start": start,
        "end": end,
    }
    if action == "transfer":
        return Transfer(**moving, to=form.get("to", "").strip()[:80])
    if action == "retire":
        beneficiary, purpose = (form.get(name, "").strip()[:512] for name in ("beneficiary", "purpose"))
        when = period(form.get("period", "").strip()).name
        return Retire(**moving, beneficiary=beneficiary, purpose=purpose, period=when)
    raise Refusal("certificate-action", received=action[:40], expected=", ".join(ACTIONS))


def _units(start: str, end: str, amount: int) -> tuple[int, int]:
    if not all(written.isascii() and written.isdigit() and len(written) < 16 for written in (start, end)):
        raise Refusal("certificate-range", received=f"{start[:20]}:{end[:20]}", expected=f"0:{amount}")
    return int(start), int(end)
