"""Readings that programs push: ``POST /api/readings``, acknowledged when they are on disk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from anyio import to_thread
from litestar import Request, Response, post

from jasyl.ledger import log_origin
from jasyl.monitoring.day_signing import days_to_sign
from jasyl.monitoring.delivery import Outcome, Receipt, Source
from jasyl.monitoring.devices import DeviceBook, Signing, named_series
from jasyl.monitoring.gateways import SignedDelivery
from jasyl.monitoring.known_series import SeriesIndex
from jasyl.monitoring.push import MOST_BYTES, Delivery, deliver, read_push
from jasyl.monitoring.quarantine import quarantine
from jasyl.monitoring.signed_deliveries import keep_delivery
from jasyl.people import Actor
from jasyl.quantities import now_us
from jasyl.texts import Language, Refusal

from .house import House

JSON = "application/json; charset=utf-8"
# Words of the answer for what became of a reading in the store.
_WORDS = {
    Outcome.REFUSED: "refused",
    Outcome.ACCEPTED: "stored",
    Outcome.CORRECTED: "corrected",
    Outcome.REPEATED: "known",
    Outcome.OUTDATED: "outdated",
}
_NAMES = [_WORDS[Outcome(code)] for code in range(len(_WORDS))]


@post(
    "/api/readings",
    summary="Push readings of many series (JSON; token in Authorization): what became of each, once it is on disk",
    operation_id="push_readings",
    status_code=200,
)
async def push_readings(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 with what became of each reading; whatever it says is stored has been written and fsynced."""
    house = cast("House", request.app.state.house)
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Refusal("push-too-large", received=int(length), expected=MOST_BYTES)
    language: Language = request.scope.get("state", {})["language"]
    body = await pushed(house, request.headers, await request.body(), language)
    return Response(body, media_type=JSON)


async def pushed(house: House, headers: Mapping[str, str], content: bytes, language: Language) -> bytes:
    """The answer to a document. Raises the refusals of :func:`writer`, :func:`signature_of` and :func:`take`."""
    actor = await writer(house, headers.get("authorization"))
    name = unquote(headers.get("jasyl-gateway", ""))
    signed = signature_of(house, name, headers.get("jasyl-signature"), content)
    return await take(house, actor, content, language, signed, claimed=name if name and signed is None else None)


