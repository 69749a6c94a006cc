"""The meter behind a series in the ledger: its device record, the key that signs its days, and the days it signed.

A gateway that holds the key of its series (``jasyl.ledger.series_key``, handed over once) computes the root of a day
as the seal does, and signs what it measured. The signature goes into the batch record when the sealed readings are
those that were signed; a day that differs, or that nobody signed, is entered by an operator, whatever the register
says of its series.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import canonical_json, instant
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .series import SeriesDefinition, Trust


@dataclass(frozen=True)
class Signing:
    """What stands in every record of one run: the log, who writes, the clock in µs UTC."""

    log_origin: str
    author: str
    now: int


class SignedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day as a device or gateway signed it: ``measured`` is what ``jasyl.ledger.Batch.measured`` gives."""

    measured: dict[str, str | int | None]
    signatures: list[ledger.Signature]


_SIGNED_DAY = msgspec.json.Decoder(SignedDay)


def named_series(document: bytes) -> str:
    """The series of which a signed day speaks. Raises Refusal ``day-malformed``."""
    try:
        return str(_SIGNED_DAY.decode(document).measured.get("series"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("day-malformed", received="", reason=str(error)) from error


def signed_day_file(folder: DataFolder, series_id: str, start: int) -> Path:
    """Where a day waits, as its device or gateway signed it, until it is sealed."""
    return folder.signed_days / f"{series_id}.{start}.json"


class DeviceBook:
    """The device records of a log: the newest of each series, read once."""

    def __init__(self, connection: sa.Connection, folder: DataFolder, signing: Signing) -> None:
        self.connection, self.folder, self.signing = connection, folder, signing
        self._known = {
            record.series: (identity, record)
            for identity, record in ledger.records_of_kind(connection, "device")
            if isinstance(record, ledger.Device)
        }

    def record_of(self, series: SeriesDefinition) -> str:
        """The id of the device record that holds for a series; a new one is on its way when anything of it changed."""
        _, known = self._known.get(series.id, (None, None))
        return self._keep(series, known.key if known else None)

    def bind(self, series: SeriesDefinition, key_record: str) -> str:
        """Let days of ``series`` be signed by the key of a ``key`` record; gives the id of the device record.

        Raises Refusal ``device-key`` for what is no active key that can sign days, ``device-trust`` when the register
        says that an operator enters the series.
        """
        self._vkey(key_record)
        if series.trust == "operator-entered":
            raise Refusal("device-trust", received=series.id)
        return self._keep(series, key_record)

    def take(self, series: SeriesDefinition, document: bytes) -> None:
        """Keep a day as its device or gateway signed it (JSON of a :class:`SignedDay`) until it is sealed.

        Raises Refusal ``day-malformed``, or ``day-signature`` when the key is not the one bound to the series or the
        signature does not hold.
        """
        try:
            day = _SIGNED_DAY.decode(document)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refusal("day-malformed", received=series.id, reason=str(error)) from error
        start = day.measured.get("day_start")
        if day.measured.get("series") != series.id or not isinstance(start, int) or not self._holds(series, day):
            raise Refusal("day-signature", received=series.id)
        place = self.folder.signed_days
        place.mkdir(exist_ok=True)
        write_durably(signed_day_file(self.folder, series.id, start), canonical_json(msgspec.to_builtins(day)))

    def signatures(
        self, series: SeriesDefinition, measured: Mapping[str, object]
    ) -> tuple[Trust, Sequence[ledger.Signature]]:
        """Level and signatures of a day being sealed: those of the device when it signed these very readings."""
        start = measured["day_start"]
        if not isinstance(start, int):
            raise TypeError(start)
        file = signed_day_file(self.folder, series.id, start)
        try:
            day = _SIGNED_DAY.decode(file.read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return "operator-entered", ()
        if day.measured != measured or not self._holds(series, day):
            return "operator-entered", ()
        return series.trust, day.signatures

    def _holds(self, series: SeriesDefinition, day: SignedDay) -> bool:
        _, device = self._known.get(series.id, (None, None))
        if device is None or device.key is None or len(day.signatures) != 1 or day.signatures[0].key != device.key:
            return False
        message = ledger.day_message(dict(day.measured))
        return ledger.signature_holds(self._vkey(device.key), day.signatures[0], message)

    def _vkey(self, record_id: str) -> str:
        entry = ledger.entry(self.connection, record_id)
        record = ledger.parse_record(entry) if entry is not None else None
        if not isinstance(record, ledger.Key) or record.status != "active":
            raise Refusal("device-key", received=record_id)
        return ledger.record_verifier(record.vkey).vkey

    def _keep(self, series: SeriesDefinition, key: str | None) -> str:
        identity, known = self._known.get(series.id, (None, None))
        said = _said(series, key)
        if identity is not None and known is not None and all(getattr(known, name) == said[name] for name in said):
            return identity
        record = ledger.Device(
            log_origin=self.signing.log_origin,
            issued=ledger.issued_now(instant(self.signing.now)),
            author=self.signing.author,
            supersedes=identity,
            **said,
        )
        made = ledger.enqueue(self.connection, record)
        self._known[series.id] = made, record
        return made


def _said(series: SeriesDefinition, key: str | None) -> dict[str, Any]:
    """What the device record says. Whose series is not public does not name its facility: everybody reads the log."""
    return {
        "series": series.id,
        "facility": series.facility_id if series.publication == "public" else None,
        "quantity": series.quantity,
        "series_kind": series.kind,
        "unit": series.unit.ucum,
        "scale": -series.scale,
        "interval_seconds": series.interval_seconds,
        "trust": series.trust if key else "operator-entered",
        "key": key,
    }
