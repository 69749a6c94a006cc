"""Zip archives from strangers: looked at entry by entry before anything inside is believed."""

import copy
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from jasyl.texts import Refusal, Where

from .limits import MEBI, Limits

Content = bytes | Path
CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END_RECORD = struct.Struct("<4s4H2LH")
# A central directory entry is 46 bytes, a name and extras; this much for each is more than any honest archive has.
_DIRECTORY_BYTES_PER_ENTRY = 1_000
# What systems add by themselves and nobody means.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def opened(content: Content) -> BinaryIO:
    """The bytes of ``content`` from their beginning."""
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def open_archive(content: Content, name: str, limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory checked: number of entries, paths, encryption, methods, declared sizes.

    Raises Refusal ``archive-damaged``, ``archive-entries``, ``archive-encrypted``, ``archive-path``,
    ``archive-method``, ``archive-bomb``.
    """
    where = Where(name)
    _check_directory_size(content, where, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Refusal("archive-damaged", where=where, reason="other", detail=str(error)[:100]) from error
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise Refusal("archive-entries", where=where, received=len(entries), expected=limits.entries)
    for entry in entries:
        _check_entry(entry, where)
    if len({part_name(entry.filename) for entry in entries}) < len(entries):
        # Two readers may take different ones of the same name: what was checked would not be what is read.
        raise Refusal("archive-damaged", where=where, reason="twice")
    packed = sum(entry.compress_size for entry in entries)
    size = _size(content)
    if packed > size:
        # Entries that share the same packed bytes: the trick of the densest bombs.
        raise bomb(packed, limits.unpacked_bytes, where, limits)
    _check_volume(sum(entry.file_size for entry in entries), packed, where, limits)
    return archive


def part_name(path: str) -> str:
    """The path of an entry as the most lenient reader compares it."""
    return path.replace("\\", "/").lstrip("/").casefold()


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> Iterator[bytes]:
    """The unpacked bytes of ``entry``, counted as they come: what the directory declares is not believed.

    Raises Refusal ``archive-damaged`` (truncated, wrong checksum, wrong size) and ``archive-bomb``.
    """
    where = Where(name)
    # zipfile stops reading at the declared size; declared one larger, it would run to the true end.
    honest = copy.copy(entry)
    honest.file_size = limits.unpacked_bytes + 1
    total = 0
    try:
        with archive.open(honest) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > entry.file_size:
                    raise Refusal("archive-damaged", where=where, reason="size", detail=entry.filename)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refusal("archive-damaged", where=where, reason="other", detail=str(error)[:100]) from error
    if total != entry.file_size:
        raise Refusal("archive-damaged", where=where, reason="size", detail=entry.filename)


def only_file(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one file that a plain archive holds, folders and litter of operating systems aside.

    Raises Refusal ``archive-content`` when there is none or more than one.
    """
    files = [entry for entry in archive.infolist() if not entry.is_dir() and not is_litter(entry.filename)]
    if len(files) != 1:
        raise Refusal("archive-content", where=Where(name), received=len(files))
    return files[0]


def is_litter(path: str) -> bool:
    """Whether an entry is what operating systems add by themselves."""
    return path.startswith(_LITTER[0]) or PurePosixPath(path).name in _LITTER[1:]


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _check_directory_size(content: Content, where: Where, limits: Limits) -> None:
    """Refuse a directory that would not fit in memory before zipfile builds an object for each of its entries."""
    with opened(content) as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - 65_557))  # an end record of 22 bytes and a comment of up to 65,535
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise Refusal("archive-damaged", where=where, reason="end")
    _, _, _, _, entries, directory, _, _ = _END_RECORD.unpack_from(tail, at)
    if entries > limits.entries or directory > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise Refusal("archive-entries", where=where, received=entries, expected=limits.entries)


def _check_entry(entry: zipfile.ZipInfo, where: Where) -> None:
    path = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise Refusal("archive-encrypted", where=where)
    if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/") or path[1:2] == ":":
        raise Refusal("archive-path", where=where, received=path[:80])
    if entry.compress_type not in _METHODS:
        raise Refusal("archive-method", where=where, received=path[:80])


def _check_volume(unpacked: int, packed: int, where: Where, limits: Limits) -> None:
    too_dense = unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1)
    if unpacked > limits.unpacked_bytes or too_dense:
        raise bomb(unpacked, limits.unpacked_bytes, where, limits)


def bomb(unpacked: int, most: int, where: Where, limits: Limits) -> Refusal:
    """The refusal of what would unfold to ``unpacked`` bytes: more than ``most``, or too many for its size."""
    received, expected = unpacked // MEBI, most // MEBI
    return Refusal("archive-bomb", where=where, received=received, expected=expected, ratio=limits.ratio)
