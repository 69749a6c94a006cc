"""A Modbus device as the field has them: registers it refuses, answers that do not come, a restart."""

import socket
import struct
import threading

import pytest

from jasyl_gateway.modbus import ModbusDevice, Register

VALUES = {0: [7], 2: [0x449A, 0x5000]}
POINTS = [Register(9), Register(0), Register(2, "float32"), Register(4)]


class Device:
    """Holding registers in VALUES; others are refused (illegal address), register 4 answers with too few words."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.mode, self.asked = self.listener.getsockname()[1], "well", []
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                while request := connection.recv(260):
                    transaction, _, _, unit, function, address, count = struct.unpack(">HHHBBHH", request[:12])
                    self.asked.append((unit, address, count))
                    if self.mode == "hangs":
                        continue
                    if self.mode == "restarts":
                        self.mode = "well"
                        break
                    words = VALUES.get(address) or ([1] * 0 if address == 4 else None)
                    code = 11 if self.mode == "behind a gateway" else 2
                    body = (
                        bytes((unit, function | 0x80, code))
                        if words is None or self.mode == "behind a gateway"
                        else struct.pack(f">BBB{len(words)}H", unit, function, 2 * len(words), *words)
                    )
                    connection.sendall(struct.pack(">HHH", transaction, 0, len(body)) + body)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


@pytest.fixture
def device():
    made = Device()
    yield made
    made.close()


def test_a_refused_register_keeps_none_of_the_others_from_being_read(device):
    told = []
    client = ModbusDevice("127.0.0.1", device.port, 3, told.append, timeout=5)
    for _ in range(3):
        assert list(client.values(POINTS)) == [(POINTS[1], 7), (POINTS[2], 1234.5)]
    assert [one.partition("unit 3: ")[2] for one in told] == [
        "register 9: exception 2",
        "register 4: 0 words, not 1",
    ]
    VALUES[9] = [1]
    try:
        assert (POINTS[0], 1) in list(client.values(POINTS))
    finally:
        del VALUES[9]
    assert told[-1].endswith("register 9 again")
    assert {unit for unit, _, _ in device.asked} == {3}
    client.close()


def test_a_device_that_hangs_is_left_until_the_next_poll_and_told_once(device):
    told = []
    client = ModbusDevice("127.0.0.1", device.port, 1, told.append, timeout=0.2)
    device.mode = "hangs"
    assert list(client.values(POINTS)) == list(client.values(POINTS)) == []
    assert len(told) == 1
    assert {address for _, address, _ in device.asked} == {9}  # the other registers were not waited for
    device.mode = "well"
    assert len(list(client.values(POINTS))) == 2
    assert told[1].endswith("answers again")
    device.mode = "behind a gateway"
    assert list(client.values(POINTS)) == []
    assert told[-1].endswith("exception 11")
    client.close()


def test_a_device_that_restarts_is_read_again(device):
    client = ModbusDevice("127.0.0.1", device.port, 1, lambda _: None, timeout=5)
    assert len(list(client.values(POINTS))) == 2
    device.mode = "restarts"
    found = [len(list(client.values(POINTS))) for _ in range(2)]
    assert found[-1] == 2
    client.close()
