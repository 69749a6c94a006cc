"""Gateways: which key speaks for which series, as the ledger says it, and signed deliveries checked against that.

A gateway signs the bytes of each delivery (Ed25519, RFC 8032). Its key is a ``key`` record of the purpose ``gateway``;
a series is bound to it by its ``device`` record. Whoever stole a token alone cannot feed such a series.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import instant
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .devices import DeviceBook, Signing
from .series import SeriesDefinition

PURPOSE = "gateway"
STALENESS = 1.0
_KEY_BYTES = 32
# The type of an Ed25519 key in a verifier line (C2SP signed-note).
_ED25519 = 1


@dataclass(frozen=True)
class SignedDelivery:
    """A delivery whose signature holds: the bytes, their SHA-256, who signed with which ``key`` record, and the ids
    of the series for which that key speaks."""

    body: bytes
    gateway: str
    signature: ledger.Signature
    series: frozenset[str]

    @property
    def sha256(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Gateway:
    """A registered gateway: its name, ``key`` record, public key, and the ids of the series bound to it."""

    name: str
    record: str
    key: ledger.Verifier
    series: frozenset[str]


def gateways(connection: sa.Connection) -> list[Gateway]:
    """The gateways whose keys are in force, by name; the newest device record of each series decides."""
    keys: dict[str, tuple[str, ledger.Key]] = {}
    for identity, record in ledger.records_of_kind(connection, "key"):
        if isinstance(record, ledger.Key) and record.purpose == PURPOSE:
            if record.status == "active":
                keys.setdefault(record.vkey, (identity, record))
            else:
                keys.pop(record.vkey, None)
    bound: dict[str, str | None] = {}
    for _, record in ledger.records_of_kind(connection, "device"):
        if isinstance(record, ledger.Device):
            bound[record.series] = record.key
    found = [
        Gateway(
            record.holder,
            identity,
            ledger.record_verifier(record.vkey),
            frozenset(series for series, key in bound.items() if key == identity),
        )
        for identity, record in keys.values()
    ]
    return sorted(found, key=lambda one: (one.name, one.record))


def register_gateway(
    connection: sa.Connection,
    folder: DataFolder,
    name: str,
    public: str,
    series: Sequence[SeriesDefinition],
    signing: Signing,
) -> str:
    """Write a gateway's key into the ledger and bind ``series`` to it; gives the id of the ``key`` record.

    ``public`` is what ``jasyl-gateway key`` prints: 32 octets in base64. Asked again it binds further series; another
    key under the same name takes the place of the former one, which is retired. Raises Refusal ``gateway-name``,
    ``gateway-key``, ``device-trust``.
    """
    octets = ledger.strict_base64(public.strip())
    if not name.strip() or name != name.strip() or len(name) > 80 or not name.isprintable():
        raise Refusal("gateway-name", received=name[:80])
    if octets is None or len(octets) != _KEY_BYTES:
        raise Refusal("gateway-key", received=public[:60])
    mine = [one for one in gateways(connection) if one.name == name]
    same = [one for one in mine if one.key.public == octets]
    key = ledger.Verifier(f"gateway/{quote(name, safe='')}", _ED25519, octets)
    identity = same[0].record if same else _say(connection, key, name, "active", signing)
    book = DeviceBook(connection, folder, signing)
    for one in series:
        book.bind(one, identity)
    for former in mine:
        if former.record != identity:
            _say(connection, former.key, name, "retired", signing)
    return identity


def revoke_gateway(connection: sa.Connection, name: str, signing: Signing) -> int:
    """Let the keys of a gateway speak no more; how many. Raises Refusal ``gateway-unknown``."""
    mine = [one for one in gateways(connection) if one.name == name]
    if not mine:
        raise Refusal("gateway-unknown", received=name[:80])
    for one in mine:
        _say(connection, one.key, name, "revoked", signing)
    return len(mine)


def _say(connection: sa.Connection, key: ledger.Verifier, name: str, status: str, signing: Signing) -> str:
    moment = ledger.issued_now(instant(signing.now))
    record = ledger.Key(
        log_origin=signing.log_origin,
        issued=moment,
        author=signing.author,
        vkey=key.vkey,
        holder=name,
        purpose=PURPOSE,
        valid_from=moment,
        valid_to=None,
        status="active" if status == "active" else "retired" if status == "retired" else "revoked",
        authorised_by=None,
    )
    return ledger.enqueue(connection, record)


class GatewayBook:
    """The gateways of one process, looked at again at most every ``staleness`` seconds; safe among threads."""

    def __init__(
        self, database: Database, staleness: float = STALENESS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.database, self.staleness, self._clock = database, staleness, clock
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._newest = -1
        self._named: Mapping[str, tuple[Gateway, ...]] = {}

    def check(self, name: str, signature: str, body: bytes) -> SignedDelivery | None:
        """The delivery as signed, or None when nobody registered a gateway of that name.

        Raises Refusal ``delivery-signature`` when the gateway is known and the signature is not its own over exactly
        these bytes: then nothing of the delivery may be taken.
        """
        found = self._current().get(name) or self._current(fresh=True).get(name)
        if not found:
            return None
        blob = ledger.strict_base64(signature)
        for one in found:
            if blob is not None and one.key.verify(body, blob):
                return SignedDelivery(body, name, ledger.Signature(key=one.record, sig=signature), one.series)
        raise Refusal("delivery-signature", received=name[:80])

    def _current(self, *, fresh: bool = False) -> Mapping[str, tuple[Gateway, ...]]:
        with self._lock:
            if fresh or self._clock() - self._asked > self.staleness:
                outbox = ledger.outbox_table
                newest = sa.select(sa.func.max(outbox.c.seq)).where(outbox.c.kind.in_(("key", "device")))
                with self.database.reading() as connection:
                    seen = connection.execute(newest).scalar() or 0
                    if seen != self._newest:
                        named: dict[str, tuple[Gateway, ...]] = {}
                        for one in gateways(connection):
                            named[one.name] = (*named.get(one.name, ()), one)
                        self._named, self._newest = named, seen
                self._asked = self._clock()
            return self._named
