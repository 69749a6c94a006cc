"""Samples become readings of intervals; registers become numbers; settings are read or refused with their place."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl_gateway.configuration import ConfigurationError, load
from jasyl_gateway.intervals import Clock, Former, Point
from jasyl_gateway.modbus import Register, number
from jasyl_gateway.signing import load_or_make, public_text, signed_headers

POWER = Point("power", "kW", 60, "mean", 10.0)
COUNTER = Point("energy", "kW.h", 60, "counter", 10.0, factor=0.001)


def test_a_mean_is_of_the_samples_of_its_interval():
    former = Former(POWER)
    found = [reading for at in range(1200, 1330, 10) for reading in former.sample(at + 0.5, float(at))]
    assert [(one.start, one.value) for one in found] == [(1_200_000_000, "1225"), (1_260_000_000, "1285")]


def test_too_few_samples_are_no_mean_and_the_end_needs_no_sample():
    former = Former(POWER)
    assert [former.sample(1200 + n, 1.0) for n in (0, 10)] == [[], []]
    assert former.tick(1260) == []
    assert [former.sample(1260 + n, 2.0) for n in (0, 10, 20)] == [[], [], []]
    assert [one.value for one in former.tick(1320.0)] == ["2"]
    assert former.tick(1330.0) == []


def test_a_register_is_that_of_the_intervals_start():
    former = Former(COUNTER)
    assert [(one.start, one.value) for one in former.sample(1203, 5_000_000)] == [(1_200_000_000, "5000")]
    assert former.sample(1213, 5_000_100) == []
    assert former.sample(1285, 5_000_500) == []  # the first of its interval came 25 s late
    assert [one.value for one in former.sample(1321, 5_000_512)] == ["5000.512"]


def test_an_interval_is_never_given_twice_though_the_clock_goes_back():
    former = Former(POWER)
    given_away = [one.start for at in range(1200, 1400, 10) for one in former.sample(at, 1.0)]
    again = [one.start for at in range(1200, 1500, 10) for one in former.sample(at, 2.0)]
    assert given_away == [1_200_000_000, 1_260_000_000, 1_320_000_000][: len(given_away)]
    assert not set(given_away) & set(again)
    late = Former(COUNTER, emitted=1200)
    assert late.sample(1201, 7) == []


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_the_clock_tells_jumps_and_nothing_else(jump, elapsed):
    clock = Clock(1000.0, 50.0)
    found = clock.jump(1000.0 + elapsed + jump, 50.0 + elapsed)
    assert found == 0.0 if abs(jump) < 1.999 else abs(found - jump) < 1e-3 or abs(jump) < 2.001
    assert clock.jump(1001.0 + elapsed + jump, 51.0 + elapsed) == 0.0


@given(st.integers(0, 2**64 - 1))
def test_numbers_in_every_order_of_words(bits):
    octets = struct.pack(">Q", bits)
    words = list(struct.unpack(">4H", octets))
    swapped = [int.from_bytes(word.to_bytes(2, "big"), "little") for word in words]
    for kind, form in (("uint64", ">Q"), ("int64", ">q")):
        expected = struct.unpack(form, octets)[0]
        assert number(words, Register(0, kind)) == expected
        assert number(words[::-1], Register(0, kind, "CDAB")) == expected
        assert number(swapped, Register(0, kind, "BADC")) == expected
        assert number(swapped[::-1], Register(0, kind, "DCBA")) == expected


@pytest.mark.parametrize(
    ("words", "register", "expected"),
    [
        ([0x3FC0, 0], Register(0, "float32"), 1.5),
        ([0, 0x3FC0], Register(0, "float32", "CDAB"), 1.5),
        ([0x7FC0, 0], Register(0, "float32"), None),
        ([0xFFFF], Register(0, "int16"), -1),
        ([0xFFFF], Register(0, "uint16", invalid=65535.0), None),
        ([0xFFFF, 0xFFFE], Register(0, "int32"), -2),
        ([0x3FF8, 0, 0, 0], Register(0, "float64"), 1.5),
    ],
)
def test_numbers_of_registers(words, register, expected):
    assert number(words, register) == expected
    assert register.words == len(words)


SETTINGS = """
[gateway]
name = "boiler house 3"
server = "http://127.0.0.1:1"
token = "secret"
key = "key.pem"
{more}
[[modbus]]
host = "127.0.0.1"
poll = 1
[[modbus.points]]
address = 0
type = "float32"
order = "CDAB"
series = "power"
unit = "kW"
interval = 60
{point}
[[iec104]]
host = "127.0.0.1"
common = 47
[[iec104.points]]
address = 12
series = "energy"
unit = "kW.h"
interval = 3600
kind = "counter"
"""


def settings(tmp_path, more="", point=""):
    file = tmp_path / "gateway.toml"
    file.write_text(SETTINGS.format(more=more, point=point))
    return file


def test_settings_are_read(tmp_path):
    found = load(settings(tmp_path, "spool_megabytes = 1"), {})
    assert (found.name, found.token, found.spool) == ("boiler house 3", "secret", tmp_path / "spool")
    ((register, point),) = found.modbus[0].points
    assert (register.type, register.order, point.every) == ("float32", "CDAB", 1.0)
    assert found.iec104[0][1][12].kind == "counter"
    assert load(settings(tmp_path), {"GATEWAY_TOKEN": "other"}).token == "other"


@pytest.mark.parametrize(
    ("more", "point", "said"),
    [
        ("nonsense = 1", "", "unknown: nonsense"),
        ("", "interval_s = 5", "unknown: interval_s"),
        ("spool = 5", "", "spool = 5"),
        ("", "kind = 'sum'", "not one of mean, counter"),
        ("", "coverage = true", "wrong kind"),
    ],
)
def test_wrong_settings_are_told_with_their_place(tmp_path, more, point, said):
    with pytest.raises(ConfigurationError, match=said):
        load(settings(tmp_path, more, point), {})


def test_missing_and_doubled_settings(tmp_path):
    file = settings(tmp_path)
    file.write_text(file.read_text().replace('series = "energy"', 'series = "power"'))
    with pytest.raises(ConfigurationError, match="two points"):
        load(file, {})
    file.write_text('[gateway]\nname="a"\nserver="b"\n')
    with pytest.raises(ConfigurationError, match="token is missing"):
        load(file, {})
    file.write_text('[gateway]\nname="a"\nserver="b"\ntoken="c"\n')
    with pytest.raises(ConfigurationError, match="no points"):
        load(file, {})
    file.write_text("[")
    with pytest.raises(ConfigurationError):
        load(file, {})


def test_the_signature_is_of_exactly_the_bytes_sent(tmp_path):
    import base64

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = load_or_make(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert public_text(load_or_make(tmp_path / "key.pem")) == public_text(key)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_text(key)))
    headers = signed_headers(key, "boiler", b"body")
    public.verify(base64.b64decode(headers["jasyl-signature"]), b"body")
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(headers["jasyl-signature"]), b"body ")