@post(
    "/api/days",
    summary="A gateway asks for the closed days it has to sign (signed request): readings, salts, sums and root",
    operation_id="days_to_sign",
    status_code=200,
)
async def give_days(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 with ``days``. Only to the gateway whose key is bound to the series."""
    house = cast("House", request.app.state.house)
    await writer(house, request.headers.get("authorization"))
    content = await request.body()
    name = unquote(request.headers.get("jasyl-gateway", ""))
    signed = signature_of(house, name, request.headers.get("jasyl-signature"), content)
    if signed is None:
        raise Refusal("gateway-unknown", received=name[:80])
    index = house.series.current(fresh=True)

    def look() -> list[dict[str, Any]]:
        with house.database.writing(visible=False) as connection:  # a series' first day makes its key
            days = days_to_sign(connection, house.folder, index.definitions, signed, now_us())
        keys = {index.definitions[number].id: key for number, key in index.keys.items()}
        return [{**day, "name": keys[day["name"]]} for day in days]

    body = msgspec.json.encode({"days": await to_thread.run_sync(look)})
    return Response(body, media_type=JSON)


@post(
    "/api/days/signed",
    summary="A day as its gateway signed it; it goes into the seal of the day (token in Authorization)",
    operation_id="take_signed_day",
    status_code=200,
)
async def take_day(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 once the day is on disk; it counts when the readings that are sealed are those that were signed."""
    house = cast("House", request.app.state.house)
    actor = await writer(house, request.headers.get("authorization"))
    content = await request.body()

    def keep() -> None:
        series = named_series(content)
        definition, allowed = house.series.current(fresh=True).writable(actor, series)
        if definition is None or not allowed:
            raise Refusal("day-signature", received=series[:80])
        with house.database.reading() as connection:
            DeviceBook(connection, house.folder, Signing(log_origin(house.folder), actor.id, now_us())).take(
                definition, content
            )

    await to_thread.run_sync(keep)
    return Response(b'{"taken":true}', media_type=JSON)


async def writer(house: House, authorization: str | None) -> Actor:
    """Who may write readings by a token. Raises Refusal ``token-unknown``, ``not-allowed``, ``push-too-often``."""
    actor = await house.bearers.found(authorization)
    house.bearers.admit(authorization)
    if actor.actions is not None and "write_readings" not in actor.actions:
        raise Refusal("not-allowed")
    return actor


def signature_of(house: House, name: str, signature: str | None, content: bytes) -> SignedDelivery | None:
    """The delivery as gateway ``name`` signed it; None without a signature, or of a gateway that nobody registered.

    Raises Refusal ``delivery-signature``, ``push-too-large``.
    """
    if not name or not signature:
        return None
    if len(content) > MOST_BYTES:
        raise Refusal("push-too-large", received=len(content), expected=MOST_BYTES)
    return house.gateways.check(name, signature, content)


async def take(
    house: House,
    actor: Actor,
    content: bytes,
    language: Language,
    signed: SignedDelivery | None = None,
    *,
    claimed: str | None = None,
) -> bytes:
    """Store one document and give the answer to it. ``claimed`` is a gateway's name that nobody could confirm.

    Raises Refusal ``delivery-gateway`` when such a gateway sends what only a registered one may.
    """
    made = _made(content, house.series.current(), actor, signed)
    if made.strays:
        # The register may have learned the name a moment ago.
        index = await to_thread.run_sync(lambda: house.series.current(fresh=True))
        made = _made(content, index, actor, signed)
    if claimed is not None and any(each.code == "push-unsigned" for each in made.refused.values()):
        # A gateway that is not registered yet keeps what it has and comes again; nothing of it may be lost.
        raise Refusal("delivery-gateway", received=claimed[:80])
    if made.strays:
        await to_thread.run_sync(_set_apart, house, made, actor)
    receipt = None
    if len(made.batch.start):
        if signed is not None:
            await to_thread.run_sync(keep_delivery, house.folder, signed)
        receipt = await house.gatherer.stored(made.batch)
        house.revision.forget()
    return answer(made, receipt, language)


def _made(content: bytes, index: SeriesIndex, actor: Actor, signed: SignedDelivery | None) -> Delivery:
    """The document as columns. Its readings one by one end here: hundreds of documents wait for a commit together."""
    push, refused = read_push(content)
    name = signed.gateway if signed else actor.name
    name = name if push.sequence is None else f"{name} {str(push.sequence)[:80]}"
    source = Source("gateway", name, actor.id, signed.sha256) if signed else Source("push", name, actor.id)
    return deliver(push, refused, index, actor, source, signed.series if signed else frozenset())


def _set_apart(house: House, made: Delivery, actor: Actor) -> None:
    with house.database.writing(visible=False) as connection:
        quarantine(connection, list(made.strays.values()), actor.id, now_us())


def answer(made: Delivery, receipt: Receipt | None, language: Language) -> bytes:
    """Counts, the outcome of each reading in the order of the document, and why the refused ones were refused."""
    if receipt is not None and receipt.accepted == made.count:
        stored = _NAMES[Outcome.ACCEPTED]
        return _answer(receipt, {stored: made.count}, _repeated(stored, made.count), [], made.rounded)
    outcome = ["refused"] * made.count
    for row in made.strays:
        outcome[row] = "quarantined"
    refused = dict(made.refused)
    if receipt is not None:
        for row, became in zip(made.rows, receipt.outcome.tolist(), strict=True):
            outcome[row] = _NAMES[became]
        refused |= {made.rows[each.row]: each.reason for each in receipt.refused}
    reasons = [{"row": row, **reason.as_data(language)} for row, reason in sorted(refused.items())]
    return _answer(receipt, Counter(outcome), outcome, reasons, made.rounded)


@lru_cache(maxsize=64)
def _repeated(word: str, count: int) -> msgspec.Raw:
    """What nearly every answer says: one outcome for all readings, as JSON."""
    return msgspec.Raw(msgspec.json.encode([word] * count))


def _answer(
    receipt: Receipt | None,
    counts: Mapping[str, int],
    outcome: Sequence[str] | msgspec.Raw,
    reasons: Sequence[Mapping[str, Any]],
    rounded: int,
) -> bytes:
    return msgspec.json.encode(
        {
            **{name: counts.get(name, 0) for name in (*_NAMES[1:], "quarantined", "refused")},
            "rounded": rounded,
            "delivery": receipt.source if receipt else None,
            "outcome": outcome,
            "reasons": reasons,
        }
    )
