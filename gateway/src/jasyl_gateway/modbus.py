"""Modbus TCP: registers of a device as numbers (Modbus Application Protocol 1.1b3; word orders as makers use them)."""

import math
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Order = Literal["ABCD", "CDAB", "BADC", "DCBA"]
# How a number of each type stands in registers of 16 bits, most significant first.
_FORMS = {
    "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "int64": ">q", "uint64": ">Q",
    "float32": ">f", "float64": ">d",
}  # fmt: skip
TYPES = tuple(_FORMS)
# Exceptions of a Modbus gateway about the device behind it: no way to it, no answer from it.
_UNREACHABLE = (10, 11)


class ModbusError(Exception):
    """The device does not answer."""


class RegisterError(ModbusError):
    """The device answers, but not with this register's value."""


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
    """One device behind an address and unit number; connects when needed, anew after a failure.

    ``tell`` hears once that the device does not answer or refuses a register, and once that it does again.
    """

    def __init__(self, host: str, port: int, unit: int, tell: Callable[[str], None], timeout: float = 3.0) -> None:
        from pymodbus.client import ModbusTcpClient  # noqa: PLC0415

        self.unit, self._tell, self._name = unit, tell, f"Modbus {host}:{port}, unit {unit}"
        self._client: Any = ModbusTcpClient(host, port=port, timeout=timeout, retries=1)
        self._failing: set[Register | None] = set()  # None: the device itself

    def values(self, registers: Iterable[Register]) -> Iterator[tuple[Register, float]]:
        """The registers that have a value now. One that the device refuses keeps none of the others from being read;
        a device that does not answer is not asked for the rest."""
        for register in registers:
            try:
                value = self.read(register)
            except RegisterError as error:
                self._note(None, "answers")
                self._note(register, f"register {register.address}", error)
                continue
            except ModbusError as error:
                self._note(None, "answers", error)
                return
            self._note(None, "answers")
            self._note(register, f"register {register.address}")
            if value is not None:
                yield register, value

    def _note(self, what: Register | None, name: str, error: ModbusError | None = None) -> None:
        if error is not None and what not in self._failing:
            self._failing.add(what)
            self._tell(f"{self._name}: {error}")
        elif error is None and what in self._failing:
            self._failing.discard(what)
            self._tell(f"{self._name}: {name} again")

    def read(self, register: Register) -> float | None:
        """The number of a register now. Raises RegisterError, ModbusError."""
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
            code = getattr(answer, "exception_code", None)
            kind = ModbusError if code is None or code in _UNREACHABLE else RegisterError
            raise kind(f"register {register.address}: exception {code}")
        if len(answer.registers) != register.words:
            raise RegisterError(f"register {register.address}: {len(answer.registers)} words, not {register.words}")
        return number(answer.registers, register)

    def close(self) -> None:
        """End the connection."""
        self._client.close()
