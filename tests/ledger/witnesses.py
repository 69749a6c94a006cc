"""Witness processes on loopback, for tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port


@contextmanager
def nobody() -> Generator[int]:
    """A loopback port at which nobody answers, and nobody can begin to, until the end of the block."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", free_port()))
        yield held.getsockname()[1]


@dataclass
class Served:
    """A witness that runs in a process of its own, ended with SIGKILL: what it answered must have been durable."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, body: bytes) -> tuple[int, bytes, str]:
        return self.request("/add-checkpoint", body)

    def request(self, path: str, body: bytes | None = None) -> tuple[int, bytes, str]:
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body), timeout=20) as answer:
                return answer.status, answer.read(), answer.headers["content-type"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), error.headers["content-type"]

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # the server and its worker
        self.process.wait(20)


@contextmanager
def serve(folder: Path, *arguments: str | Path, port: int | None = None) -> Generator[Served]:
    """``jasyl ledger witness`` over ``folder``, with further arguments, until the end of the block."""
    port = port or free_port()
    script = "import sys; from jasyl.cli import main; main(sys.argv[1:])"
    words = [sys.executable, "-c", script, "ledger", "witness", folder, "--port", str(port), *arguments]
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, start_new_session=True)
    served = Served(folder, port, process)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                served.request("/")
                break
            except OSError:
                assert process.poll() is None, "the witness ended"
                assert time.monotonic() < until, "the witness does not answer"
                time.sleep(0.05)
        yield served
    finally:
        served.kill()
