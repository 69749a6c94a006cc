"""The one way this program asks other servers for something: only public hosts, only https, never too much.

What is asked for may come from a form or a file (a webhook, an evidence link, an identity provider). So the host's
address is looked up once, judged, and that very address is connected to: a name that answers differently the second
time gains nothing (CWE-918; the bypasses meant are those of OWASP's sheet on server-side request forgery).
"""

import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from jasyl.texts import Refusal

BLOCK = 1 << 16
REDIRECTS = frozenset((301, 302, 303, 307, 308))
# What may be otherwise in a while: asked too often, or a server in trouble.
PASSING = frozenset((429, 500, 502, 503, 504))
# Networks whose addresses carry an IPv4 address inside: NAT64, 6to4 and Teredo reach what that one reaches.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Progress = Callable[[int, int | None], None]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Limits:
    """The most that is taken: ``size`` bytes of an answer, ``seconds`` in all, ``idle`` seconds of silence."""

    size: int = 10_000_000
    seconds: float = 60.0
    idle: float = 20.0
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What a server said: status, headers by lower-case name, body, and the address it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True)
class Download:
    """A file that was fetched: where it stands, its SHA-256, its size, and how many bytes were there already."""

    file: Path
    sha256: str
    size: int
    resumed: int
    url: str


@dataclass(frozen=True)
class Outgoing:
    """A client with one policy.

    ``private`` allows hosts that are not on the public internet and plain http: for tests against this machine, and for
    an operator who names a host of the own network in the settings; never for addresses that users give.
    """

    limits: Limits = field(default_factory=Limits)
    private: bool = False

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request and its whole answer; redirects are followed for GET and HEAD only.

        Raises Refusal ``outgoing-forbidden`` (scheme, host or address not allowed), ``outgoing-failed`` (no connection,
        no valid certificate, too slow, broken off), ``outgoing-too-large``. A status of 400 or more is an answer.
        """
        with self._open(method, url, dict(headers or {}), body) as (response, final, deadline):
            content = b"".join(self._blocks(response, url, deadline))
            return Answer(response.status, _headers(response), content, final)

    def json(self, url: str) -> Any:
        """The JSON document at ``url``. Raises as ``request``, and ``outgoing-failed`` for any status but 200."""
        answer = self.request("GET", url, headers={"Accept": "application/json"})
        if answer.status != 200:
            raise _failed(url, f"HTTP {answer.status}")
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise _failed(url, "no JSON") from error

    def download(
        self, url: str, file: Path, *, headers: Mapping[str, str] | None = None, progress: Progress | None = None
    ) -> Download:
        """Fetch ``url`` into ``file``; ``progress`` hears bytes so far and in all (None when not announced).

        What arrived before a break stands in ``file``.part and is completed the next time, provided that the server
        says it is still the same (entity tag or date). Raises as ``request``, and ``outgoing-failed`` for any status
        but 200 and 206 (its arguments hold ``status`` and ``retry_after``, the header of that name).
        """
        part, note = file.with_name(file.name + ".part"), file.with_name(file.name + ".part.json")
        have, validator = _kept(part, note, url)
        ranged = {"Range": f"bytes={have}-", "If-Range": validator} if have and validator else {}
        with self._open("GET", url, {**(headers or {}), **ranged}, None) as (response, final, deadline):
            said = _headers(response)
            if response.status == 206 and said.get("content-range", "").startswith(f"bytes {have}-"):
                resumed = have
            elif response.status == 200:
                resumed = 0
            else:
                if response.status not in PASSING:  # a server that is busy now still has the rest of the file
                    part.unlink(missing_ok=True)
                raise _failed(url, f"HTTP {response.status}", response.status, said.get("retry-after"))
            note.write_text(json.dumps({"url": url, "validator": _validator(said)}), encoding="utf-8")
            total = _announced(said, resumed)
            if total is not None and total > self.limits.size:
                raise Refusal("outgoing-too-large", received=_shown(url), expected=str(self.limits.size))
            with part.open("ab" if resumed else "wb") as out:
                size = resumed
                for block in self._blocks(response, url, deadline, already=resumed):
                    out.write(block)
                    size += len(block)
                    if progress:
                        progress(size, total)
        if total is not None and size != total:
            raise _failed(url, f"{size} / {total}")
        part.replace(file)
        note.unlink(missing_ok=True)
        return Download(file, _sha256(file), size, resumed, final)

    def _blocks(
        self, response: http.client.HTTPResponse, url: str, deadline: float, *, already: int = 0
    ) -> Generator[bytes]:
        if response.getheader("Content-Encoding", "identity") not in ("identity", ""):
            raise _failed(url, "compressed without being asked to")  # could unfold to any size
        size = already
        while True:
            try:
                block = response.read1(BLOCK)
            except (OSError, http.client.HTTPException) as error:
                raise _failed(url, _reason(error)) from error
            if time.monotonic() >= deadline:  # before the end is believed: it may be our own hanging up
                raise _failed(url, f"> {self.limits.seconds:.0f} s")
            if not block:
                break
            size += len(block)
            if size > self.limits.size:
                raise Refusal("outgoing-too-large", received=_shown(url), expected=str(self.limits.size))
            yield block

    @contextmanager
    def _open(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None
    ) -> Generator[tuple[http.client.HTTPResponse, str, float]]:
        """The response after redirects, each of whose addresses is judged like the first; its address; the deadline."""
        headers = {"User-Agent": "jasyl", "Accept-Encoding": "identity", **headers}
        deadline = time.monotonic() + self.limits.seconds
        origin = None
        for _ in range(self.limits.redirects + 1):
            connection, target = self._connect(url)
            if origin not in (None, _origin(urlsplit(url))):  # what was meant for one server is not told another
                headers = {name: value for name, value in headers.items() if name.lower() not in SECRET_HEADERS}
            origin = _origin(urlsplit(url))
            with _hung_up_at(deadline, connection):
                try:
                    connection.request(method, target, body=body, headers=headers)
                    response = connection.getresponse()
                except (OSError, http.client.HTTPException) as error:
                    raise _failed(url, _reason(error)) from error
                with response:
                    location = response.getheader("Location")
                    if response.status not in REDIRECTS or not location or method not in ("GET", "HEAD"):
                        yield response, url, deadline
                        return
            url = urljoin(url, location)
        raise _failed(url, f"> {self.limits.redirects} redirects")

    def _connect(self, url: str) -> "tuple[_PinnedHTTP, str]":
        parts = self._judged(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._address(host, port, url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if parts.scheme == "https":
            return _PinnedHTTPS(host, port, str(address), self.limits.idle), target
        return _PinnedHTTP(host, port, str(address), self.limits.idle), target

    def _judged(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise _forbidden(url) from error
        schemes = ("https", "http") if self.private else ("https",)
        odd = any(character <= " " or character == "\x7f" for character in url) or not url.isascii()
        if parts.scheme not in schemes or not parts.hostname or parts.username is not None or odd:
            raise _forbidden(url)
        if not self.private and port not in (None, 443):
            raise _forbidden(url)
        return parts

    def _address(self, host: str, port: int, url: str) -> Address:
        """The address to connect to. All that the name has must be public: one that is not means a trap."""
        try:
            addresses = _addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise _failed(url, _reason(error)) from error
        if not addresses or not (self.private or all(map(is_public, addresses))):
            raise _forbidden(url)
        return addresses[0]


def for_operator(url: str, limits: Limits) -> Outgoing:
    """The client for an address that whoever runs this program has typed or put into a file of its own.

    It may be a host of the own network, or plain http; then redirects are not followed, so that what answers there
    cannot send the request anywhere else.
    """
    try:
        parts = urlsplit(url)
        usual = parts.scheme == "https" and parts.port in (None, 443)
        if usual and all(map(is_public, _addresses(parts.hostname or "", 443))):
            return Outgoing(limits)
    except (OSError, ValueError):  # asking will say what is wrong with it
        pass
    return Outgoing(replace(limits, redirects=0), private=True)


def _addresses(host: str, port: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


@contextmanager
def _hung_up_at(deadline: float, connection: "_PinnedHTTP") -> Generator[None]:
    """Closes the connection in the end, and cuts it at the deadline: a server that sends a byte now and then would
    never let a time limit on silence pass."""

    def cut() -> None:
        with suppress(OSError):
            connection.hang_up()

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization", "private-token"))


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, also looking at the IPv4 address that an IPv6 one carries."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _PinnedHTTP(http.client.HTTPConnection):
    """A connection to one checked address, speaking to the host by its name."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._pinned = (address, port)
        self._used: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._used = socket.create_connection(self._pinned, timeout=self.timeout)

    def hang_up(self) -> None:
        """Cuts the line also when http.client has handed it to the response."""
        if self._used is not None:
            self._used.shutdown(socket.SHUT_RDWR)


