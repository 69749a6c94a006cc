"""IEC 60870-5-104 application data: information objects in and out of bytes (IEC 60870-5-101 clause 7, -104 clause 7).

Common address of two octets, object address of three, cause of two: the only form that -104 allows.
"""

import datetime as dt
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

# Type identifications (IEC 60870-5-101, table 8 and following).
M_ME_NA, M_ME_NB, M_ME_NC, M_IT_NA, M_ME_ND = 9, 11, 13, 15, 21
M_ME_TD, M_ME_TE, M_ME_TF, M_IT_TB = 34, 35, 36, 37
M_EI_NA, C_IC_NA, C_CI_NA = 70, 100, 101
ACTIVATION, CONFIRMATION, TERMINATION = 6, 7, 10
STATION_INTERROGATION = 20
COUNTER_INTERROGATION = 5  # general request of counters, read without freeze
# Quality descriptor: overflow, blocked, substituted, not topical, invalid.
OVERFLOW, BLOCKED, SUBSTITUTED, NOT_TOPICAL, INVALID = 0x01, 0x10, 0x20, 0x40, 0x80


class FrameError(Exception):
    """Bytes that the standard does not allow."""


@dataclass(frozen=True)
class Measured:
    """A measured value or a counter: its addresses, ``value`` as sent, ``quality`` bits (0: good), and the device's
    time stamp without zone, where it sent one that it calls valid (a device whose clock is not set still measures).
    ``sequence`` is the counter's own sequence number.
    """

    common: int
    address: int
    value: float
    quality: int
    stamp: dt.datetime | None = None
    sequence: int | None = None
    type_id: int = 0

    @property
    def good(self) -> bool:
        """Whether the device itself vouches for it: valid, topical, neither substituted nor blocked nor overflown."""
        return not self.quality & (OVERFLOW | BLOCKED | SUBSTITUTED | NOT_TOPICAL | INVALID)


@dataclass(frozen=True)
class Asdu:
    """One application service data unit; ``objects`` is empty for types that carry no measurement, and for a test."""

    type_id: int
    cause: int
    negative: bool
    common: int
    objects: tuple[Measured, ...]


def command(type_id: int, common: int, qualifier: int) -> bytes:
    """An interrogation of a station (C_IC_NA) or of its counters (C_CI_NA)."""
    return bytes((type_id, 1, ACTIVATION, 0)) + struct.pack("<H", common) + b"\0\0\0" + bytes((qualifier,))


def decode(data: bytes) -> Asdu:
    """The ASDU in ``data``. Raises FrameError where it is cut short; unknown types give no objects."""
    if len(data) < 6:
        raise FrameError(f"ASDU of {len(data)} octets")
    type_id, structure, cause = data[0], data[1], data[2]
    common = int.from_bytes(data[4:6], "little")
    elements = _ELEMENTS.get(type_id)
    objects: list[Measured] = []
    if elements is not None:
        size, read, timed = elements
        whole = size + (7 if timed else 0)
        count, successive = structure & 0x7F, bool(structure & 0x80)
        expected = 6 + (3 + count * whole if successive else count * (3 + whole))
        if count == 0 or len(data) != expected:
            raise FrameError(f"type {type_id} with {count} objects has {len(data)} octets, not {expected}")
        at = 6
        address = 0
        for nth in range(count):
            if nth == 0 or not successive:
                address = int.from_bytes(data[at : at + 3], "little")
                at += 3
            else:
                address += 1
            value, quality, sequence = read(data[at : at + size])
            stamp = None
            if timed:
                stamp, doubtful = read_time(data[at + size : at + whole])
                stamp = None if doubtful else stamp
            objects.append(Measured(common, address, value, quality, stamp, sequence, type_id))
            at += whole
    test = bool(cause & 0x80)
    return Asdu(type_id, cause & 0x3F, bool(cause & 0x40), common, () if test else tuple(objects))


Element = tuple[float, int, int | None]


def _normalised(data: bytes) -> Element:
    return struct.unpack_from("<h", data)[0] / 32768, data[2] if len(data) > 2 else 0, None


def _scaled(data: bytes) -> Element:
    return struct.unpack_from("<h", data)[0], data[2], None


def _float(data: bytes) -> Element:
    value: float = struct.unpack_from("<f", data)[0]
    return value, data[4] | (0 if math.isfinite(value) else INVALID), None


def _counter(data: bytes) -> Element:
    value, notation = struct.unpack("<iB", data)
    # Carry (bit 5) says that the counter ran over since the last reading: the register itself is right.
    adjusted_or_invalid = notation & 0xC0
    return value, INVALID if adjusted_or_invalid & 0x80 else (NOT_TOPICAL if adjusted_or_invalid else 0), notation & 31


_ELEMENTS: dict[int, tuple[int, Callable[[bytes], Element], bool]] = {
    M_ME_NA: (3, _normalised, False),
    M_ME_NB: (3, _scaled, False),
    M_ME_NC: (5, _float, False),
    M_IT_NA: (5, _counter, False),
    M_ME_ND: (2, _normalised, False),
    M_ME_TD: (3, _normalised, True),
    M_ME_TE: (3, _scaled, True),
    M_ME_TF: (5, _float, True),
    M_IT_TB: (5, _counter, True),
}


def read_time(data: bytes) -> tuple[dt.datetime | None, bool]:
    """CP56Time2a: the device's civil time without zone, and whether it is marked invalid or is no time at all."""
    milliseconds, minute, hour, day, month, year = struct.unpack("<H5B", data)
    try:
        stamp = dt.datetime(  # noqa: DTZ001  (the device's civil time; its zone is a setting)
            2000 + (year & 0x7F), month & 0x0F, day & 0x1F, hour & 0x1F, minute & 0x3F, milliseconds // 1000,
            milliseconds % 1000 * 1000,
        )  # fmt: skip
    except ValueError:
        return None, True
    return stamp, bool(minute & 0x80)


def write_time(stamp: dt.datetime) -> bytes:
    """``stamp`` as CP56Time2a."""
    milliseconds = stamp.second * 1000 + stamp.microsecond // 1000
    day = stamp.day | stamp.isoweekday() << 5
    return struct.pack("<H5B", milliseconds, stamp.minute, stamp.hour, day, stamp.month, stamp.year - 2000)
