import io
import threading

import pytest

from jasyl.jobs import Cancelled, Jobs, Progress, Silent, Terminal, Token
from jasyl.texts import LANGUAGES, Refusal, say


def work(progress: Progress, total: int = 3) -> int:
    for done in range(total + 1):
        progress.step("job-running", done, total)
    return total


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_silent_progress_remembers_and_is_cancelled():
    silent = Silent()
    assert work(silent) == 3
    assert silent.steps == {"job-running": (3, 3)}
    token = Token()
    token.cancel()
    assert token.is_cancelled
    with pytest.raises(Cancelled):
        work(Silent(token))


def test_one_line_for_each_step_where_there_is_no_terminal():
    stream = io.StringIO()
    with Terminal("kk", stream) as progress:
        work(progress)
        progress.step("job-done", 1)
    assert stream.getvalue() == "орындалуда\nорындалды\n"


def test_bars_on_a_terminal():
    screen = Screen()
    with Terminal("en", screen) as progress:
        work(progress)
    assert "running" in screen.getvalue()
    assert "3/3" in screen.getvalue()


@pytest.fixture
def jobs():
    made = Jobs(waiting=2, kept=4)
    yield made
    made.close()


def refuse(_):
    raise Refusal("job-unknown", received="x")


def fail(_):
    raise ZeroDivisionError


def test_a_job_ends_in_its_state(jobs):
    done = jobs.start("import", work, owner="A")
    assert done.wait(10)
    assert (done.state, done.result, done.at, done.owner) == ("done", 3, ("job-running", 3, 3), "A")
    refused = jobs.start("import", refuse)
    failed = jobs.start("import", fail)
    assert refused.wait(10)
    assert failed.wait(10)
    assert (refused.state, refused.refusal.code) == ("refused", "job-unknown")
    assert failed.state == "failed"
    assert "ZeroDivisionError" in failed.trace
    assert jobs.find(done.id) is done
    with pytest.raises(Refusal):
        jobs.find("nothing")


def test_jobs_are_cancelled_while_running_and_while_waiting(jobs):
    started = threading.Event()

    def endless(progress):
        started.set()
        while True:
            progress.step("job-running", 0)

    running, waiting = jobs.start("a", endless), jobs.start("b", work)
    assert started.wait(10)
    assert (running.state, waiting.state) == ("running", "waiting")
    waiting.cancel()
    running.cancel()
    assert running.wait(10)
    assert waiting.wait(10)
    assert (running.state, waiting.state, waiting.result) == ("cancelled", "cancelled", None)


def test_too_many_are_refused_and_old_ones_forgotten(jobs):
    gate = threading.Event()
    held = [jobs.start("a", lambda _: gate.wait(10)) for _ in range(3)]
    with pytest.raises(Refusal) as refused:
        jobs.start("a", work)
    assert refused.value.code == "jobs-full"
    gate.set()
    assert all(job.wait(10) for job in held)
    later = []
    for _ in range(6):
        later.append(jobs.start("a", work))
        assert later[-1].wait(10)
    assert len(jobs.all()) == 4
    assert jobs.all()[-1] is later[-1]


def test_texts():
    for language in LANGUAGES:
        for state in ("waiting", "running", "done", "refused", "cancelled", "failed"):
            assert say(language, f"job-{state}")
        assert Refusal("jobs-full", received=1, expected=2).text(language)
        assert Refusal("job-unknown", received="x").text(language)
