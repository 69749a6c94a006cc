"""Segments in S3-compatible storage (S3, MinIO, Ceph), read through a cache of bounded size on this machine."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ulid import ULID

from jasyl.texts import Refusal

from .segment_store import StoredFile

ACCESS_KEY, SECRET_KEY, CACHE = "JASYL_S3_ACCESS_KEY", "JASYL_S3_SECRET_KEY", "JASYL_SEGMENT_CACHE_MB"
CACHE_MB = 4096
# A file used within this time is not dropped from the cache: somebody may be about to open it.
IN_USE_SECONDS = 600
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 5.0, 20.0, 3


@dataclass(frozen=True)
class S3Address:
    """A bucket, the prefix of our objects in it, and whose S3 it is (``endpoint`` None: Amazon's)."""

    bucket: str
    prefix: str
    endpoint: str | None
    region: str | None

    @property
    def where(self) -> str:
        """As text for people."""
        return f"s3://{self.bucket}/{self.prefix}" + (f" ({self.endpoint})" if self.endpoint else "")


def parse_address(text: str) -> S3Address:
    """Reads ``s3://bucket/prefix?endpoint=https://…&region=…``. Raises Refusal ``store-address``."""
    parts = urlsplit(text)
    query = parse_qs(parts.query)
    endpoint = query.get("endpoint", [None])[0]
    odd = parts.username or parts.password or set(query) - {"endpoint", "region"}
    wrong = endpoint is not None and urlsplit(endpoint).scheme not in {"http", "https"}
    if parts.scheme != "s3" or not parts.hostname or odd or wrong:
        expected = "s3://bucket/prefix?endpoint=https://…&region=…"
        raise Refusal("store-address", received=f"{parts.scheme}://{parts.hostname or ''}", expected=expected)
    return S3Address(parts.netloc, parts.path.strip("/"), endpoint, query.get("region", [None])[0])


class S3Store:
    """A :class:`jasyl.storage.SegmentStore` in a bucket.

    Keys come from JASYL_S3_ACCESS_KEY and JASYL_S3_SECRET_KEY, else from where Amazon's own tools look for them; they
    are never written anywhere. The cache holds JASYL_SEGMENT_CACHE_MB megabytes, more only while one question needs
    more.
    """

    def __init__(self, address: S3Address, cache: Path, *, attempts: int = ATTEMPTS, patience: float = ANSWER_SECONDS):
        from pyarrow import fs  # noqa: PLC0415

        self.address, self.cache = address, cache
        self.limit = int(float(os.environ.get(CACHE, CACHE_MB)) * 1e6)
        endpoint = urlsplit(address.endpoint) if address.endpoint else None
        given: dict[str, Any] = {
            "access_key": os.environ.get(ACCESS_KEY),
            "secret_key": os.environ.get(SECRET_KEY),
            "region": address.region or ("us-east-1" if endpoint else None),
            "scheme": endpoint.scheme if endpoint else "https",
            "endpoint_override": endpoint.netloc if endpoint else None,
            "connect_timeout": CONNECT_SECONDS,
            "request_timeout": patience,
            "retry_strategy": fs.AwsStandardS3RetryStrategy(max_attempts=attempts),
            # The answer to a put is the acknowledgement: nothing may still be under way behind it.
            "background_writes": False,
            "allow_delayed_open": True,  # a small object is one request, not three
        }
        self._files: Any = fs.S3FileSystem(**{name: value for name, value in given.items() if value is not None})

    @property
    def where(self) -> str:
        return self.address.where

    def put(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            self._put(name, content)

    def _put(self, name: str, content: bytes) -> None:
        try:
            with self._files.open_output_stream(self._key(name)) as out:
                out.write(content)
        except OSError as error:
            raise self._unreachable(error) from error
        self._cached(name, content)

    def paths(self, wanted: Iterable[tuple[str, str]]) -> list[Path]:
        asked = list(wanted)
        files = [self.cache / name for name, _ in asked]
        for file, (name, digest) in zip(files, asked, strict=True):
            try:
                os.utime(file)
            except FileNotFoundError:
                self._fetch(name, digest)
        self._bound(files)
        return files

    def content(self, name: str) -> bytes | None:
        try:
            with self._files.open_input_stream(self._key(name)) as source:
                return bytes(source.readall())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreachable(error) from error

    def listed(self) -> list[StoredFile]:
        from pyarrow import fs  # noqa: PLC0415

        root = self._key("").rstrip("/")
        try:
            found = self._files.get_file_info(fs.FileSelector(root, allow_not_found=True))
        except OSError as error:
            raise self._unreachable(error) from error
        files = [each for each in found if each.type == fs.FileType.File]
        kept = [StoredFile(each.base_name, each.size, each.mtime_ns / 1e9 if each.mtime_ns else 0.0) for each in files]
        return sorted(kept, key=lambda each: each.name)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            try:
                self._files.delete_file(self._key(name))
            except FileNotFoundError:
                pass
            except OSError as error:
                raise self._unreachable(error) from error
            (self.cache / name).unlink(missing_ok=True)

    def _key(self, name: str) -> str:
        return "/".join(part for part in (self.address.bucket, self.address.prefix, name) if part)

    def _fetch(self, name: str, digest: str) -> None:
        content = self.content(name)
        if content is None:
            raise Refusal("segment-missing", received=name, path=self.where)
        if sha256(content).hexdigest() != digest:
            raise Refusal("segment-damaged", received=name, path=self.where)
        self._cached(name, content)

    def _cached(self, name: str, content: bytes) -> None:
        """Into the cache, whole or not at all; it may be lost at any time, so nothing is made durable."""
        self.cache.mkdir(parents=True, exist_ok=True)
        temporary = self.cache / f".{name}.{ULID()}.new"
        temporary.write_bytes(content)
        temporary.replace(self.cache / name)

    def _bound(self, needed: Sequence[Path]) -> None:
        """Drop what was not used for longest until the cache is within its limit."""
        kept = {file.name for file in needed}
        before = time.time() - IN_USE_SECONDS
        found: list[tuple[float, int, str]] = []
        with os.scandir(self.cache) as entries:
            for each in entries:
                status = each.stat()
                found.append((status.st_mtime, status.st_size, each.name))
        size = sum(one for _, one, _ in found)
        for used, one, name in sorted(found):
            if size <= self.limit or used > before:
                return
            if name not in kept:
                (self.cache / name).unlink(missing_ok=True)
                size -= one

    def _unreachable(self, error: OSError) -> Refusal:
        return Refusal("store-unreachable", received=self.where, reason=str(error)[:200])
