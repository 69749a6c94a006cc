"""Requests to other servers: only where allowed, never too much, completed after a break. A local server plays all."""

import datetime as dt
import hashlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jasyl.intake.outgoing import Limits, Outgoing, is_public
from jasyl.texts import LANGUAGES, Refusal

CONTENT = bytes(range(256)) * 2000


class Publisher(BaseHTTPRequestHandler):
    """Serves CONTENT with ranges; other paths misbehave, each in its own way."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]]
    tag = '"one"'

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, dict(self.headers)))
        if self.path == "/moved":
            self._send(307, b"", Location="/file")
        else:
            self._send(200, body[::-1])

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers)))
        answers: dict[str, Any] = {
            "/file": self._file,
            "/moved": lambda: self._send(302, b"", Location="/file"),
            "/loop": lambda: self._send(302, b"", Location="/loop"),
            "/to-metadata": lambda: self._send(302, b"", Location="http://169.254.169.254/latest"),
            "/to-file": lambda: self._send(302, b"", Location="file:///etc/passwd"),
            "/elsewhere": lambda: self._send(302, b"", Location=f"http://127.0.0.1:{self.server.server_port}/file"),
            "/json": lambda: self._send(200, b'{"a": [1]}'),
            "/no-json": lambda: self._send(200, b"<html>"),
            "/packed": lambda: self._send(200, b"x", **{"Content-Encoding": "gzip"}),
            "/endless": self._endless,
            "/slow": self._slow,
            "/slow-head": self._slow_head,
            "/cut": self._cut,
        }
        answers.get(self.path, lambda: self._send(404, b"none"))()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file(self) -> None:
        begin = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == self.tag:
            begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        more = {"Content-Range": f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"} if begin else {}
        self._send(206 if begin else 200, CONTENT[begin:], ETag=self.tag, **more)

    def _cut(self) -> None:
        """Announces everything, sends 100,000 bytes, hangs up; whole when asked for the rest."""
        if self.headers.get("Range"):
            self._file()
            return
        self.send_response(200)
        self.send_header("ETag", self.tag)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:100_000])
        self.wfile.flush()
        self.close_connection = True

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        with suppress(OSError):
            for _ in range(10_000):
                self.wfile.write(b"x" * 65536)

    def _slow(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        self._trickle(b"x")

    def _slow_head(self) -> None:
        self.close_connection = True
        self._trickle(b"H")

    def _trickle(self, letter: bytes) -> None:
        stop = threading.Event()
        with suppress(OSError):
            for _ in range(200):
                self.wfile.write(letter)
                self.wfile.flush()
                stop.wait(0.05)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Generator[tuple[str, type[Publisher]]]:
    handler = type("Handler", (Publisher,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://localhost:{server.server_port}", handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def publisher() -> Generator[tuple[str, type[Publisher]]]:
    with serving() as served:
        yield served


LOCAL = Outgoing(Limits(size=2_000_000, seconds=20, idle=5), private=True)


def refusal(*call: Any, code: str, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call[0](*call[1:], **more)
    assert caught.value.code == code, str(caught.value)
    for language in LANGUAGES:
        assert caught.value.text(language)
    return caught.value.text("en")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://224.0.0.1/",
        "https://user:secret@example.com/",
        "https://example.com:22/",
        "https://example.com:99999/",
        "https://exam ple.com/",
        "https://example.com/\r\nHost: inner",
        "https:///path",
        "https://[::1",
        "",
    ],
)
def test_only_public_https_addresses_are_asked(url: str) -> None:
    said = refusal(Outgoing().request, "GET", url, code="outgoing-forbidden")
    assert "secret" not in said


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "::", "240.0.0.1", "255.255.255.255", "ff02::1", "2002:a00:1::", "fec0::1"]
)
def test_other_addresses(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[int]:
    """Name look-ups give these addresses, one list per look-up, the last for ever; counts the look-ups."""
    asked: list[int] = []

    def look_up(_host: str, port: int, **_: Any) -> list[Any]:
        asked.append(port)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name would answer 127.0.0.1 the second time, but there is no second time."""
    asked = answering(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    connected: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(socket, "create_connection", connect)
    refusal(Outgoing().request, "GET", "https://rebinding.example/", code="outgoing-failed")
    assert connected == [("93.184.215.14", 443)]
    assert asked == [443]


def test_one_private_address_among_public_ones_is_a_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    refusal(Outgoing().request, "GET", "https://mixed.example/", code="outgoing-forbidden")


def test_a_name_that_does_not_exist() -> None:
    refusal(Outgoing().request, "GET", "https://nothing.invalid/", code="outgoing-failed")


def test_request_and_json(publisher: tuple[str, type[Publisher]]) -> None:
    address, handler = publisher
    answer = LOCAL.request("GET", f"{address}/file")
    assert (answer.status, answer.body) == (200, CONTENT)
    assert handler.seen[0][1]["Accept-Encoding"] == "identity"
    assert LOCAL.json(f"{address}/json") == {"a": [1]}
    assert LOCAL.request("GET", f"{address}/absent").status == 404
    refusal(LOCAL.json, f"{address}/absent", code="outgoing-failed")
    refusal(LOCAL.json, f"{address}/no-json", code="outgoing-failed")
    assert LOCAL.request("POST", f"{address}/hook", body=b"abc", headers={"X-A": "1"}).body == b"cba"
    assert LOCAL.request("POST", f"{address}/moved", body=b"abc").status == 307
    refusal(LOCAL.request, "GET", f"{address}/packed", code="outgoing-failed")


def test_redirects(publisher: tuple[str, type[Publisher]]) -> None:
    address, handler = publisher
    answer = LOCAL.request("GET", f"{address}/moved", headers={"Authorization": "Bearer t"})
    assert (answer.body, answer.url) == (CONTENT, f"{address}/file")
    assert handler.seen[-1][1]["Authorization"] == "Bearer t"
    LOCAL.request("GET", f"{address}/elsewhere", headers={"Authorization": "Bearer t"})
    assert handler.seen[-1][0] == "/file"
    assert "Authorization" not in handler.seen[-1][1]
    refusal(LOCAL.request, "GET", f"{address}/loop", code="outgoing-failed")
    refusal(LOCAL.request, "GET", f"{address}/to-file", code="outgoing-forbidden")


def test_a_redirect_is_judged_like_the_first_address(
    publisher: tuple[str, type[Publisher]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first server is taken for public; where it sends us is not."""
    address, _ = publisher
    judge = Outgoing._address  # type: ignore[attr-defined]

    def lenient(self: Outgoing, host: str, port: int, url: str) -> Any:
        return ipaddress.ip_address("127.0.0.1") if host == "localhost" else judge(Outgoing(), host, port, url)

    monkeypatch.setattr(Outgoing, "_address", lenient)
    refusal(LOCAL.request, "GET", f"{address}/to-metadata", code="outgoing-forbidden")


def test_too_much_and_too_slow(publisher: tuple[str, type[Publisher]], tmp_path: Path) -> None:
    address, _ = publisher
    small = Outgoing(Limits(size=100_000, seconds=20), private=True)
    refusal(small.request, "GET", f"{address}/file", code="outgoing-too-large")
    refusal(small.download, f"{address}/file", tmp_path / "a", code="outgoing-too-large")
    refusal(small.download, f"{address}/endless", tmp_path / "a", code="outgoing-too-large")
    assert not (tmp_path / "a").exists()
    hasty = Outgoing(Limits(seconds=0.4, idle=5), private=True)
    for path in ("/slow", "/slow-head"):
        refusal(hasty.request, "GET", f"{address}{path}", code="outgoing-failed")


def test_download_with_progress(publisher: tuple[str, type[Publisher]], tmp_path: Path) -> None:
    address, _ = publisher
    heard: list[tuple[int, int | None]] = []
    done = LOCAL.download(f"{address}/moved", tmp_path / "a", progress=lambda *now: heard.append(now))
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert done.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (done.size, done.resumed, done.url) == (len(CONTENT), 0, f"{address}/file")
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    refusal(LOCAL.download, f"{address}/absent", tmp_path / "b", code="outgoing-failed")


def test_a_broken_download_is_completed(publisher: tuple[str, type[Publisher]], tmp_path: Path) -> None:
    address, handler = publisher
    refusal(LOCAL.download, f"{address}/cut", tmp_path / "a", code="outgoing-failed")
    assert (tmp_path / "a.part").stat().st_size == 100_000
    done = LOCAL.download(f"{address}/cut", tmp_path / "a")
    assert done.resumed == 100_000
    assert done.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert handler.seen[-1][1]["Range"] == "bytes=100000-"


def test_what_changed_meanwhile_is_fetched_anew(publisher: tuple[str, type[Publisher]], tmp_path: Path) -> None:
    address, handler = publisher
    refusal(LOCAL.download, f"{address}/cut", tmp_path / "a", code="outgoing-failed")
    handler.tag = '"two"'
    done = LOCAL.download(f"{address}/cut", tmp_path / "a")
    assert (done.resumed, done.sha256) == (0, hashlib.sha256(CONTENT).hexdigest())
    (tmp_path / "b.part").write_bytes(b"of something else")
    (tmp_path / "b.part.json").write_text("{")
    assert LOCAL.download(f"{address}/file", tmp_path / "b").resumed == 0


def test_certificates_are_those_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path / "localhost.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serving(context) as (address, _):
        refusal(LOCAL.request, "GET", f"{address}/json", code="outgoing-failed")  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert LOCAL.json(f"{address}/json") == {"a": [1]}
        refusal(LOCAL.request, "GET", f"{address.replace('localhost', '127.0.0.1')}/json", code="outgoing-failed")


def certificate(file: Path) -> Path:
    """A certificate for the name localhost that vouches for itself, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
