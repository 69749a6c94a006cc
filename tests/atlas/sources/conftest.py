"""A server on this machine that plays every publisher, well and badly behaved."""

import hashlib
import json
import threading
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from jasyl.atlas.sources import Transfer
from jasyl.intake.outgoing import Limits, Outgoing
from jasyl.jobs import Progress

TIFF = b"II*\0" + bytes(range(256)) * 2000
PBF = b"\0\0\0\x0d\x0a\x09OSMHeader\x18" + bytes(500)


class Publisher(BaseHTTPRequestHandler):
    """Answers from ``answers`` (path without query → function of the handler); keeps what was asked in ``seen``."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, dict[str, str], bytes]]
    answers: dict[str, Callable[["Publisher"], None]]
    counts: dict[str, int]

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen.append((self.command, self.path, headers, body))
        path = self.path.partition("?")[0]
        self.counts[path] = self.counts.get(path, 0) + 1
        self.answers.get(path, lambda one: one.send(404, b"none"))(self)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    @property
    def count(self) -> int:
        """How often this path was asked for, this time included."""
        return self.counts[self.path.partition("?")[0]]

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def document(self, status: int, content: object) -> None:
        self.send(status, json.dumps(content).encode(), Content_Type="application/json")

    def file(self, content: bytes = TIFF) -> None:
        """Whole, or the rest that is asked for."""
        tag, begin = '"one"', 0
        if self.headers.get("Range") and self.headers.get("If-Range") == tag:
            begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        more = {"Content_Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"} if begin else {}
        self.send(206 if begin else 200, content[begin:], ETag=tag, **more)

    def cut(self, content: bytes = TIFF, after: int = 100_000) -> None:
        """Announces everything, sends a part, hangs up; whole when asked for the rest."""
        if self.headers.get("Range"):
            self.file(content)
            return
        self.send_response(200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:after])
        self.wfile.flush()
        self.close_connection = True


@pytest.fixture
def server() -> Generator[tuple[str, type[Publisher]]]:
    handler = type("Handler", (Publisher,), {"seen": [], "answers": {}, "counts": {}})
    served = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{served.server_port}", handler
    finally:
        served.shutdown()
        served.server_close()
        thread.join()


@pytest.fixture
def waits() -> list[float]:
    """How long the fetcher would have waited, in order."""
    return []


@pytest.fixture
def how(waits: list[float]) -> Transfer:
    def pause(seconds: float, progress: Progress) -> None:
        progress.step("fetch-step-waiting", 0)
        waits.append(seconds)

    return Transfer(Outgoing(Limits(size=10_000_000, seconds=20, idle=5), private=True), pause=pause, reserve=0)


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()
