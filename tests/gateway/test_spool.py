"""The spool: whatever was appended is there, whatever a power cut left unfinished is cut, nothing comes twice."""

import random
import resource
import signal
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl_gateway.spool import Spool, SpoolDamagedError, SpoolFullError, SpoolInUseError, held, standing


def payloads(spool):
    return [(frame.sequence, frame.payload) for frame in spool.waiting_frames()]


@given(st.lists(st.tuples(st.sampled_from(["append", "acknowledge", "open"]), st.binary(max_size=60)), max_size=40))
def test_it_is_a_queue_over_any_course_of_events(tmp_path_factory, events):
    folder = tmp_path_factory.mktemp("spool")
    spool, model, done = Spool(folder, file_bytes=100), [], 0
    for event, content in events:
        if event == "append":
            model.append((spool.append(content), content))
        elif event == "acknowledge" and model:
            done, _ = model[len(model) // 2]
            spool.acknowledge(done)
            model = [each for each in model if each[0] > done]
        elif event == "open":
            spool = Spool(folder, file_bytes=100)
        assert payloads(spool) == model
        assert spool.waiting == len(model)
    numbers = [number for number, _ in model]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("kept", range(0, 60, 3))
def test_a_frame_cut_short_is_cut_away_and_its_number_is_used_again(tmp_path, kept):
    spool = Spool(tmp_path)
    whole = [spool.append(b"first"), spool.append(b"second")]
    (file,) = spool.files()
    before = file.stat().st_size
    spool.append(b"x" * 44)
    content = file.read_bytes()
    file.write_bytes(content[: before + kept])
    again = Spool(tmp_path)
    assert [number for number, _ in payloads(again)] == whole + ([3] if before + kept >= len(content) else [])
    assert again.cut == (0 if before + kept >= len(content) else kept)
    number = again.append(b"new")
    assert payloads(Spool(tmp_path))[-1] == (number, b"new")


def test_zeros_at_the_end_are_cut_and_damage_in_the_middle_is_told(tmp_path):
    spool = Spool(tmp_path)
    for content in (b"one", b"two", b"three"):
        spool.append(content)
    (file,) = spool.files()
    good = file.read_bytes()
    file.write_bytes(good + bytes(200))
    assert len(payloads(Spool(tmp_path))) == 3
    chance = random.Random(4)
    for _ in range(40):
        at = chance.randrange(len(good) - 25)
        damaged = bytearray(good)
        damaged[at] ^= 1 << chance.randrange(8)
        file.write_bytes(bytes(damaged))
        with suppress(SpoolDamagedError):
            assert len(payloads(Spool(tmp_path))) < 3  # a length that now points beyond the end looks torn


def test_a_full_spool_says_so_and_goes_on_when_it_has_been_emptied(tmp_path):
    spool = Spool(tmp_path, most_bytes=200, file_bytes=50)
    with pytest.raises(SpoolFullError):
        for _ in range(100):
            spool.append(b"0123456789")
    assert spool.size <= 200
    spool.acknowledge(spool.last, {"series": 5})
    assert spool.size == 0
    assert spool.append(b"again") == spool.last
    assert Spool(tmp_path).notes == {"series": 5}
    with pytest.raises(SpoolFullError):
        spool.append(bytes(2**21))


def test_half_a_frame_on_a_full_disk_is_taken_back(tmp_path):
    spool = Spool(tmp_path)
    spool.append(b"first")
    room = spool.size + 30
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    quiet = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:  # no file may grow further: the write ends in the middle of the frame, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, former[1]))
        with pytest.raises(OSError, match="large"):
            spool.append(b"x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, quiet)
    assert spool.append(b"second") == 2
    assert payloads(Spool(tmp_path)) == [(1, b"first"), (2, b"second")]


def test_a_frame_that_cannot_be_read_any_more_is_not_passed_over(tmp_path):
    spool = Spool(tmp_path, file_bytes=1)
    for content in (b"one", b"two", b"three"):
        spool.append(content)
    damaged = spool.files()[1]
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"!")
    seen = []
    with pytest.raises(SpoolDamagedError, match="frame 2 cannot be read"):
        seen.extend(frame.payload for frame in spool.waiting_frames())
    assert seen == [b"one"]
    spool.acknowledge(2)
    spool.files()[-1].unlink()
    with pytest.raises(SpoolDamagedError, match="frame 3 cannot be read"):
        list(spool.waiting_frames())


def test_looking_on_mends_nothing_and_a_second_gateway_is_kept_off(tmp_path):
    with held(tmp_path):
        spool = Spool(tmp_path)
        for content in (b"one", b"two", b"three"):
            spool.append(content)
        spool.acknowledge(1)
        (file,) = spool.files()
        begun = file.read_bytes() + b"\x30\0\0"
        file.write_bytes(begun)  # the other program is in the middle of writing
        assert standing(tmp_path) == {"acknowledged": 1, "waiting": 2, "bytes": len(begun)}
        assert file.read_bytes() == begun
        with pytest.raises(SpoolInUseError, match="another gateway"), held(tmp_path):
            pass
    with held(tmp_path):
        assert Spool(tmp_path).cut == 3
    assert standing(tmp_path / "absent") == {"acknowledged": 0, "waiting": 0, "bytes": 0}
