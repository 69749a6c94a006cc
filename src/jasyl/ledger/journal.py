"""The journal: one append-only file that holds the truth of the log.

The file starts with ``jasyl-journal/1`` and a newline. Then come frames, one per commit: ``JSLF``, index of the
first entry (u64), number of entries (u32), length of the payload (u32), SHA-256 over these 20 bytes and the payload,
then the payload: entries as in entry bundles (u16 length, bytes), so that the payloads one after another are the
bundles one after another. Big-endian. A frame is whole or it is not there: a torn tail fails its hash.
"""

import fcntl
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from jasyl.storage import sync_directory
from jasyl.texts import Refusal

MAGIC = b"jasyl-journal/1\n"
FRAME = b"JSLF"
_HEAD = struct.Struct(">4sQII")
HEAD_SIZE = _HEAD.size + 32
# A frame is read whole; the keeper's batches stay far below.
MAX_PAYLOAD = 256 * 1024 * 1024
# Linux takes 1024 buffers in one call (IOV_MAX).
_AT_ONCE = 1024


@dataclass(frozen=True)
class Frame:
    """One commit: where it stands in the file, which entries it holds, its payload."""

    offset: int
    first: int
    count: int
    payload: bytes

    @property
    def payload_offset(self) -> int:
        return self.offset + HEAD_SIZE

    @property
    def end(self) -> int:
        return self.offset + HEAD_SIZE + len(self.payload)

    @property
    def next(self) -> int:
        """The index of the entry after this frame's last."""
        return self.first + self.count


def frames(file: Path, offset: int = len(MAGIC), first: int = 0) -> Iterator[Frame]:
    """The frames from ``offset`` on, the first of which must hold entry ``first``.

    Ends silently where the bytes stop being a whole frame in sequence; whoever reads compares ``end`` with the size
    of the file.
    """
    with file.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        if source.read(len(MAGIC)) != MAGIC:
            return
        while (frame := _read_frame(source.fileno(), offset, size)) is not None and frame.first == first:
            yield frame
            offset, first = frame.end, frame.next


def frame_at(file: Path, offset: int) -> Frame | None:
    """The frame at a byte offset, or None when no whole one stands there."""
    with file.open("rb") as source:
        return _read_frame(source.fileno(), offset, os.fstat(source.fileno()).st_size)


def _read_frame(descriptor: int, offset: int, size: int) -> Frame | None:
    head = os.pread(descriptor, HEAD_SIZE, offset)
    if len(head) < HEAD_SIZE:
        return None
    magic, first, count, length = _HEAD.unpack_from(head)
    if magic != FRAME or not 0 < length <= MAX_PAYLOAD or offset + HEAD_SIZE + length > size:
        return None
    payload = os.pread(descriptor, length, offset + HEAD_SIZE)
    if _digest(head[: _HEAD.size], payload) != head[_HEAD.size :]:
        return None
    return Frame(offset, first, count, payload)


def frame_head(first: int, count: int, *payload: bytes) -> bytes:
    """The head of a frame: magic, first index, count, length, hash. The payload may come in parts."""
    head = _HEAD.pack(FRAME, first, count, sum(map(len, payload)))
    return head + _digest(head, *payload)


def _digest(head: bytes, *payload: bytes) -> bytes:
    digest = sha256(head)
    for part in payload:
        digest.update(part)
    return digest.digest()


class JournalWriter:
    """The one writer of a journal; a second one is refused. Opens after the last good frame, cutting what follows.

    Raises Refusal ``journal-in-use``.
    """

    def __init__(self, file: Path, end: int, size: int) -> None:
        self.size = size
        self.end = end
        existed = file.exists()
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise Refusal("journal-in-use", received=str(file)) from None
        if os.fstat(self._descriptor).st_size < len(MAGIC):
            os.pwrite(self._descriptor, MAGIC, 0)
            self.end = len(MAGIC)
        os.ftruncate(self._descriptor, self.end)
        os.fsync(self._descriptor)
        if not existed:
            sync_directory(file.parent)

    def append(self, payload: bytes | Sequence[bytes], count: int) -> None:
        """Write one frame of ``count`` encoded entries, whole or in parts; it is durable when this returns."""
        parts = [payload] if isinstance(payload, bytes) else payload
        head = frame_head(self.size, count, *parts)
        _write_whole(self._descriptor, [head, *parts], self.end)
        os.fdatasync(self._descriptor)
        self.size += count
        self.end += HEAD_SIZE + sum(map(len, parts))

    def close(self) -> None:
        os.close(self._descriptor)

    def __enter__(self) -> "JournalWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _write_whole(descriptor: int, buffers: list[bytes], offset: int) -> None:
    for at in range(0, len(buffers), _AT_ONCE):
        some = buffers[at : at + _AT_ONCE]
        written, size = os.pwritev(descriptor, some, offset), sum(map(len, some))
        if written < size:  # a nearly full disk writes a part and fails on the next call
            whole = memoryview(b"".join(some))
            while written < size:
                written += os.pwrite(descriptor, whole[written:], offset + written)
        offset += size
