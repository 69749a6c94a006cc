"""A file somebody gave, its kind told by content and never by its name."""

import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from jasyl.texts import Refusal, Where

from .archive import Content, chunks, only_file, open_archive, opened
from .limits import LIMITS, Limits

SourceKind = Literal["delimited", "xlsx", "ods", "xls", "geojson"]

# First bytes of what people send by mistake, and what it is called.
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
    (b"<", "HTML/XML"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Source:
    """A file whose kind is known: ``name`` as people see it, ``content`` as bytes or a path.

    ``entry`` is the path inside the zip archive that carried it, if one did.
    """

    name: str
    kind: SourceKind
    content: Content
    limits: Limits
    entry: str | None = None

    @contextmanager
    def stream(self) -> Generator[BinaryIO]:
        """The bytes from their beginning, unpacked; may be asked any number of times."""
        if self.entry is None or self.kind != "delimited":
            with opened(self.content) as stream:
                yield stream
            return
        with open_archive(self.content, self.name, self.limits) as archive, archive.open(self.entry) as stream:
            yield stream  # type: ignore[misc]

    def whole(self) -> bytes:
        """All bytes at once, for kinds that cannot be streamed. Raises Refusal ``file-too-large``."""
        if isinstance(self.content, bytes):
            content = self.content
        else:
            check_size(self.content.stat().st_size, self.limits.workbook_bytes, self.name)
            content = self.content.read_bytes()
        check_size(len(content), self.limits.workbook_bytes, self.name)
        return content


def open_source(given: Path | str | bytes, name: str | None = None, limits: Limits = LIMITS) -> Source:
    """The file as a Source; looks inside a zip archive that holds exactly one file.

    ``given`` is a path or the bytes themselves; ``name`` is what the person called it (needed with bytes).
    Raises Refusal ``file-missing``, ``file-empty``, ``file-too-large``, ``file-kind``, ``workbook-encrypted`` and
    those of :mod:`jasyl.intake.archive`.
    """
    content: Content = given if isinstance(given, bytes) else Path(given)
    shown = name or (content.name if isinstance(content, Path) else "—")
    head = _head(content, shown, limits)
    if head.startswith(b"PK\x03\x04"):
        return _from_zip(content, shown, limits)
    return Source(shown, _kind(head, content, shown), content, limits)


def _head(content: Content, name: str, limits: Limits) -> bytes:
    try:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        with opened(content) as stream:
            head = stream.read(4096)
    except OSError as error:
        raise Refusal("file-missing", where=Where(name), reason=error.strerror or str(error)) from error
    if size == 0:
        raise Refusal("file-empty", where=Where(name))
    check_size(size, limits.file_bytes, name)
    return head


def check_size(size: int, limit: int, name: str | None = None) -> None:
    """Raises Refusal ``file-too-large`` where a file has more than ``limit`` bytes."""
    if size > limit:
        where = Where(name) if name else None
        raise Refusal("file-too-large", where=where, received=-(-size // 2**20), expected=limit // 2**20)


def _kind(head: bytes, content: Content, name: str) -> SourceKind:
    if head.startswith(_COMPOUND):
        return _compound_kind(content, name)
    if head.startswith(b"PK"):
        raise Refusal("file-kind", where=Where(name), received="ZIP")
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    foreign = next((said for magic, said in _FOREIGN if bare.startswith(magic)), None)
    if foreign:
        raise Refusal("file-kind", where=Where(name), received=foreign)
    return "geojson" if bare[:1] == b"{" else "delimited"


def _compound_kind(content: Content, name: str) -> SourceKind:
    """An OLE2 container: an old XLS workbook, or a new one locked with a password."""
    with opened(content) as stream:
        start = stream.read(4 * 2**20)
    if "EncryptedPackage".encode("utf-16-le") in start:
        raise Refusal("workbook-encrypted", where=Where(name))
    if "Workbook".encode("utf-16-le") in start or "Book".encode("utf-16-le") in start:
        return "xls"
    raise Refusal("file-kind", where=Where(name), received="OLE2 (DOC, MSG …)")


def _from_zip(content: Content, name: str, limits: Limits, outer: str | None = None) -> Source:
    with open_archive(content, name, limits) as archive:
        kind = _workbook_kind(archive, name, limits)
        if kind:
            return Source(name, kind, content, limits, outer)
        if outer is not None:
            raise Refusal("archive-nested", where=Where(name), received=outer[:80])
        entry = only_file(archive, name)
        head = next(chunks(archive, entry, name, limits), b"")[:4096]
        if not head:
            raise Refusal("file-empty", where=Where(name))
        if head.startswith((b"PK\x03\x04", _COMPOUND)) or _kind(head, head, name) == "geojson":
            check_size(entry.file_size, limits.workbook_bytes, name)
            inner = b"".join(chunks(archive, entry, name, limits))
            if inner.startswith(b"PK"):
                return _from_zip(inner, name, limits, entry.filename)
            return replace(open_source(inner, name, limits), entry=entry.filename)
        for _ in chunks(archive, entry, name, limits):
            pass  # checksum and true size, before a single row is believed
        return Source(name, "delimited", content, limits, entry.filename)


def _workbook_kind(archive: zipfile.ZipFile, name: str, limits: Limits) -> SourceKind | None:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        if next(chunks(archive, archive.getinfo("mimetype"), name, limits), b"").startswith(_ODS):
            return "ods"
        raise Refusal("file-kind", where=Where(name), received="OpenDocument (ODT …)")
    if "[Content_Types].xml" in names:
        office = "XLSB" if "xl/workbook.bin" in names else "Office (DOCX, PPTX …)"
        raise Refusal("file-kind", where=Where(name), received=office)
    return None
