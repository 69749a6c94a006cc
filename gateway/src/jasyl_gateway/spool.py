"""What is kept on disk until the server has acknowledged it: frames in files, appended and fsynced.

A frame is length (4 octets), CRC-32 of what follows (4 octets), sequence number (8 octets), payload. A frame cut
short by a power cut is recognised by its CRC and cut away when the spool is opened; frames before it are whole.
"""

import fcntl
import json
import os
import struct
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_HEAD = struct.Struct("<II")
_NUMBER = struct.Struct("<Q")
FILE_BYTES = 4 * 2**20
LARGEST = 2**20


class SpoolFullError(Exception):
    """The spool has reached its bound."""


class SpoolDamagedError(Exception):
    """A frame in the middle of the spool is damaged."""


class SpoolInUseError(Exception):
    """Another program works on the spool."""


@dataclass(frozen=True)
class Frame:
    """One spooled delivery: its sequence number, counting from 1 without gaps, and its bytes."""

    sequence: int
    payload: bytes


class Spool:
    """A queue of frames in a folder of one process. Appending is durable when it returns."""

    def __init__(self, folder: Path, *, most_bytes: int = 512 * 2**20, file_bytes: int = FILE_BYTES) -> None:
        self.folder, self.most_bytes, self.file_bytes = folder, most_bytes, file_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self.acknowledged, self.notes = _state(folder)
        self.last = self.acknowledged
        self.cut = 0
        for file in self.files():
            self.last = max(self.last, self._mend(file, newest=file == self.files()[-1]))

    def files(self) -> list[Path]:
        """The files of frames, oldest first; a file is named by its first sequence number."""
        return _files(self.folder)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.files())

    @property
    def waiting(self) -> int:
        """Frames not acknowledged yet."""
        return self.last - self.acknowledged

    def append(self, payload: bytes) -> int:
        """Keep ``payload`` and give its sequence number. Raises SpoolFullError or OSError; then nothing is kept."""
        body = _NUMBER.pack(self.last + 1) + payload
        frame = _HEAD.pack(len(body), zlib.crc32(body)) + body
        if len(body) > LARGEST or self.size + len(frame) > self.most_bytes:
            raise SpoolFullError
        files = self.files()
        fresh = not files or files[-1].stat().st_size >= self.file_bytes
        file = self.folder / f"frames-{self.last + 1:016}.spool" if fresh else files[-1]
        before = 0 if fresh else file.stat().st_size
        try:
            with file.open("ab") as out:
                out.write(frame)
                out.flush()
                os.fsync(out.fileno())
            if fresh:
                _sync(self.folder)
        except OSError:
            # Half a frame that a full disk left would be damage in the middle once the next one stands behind it.
            if file.exists():
                _cut(file, before)
            raise
        self.last += 1
        return self.last

    def waiting_frames(self) -> Iterator[Frame]:
        """The frames after the acknowledged one, in order. Raises SpoolDamagedError before one that cannot be read:
        going on behind it would let it be taken for acknowledged."""
        due = self.acknowledged + 1
        for file in self.files():
            for frame, _ in _frames(file.read_bytes()):
                if frame.sequence > due:
                    raise SpoolDamagedError(f"{file.name}: frame {due} cannot be read")
                if frame.sequence == due:
                    yield frame
                    due += 1
        if due <= self.last:
            raise SpoolDamagedError(f"{self.folder}: frame {due} cannot be read")

    def acknowledge(self, sequence: int, notes: dict[str, int] | None = None) -> None:
        """Note durably that everything up to ``sequence`` is on the server's disk; files behind it are removed."""
        self.acknowledged = max(self.acknowledged, sequence)
        self.notes = {**self.notes, **(notes or {})}
        self._write_state()
        files = self.files()
        for file, following in pairwise(files):
            if int(following.stem.split("-")[1]) <= self.acknowledged + 1:
                file.unlink()
        if files and self.acknowledged == self.last and files[-1].exists():
            files[-1].unlink()

    def _write_state(self) -> None:
        content = json.dumps({"acknowledged": self.acknowledged, "notes": self.notes}).encode()
        new = self.folder / ".acknowledged.new"
        with new.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        new.replace(self.folder / "acknowledged.json")
        _sync(self.folder)

    def _mend(self, file: Path, *, newest: bool) -> int:
        """The last sequence number of a file; what a power cut left unfinished at the end of the newest is cut."""
        content = file.read_bytes()
        last, end = 0, 0
        for frame, after in _frames(content):
            last, end = frame.sequence, after
        if end < len(content):
            if not newest or not _is_torn(content[end:]):
                raise SpoolDamagedError(f"{file.name} is damaged at octet {end}")
            self.cut += len(content) - end
            _cut(file, end)
        if newest and end == 0:
            file.unlink()
        return last


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Keep other programs off a spool; ends with the process, however that ends. Raises SpoolInUseError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SpoolInUseError(f"another gateway works on the spool {folder}") from None
        yield


def standing(folder: Path) -> dict[str, int]:
    """What was acknowledged and what waits, seen beside a program at work: nothing is mended, nothing removed."""
    while True:
        acknowledged, _ = _state(folder)
        try:
            contents = [file.read_bytes() for file in _files(folder)]
        except FileNotFoundError:  # acknowledged meanwhile
            continue
        last = max((frame.sequence for content in contents for frame, _ in _frames(content)), default=acknowledged)
        waiting = max(0, last - acknowledged)
        return {"acknowledged": acknowledged, "waiting": waiting, "bytes": sum(map(len, contents))}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("frames-*.spool"))


def _state(folder: Path) -> tuple[int, dict[str, int]]:
    try:
        found = json.loads((folder / "acknowledged.json").read_bytes())
        return int(found["acknowledged"]), dict(found["notes"])
    except FileNotFoundError:
        return 0, {}


def _cut(file: Path, end: int) -> None:
    with file.open("r+b") as out:
        out.truncate(end)
        out.flush()
        os.fsync(out.fileno())


def _frames(content: bytes) -> Iterator[tuple[Frame, int]]:
    at = 0
    while at + _HEAD.size <= len(content):
        length, check = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + length
        body = content[at + _HEAD.size : end]
        if length < _NUMBER.size or length > LARGEST or end > len(content) or zlib.crc32(body) != check:
            return
        yield Frame(_NUMBER.unpack_from(body)[0], body[_NUMBER.size :]), end
        at = end


def _is_torn(rest: bytes) -> bool:
    """Whether ``rest`` is one frame that was not finished, or the zeros a file system leaves; else it is damage."""
    if not any(rest) or len(rest) < _HEAD.size:
        return True
    return _HEAD.size + _HEAD.unpack_from(rest)[0] >= len(rest)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
