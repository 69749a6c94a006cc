"""Readings from an MQTT broker, acknowledged to it only when they are on disk (QoS 1, persistent session).

What the broker delivers again (after a restart of either side, or an acknowledgement that was lost) is known already to
the store and changes nothing. What says no reading is set apart and acknowledged, or it would come for ever.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from jasyl.people import Actor
from jasyl.quantities import now_us
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .delivery import Receipt, Source
from .delivery_tables import quarantined_message
from .gateways import GatewayBook
from .gathering import Gatherer
from .known_series import KnownSeries
from .mqtt_message import BROKER, DOCUMENTS, OBSERVATIONS, SIGNED, read_message
from .push import deliver
from .quarantine import quarantine
from .set_apart import account_actor, signature_of, written_reason
from .signed_deliveries import keep_delivery

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

logger = logging.getLogger("jasyl.mqtt")
KEPT_BYTES = 65_536
# Messages that are unacknowledged at once; the broker keeps the rest.
INFLIGHT = 2_000
ACCOUNT_SECONDS = 5.0
RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class MqttSettings:
    """Where the broker is and how it knows us. ``certificates`` is a file of authorities: with it the connection is TLS
    and the broker's name is checked; ``certificate`` and ``key`` are our own, where the broker asks for them."""

    host: str = "127.0.0.1"
    port: int = 1883
    user: str | None = None
    password: str | None = None
    client: str = "jasyl"
    certificates: str | None = None
    certificate: str | None = None
    key: str | None = None
    topics: tuple[str, ...] = (OBSERVATIONS, DOCUMENTS, SIGNED)


@dataclass
class _Work:
    message: "MQTTMessage"
    answers: "list[Future[Receipt]]" = field(default_factory=list["Future[Receipt]"])


