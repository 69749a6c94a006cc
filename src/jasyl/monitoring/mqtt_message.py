"""MQTT messages as deliveries: SensorThings topics with one observation, and documents of many readings.

``v1.1/Datastreams(7)/Observations`` (OGC 18-088, clause 14) carries one observation of series 7 in that series' unit.
``jasyl/v1/ACCOUNT/readings`` carries a push document (docs/push.md) of an account; the broker's access list lets only
that account's credential write there. ``jasyl/v1/ACCOUNT/signed`` carries the same document as a gateway signed it.
"""

import datetime as dt
import re
from dataclasses import dataclass

import msgspec

from jasyl.people import Actor
from jasyl.texts import Refusal

from .known_series import SeriesIndex
from .push import Push, PushedReading, read_push

OBSERVATIONS = "v1.1/+/Observations"
DOCUMENTS = "jasyl/v1/+/readings"
SIGNED = "jasyl/v1/+/signed"
_DATASTREAM = re.compile(r"v1\.1/Datastreams\((\d{1,9})\)/Observations", re.ASCII)
_DOCUMENT = re.compile(r"jasyl/v1/([^/+#]{1,120})/(readings|signed)")
# Whoever may write a datastream's topic is the broker's decision; the service writes what its access list let through.
BROKER = Actor(id="mqtt", name="mqtt", roles=frozenset({"agency"}), actions=frozenset({"write_readings"}))


@dataclass(frozen=True)
class Message:
    """A message as a delivery: the document, what of it is not of the form, whose it is (None: the broker's), and of
    a signed one the envelope."""

    push: Push
    refused: dict[int, Refusal]
    account: str | None
    envelope: "Envelope | None" = None


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """A signed document: MQTT 3.1.1 has no headers. ``body`` is the document as text; signed are its UTF-8 octets."""

    gateway: str
    signature: str
    body: str


class _Observation(msgspec.Struct):
    """What is used of an Observation; all else that the standard allows is passed over."""

    result: float | str | None
    phenomenonTime: str | None = None  # noqa: N815  (the standard's own name)


_DECODER = msgspec.json.Decoder(_Observation)
_ENVELOPE = msgspec.json.Decoder(Envelope)


def read_message(topic: str, payload: bytes, index: SeriesIndex) -> Message:
    """The delivery in a message. Raises Refusal ``mqtt-topic``, ``mqtt-observation``, and those of a push document."""
    if found := _DATASTREAM.fullmatch(topic):
        return Message(_observation(int(found[1]), payload, index), {}, None)
    if found := _DOCUMENT.fullmatch(topic):
        envelope = _envelope(payload) if found[2] == "signed" else None
        push, refused = read_push(payload if envelope is None else envelope.body.encode())
        return Message(push, refused, found[1], envelope)
    raise Refusal("mqtt-topic", received=topic[:120], expected=f"{OBSERVATIONS}, {DOCUMENTS}, {SIGNED}")


def _envelope(payload: bytes) -> Envelope:
    try:
        return _ENVELOPE.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("mqtt-envelope", reason=str(error)[:200]) from error


def _observation(number: int, payload: bytes, index: SeriesIndex) -> Push:
    try:
        said = _DECODER.decode(payload)
        if said.phenomenonTime is None:
            raise msgspec.ValidationError("phenomenonTime is missing")  # the time of arrival would be an invented one
        start = dt.datetime.fromisoformat(said.phenomenonTime.partition("/")[0])
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refusal("mqtt-observation", reason=str(error)[:200]) from error
    definition = index.definitions.get(number)
    # A datastream that nobody registered goes to the quarantine under its number, its unit unknown: "1".
    series, unit = (definition.id, definition.unit.ucum) if definition else (f"Datastreams({number})", "1")
    return Push([PushedReading(start, said.result, series, unit)])
