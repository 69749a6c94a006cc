"""Sealed days: the salted Merkle root over a series' readings, and proofs of single readings.

The leaf of a reading is SHA-256 over 00 ‖ ``jasyl-reading/1`` LF ‖ salt ‖ length of series id (u16) ‖ series id ‖
start (i64, µs) ‖ value (i64) ‖ revision (i64), big-endian: an RFC 6962 leaf, and a commitment, since the salt is
HMAC-SHA256(series key, start ‖ revision). Who knows the salt of one reading can check that reading and no other.
After the series key is destroyed the root stands in the log, and nothing can be guessed or proven from it.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from jasyl.texts import Refusal

from .merkle import HASH_SIZE, inclusion_proof, leaf_hash, nodes_of, root_of, verify_inclusion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DOMAIN = b"jasyl-reading/1\n"
KEY_SIZE = 32
_BLOCK = 64


class Readings(NamedTuple):
    """Readings of one series: int64 arrays of one length, ascending by (start, revision), no pair twice.

    start: µs since 1970 UTC; value: integer in the series' base unit and scale; revision: 0, 1, …
    """

    start: "NDArray[np.int64]"
    value: "NDArray[np.int64]"
    revision: "NDArray[np.int64]"


@dataclass(frozen=True)
class ReadingProof:
    """One reading with its salt and its path to the day's root."""

    series_id: str
    start: int
    value: int
    revision: int
    salt: bytes
    index: int
    count: int
    path: tuple[bytes, ...]


def day_root(series_key: bytes, series_id: str, readings: Readings) -> bytes:
    """The root a ``batch`` record carries. Raises Refusal ``readings-order`` or ``series-key-size``."""
    leaves = _leaves(series_key, series_id, readings)
    return root_of(leaves)


def prove_reading(series_key: bytes, series_id: str, readings: Readings, index: int) -> ReadingProof:
    """The proof of reading ``index`` of a sealed day, made by whoever holds the key and all of the day's readings."""
    leaves = _leaves(series_key, series_id, readings)
    if not 0 <= index < len(leaves):
        raise Refusal("log-no-entry", received=index, expected=len(leaves))
    start, value, revision = (int(column[index]) for column in readings)
    path = tuple(inclusion_proof(nodes_of(leaves), index, len(leaves)))
    salt = reading_salt(series_key, start, revision)
    return ReadingProof(series_id, start, value, revision, salt, index, len(leaves), path)


def verify_reading(proof: ReadingProof, root: bytes) -> bool:
    """Whether the reading stands under ``root``; needs the salt in the proof, no key."""
    try:
        leaf = leaf_hash(_entry(proof.salt, proof.series_id, proof.start, proof.value, proof.revision))
    except (OverflowError, ValueError):
        return False
    return verify_inclusion(leaf, proof.index, proof.count, proof.path, root)


def reading_salt(series_key: bytes, start: int, revision: int) -> bytes:
    """HMAC-SHA256(series key, start ‖ revision)."""
    return hmac.digest(series_key, start.to_bytes(8, signed=True) + revision.to_bytes(8, signed=True), "sha256")


def _entry(salt: bytes, series_id: str, start: int, value: int, revision: int) -> bytes:
    if len(salt) != HASH_SIZE:
        raise ValueError("a salt has 32 bytes")
    numbers = b"".join(number.to_bytes(8, signed=True) for number in (start, value, revision))
    return DOMAIN + salt + _series(series_id) + numbers


def _series(series_id: str) -> bytes:
    name = series_id.encode()
    return len(name).to_bytes(2) + name


def _leaves(series_key: bytes, series_id: str, readings: Readings) -> list[bytes]:
    import numpy as np  # noqa: PLC0415  (the room is imported by commands that never touch an array)

    if len(series_key) != KEY_SIZE:
        raise Refusal("series-key-size", received=len(series_key), expected=KEY_SIZE)
    start, value, revision = (np.ascontiguousarray(column, dtype=np.int64) for column in readings)
    if not start.shape == value.shape == revision.shape or start.ndim != 1:
        raise Refusal("readings-order", received=series_id)
    later = (start[1:] > start[:-1]) | ((start[1:] == start[:-1]) & (revision[1:] > revision[:-1]))
    if not later.all():
        raise Refusal("readings-order", received=series_id)
    salted = np.stack([start, revision], axis=1).astype(">i8").tobytes()
    numbers = np.stack([start, value, revision], axis=1).astype(">i8").tobytes()
    # HMAC (RFC 2104) written out as its two hashes: half the time of one call of hmac.digest per reading.
    inner = bytes(byte ^ 0x36 for byte in series_key) + b"\x36" * (_BLOCK - KEY_SIZE)
    outer = bytes(byte ^ 0x5C for byte in series_key) + b"\x5c" * (_BLOCK - KEY_SIZE)
    before, after = b"\x00" + DOMAIN, _series(series_id)
    return [
        sha256(
            before
            + sha256(outer + sha256(inner + salted[16 * at : 16 * at + 16]).digest()).digest()
            + after
            + numbers[24 * at : 24 * at + 24]
        ).digest()
        for at in range(len(start))
    ]
