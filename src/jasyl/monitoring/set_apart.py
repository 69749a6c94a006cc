"""Messages of a broker that said no reading: listed, tried again once the reason is gone, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.people import Actor, account_named
from jasyl.storage import Database, DataFolder
from jasyl.texts import Language, Refusal

from .delivery import Receipt, Source
from .delivery_tables import quarantined_message as held
from .gateways import GatewayBook, SignedDelivery
from .known_series import series_index
from .mqtt_message import BROKER, Envelope, read_message
from .push import deliver
from .quarantine import quarantine
from .readings import append
from .signed_deliveries import keep_delivery


@dataclass(frozen=True)
class SetApart:
    """A message that waits: its topic, length, when it came (µs UTC), and why it was set apart."""

    number: int
    topic: str
    bytes: int
    received_at: int
    code: str
    arguments: Mapping[str, Any]
    said: str

    def reason(self, language: Language) -> str:
        """Why, in the reader's language; as it was written down where that is all there is."""
        if not self.arguments:
            return self.said
        return Refusal(self.code, **self.arguments).text(language)


def written_reason(reason: Refusal) -> str:
    """A refusal as the table keeps it."""
    said = {"code": reason.code, "arguments": reason.arguments, "text": reason.text("en")}
    return msgspec.json.encode(said, enc_hook=str).decode()


def set_apart(connection: sa.Connection, most: int = 1_000) -> list[SetApart]:
    """The messages that wait, newest first."""
    columns = (held.c.number, held.c.topic, held.c.bytes, held.c.received_at, held.c.reason)
    found: list[SetApart] = []
    for row in connection.execute(sa.select(*columns).order_by(held.c.number.desc()).limit(most)):
        said = msgspec.json.decode(row.reason, type=dict[str, Any])
        arguments = said.get("arguments") or {}
        code, text = str(said.get("code", "")), str(said.get("text", ""))
        found.append(SetApart(row.number, row.topic, row.bytes, row.received_at, code, arguments, text))
    return found


def try_again(database: Database, folder: DataFolder, number: int, now: int) -> Receipt:
    """Take a message in as if it came now, and forget it when all of it is stored (or waits as unknown series).

    Raises Refusal ``message-unknown``, ``message-cut`` for one longer than what was kept, and the reason for which it
    still says no reading; then it stays.
    """
    with database.reading() as connection:
        row = connection.execute(sa.select(held).where(held.c.number == number)).one_or_none()
        if row is None:
            raise Refusal("message-unknown", received=number)
        if row.bytes > len(row.payload):
            raise Refusal("message-cut", received=row.bytes, expected=len(row.payload))
        index = series_index(connection)
        message = read_message(row.topic, bytes(row.payload), index)
        actor = BROKER if message.account is None else account_actor(connection, message.account)
    signed = None if message.envelope is None else signature_of(GatewayBook(database), message.envelope)
    source = Source("push", f"mqtt {actor.name}", actor.id)
    if signed is not None:
        source = Source("gateway", f"mqtt {signed.gateway}", actor.id, signed.sha256)
    made = deliver(message.push, message.refused, index, actor, source, signed.series if signed else frozenset())
    if made.refused:
        raise next(iter(made.refused.values()))
    if signed is not None:
        keep_delivery(folder, signed)
    receipt = append(database, folder, index.definitions, made.batch, now)
    with database.writing(visible=False) as connection:
        quarantine(connection, list(made.strays.values()), actor.id, now)
        if not receipt.refused:
            connection.execute(sa.delete(held).where(held.c.number == number))
    if receipt.refused:
        raise receipt.refused[0].reason
    return receipt


def forget(connection: sa.Connection, number: int) -> None:
    """Throw a message away. Raises Refusal ``message-unknown``."""
    if not connection.execute(sa.delete(held).where(held.c.number == number)).rowcount:
        raise Refusal("message-unknown", received=number)


def signature_of(book: GatewayBook, envelope: Envelope) -> SignedDelivery:
    """Raises Refusal ``delivery-signature``, ``gateway-unknown``: whoever signs wants it to be looked at."""
    found = book.check(envelope.gateway, envelope.signature, envelope.body.encode())
    if found is None:
        raise Refusal("gateway-unknown", received=envelope.gateway[:80])
    return found


def account_actor(connection: sa.Connection, name: str) -> Actor:
    """The account of a topic, for writing readings only. Raises Refusal ``mqtt-account``."""
    try:
        found = account_named(connection, name)
    except Refusal:
        found = None
    if found is None or found.disabled:
        raise Refusal("mqtt-account", received=name[:80])
    roles: Any = frozenset(found.roles)
    only: Any = frozenset({"write_readings"})
    return Actor(found.id, found.name, roles, found.enterprise_id, found.region, only)
