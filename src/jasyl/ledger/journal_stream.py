"""The journal as one stream of encoded entries, read past damage so that damage can be located."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .journal import FRAME, HEAD_SIZE, MAGIC, frame_at, frame_head
from .tiles import decode_bundle


@dataclass(frozen=True)
class _Piece:
    """Bytes of the stream and where they stand in the file. ``whole`` is False where the frame's hash fails."""

    offset: int
    first: int
    data: bytes
    whole: bool


def difference(found: bytes, expected: bytes) -> tuple[int, int] | None:
    """The range from the first to after the last byte of ``found`` that differ from ``expected``; None when equal."""
    if found == expected:
        return None
    shorter = min(len(found), len(expected))
    start = next((at for at in range(shorter) if found[at] != expected[at]), shorter)
    if len(found) != len(expected):
        return start, max(len(found), start)
    end = next(at for at in range(shorter, start, -1) if found[at - 1] != expected[at - 1])
    return start, end


class JournalStream:
    """Hands out the journal's encoded entries in the order of the log and compares them with what they should be."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.size = file.stat().st_size
        self.damages: list[tuple[int, int]] = []
        self._suspects: list[_Piece] = []
        self._pieces = self._read()
        self._held: list[_Piece] = []
        self._at = 0
        self.entries = 0
        with file.open("rb") as source:
            wrong = difference(source.read(len(MAGIC)), MAGIC)
        if wrong:
            self.damages.append(wrong)

    def peek(self, count: int) -> bytes | None:
        """The bytes of the next ``count`` entries as the journal has them, or None where lengths make no sense."""
        at, need = 0, 0
        data = self._bytes(0)
        for _ in range(count):
            if len(data) < at + 2:
                data = self._bytes(at + 2)
            need = at + 2 + int.from_bytes(data[at : at + 2])
            if len(data) < need:
                data = self._bytes(need)
            if len(data) < need or need == at + 2:
                return None
            at = need
        return data[:at]

    def compare(self, expected: bytes, count: int) -> None:
        """Step over the next ``count`` entries, noting where they differ from ``expected``."""
        # Nearly always they lie within the frame in hand, as they should: then nothing is copied.
        if not (self._held and self._held[0].data.startswith(expected, self._at)):
            found = self._bytes(len(expected))[: len(expected)]
            if wrong := difference(found, expected):
                start = self._place(wrong[0])
                end = max(self._place(wrong[1] - 1) + 1, start) if len(found) > wrong[0] else start
                self.damages.append((start, end))
        self._step(len(expected))
        self.entries += count

    def skip(self, count: int) -> None:
        """Step over ``count`` entries about which nothing is known."""
        self._step(len(self.peek(count) or b""))

    def finish(self) -> int:
        """Entries that stand behind those compared; checks the heads of frames whose hash failed."""
        tail = 0
        for piece in [*self._held, *self._pieces]:
            if piece.whole and piece.first >= self.entries:
                tail += len(decode_bundle(piece.data) or [])
        for piece in self._suspects:
            self._check_head(piece)
        return tail

    def _check_head(self, piece: _Piece) -> None:
        start, end = piece.offset - HEAD_SIZE, piece.offset + len(piece.data)
        if piece.first >= self.entries or any(start < wrong[1] and wrong[0] < end for wrong in self.damages):
            return  # a torn tail nobody signed, or damage that is already located
        entries = decode_bundle(piece.data)
        with self.file.open("rb") as source:
            source.seek(start)
            found = source.read(HEAD_SIZE)
        expected = frame_head(piece.first, len(entries or []), piece.data)
        wrong = difference(found, expected) if entries is not None else (0, HEAD_SIZE)
        if wrong:
            self.damages.append((start + wrong[0], start + wrong[1]))

    def _read(self) -> Iterator[_Piece]:
        offset, first = len(MAGIC), 0
        while offset < self.size:
            frame = frame_at(self.file, offset)
            if frame is not None and frame.first == first:
                yield _Piece(frame.payload_offset, first, frame.payload, True)
                offset, first = frame.end, frame.next
                continue
            after = self._next_frame(offset + 1)
            end = self.size if after is None else after[0]
            with self.file.open("rb") as source:
                source.seek(offset + HEAD_SIZE)
                data = source.read(max(end - offset - HEAD_SIZE, 0))
            piece = _Piece(offset + HEAD_SIZE, first, data, False)
            self._suspects.append(piece)
            yield piece
            offset, first = (end, after[1]) if after else (end, first)

    def _next_frame(self, offset: int) -> tuple[int, int] | None:
        """The next byte offset at which a whole frame stands, and its first index."""
        with self.file.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = data.find(FRAME, offset)
            while at >= 0:
                frame = frame_at(self.file, at)
                if frame is not None:
                    return at, frame.first
                at = data.find(FRAME, at + 1)
        return None

    def _bytes(self, count: int) -> bytes:
        have = sum(len(piece.data) for piece in self._held) - self._at
        while have < count and (piece := next(self._pieces, None)) is not None:
            self._held.append(piece)
            have += len(piece.data)
        if len(self._held) == 1:
            return self._held[0].data[self._at : self._at + count] if count else self._held[0].data[self._at :]
        return b"".join([piece.data for piece in self._held])[self._at :]

    def _place(self, at: int) -> int:
        at += self._at
        for piece in self._held:
            if at < len(piece.data):
                return piece.offset + at
            at -= len(piece.data)
        return self.size

    def _step(self, count: int) -> None:
        self._at += count
        while self._held and self._at >= len(self._held[0].data):
            self._at -= len(self._held.pop(0).data)
        if not self._held:
            self._at = 0
