"""Sealed payloads over HTTP: the public record to everybody, the ciphertext to those who may read, 410 once erased."""

import base64
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.ledger import Log, entry, position
from jasyl.ledger.confidential import erasure_of, kept_ciphertext, receipt, wrapped_key_table
from jasyl.people import Resource, may
from jasyl.texts import Refusal

from .house import House
from .page import NotFoundError
from .session import actor_of


@get("/sealed/{record:str}", summary="A sealed payload, or the receipt of its erasure (410)", sync_to_thread=True)
def sealed_payload(request: Request[Any, Any, Any], record: FromPath[str]) -> Response[bytes]:
    """The record; ``ciphertext`` and ``wraps`` (by reader id) where the asker may read closed data; 410 if erased."""
    house = cast("House", request.app.state.house)
    with house.database.reading() as connection:
        try:
            erased = erasure_of(connection, record)
        except Refusal:
            raise NotFoundError from None
        actor = actor_of(connection, request.cookies, request.headers.get("authorization"))
        document: dict[str, Any] = {
            "record_id": record,
            "record": (entry(connection, record) or b"").decode(),
            "index": position(connection, record),
        }
        if erased is not None:
            proof = receipt(connection, Log(house.folder), erased)
            document |= {"erased_by": erased, "receipt": proof.decode() if proof else None}
        elif may(actor, "read", Resource("closed")):
            document |= _private(connection, record)
    return Response(
        msgspec.json.encode(document),
        status_code=200 if erased is None else 410,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _private(connection: sa.Connection, record: str) -> dict[str, Any]:
    held = wrapped_key_table
    query = sa.select(held.c.reader_id, held.c.wrap).where(held.c.record_id == record)
    return {
        "ciphertext": base64.b64encode(kept_ciphertext(connection, record)).decode(),
        "wraps": {row[0]: base64.b64encode(bytes(row[1])).decode() for row in connection.execute(query)},
    }
