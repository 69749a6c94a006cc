"""Signing days: what the server holds of a closed day is compared with our own notes, its root computed, and signed.

Formats are those of the server's ledger: the leaf of a reading is SHA-256 over 00 ‖ ``jasyl-reading/1`` LF ‖ salt ‖
length of series id (u16) ‖ series id ‖ start ‖ value ‖ revision (i64, big-endian), the tree that of RFC 6962, signed is
``jasyl-day/1`` LF ‖ the canonical JSON of the day.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .intervals import Reading

KEPT_DAYS = 40
_DAY = 86_400_000_000
_PREFIX = {"k": 3, "M": 6, "G": 9}


class Notes:
    """What we measured, by series and UTC day, kept beside the spool after it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, readings: Sequence[Reading]) -> None:
        """Note finished readings. What a power cut takes of these notes only leaves a day unsigned."""
        for one in readings:
            file = self._file(one.series, one.start // _DAY)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps([one.start, one.value, one.unit]) + "\n")

    def between(self, series: str, start: int, end: int) -> dict[int, tuple[str, str]]:
        """Value and unit by interval start, of [start, end)."""
        found: dict[int, tuple[str, str]] = {}
        for day in range(start // _DAY, (end - 1) // _DAY + 1):
            try:
                lines = self._file(series, day).read_text(encoding="utf-8").splitlines()
            except FileNotFoundError:
                continue
            for line in lines:
                try:
                    at, value, unit = json.loads(line)
                except ValueError:
                    continue  # cut short by a power cut
                if start <= at < end:
                    found[at] = (str(value), str(unit))
        return found

    def forget(self, before: int) -> None:
        """Remove notes of days that ended ``KEPT_DAYS`` before a moment (µs UTC)."""
        last = before // _DAY - KEPT_DAYS
        for file in self.folder.glob("*/*.jsonl"):
            if int(file.stem) < last:
                file.unlink()

    def _file(self, series: str, day: int) -> Path:
        return self.folder / quote(series, safe="") / f"{day}.jsonl"


def signed_day(offered: Mapping[str, Any], notes: Mapping[int, tuple[str, str]], key: Ed25519PrivateKey) -> bytes:
    """The signed day as the server takes it. Raises ValueError, with the reason, when it is not what we measured."""
    measured, rows = offered["measured"], offered["readings"]
    if {row[0] for row in rows} != set(notes):
        raise ValueError("not the intervals that were measured")
    for start, value, _, _ in rows:
        if _stored(*notes[start], measured["unit"], measured["scale"]) != value:
            raise ValueError(f"another value at {start}")
    values = [row[1] for row in rows]
    ours = {
        "count": len(values),
        "sum": str(sum(values)),
        "min": str(min(values)),
        "max": str(max(values)),
        "root": day_root(measured["series"], rows),
    }
    if any(measured[name] != said for name, said in ours.items()) or not all(
        measured["day_start"] <= row[0] < measured["day_end"] for row in rows
    ):
        raise ValueError("sums or root do not follow from the readings")
    message = b"jasyl-day/1\n" + _canonical(measured)
    signature = {"key": offered["key"], "sig": base64.b64encode(key.sign(message)).decode()}
    return _canonical({"measured": measured, "signatures": [signature]})


def day_root(series: str, rows: Sequence[Sequence[Any]]) -> str:
    """The root over rows of [start, value, revision, salt], in their order."""
    name = series.encode()
    leaves = [
        sha256(
            b"\x00jasyl-reading/1\n"
            + bytes.fromhex(salt)
            + len(name).to_bytes(2)
            + name
            + b"".join(number.to_bytes(8, signed=True) for number in (start, value, revision))
        ).digest()
        for start, value, revision, salt in rows
    ]
    return _root(leaves).hex()


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _stored(value: str, unit: str, base: str, scale: int) -> int:
    """The integer of 10^scale base units. Raises ValueError for a unit that we cannot convert ourselves."""
    shift = 0
    if unit != base:
        if unit[1:] != base or unit[0] not in _PREFIX:
            raise ValueError(f"{unit} is not {base} with a prefix")
        shift = _PREFIX[unit[0]]
    return int(Decimal(value).scaleb(shift - scale).to_integral_value(ROUND_HALF_EVEN))


def _canonical(document: Mapping[str, Any]) -> bytes:
    """RFC 8785 of what has only ASCII names, integers and texts."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
