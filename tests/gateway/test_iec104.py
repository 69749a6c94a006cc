"""IEC 60870-5-104: frames of the standard's own form, windows and time-outs, and a real device of another library."""

import dataclasses
import datetime as dt
import random
import struct
import threading
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl_gateway import iec104_asdu as asdu
from jasyl_gateway.iec104_client import Iec104Client, Iec104Settings
from jasyl_gateway.iec104_image import Image
from jasyl_gateway.iec104_link import MODULUS, Link, LinkError, LinkSettings
from jasyl_gateway.intervals import Point

STARTDT_CON = bytes.fromhex("68040b000000")
CP56 = bytes.fromhex("e8030a0e4d0318")  # 1.000 s, 10 min, 14 h, Wednesday 13, March, 2024


def information(sent, seen, body):
    return bytes((0x68, 4 + len(body))) + struct.pack("<HH", sent << 1, seen << 1) + body


def started(settings=None):
    link = Link(settings or LinkSettings(), 0.0)
    assert link.to_send(0.0) == bytes.fromhex("680407000000")
    assert link.receive(STARTDT_CON, 0.0) == []
    return link


def measured(value=1.5, address=11):
    return bytes((13, 1, 3, 0, 1, 0)) + address.to_bytes(3, "little") + struct.pack("<fB", value, 0)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        # type, structure, cause, originator, common, address, elements
        ("09 01 0300 0100 0b0000 0040 00", [(11, 0.5, 0, None, None)]),
        ("0b 02 0300 0100 0b0000 0a00 00 0c0000 f6ff 80", [(11, 10, 0, None, None), (12, -10, 0x80, None, None)]),
        ("0b 82 1400 0100 0b0000 0a00 00 0b00 40", [(11, 10, 0, None, None), (12, 11, 0x40, None, None)]),
        ("0d 01 0300 0100 0b0000 0000c03f 10", [(11, 1.5, 0x10, None, None)]),
        ("15 01 0300 0100 0b0000 00c0", [(11, -0.5, 0, None, None)]),
        ("22 01 0300 0100 0b0000 0040 00 e8030a0e4d0318", [(11, 0.5, 0, "2024-03-13T14:10:01", None)]),
        ("23 01 0300 0100 0b0000 0a00 00 e8030a0e4d0318", [(11, 10, 0, "2024-03-13T14:10:01", None)]),
        ("24 01 0300 0100 0b0000 0000c03f 00 e8038a0e4d0318", [(11, 1.5, 0, None, None)]),  # a clock not set
        ("24 01 0300 0100 0b0000 0000c03f 00 e8030a8e4d0318", [(11, 1.5, 0, "2024-03-13T14:10:01", None)]),  # summer
        ("0d 01 8300 0100 0b0000 0000c03f 00", []),  # a test of the device
        ("0f 01 2500 0100 0b0000 40e20100 05", [(11, 123456, 0, None, 5)]),
        ("0f 01 2500 0100 0b0000 40e20100 a5", [(11, 123456, 0x80, None, 5)]),
        ("25 01 2500 0100 0b0000 ffffffff 01 e8030a0e4d0318", [(11, -1, 0, "2024-03-13T14:10:01", 1)]),
        ("24 01 0300 0100 0b0000 0000c03f 00 e8030a0e4dff18", [(11, 1.5, 0, None, None)]),
        ("0d 01 0300 0100 0b0000 0000c07f 00", [(11, None, 0x80, None, None)]),
        ("01 01 0300 0100 0b0000 01", []),  # a single point: no measurement
    ],
)  # fmt: skip
def test_information_objects(octets, expected):
    found = asdu.decode(bytes.fromhex(octets)).objects
    said = [
        (one.address, one.value, one.quality, one.stamp.isoformat() if one.stamp else None, one.sequence)
        for one in found
    ]
    if expected and expected[0][1] is None:
        assert said[0][1] != said[0][1]
        assert not found[0].good
        return
    assert said == expected
    assert all(one.good == (one.quality == 0) for one in found)


