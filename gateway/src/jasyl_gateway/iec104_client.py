"""IEC 60870-5-104 over a socket: one device, connected again after every failure, its values handed on."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .iec104_asdu import C_CI_NA, C_IC_NA, COUNTER_INTERROGATION, STATION_INTERROGATION, Measured, command
from .iec104_link import Link, LinkError, LinkSettings


@dataclass(frozen=True)
class Iec104Settings:
    """``common`` address of the station; how often everything (``interrogate``) and the counters (``counters``) are
    asked for, in seconds (0: never); ``pause`` before connecting again."""

    host: str
    port: int = 2404
    common: int = 1
    interrogate: float = 900.0
    counters: float = 60.0
    pause: float = 5.0
    connect_timeout: float = 30.0
    link: LinkSettings = field(default_factory=LinkSettings)


class Iec104Client:
    """Runs on a thread of its own: ``run`` until ``stop`` is set."""

    def __init__(self, settings: Iec104Settings, take: Callable[[Measured], None], tell: Callable[[str], None]) -> None:
        self.settings, self._take, self._tell = settings, take, tell

    def run(self, stop: threading.Event) -> None:
        """Connect, ask, listen; after a failure say so, wait, and connect again."""
        while not stop.is_set():
            try:
                self._connected(stop)
            except (LinkError, OSError) as error:
                self._tell(f"IEC 104 {self.settings.host}:{self.settings.port}: {error}")
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
                    for each in asdu.objects:
                        self._take(each)
