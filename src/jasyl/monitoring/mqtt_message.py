"""MQTT messages as deliveries: SensorThings topics with one observation, and documents of many readings.

``v1.1/Datastreams(7)/Observations`` (OGC 18-088, clause 14) carries one observation of series 7 in that series' unit.
``jasyl/v1/ACCOUNT/readings`` carries a push document (docs/push.md) of an account; the broker's access list lets only
that account's credential write there.
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
_DATASTREAM = re.compile(r"v1\.1/Datastreams\((\d{1,9})\)/Observations", re.ASCII)
_DOCUMENT = re.compile(r"jasyl/v1/([^/+#]{1,120})/readings")
# Whoever may write a datastream's topic is the broker's decision; the service writes what its access list let through.
BROKER = Actor(id="mqtt", name="mqtt", roles=frozenset({"agency"}), actions=frozenset({"write_readings"}))


@dataclass(frozen=True)
class Message:
    """A message as a delivery: the document, what of it is not of the form, and whose it is (None: the broker's)."""

    push: Push
    refused: dict[int, Refusal]
    account: str | None


class _Observation(msgspec.Struct):
    """What is used of an Observation; all else that the standard allows is passed over."""

    result: float | str | None
    phenomenonTime: str | None = None  # noqa: N815  (the standard's own name)


_DECODER = msgspec.json.Decoder(_Observation)


def read_message(topic: str, payload: bytes, index: SeriesIndex) -> Message:
    """The delivery in a message. Raises Refusal ``mqtt-topic``, ``mqtt-observation``, and those of a push document."""
    if found := _DATASTREAM.fullmatch(topic):
        return Message(_observation(int(found[1]), payload, index), {}, None)
    if found := _DOCUMENT.fullmatch(topic):
        push, refused = read_push(payload)
        return Message(push, refused, found[1])
    raise Refusal("mqtt-topic", received=topic[:120], expected=f"{OBSERVATIONS}, {DOCUMENTS}")


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
