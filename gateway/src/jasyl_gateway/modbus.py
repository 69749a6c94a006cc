"""Modbus TCP: registers of a device as numbers (Modbus Application Protocol 1.1b3; word orders as makers use them)."""

import math
import struct
from dataclasses import dataclass
from typing import Any, Literal

Order = Literal["ABCD", "CDAB", "BADC", "DCBA"]
# How a number of each type stands in registers of 16 bits, most significant first.
_FORMS = {
    "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "int64": ">q", "uint64": ">Q",
    "float32": ">f", "float64": ">d",
}  # fmt: skip
TYPES = tuple(_FORMS)


class ModbusError(Exception):
    """The device did not answer, or answered with an exception."""


@dataclass(frozen=True)
class Register:
    """Where a number stands: ``address`` from 0, ``table`` holding or input, its ``type`` and the order of octets.

    ``invalid`` is the raw number by which the device says that it has none.
    """

    address: int
    type: str = "uint16"
    order: Order = "ABCD"
    table: Literal["holding", "input"] = "holding"
    invalid: float | None = None

    @property
    def words(self) -> int:
        """How many registers it takes."""
        return struct.calcsize(_FORMS[self.type]) // 2


def number(words: list[int], register: Register) -> float | None:
    """The number in ``words``; None for the device's own sign of no value, and for NaN."""
    octets = [word.to_bytes(2, "big") for word in words]
    if register.order in ("CDAB", "DCBA"):
        octets.reverse()
    if register.order in ("BADC", "DCBA"):
        octets = [pair[::-1] for pair in octets]
    value = struct.unpack(_FORMS[register.type], b"".join(octets))[0]
    if math.isnan(value) or value == register.invalid:
        return None
    return value


class ModbusDevice:
    """One device behind an address and unit number; connects when needed, anew after a failure."""

    def __init__(self, host: str, port: int, unit: int, timeout: float = 3.0) -> None:
        from pymodbus.client import ModbusTcpClient  # noqa: PLC0415

        self.unit = unit
        self._client: Any = ModbusTcpClient(host, port=port, timeout=timeout, retries=1)

    def read(self, register: Register) -> float | None:
        """The number of a register now. Raises ModbusError."""
        from pymodbus.exceptions import ModbusException  # noqa: PLC0415

        ask = self._client.read_holding_registers if register.table == "holding" else self._client.read_input_registers
        try:
            if not self._client.connected and not self._client.connect():
                raise ModbusError("no connection")
            answer = ask(register.address, count=register.words, device_id=self.unit)
        except (ModbusException, OSError) as error:
            self._client.close()
            raise ModbusError(str(error)) from error
        if answer.isError():
            raise ModbusError(str(answer))
        return number(answer.registers, register)

    def close(self) -> None:
        """End the connection."""
        self._client.close()