class Subscriber:
    """Listens until ``stop`` is set. ``counts`` tells messages and readings by what became of them."""

    def __init__(self, database: Database, folder: DataFolder, settings: MqttSettings) -> None:
        self.database, self.folder, self.settings = database, folder, settings
        self.gateways = GatewayBook(database)
        self.known = KnownSeries(database)
        self.gatherer = Gatherer(database, folder, self.known)
        self.counts: Counter[str] = Counter()
        self.subscribed = threading.Event()  # the broker said so: what is sent from now on comes here
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._accounts: dict[str, tuple[float, Actor | None]] = {}
        self._stop = threading.Event()
        self._client = self._make()

    def run(self, stop: threading.Event) -> None:
        """Connect, and again after every loss; store and acknowledge. Raises Refusal ``mqtt-refused``."""
        self._stop = stop
        client = self._client
        client.connect_async(self.settings.host, self.settings.port, keepalive=30)
        client.loop_start()
        try:
            while not stop.is_set() and "refused" not in self.counts:
                works = self._some()
                if works:
                    self._store(works)
        finally:
            client.disconnect()
            client.loop_stop()
            self.gatherer.close()
        if "refused" in self.counts:
            raise Refusal("mqtt-refused", received=f"{self.settings.host}:{self.settings.port}")

    def _make(self) -> "Client":
        from paho.mqtt.client import Client  # noqa: PLC0415
        from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

        given = self.settings
        client = Client(CallbackAPIVersion.VERSION2, given.client, clean_session=False, manual_ack=True)
        client.max_inflight_messages_set(INFLIGHT)
        client.reconnect_delay_set(1, 30)
        if given.user:
            client.username_pw_set(given.user, given.password)
        if given.certificates:
            client.tls_set(given.certificates, given.certificate, given.key)

        def connected(client: "Client", _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
            if reason.is_failure:
                logger.error("the broker refused: %s", reason)
                if str(reason) in {"Bad user name or password", "Not authorized"}:
                    self.counts["refused"] += 1
                return
            client.subscribe([(topic, 1) for topic in given.topics])

        def subscribed(_client: "Client", _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
            for topic, reason in zip(given.topics, reasons, strict=True):
                if reason.is_failure:
                    logger.error("the broker gives nothing of %s: %s", topic, reason)
            self.subscribed.set()

        def arrived(_client: "Client", _data: Any, message: "MQTTMessage") -> None:
            self._queue.put(message)

        client.on_connect = connected
        client.on_subscribe = subscribed
        client.on_message = arrived
        return client

    def _some(self) -> list[_Work]:
        """The messages that wait, at most as many as may be unacknowledged."""
        try:
            found = [self._queue.get(timeout=0.2)]
        except queue.Empty:
            return []
        while len(found) < INFLIGHT:
            try:
                found.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return [_Work(message) for message in found]

    def _store(self, works: Sequence[_Work]) -> None:
        """Store all, then acknowledge all; what could not be stored for a fault of ours is tried again until it is."""
        waiting = list(works)
        while waiting:
            failed: list[_Work] = []
            for work in waiting:
                work.answers.clear()
                try:
                    self._submit(work)
                except Refusal as reason:
                    if reason.code == "push-busy":
                        failed.append(work)
                    else:
                        self._set_apart(work.message, reason)
                except (SQLAlchemyError, OSError):
                    logger.exception("not stored, tried again")
                    failed.append(work)
            failed += [work for work in waiting if work not in failed and not self._answered(work)]
            for work in waiting:
                if work not in failed:
                    self._client.ack(work.message.mid, work.message.qos)
                    self.counts["messages"] += 1
            waiting = failed
            if waiting and self._stop.wait(RETRY_SECONDS):
                return  # unacknowledged: the broker keeps them

    def _submit(self, work: _Work) -> None:
        index = self.known.current()
        message = read_message(work.message.topic, bytes(work.message.payload), index)
        actor = BROKER if message.account is None else self._actor(message.account)
        signed = None if message.envelope is None else signature_of(self.gateways, message.envelope)
        speaks = signed.series if signed else frozenset[str]()
        source = Source("push", f"mqtt {actor.name}", actor.id)
        if signed is not None:
            source = Source("gateway", f"mqtt {signed.gateway}", actor.id, signed.sha256)
        made = deliver(message.push, message.refused, index, actor, source, speaks)
        if made.strays:
            index = self.known.current(fresh=True)
            made = deliver(message.push, message.refused, index, actor, source, speaks)
        if made.strays:
            with self.database.writing(visible=False) as connection:
                self.counts["quarantined"] += quarantine(connection, list(made.strays.values()), actor.id, now_us())
        if made.refused:
            self._set_apart(work.message, next(iter(made.refused.values())))
        if len(made.batch.start):
            if signed is not None:
                keep_delivery(self.folder, signed)
            work.answers.append(self.gatherer.submit(made.batch))

    def _answered(self, work: _Work) -> bool:
        try:
            for receipt in [answer.result() for answer in work.answers]:
                for name in ("accepted", "corrected", "repeated", "outdated"):
                    self.counts[name] += getattr(receipt, name)
                if receipt.refused:
                    self._set_apart(work.message, receipt.refused[0].reason)
        except Exception:
            logger.exception("not stored, tried again")
            return False
        return True

    def _set_apart(self, message: "MQTTMessage", reason: Refusal) -> None:
        row = {
            "topic": message.topic[:500],
            "payload": message.payload[:KEPT_BYTES],
            "bytes": len(message.payload),
            "reason": written_reason(reason),
            "received_at": now_us(),
        }
        with self.database.writing(visible=False) as connection:
            connection.execute(sa.insert(quarantined_message).values(row))
        self.counts["set apart"] += 1

    def _actor(self, name: str) -> Actor:
        """The account of a topic, for writing readings only. Raises Refusal ``mqtt-account``."""
        held = self._accounts.get(name)
        if held is None or time.monotonic() - held[0] > ACCOUNT_SECONDS:
            held = self._accounts[name] = (time.monotonic(), self._look_up(name))
        if held[1] is None:
            raise Refusal("mqtt-account", received=name[:80])
        return held[1]

    def _look_up(self, name: str) -> Actor | None:
        with self.database.reading() as connection:
            try:
                return account_actor(connection, name)
            except Refusal:
                return None