class _PinnedHTTPS(_PinnedHTTP):
    """The same under TLS; the certificate must be that of the name."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = self._used = context.wrap_socket(self.sock, server_hostname=self.host)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _headers(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _validator(headers: Mapping[str, str]) -> str | None:
    """A strong entity tag, or the date (RFC 9110, 13.1.5: a weak tag cannot guard a range)."""
    tag = headers.get("etag")
    return tag if tag and not tag.startswith("W/") else headers.get("last-modified")


def _announced(headers: Mapping[str, str], resumed: int) -> int | None:
    length = headers.get("content-length", "")
    return resumed + int(length) if length.isdigit() else None


def _kept(part: Path, note: Path, url: str) -> tuple[int, str | None]:
    """How much of ``url`` an earlier attempt left, and by what to ask whether it still holds."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        if kept["url"] == url and kept["validator"]:
            return part.stat().st_size, str(kept["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return 0, None


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _shown(url: str) -> str:
    """An address as far as it may be shown: without user name, password and query, which can hold secrets."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}{parts.path}"[:200]


def _reason(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]


def _failed(url: str, reason: str, status: int | None = None, retry_after: str | None = None) -> Refusal:
    return Refusal("outgoing-failed", received=_shown(url), reason=reason, status=status, retry_after=retry_after)


def _forbidden(url: str) -> Refusal:
    return Refusal("outgoing-forbidden", received=_shown(url))
