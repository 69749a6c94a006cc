"""The font of printed papers: which characters it has, and what becomes of those it has not."""

import struct
import unicodedata
from functools import cache
from importlib.resources import files

FAMILY = "Inter"
FILES = ("Inter-Regular.ttf", "Inter-Bold.ttf")
# Stands for a character that the font cannot show, so that something is seen to be missing.
UNKNOWN = "□"
_KEPT = {"\n", "\t"}


def printable(text: str) -> str:
    """``text`` in NFC with only what the font has: marks of direction and joiners go, other characters become □."""
    known = characters()
    return "".join(
        letter if letter in _KEPT or letter in known else "" if unicodedata.category(letter) == "Cf" else UNKNOWN
        for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    )


@cache
def characters() -> frozenset[str]:
    """The characters that both files of the font have, without controls and marks of format (PDF/UA wants none)."""
    tables = [_characters((files("jasyl.papers") / "fonts" / name).read_bytes()) for name in FILES]
    return frozenset(letter for letter in frozenset.intersection(*tables) if unicodedata.category(letter)[0] != "C")


def _characters(font: bytes) -> frozenset[str]:
    """Characters with a glyph, from the table ``cmap`` in its format 12 or 4 (OpenType 1.9, ISO/IEC 14496-22)."""
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(count))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    places = [start + struct.unpack_from(">HHI", font, start + 4 + 8 * number)[2] for number in range(subtables)]
    found: set[str] = set()
    for place in places:
        (form,) = struct.unpack_from(">H", font, place)
        if form == 12:
            found |= _format_12(font, place)
        elif form == 4:
            found |= _format_4(font, place)
    return frozenset(found)


def _format_12(font: bytes, place: int) -> set[str]:
    (groups,) = struct.unpack_from(">I", font, place + 12)
    spans = (struct.unpack_from(">II", font, place + 16 + 12 * number) for number in range(groups))
    return {chr(code) for first, last in spans for code in range(first, last + 1)}


def _format_4(font: bytes, place: int) -> set[str]:
    (double,) = struct.unpack_from(">H", font, place + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, place + 14)
    starts = struct.unpack_from(f">{count}H", font, place + 16 + double)
    return {
        chr(code)
        for first, last in zip(starts, ends, strict=True)
        for code in range(first, last + 1)
        if code != 0xFFFF and not 0xD800 <= code <= 0xDFFF
    }
