"""``jasyl-gateway``: polls, forms intervals, spools, pushes; ends cleanly on SIGTERM, survives being killed."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from .configuration import Configuration, ConfigurationError, ModbusSettings, load
from .days import Notes, signed_day
from .iec104_asdu import Measured
from .iec104_client import Iec104Client
from .iec104_image import Image
from .intervals import Clock, Former, Reading
from .modbus import ModbusDevice
from .push import Server, TryLaterError, document
from .signing import load_or_make, public_text, signed_headers
from .spool import Spool, SpoolDamagedError, SpoolFullError, SpoolInUseError, held, standing

logger = logging.getLogger("jasyl_gateway")
LONGEST_PAUSE = 300.0
# Closed days are asked for this often (s): several times within the hour before the server seals them.
SIGN_EVERY = 600.0
# Frames of one request: some thousand readings, far below what the server takes at once.
MOST_FRAMES, MOST_READINGS = 500, 5_000


class Gateway:
    """The parts and what they share. Formers and spool are used under one lock."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.spool = Spool(configuration.spool, most_bytes=configuration.spool_bytes)
        self.server = Server(configuration.server, configuration.token, certificates=configuration.certificates)
        self.key = load_or_make(configuration.key) if configuration.key else None
        self.notes = Notes(configuration.spool / "measured")
        self.stop = threading.Event()
        self.lost = 0
        self._failed = False
        self._lock = threading.Lock()
        self._clock = Clock(time.time(), time.monotonic())
        emitted = self._emitted()
        points = [point for device in configuration.modbus for _, point in device.points]
        points += [point for _, named in configuration.iec104 for point in named.values()]
        self.formers = {point.series: Former(point, emitted.get(point.series, -1)) for point in points}

    def run(self) -> bool:
        """Work until ``stop`` is set; False when a part failed: a gateway of which half goes on looks well from
        outside."""
        tasks: list[tuple[str, Callable[[], None]]] = [("push", self._send)]
        tasks += [(f"modbus {one.host}", partial(self._poll, one)) for one in self.configuration.modbus]
        for settings, points in self.configuration.iec104:
            image = Image(points)
            hear = partial(self._heard, image=image)
            client = Iec104Client(settings, hear, logger.warning, image.forget)
            tasks.append((f"iec104 {settings.host}", partial(client.run, self.stop)))
            tasks.append((f"values of {settings.host}", partial(self._look, image, settings.poll)))
        work = [threading.Thread(target=self._work, args=task, name=task[0], daemon=True) for task in tasks]
        for thread in work:
            thread.start()
        while not self.stop.wait(0.5):
            self.tick()
        for thread in work:
            thread.join(timeout=5)
        return not self._failed

    def _work(self, name: str, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:
            logger.exception("%s failed: the gateway ends", name)
            self._failed = True
            self.stop.set()

    def tick(self) -> None:
        """What the passing of time completes; a clock that was set makes the intervals under way void."""
        with self._lock:
            now = time.time()
            jump = self._clock.jump(now, time.monotonic())
            if jump:
                logger.warning("the clock was set by %+.1f s: the intervals under way are left out", jump)
                for former in self.formers.values():
                    former.forget()
                return
            self._keep([reading for former in self.formers.values() for reading in former.tick(now)])

    def sample(self, series: str, value: float) -> None:
        """A good value of a point, now."""
        with self._lock:
            self._keep(self.formers[series].sample(time.time(), value))

    def _keep(self, readings: Sequence[Reading]) -> None:
        if not readings:
            return
        rows = [[one.series, one.unit, one.start, one.value] for one in readings]
        try:
            self.spool.append(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())
            if self.key is not None:
                self.notes.add(readings)
        except (SpoolFullError, OSError) as error:
            self.lost += len(readings)
            logger.error("the spool takes no more (%s): %d readings LOST so far", error or "full", self.lost)  # noqa: TRY400

    def _emitted(self) -> dict[str, int]:
        """The last interval given away for each series, in seconds: from the spool, so that none is given twice."""
        found = dict(self.spool.notes)
        for frame in self.spool.waiting_frames():
            for series, _, start, _ in json.loads(frame.payload):
                found[series] = max(found.get(series, -1), start // 1_000_000)
        return found

    def _poll(self, device: ModbusSettings) -> None:
        client = ModbusDevice(device.host, device.port, device.unit, logger.warning)
        registers = dict.fromkeys(register for register, _ in device.points)
        while self._turn(min((point.every for _, point in device.points), default=10.0)):
            for read, value in client.values(registers):
                for point in (point for register, point in device.points if register == read):
                    self.sample(point.series, value)
        client.close()

    def _look(self, image: Image, poll: float) -> None:
        """Sample the last known values of a device, by which a value that stays counts as long as it stood."""
        while self._turn(poll):
            for series, value in image.means():
                self.sample(series, value)

    def _turn(self, every: float) -> bool:
        """Wait for the next multiple of ``every`` seconds; False when it is time to end."""
        return not self.stop.wait(every - time.time() % every)

    def _heard(self, value: Measured, image: Image) -> None:
        series = image.take(value)
        if series is not None:
            self.sample(series, value.value)

    def sign_days(self, now: int) -> int:
        """Sign the closed days that the server holds as we measured them; how many. Raises TryLaterError."""
        if self.key is None:
            return 0
        body = json.dumps({"at": now}).encode()
        offered = self.server.ask("/api/days", body, signed_headers(self.key, self.configuration.name, body))
        done = 0
        for day in offered.get("days", ()) if isinstance(offered, dict) else ():
            measured = day["measured"]
            with self._lock:
                notes = self.notes.between(day["name"], measured["day_start"], measured["day_end"])
            try:
                self.server.ask("/api/days/signed", signed_day(day, notes, self.key))
                done += 1
            except (ValueError, KeyError, TypeError) as error:
                logger.warning("a day of %s is not signed: %s", day["name"], error)
        with self._lock:
            self.notes.forget(now)
        return done

    def _send(self) -> None:
        pause, signed = self.configuration.push_every, 0.0
        while not self.stop.is_set():
            try:
                if time.monotonic() - signed > SIGN_EVERY and not self.spool.waiting:
                    signed = time.monotonic()
                    self.sign_days(time.time_ns() // 1000)
                while not self.stop.is_set() and self.push_some():
                    pause = self.configuration.push_every
                pause = self.configuration.push_every
            except TryLaterError as error:
                logger.warning("not acknowledged, tried again in %.0f s: %s", pause, error)
                self.stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            self.stop.wait(self.configuration.push_every)

    def push_some(self) -> int:
        """Push what waits, as much as goes into one request; how many frames were acknowledged.

        Raises TryLaterError; then nothing is forgotten. The same readings again are no new ones to the server, so an
        answer that was lost on its way does no harm.
        """
        with self._lock:
            readings: list[Reading] = []
            last, count = self.spool.acknowledged, 0
            for frame in self.spool.waiting_frames():
                readings += [Reading(*row) for row in map(_row, json.loads(frame.payload))]
                last, count = frame.sequence, count + 1
                if count >= MOST_FRAMES or len(readings) >= MOST_READINGS:
                    break
        if not count:
            return 0
        body = document(last, readings)
        headers = signed_headers(self.key, self.configuration.name, body) if self.key else {}
        answer = self.server.push(body, headers)
        if answer.refused:
            self._set_apart(readings, answer.refused)
        notes: dict[str, int] = {}
        for one in readings:
            notes[one.series] = max(notes.get(one.series, -1), one.start // 1_000_000)
        with self._lock:
            self.spool.acknowledge(last, notes)
        return count

    def _set_apart(self, readings: Sequence[Reading], reasons: Sequence[dict[str, object]]) -> None:
        """Readings that the server will never take go to a file of their own, with the reason: nothing is dropped."""
        with (self.configuration.spool / "refused.jsonl").open("a", encoding="utf-8") as out:
            for reason in reasons:
                row = reason.get("row")
                one = readings[row] if isinstance(row, int) and 0 <= row < len(readings) else None
                out.write(
                    json.dumps({"reading": one.__dict__ if one else None, "reason": reason}, ensure_ascii=False) + "\n"
                )
            out.flush()
            os.fsync(out.fileno())
        logger.error("the server refused %d readings: see refused.jsonl in the spool", len(reasons))


def _row(row: list[object]) -> tuple[str, str, int, str]:
    series, unit, start, value = row
    return str(series), str(unit), int(str(start)), str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program. Exit code 0 done, 1 cannot work, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="jasyl-gateway", description=__doc__)
    parser.add_argument(
        "command", choices=("run", "check", "status", "key"), help="run; check the settings; what waits; the public key"
    )
    parser.add_argument("--config", type=Path, default=Path("gateway.toml"), help="the settings (TOML)")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # what it meets is told once, by us
    try:
        configuration = load(asked.config, os.environ)
        if asked.command == "check":
            count = sum(len(device.points) for device in configuration.modbus)
            count += sum(len(points) for _, points in configuration.iec104)
            sys.stdout.write(f"{configuration.name}: {count} points, to {configuration.server}\n")
            return 0
        if asked.command == "key":
            if configuration.key is None:
                raise ConfigurationError("[gateway] key is not set")
            sys.stdout.write(public_text(load_or_make(configuration.key)) + "\n")
            return 0
        if asked.command == "status":
            sys.stdout.write(json.dumps(standing(configuration.spool)) + "\n")
            return 0
        with held(configuration.spool):
            return _run(Gateway(configuration))
    except (ConfigurationError, SpoolDamagedError, SpoolInUseError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(gateway: Gateway) -> int:
    def end(_number: int, _frame: FrameType | None) -> None:
        gateway.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if gateway.spool.cut:
        logger.warning("an unfinished frame of %d octets was cut from the spool", gateway.spool.cut)
    return 0 if gateway.run() else 1


if __name__ == "__main__":
    sys.exit(main())
