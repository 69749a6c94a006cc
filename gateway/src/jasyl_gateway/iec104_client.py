"""IEC 60870-5-104 over a socket: one device, connected again after every failure, its values handed on."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .iec104_asdu import C_CI_NA, C_IC_NA, COUNTER_INTERROGATION, STATION_INTERROGATION, Asdu, Measured, command
from .iec104_link import Link, LinkError, LinkSettings

_ASKED = {C_IC_NA: "the interrogation", C_CI_NA: "the counter interrogation"}


@dataclass(frozen=True)
class Iec104Settings:
    """``common`` address of the station; how often everything (``interrogate``) and the counters (``counters``) are
    asked for, in seconds (0: never); ``pause`` before connecting again; ``poll``, how often the last known values are
    looked at."""

    host: str
    port: int = 2404
    common: int = 1
    interrogate: float = 900.0
    counters: float = 60.0
    pause: float = 5.0
    connect_timeout: float = 30.0
    poll: float = 10.0
    link: LinkSettings = field(default_factory=LinkSettings)


class Iec104Client:
    """Runs on a thread of its own: ``run`` until ``stop`` is set.

    ``take`` gets the values of the station's common address, ``tell`` each new trouble once, ``lost`` is called when
    the connection ends.
    """

    def __init__(
        self,
        settings: Iec104Settings,
        take: Callable[[Measured], None],
        tell: Callable[[str], None],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings, self._take, self._tell, self._lost = settings, take, tell, lost
        self._told: set[str] = set()
        self._silent: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Connect, ask, listen; after a failure say so, wait, and connect again."""
        while not stop.is_set():
            try:
                self._connected(stop)
            except (LinkError, OSError) as error:
                if self._silent != str(error):  # a device that stays away is told once, not at every try
                    self._say(str(error))
                self._silent = str(error)
            finally:
                self._lost()
            stop.wait(self.settings.pause)

    def _connected(self, stop: threading.Event) -> None:
        where = (self.settings.host, self.settings.port)
        with socket.create_connection(where, self.settings.connect_timeout) as stream:
            stream.settimeout(0.2)
            link = Link(self.settings.link, time.monotonic())
            due = {
                command(C_IC_NA, self.settings.common, STATION_INTERROGATION): (self.settings.interrogate, 0.0),
                command(C_CI_NA, self.settings.common, COUNTER_INTERROGATION): (self.settings.counters, 0.0),
            }
            while not stop.is_set():
                now = time.monotonic()
                for asked, (every, at) in due.items():
                    if link.started and every and now >= at:
                        link.send(asked)
                        due[asked] = (every, now + every)
                link.tick(now)
                out = link.to_send(now)
                if out:
                    stream.sendall(out)
                try:
                    data = stream.recv(65536)
                except TimeoutError:
                    continue
                if not data:
                    raise LinkError("the device closed the connection")
                for asdu in link.receive(data, time.monotonic()):
                    self._hear(asdu)

    def _hear(self, asdu: Asdu) -> None:
        if asdu.negative and asdu.type_id in _ASKED:
            self._once(f"the device does not answer {_ASKED[asdu.type_id]} of common address {asdu.common}")
        if asdu.objects and asdu.common != self.settings.common:
            self._once(f"values of common address {asdu.common} are left aside, set is {self.settings.common}")
        elif asdu.objects:
            self._silent = None
            for each in asdu.objects:
                self._take(each)

    def _once(self, trouble: str) -> None:
        if trouble not in self._told:
            self._told.add(trouble)
            self._say(trouble)

    def _say(self, trouble: str) -> None:
        self._tell(f"IEC 104 {self.settings.host}:{self.settings.port}: {trouble}")
