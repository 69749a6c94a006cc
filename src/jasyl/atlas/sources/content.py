"""Is a fetched file what its publisher promised, or a page that says sorry? Told by its first bytes."""

import hashlib
from pathlib import Path

from jasyl.texts import Refusal

from .catalogue import Format

_HDF5 = b"\x89HDF\r\n\x1a\n"
_BEGINNINGS: dict[Format, tuple[bytes, ...]] = {
    "tiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "zip": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    # The queue packs several files of one request as a zip.
    "netcdf": (b"CDF\x01", b"CDF\x02", b"CDF\x05", _HDF5, b"PK\x03\x04"),
    "json": (b"{", b"["),
}


def check_content(file: Path, form: Format) -> None:
    """Raises Refusal ``fetch-content`` and removes the file when it is not of the promised format."""
    with file.open("rb") as opened:
        head = opened.read(512)
    if form == "pbf":
        sound = b"OSMHeader" in head[:64]
    elif form == "tar":
        sound = head[257:262] == b"ustar"
    else:
        sound = form not in _BEGINNINGS or head.lstrip().startswith(_BEGINNINGS[form])
    if not sound:
        file.unlink()
        beginning = " ".join(head[:60].decode("utf-8", "replace").split())
        raise Refusal("fetch-content", received=file.name, expected=form, beginning=beginning)


def check_sum(file: Path, algorithm: str, expected: str) -> None:
    """Raises Refusal ``fetch-checksum`` and removes the file when its checksum is not the publisher's."""
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, algorithm).hexdigest()
    if found != expected.lower():
        file.unlink()
        raise Refusal("fetch-checksum", received=f"{file.name}: {algorithm} {found}", expected=expected)
