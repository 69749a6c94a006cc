"""Progress of long work: said in steps, seen on a terminal or a page, cancellable between steps."""

import sys
import threading
from typing import Protocol, TextIO

from jasyl.texts import Language, say


class Cancelled(Exception):
    """Somebody asked the work to stop; raised inside it at its next step."""


class Token:
    """Asks work in another thread to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def cancel(self) -> None:
        """Ask. The work stops at its next step."""
        self._asked.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raises Cancelled when it was asked."""
        if self._asked.is_set():
            raise Cancelled


class Progress(Protocol):
    """What long work calls. A call is cheap; work calls it as often as it could stop."""

    def step(self, name: str, done: int, total: int | None = None) -> None:
        """``done`` of ``total`` (None: unknown) of the step whose name is the message ``name``. May raise Cancelled."""
        ...


class Silent:
    """Says nothing; remembers the steps by name for tests, each with its last (done, total)."""

    def __init__(self, token: Token | None = None) -> None:
        self.token = token or Token()
        self.steps: dict[str, tuple[int, int | None]] = {}

    def step(self, name: str, done: int, total: int | None = None) -> None:
        """Remember the step."""
        self.token.check()
        self.steps[name] = (done, total)


class Terminal:
    """Progress on standard error: bars on a terminal, one line for each step elsewhere. A context manager."""

    def __init__(self, language: Language, stream: TextIO | None = None, token: Token | None = None) -> None:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
        from rich.progress import Progress as Bars  # noqa: PLC0415

        self.language: Language = language
        self.token = token or Token()
        self.stream = stream or sys.stderr
        self._is_live = self.stream.isatty()
        self._tasks: dict[str, int] = {}
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, console=Console(file=self.stream), disable=not self._is_live)

    def __enter__(self) -> "Terminal":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def step(self, name: str, done: int, total: int | None = None) -> None:
        """Show the step; a new one gets a bar or a line of its own."""
        self.token.check()
        if name not in self._tasks:
            said = say(self.language, name)
            self._tasks[name] = self._bars.add_task(said, total=total)
            if not self._is_live:
                self.stream.write(f"{said}\n")
                self.stream.flush()
        if self._is_live:
            self._bars.update(self._tasks[name], completed=done, total=total)  # type: ignore[arg-type]
