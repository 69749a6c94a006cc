"""IEC 60870-5-104 link of a controlling station, without any socket: bytes and the clock in, bytes and ASDUs out.

Sequence numbers of 15 bits, windows k and w, time-outs t1, t2, t3 as in IEC 60870-5-104 clause 5.
"""

from collections import deque
from dataclasses import dataclass

from .iec104_asdu import Asdu, FrameError, decode

START = 0x68
STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON = 0x07, 0x0B, 0x13, 0x23, 0x43, 0x83
MODULUS = 1 << 15


class LinkError(Exception):
    """The link is of no more use: close it and connect anew."""


@dataclass(frozen=True)
class LinkSettings:
    """Windows and time-outs in seconds; the defaults are those of the standard."""

    k: int = 12
    w: int = 8
    t1: float = 15.0
    t2: float = 10.0
    t3: float = 20.0


class Link:
    """One connection. ``receive`` and ``tick`` raise LinkError when it has to be closed."""

    def __init__(self, settings: LinkSettings, now: float) -> None:
        self.settings = settings
        self.started = False
        self._buffer = bytearray()
        self._out = bytearray()
        self._sent = self._received = self._acknowledged_by_us = 0
        self._unconfirmed: deque[tuple[int, float]] = deque()
        self._waiting: deque[bytes] = deque()
        self._oldest_unacknowledged: float | None = None
        self._heard = now
        self._awaited: dict[int, float] = {}
        self._control(STARTDT_ACT, now, STARTDT_CON)

    def send(self, asdu: bytes) -> None:
        """Queue an ASDU; it goes out once data transfer is started and the window k has room."""
        self._waiting.append(asdu)

    def to_send(self, now: float) -> bytes:
        """What has to go out now."""
        while self.started and self._waiting and len(self._unconfirmed) < self.settings.k:
            body = self._waiting.popleft()
            head = (self._sent << 1).to_bytes(2, "little") + (self._received << 1).to_bytes(2, "little")
            self._out += bytes((START, 4 + len(body))) + head + body
            self._unconfirmed.append((self._sent, now))
            self._sent = (self._sent + 1) % MODULUS
            self._acknowledged()
        out = bytes(self._out)
        self._out.clear()
        return out

    def receive(self, data: bytes, now: float) -> list[Asdu]:
        """Take bytes in and give the ASDUs that they complete, in order."""
        self._buffer += data
        found: list[Asdu] = []
        while len(self._buffer) >= 2:
            if self._buffer[0] != START or not 4 <= self._buffer[1] <= 253:
                raise LinkError(f"no frame begins with {bytes(self._buffer[:2]).hex()}")
            length = 2 + self._buffer[1]
            if len(self._buffer) < length:
                break
            frame = bytes(self._buffer[2:length])
            del self._buffer[:length]
            self._heard = now
            found += self._frame(frame, now)
        return found

    def tick(self, now: float) -> None:
        """What time demands: acknowledgements (t2), tests of a silent link (t3), giving up (t1)."""
        late = [since for since in self._awaited.values() if now - since > self.settings.t1]
        if late or (self._unconfirmed and now - self._unconfirmed[0][1] > self.settings.t1):
            raise LinkError(f"no answer within t1 = {self.settings.t1} s")
        oldest = self._oldest_unacknowledged
        if oldest is not None and now - oldest >= self.settings.t2:
            self._acknowledge()
        if now - self._heard >= self.settings.t3 and TESTFR_CON not in self._awaited:
            self._control(TESTFR_ACT, now, TESTFR_CON)

    def _frame(self, frame: bytes, now: float) -> list[Asdu]:
        first = frame[0]
        if not first & 1:
            return self._information(frame, now)
        if first & 3 == 1:
            self._confirmed(int.from_bytes(frame[2:4], "little") >> 1)
            return []
        self._unnumbered(first, now)
        return []

    def _information(self, frame: bytes, now: float) -> list[Asdu]:
        if not self.started:
            raise LinkError("data before STARTDT was confirmed")
        sent, seen = (int.from_bytes(frame[at : at + 2], "little") >> 1 for at in (0, 2))
        if sent != self._received:
            raise LinkError(f"frame {sent} came where {self._received} was due")
        self._confirmed(seen)
        self._received = (self._received + 1) % MODULUS
        if self._oldest_unacknowledged is None:
            self._oldest_unacknowledged = now
        if (self._received - self._acknowledged_by_us) % MODULUS >= self.settings.w:
            self._acknowledge()
        try:
            return [decode(frame[4:])]
        except FrameError as error:
            raise LinkError(str(error)) from error

    def _confirmed(self, upto: int) -> None:
        open_frames = [number for number, _ in self._unconfirmed]
        allowed = {self._sent, *open_frames}
        if upto not in allowed:
            raise LinkError(f"frame {upto} was confirmed, {self._sent} is the next to be sent")
        while self._unconfirmed and self._unconfirmed[0][0] != upto:
            self._unconfirmed.popleft()

    def _unnumbered(self, code: int, now: float) -> None:
        self._awaited.pop(code, None)
        if code == STARTDT_CON:
            self.started = True
        elif code == TESTFR_ACT:
            self._control(TESTFR_CON, now)
        elif code in (STOPDT_ACT, STOPDT_CON):
            raise LinkError("the device stopped data transfer")

    def _control(self, code: int, now: float, awaited: int | None = None) -> None:
        self._out += bytes((START, 4, code, 0, 0, 0))
        if awaited is not None:
            self._awaited[awaited] = now

    def _acknowledge(self) -> None:
        self._out += bytes((START, 4, 1, 0)) + (self._received << 1).to_bytes(2, "little")
        self._acknowledged()

    def _acknowledged(self) -> None:
        self._acknowledged_by_us = self._received
        self._oldest_unacknowledged = None