@pytest.mark.parametrize(
    "octets", ["0d01", "0d 01 0300 0100 0b0000 0000c03f", "0d 00 0300 0100", "0d 7f 0300 0100 0b0000 00"]
)
def test_objects_cut_short_are_refused(octets):
    with pytest.raises(asdu.FrameError):
        asdu.decode(bytes.fromhex(octets))


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)))
def test_time_there_and_back(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert asdu.read_time(asdu.write_time(moment)) == (moment, False)


def test_the_time_of_the_standard_form():
    assert asdu.read_time(CP56) == (dt.datetime(2024, 3, 13, 14, 10, 1), False)
    assert asdu.write_time(dt.datetime(2024, 3, 13, 14, 10, 1)) == bytes.fromhex("e8030a0e6d0318")


@given(st.binary(max_size=300))
def test_arbitrary_bytes_end_the_link_and_nothing_else(data):
    link = started()
    with suppress(LinkError):
        link.receive(data, 0.0)


@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_frames_come_whole_however_they_are_cut(chance: random.Random, count):
    link = started()
    stream = b"".join(information(n, 0, measured(float(n))) for n in range(count))
    found = []
    while stream:
        size = chance.randint(1, len(stream))
        found += link.receive(stream[:size], 0.0)
        stream = stream[size:]
    assert [one.objects[0].value for one in found] == [float(n) for n in range(count)]


def test_every_eighth_frame_is_acknowledged_and_the_rest_after_t2():
    link = started()
    for n in range(8):
        assert link.to_send(0.0) == b""
        link.receive(information(n, 0, measured()), 0.0)
    assert link.to_send(0.0) == bytes.fromhex("680401001000")
    link.receive(information(8, 0, measured()), 1.0)
    link.tick(10.9)
    assert link.to_send(10.9) == b""
    link.tick(11.0)
    assert link.to_send(11.0) == bytes.fromhex("680401001200")


def test_no_more_than_k_frames_wait_and_t1_ends_the_link():
    link = started(LinkSettings(k=3))
    for _ in range(5):
        link.send(asdu.command(asdu.C_IC_NA, 1, 20))
    first = link.to_send(0.0)
    assert first.count(b"\x68\x0e") == 3
    assert first[:16] == bytes.fromhex("680e 0000 0000 6401 0600 0100 000000 14")
    link.receive(bytes.fromhex("680401000400"), 1.0)  # two of them arrived
    assert link.to_send(1.0).count(b"\x68\x0e") == 2
    link.tick(15.0)
    with pytest.raises(LinkError, match="t1"):
        link.tick(15.1)


def test_a_silent_link_is_tested_and_given_up():
    link = started()
    link.tick(19.9)
    assert link.to_send(19.9) == b""
    link.tick(20.0)
    assert link.to_send(20.0) == bytes.fromhex("680443000000")
    link.receive(bytes.fromhex("680483000000"), 21.0)
    link.tick(41.0)
    assert link.to_send(41.0) == bytes.fromhex("680443000000")
    with pytest.raises(LinkError, match="t1"):
        link.tick(56.1)
    link = started()
    link.receive(bytes.fromhex("680443000000"), 1.0)
    assert link.to_send(1.0) == bytes.fromhex("680483000000")


@pytest.mark.parametrize(
    "frame",
    [
        information(1, 0, measured()),  # one is missing
        information(0, 1, measured()),  # confirms what was never sent
        bytes.fromhex("680401000200"),
        bytes.fromhex("680413000000"),
        bytes.fromhex("670400000000"),
        bytes.fromhex("680300000000"),
        information(0, 0, b"\x0d\x01"),
    ],
)
def test_what_the_standard_does_not_allow_ends_the_link(frame):
    with pytest.raises(LinkError):
        started().receive(frame, 0.0)


def test_data_before_the_start_ends_the_link():
    with pytest.raises(LinkError, match="STARTDT"):
        Link(LinkSettings(), 0.0).receive(information(0, 0, measured()), 0.0)


def test_sequence_numbers_run_over():
    link = started()
    for n in range(MODULUS + 20):
        link.receive(information(n % MODULUS, 0, measured()), 0.0)
        link.to_send(0.0)
    assert link.receive(information(20, 0, measured()), 0.0)


def test_a_device_of_another_library_answers_interrogations_and_is_found_again():
    import c104

    def device(port, power):
        server = c104.Server(ip="127.0.0.1", port=port)
        station = server.add_station(common_address=47)
        point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
        point.value = power
        counter = station.add_point(io_address=12, type=c104.Type.M_IT_NA_1)
        counter.value = c104.Int32(123456) if hasattr(c104, "Int32") else 123456
        server.start()
        return server, point

    port = free_port()
    server, _ = device(port, 42.5)
    heard, told, stop = [], [], threading.Event()
    settings = Iec104Settings("127.0.0.1", port, common=47, interrogate=0.5, counters=0.5, pause=0.2)
    thread = threading.Thread(target=Iec104Client(settings, heard.append, told.append).run, args=(stop,))
    thread.start()
    try:
        assert until(lambda: {one.address for one in heard} >= {11})
        assert {(one.common, one.address, one.value, one.good) for one in heard if one.address == 11} == {
            (47, 11, 42.5, True)
        }
        assert until(lambda: any(one.address == 12 and one.value == 123456 for one in heard))
        server.stop()
        assert until(lambda: bool(told))
        heard.clear()
        server, _ = device(port, 7.25)
        assert until(lambda: any(one.address == 11 and one.value == 7.25 for one in heard), 30)
    finally:
        stop.set()
        thread.join()
        server.stop()


def test_values_count_as_long_as_the_device_vouches_for_them():
    power, energy = Point("power", "kW", 60, "mean", 10.0), Point("energy", "kW.h", 60, "counter", 60.0)
    image = Image({11: power, 12: energy})
    assert image.take(asdu.Measured(47, 11, 1.5, 0)) is None
    assert image.means() == image.means() == [("power", 1.5)]
    assert image.take(asdu.Measured(47, 12, 7, 0)) == "energy"
    assert image.take(asdu.Measured(47, 12, 7, asdu.INVALID)) is None
    assert image.take(asdu.Measured(47, 99, 7, 0)) is None
    assert image.means() == [("power", 1.5)]
    for quality in (asdu.INVALID, asdu.NOT_TOPICAL, asdu.SUBSTITUTED, asdu.BLOCKED, asdu.OVERFLOW):
        image.take(asdu.Measured(47, 11, 9.0, quality))
        assert image.means() == []
        image.take(asdu.Measured(47, 11, 2.5, 0))
        assert image.means() == [("power", 2.5)]
    image.forget()
    assert image.means() == []


def test_values_of_another_station_and_refused_interrogations_are_told_once():
    import c104

    port = free_port()
    server = c104.Server(ip="127.0.0.1", port=port)
    stations = [server.add_station(common_address=common) for common in (48, 47)]
    other, own = (one.add_point(io_address=11, type=c104.Type.M_ME_NC_1) for one in stations)
    other.value, own.value = 99.0, 1.0
    server.start()
    heard, told, lost, stop = [], [], [], threading.Event()
    settings = Iec104Settings("127.0.0.1", port, common=47, interrogate=0.3, counters=0.3, pause=0.1)
    unknown = Iec104Client(dataclasses.replace(settings, common=49), heard.append, told.append)
    client = Iec104Client(settings, heard.append, told.append, lambda: lost.append(1))
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in (client, unknown)]
    for thread in threads:
        thread.start()
    try:
        assert until(lambda: any("interrogation of common address 49" in one for one in told))
        for _ in range(3):
            heard.clear()
            assert until(lambda: other.transmit(cause=c104.Cot.SPONTANEOUS) and bool(heard))
        assert until(lambda: any("common address 48" in one for one in told))
        assert {(one.common, one.value) for one in heard} == {(47, 1.0)} and lost == []
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        server.stop()
    assert len(told) == len(set(told))
    assert lost


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
