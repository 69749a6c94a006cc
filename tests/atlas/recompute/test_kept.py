"""Answers kept: once for whoever asks at the same time, never more than fits, nobody left waiting by an error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from jasyl.atlas.kept import Kept
from jasyl.texts import Refusal


def test_the_same_question_at_the_same_time_is_worked_out_once():
    kept: Kept[str, int] = Kept(100, lambda _: 1)
    begun, go_on = Event(), Event()
    calls: list[int] = []

    def slow() -> int:
        calls.append(1)
        begun.set()
        assert go_on.wait(10)
        return 7

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(kept.get, "a", slow)
        assert begun.wait(10)
        others = [pool.submit(kept.get, "a", slow) for _ in range(3)]
        go_on.set()
        assert [one.result(10) for one in (first, *others)] == [7] * 4
    assert len(calls) == 1


def test_the_oldest_go_when_it_no_longer_fits():
    kept: Kept[str, bytes] = Kept(10, len)
    made: list[str] = []

    def ask(key: str, size: int) -> None:
        kept.get(key, lambda: made.append(key) or bytes(size))  # type: ignore[func-returns-value]

    for key in "ab":
        ask(key, 4)
    ask("a", 4)  # now b is the oldest
    ask("c", 4)
    assert kept.size == 8
    ask("a", 4)
    ask("b", 4)
    assert made == ["a", "b", "c", "b"]
    ask("huge", 50)  # more than all may weigh: kept alone, so that its tiles do not work it out again and again
    ask("huge", 50)
    assert (made[-1], made.count("huge"), kept.size) == ("huge", 1, 50)


def test_an_error_reaches_everybody_and_is_not_kept():
    kept: Kept[str, int] = Kept(10, lambda _: 1)
    begun, go_on = Event(), Event()

    def broken() -> int:
        begun.set()
        assert go_on.wait(10)
        raise Refusal("recompute-weather")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", broken)
        assert begun.wait(10)
        second = pool.submit(kept.get, "a", broken)
        go_on.set()
        for one in (first, second):
            with pytest.raises(Refusal, match="weather store"):
                one.result(10)
    assert kept.get("a", lambda: 3) == 3


def test_a_crowd_of_different_questions_is_turned_away():
    kept: Kept[int, int] = Kept(10, lambda _: 1, at_once=1, waiting=2)
    begun, go_on = Event(), Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return 1

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(kept.get, key, slow) for key in (1, 2)]
        assert begun.wait(10)
        while len(kept._running) < 2:
            pass
        with pytest.raises(Refusal) as told:
            kept.get(3, slow)
        assert told.value.code == "recompute-busy"
        go_on.set()
        assert [one.result(10) for one in running] == [1, 1]
    assert kept.get(3, lambda: 9) == 9
