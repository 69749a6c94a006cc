"""The gateway's settings, one TOML file. What is wrong in it is said with its place, before anything is polled."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .iec104_client import Iec104Settings
from .iec104_link import LinkSettings
from .intervals import Point
from .modbus import TYPES, Register


class ConfigurationError(Exception):
    """A setting is missing or wrong."""


@dataclass(frozen=True)
class ModbusSettings:
    """A Modbus TCP device and the points read from it."""

    host: str
    port: int
    unit: int
    points: tuple[tuple[Register, Point], ...]


@dataclass(frozen=True)
class Configuration:
    """Everything the program needs. ``iec104`` pairs a device with its points by object address."""

    name: str
    server: str
    token: str
    spool: Path
    certificates: str | None = None
    spool_bytes: int = 512 * 2**20
    push_every: float = 5.0
    key: Path | None = None
    modbus: tuple[ModbusSettings, ...] = ()
    iec104: tuple[tuple[Iec104Settings, dict[int, Point]], ...] = field(default=())


def load(file: Path, environment: Mapping[str, str]) -> Configuration:
    """The settings in ``file``; the token may stand in the environment (``GATEWAY_TOKEN``) or in a file of its
    own (``token_file``), so that the settings can be shown to people. Raises ConfigurationError."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: {error}") from error
    top = _Table(found, str(file))
    gateway, home = top.table("gateway"), file.parent
    token = _token(gateway, home, environment)
    key = gateway.text("key", "")
    made = Configuration(
        gateway.text("name"),
        gateway.text("server"),
        token,
        home / gateway.text("spool", "spool"),
        gateway.text("certificates", "") or None,
        int(gateway.number("spool_megabytes", 512) * 2**20),
        gateway.number("push_every", 5.0),
        home / key if key else None,
        tuple(_modbus(each) for each in top.tables("modbus")),
        tuple(_iec104(each) for each in top.tables("iec104")),
    )
    gateway.done()
    top.done()
    series = [point.series for device in made.modbus for _, point in device.points]
    series += [point.series for _, points in made.iec104 for point in points.values()]
    if not series:
        raise ConfigurationError(f"{file}: no points: add [[modbus]] or [[iec104]] with points")
    if len(set(series)) < len(series):
        raise ConfigurationError(f"{file}: a series is fed by two points")
    return made


def _token(gateway: "_Table", home: Path, environment: Mapping[str, str]) -> str:
    written, file = gateway.text("token", ""), gateway.text("token_file", "")
    said = environment.get("GATEWAY_TOKEN") or written
    if not said and file:
        try:
            said = (home / file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{gateway.where}: token_file: {error}") from error
    if not said:
        raise ConfigurationError(f"{gateway.where}: token is missing")
    return said


class _Table:
    """A table of the file whose settings are taken one by one; what is left over was misspelt."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self.values, self.where = dict(values), where

    def take(self, name: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        if name not in self.values:
            if default is None:
                raise ConfigurationError(f"{self.where}: {name} is missing")
            return default
        value = self.values.pop(name)
        if isinstance(value, bool) or not isinstance(value, kind):
            raise ConfigurationError(f"{self.where}: {name} = {value!r} is of the wrong kind")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        return str(self.take(name, str, default))

    def number(self, name: str, default: float | None = None) -> float:
        return float(self.take(name, (int, float), default))

    def whole(self, name: str, default: int | None = None) -> int:
        return int(self.take(name, int, default))

    def table(self, name: str) -> "_Table":
        return _Table(self.take(name, dict), f"{self.where}, [{name}]")

    def tables(self, name: str) -> list["_Table"]:
        rows = self.take(name, list, [])
        return [_Table(row, f"{self.where}, [[{name}]] {n}") for n, row in enumerate(rows, 1)]

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> Any:
        value = self.text(name, default)
        if value not in allowed:
            raise ConfigurationError(f"{self.where}: {name} = {value!r}, not one of {', '.join(allowed)}")
        return value

    def done(self) -> None:
        if self.values:
            raise ConfigurationError(f"{self.where}: unknown: {', '.join(self.values)}")


def _point(table: _Table, every: float) -> Point:
    interval = table.whole("interval", 900)
    if interval <= 0 or 3600 % interval:
        raise ConfigurationError(f"{table.where}: interval = {interval} does not divide an hour")
    return Point(
        table.text("series"),
        table.text("unit"),
        interval,
        table.choice("kind", ("mean", "counter"), "mean"),
        every,
        table.number("coverage", 0.5),
        table.number("factor", 1.0),
    )


def _modbus(table: _Table) -> ModbusSettings:
    host, port, unit = table.text("host"), table.whole("port", 502), table.whole("unit", 1)
    every = table.number("poll", 10.0)
    points: list[tuple[Register, Point]] = []
    for each in table.tables("points"):
        invalid = each.values.pop("invalid", None)
        register = Register(
            each.whole("address"),
            each.choice("type", TYPES, "uint16"),
            each.choice("order", ("ABCD", "CDAB", "BADC", "DCBA"), "ABCD"),
            each.choice("table", ("holding", "input"), "holding"),
            None if invalid is None else float(invalid),
        )
        points.append((register, _point(each, every)))
        each.done()
    table.done()
    return ModbusSettings(host, port, unit, tuple(points))


def _iec104(table: _Table) -> tuple[Iec104Settings, dict[int, Point]]:
    link = LinkSettings(
        table.whole("k", 12),
        table.whole("w", 8),
        table.number("t1", 15),
        table.number("t2", 10),
        table.number("t3", 20),
    )
    settings = Iec104Settings(
        table.text("host"),
        table.whole("port", 2404),
        table.whole("common", 1),
        table.number("interrogate", 900.0),
        table.number("counters", 60.0),
        table.number("pause", 5.0),
        table.number("connect_timeout", 30.0),
        table.number("poll", 10.0),
        link,
    )
    points: dict[int, Point] = {}
    for each in table.tables("points"):
        address = each.whole("address")
        if address in points:
            raise ConfigurationError(f"{each.where}: address = {address} stands twice")
        counter = each.values.get("kind") == "counter"
        points[address] = _point(each, (settings.counters or 60.0) if counter else settings.poll)
        each.done()
    table.done()
    return settings, points
