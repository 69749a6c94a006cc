"""Work in a thread whose state can be asked: the imports of a server."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from ulid import ULID

from jasyl.texts import Refusal

from .progress import Cancelled, Progress, Token

State = Literal["waiting", "running", "done", "refused", "cancelled", "failed"]
Work = Callable[[Progress], Any]


class Job:
    """One piece of work: its state, its last step, and what came out.

    ``result`` is what the work gave (state done); ``refusal`` why it was refused. State *failed* is a fault of the
    program: ``trace`` has it for the log, and nobody else.
    """

    def __init__(self, kind: str, owner: str | None = None) -> None:
        self.id = str(ULID())
        self.kind = kind
        self.owner = owner
        self.state: State = "waiting"
        self.at: tuple[str, int, int | None] | None = None
        self.result: Any = None
        self.refusal: Refusal | None = None
        self.trace: str | None = None
        self._token = Token()
        self._finished = threading.Event()

    @property
    def is_finished(self) -> bool:
        """Whether the state is final."""
        return self._finished.is_set()

    def step(self, name: str, done: int, total: int | None = None) -> None:
        """Called by the work: a Job is its Progress."""
        self._token.check()
        self.at = (name, done, total)

    def cancel(self) -> None:
        """Ask the work to stop; one that has not begun never will."""
        self._token.cancel()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job is finished; False when the time ran out first."""
        return self._finished.wait(seconds)

    def run(self, work: Work) -> None:
        """Do ``work`` in this thread; never raises what the work raises."""
        try:
            self._token.check()
            self.state = "running"
            self.result = work(self)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except Refusal as refusal:
            self.refusal = refusal
            self.state = "refused"
        except Exception:  # noqa: BLE001 - a fault of one job must not end the thread of all
            self.trace = traceback.format_exc()
            self.state = "failed"
        finally:
            self._finished.set()


class Jobs:
    """The jobs of one process: a few run at once, some wait, finished ones are kept until pushed out by later ones.

    In memory on purpose: an import that a restart interrupts left nothing behind and is given again.
    """

    def __init__(self, *, at_once: int = 1, waiting: int = 16, kept: int = 200) -> None:
        self._limit = at_once + waiting
        self._kept = kept
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="job")

    def start(self, kind: str, work: Work, owner: str | None = None) -> Job:
        """Queue ``work``. Raises Refusal ``jobs-full`` when too many wait already."""
        job = Job(kind, owner)
        with self._lock:
            busy = sum(not known.is_finished for known in self._jobs.values())
            if busy >= self._limit:
                raise Refusal("jobs-full", received=busy, expected=self._limit)
            finished = [known.id for known in self._jobs.values() if known.is_finished]
            for spare in finished[: max(0, len(self._jobs) + 1 - self._kept)]:
                del self._jobs[spare]
            self._jobs[job.id] = job
        self._pool.submit(job.run, work)
        return job

    def find(self, job: str) -> Job:
        """The job of that id. Raises Refusal ``job-unknown``."""
        found = self._jobs.get(job)
        if found is None:
            raise Refusal("job-unknown", received=job[:40])
        return found

    def all(self) -> list[Job]:
        """Every known job, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def close(self) -> None:
        """Cancel what has not ended, and wait for it."""
        for job in self.all():
            job.cancel()
        self._pool.shutdown()
