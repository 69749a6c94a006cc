"""One file from a publisher: patient with busy servers, careful with the disk, stoppable at any block."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jasyl.intake.outgoing import PASSING, Answer, Download, Limits, Outgoing
from jasyl.jobs import Progress, Silent
from jasyl.texts import Refusal

T = TypeVar("T")
LIMITS = Limits(size=200_000_000_000, seconds=86_400, idle=120, redirects=8)
TRIES = 6
# A server may ask for any patience; more than this is for tomorrow.
LONGEST_WAIT = 900.0
# Left free on the disk, so that the installation goes on living.
RESERVE = 500_000_000


def _pause(seconds: float, progress: Progress) -> None:
    """Sleep, hearing every second whether somebody asked to stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        progress.step("fetch-step-waiting", int(seconds - left), int(seconds))
        time.sleep(min(left, 1.0))


@dataclass(frozen=True)
class Transfer:
    """How files are fetched: by which client, telling whom, and how to wait (tests do not)."""

    client: Outgoing = field(default_factory=lambda: Outgoing(LIMITS))
    progress: Progress = field(default_factory=Silent)
    pause: Callable[[float, Progress], None] = _pause
    reserve: int = RESERVE

    def download(self, url: str, file: Path, headers: Mapping[str, str] | None = None) -> Download:
        """Fetch ``url`` into ``file``; what broke off is completed, a busy server is asked again when it says so.

        Raises Refusal ``fetch-no-space`` before the disk is full, ``outgoing-failed`` when patience is at an end or the
        server refuses, and the others of ``Outgoing``; ``Cancelled`` when somebody asked to stop: what has arrived is
        kept.
        """

        def hear(done: int, total: int | None) -> None:
            self.progress.step("fetch-step-bytes", done, total)
            self._check_space(file.parent, 0 if total is None else total - done)

        return self._patiently(lambda: self.client.download(url, file, headers=headers, progress=hear))

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """One request; a busy server is asked again. A status of 400 or more is an answer."""

        def ask() -> Answer:
            answer = self.client.request(method, url, headers=headers, body=body)
            if answer.status in PASSING:
                retry = answer.headers.get("retry-after")
                raise Refusal(
                    "outgoing-failed",
                    received=url,
                    reason=f"HTTP {answer.status}",
                    status=answer.status,
                    retry_after=retry,
                )
            return answer

        return self._patiently(ask)

    def _patiently(self, act: Callable[[], T]) -> T:
        for attempt in range(TRIES):
            try:
                return act()
            except Refusal as refusal:
                status = refusal.arguments.get("status")
                if refusal.code != "outgoing-failed" or attempt == TRIES - 1 or (status and status not in PASSING):
                    raise
                self.pause(_patience(refusal.arguments.get("retry_after"), attempt), self.progress)
        raise AssertionError  # the last attempt returns or raises

    def _check_space(self, place: Path, needed: int) -> None:
        free = shutil.disk_usage(place).free
        if free - needed < self.reserve:
            mega = 1_000_000
            raise Refusal(
                "fetch-no-space", received=free // mega, expected=(needed + self.reserve) // mega, path=os.fspath(place)
            )


def _patience(said: object, attempt: int) -> float:
    """Seconds to wait: what the server said (RFC 9110, 10.2.3: seconds; a date counts as unsaid), else ever longer."""
    seconds = float(said) if isinstance(said, str) and said.isdigit() else 2.0**attempt
    return min(seconds, LONGEST_WAIT)
