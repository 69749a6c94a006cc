"""Which encoding a text is in, decided the same way every time and told to the reader.

Order of evidence: a byte order mark; zero bytes where UTF-16 has them; valid UTF-8 (a text of any length in another
encoding practically never is); else the single-byte encodings of Kazakhstan compared by the letters that come out.
"""

import codecs
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jasyl.texts import Refusal, Where

Evidence = Literal["mark", "zeros", "valid", "letters"]

# Letters per thousand Cyrillic letters of Kazakh and Russian together, counted in the project's own
# glossary of 854 terms in both languages (31,425 letters).
_PER_MILLE = {
    "а": 90.72, "е": 80.54, "т": 70.68, "о": 67.68, "н": 64.53, "р": 62.18, "и": 54.35, "ы": 47.89, "л": 46.27,
    "с": 46.17, "к": 37.17, "д": 31.6, "у": 27.53, "м": 24.98, "в": 22.91, "і": 22.12, "п": 19.41, "г": 18.71,
    "қ": 17.02, "я": 14.89, "б": 14.64, "з": 14.16, "ж": 13.46, "й": 11.14, "э": 10.69, "ь": 8.66, "ш": 7.41,
    "ғ": 6.87, "ц": 6.36, "ч": 6.08, "х": 5.25, "ң": 5.0, "ө": 4.39, "ф": 4.07, "ұ": 3.53, "ү": 3.21, "ә": 2.77,
    "щ": 2.1, "ю": 1.97, "ъ": 0.76, "ё": 0.06, "һ": 0.03,
}  # fmt: skip
# Terms have fewer rare letters than running text, hence the floor of one per mille.
_WEIGHT = {letter: math.log(max(per_mille, 1) / 1000) for letter, per_mille in _PER_MILLE.items()}
# Twice as bad as the rarest letter (ln 0.001 = -6.9).
_STRANGER = -14.0
_CASE_JUMP = -6.0
# Signs that all of these texts use: they speak for no encoding.
_NEUTRAL = set("«»—–№…“”„’‘·°±§©®\u00a0•µ¬\u00ad")
# With a smaller share of letters among the characters beyond ASCII this is no text: arbitrary bytes give up to 0.75.
_LEAST_LETTERS = 0.85
# KZ-1048 differs from cp1251 in the Kazakh letters only. CP866 is rare by now, and a few words of the others can come
# out as likely letters of it, so it has to win by this margin; real CP866 wins by three times as much.
_SINGLE_BYTE = {"cp1251": 0.0, "kz1048": 0.0, "cp866": -1.0}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 256 * 1024


@dataclass(frozen=True)
class Encoding:
    """A Python codec name, how it was found, and how it is called to people."""

    codec: str
    evidence: Evidence
    called: str


_CALLED = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1251": "Windows-1251",
    "kz1048": "KZ-1048",
    "cp866": "CP866 (DOS)",
}


def detect(parts: Iterable[bytes], name: str) -> Encoding:
    """The encoding of a text given as its successive ``parts``; memory stays bounded by one part and a sample.

    Raises Refusal ``encoding-unclear`` when no encoding gives letters of Kazakh, Russian or English.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    valid, first, sample = True, b"", bytearray()
    for part in parts:
        if not first:
            first = part
            found = _by_first_bytes(part, name)
            if found:
                return found
        if valid:
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                valid = False
        if len(sample) < _SAMPLE and not part.isascii():
            sample += b"\n".join(line for line in part.split(b"\n") if not line.isascii())[: _SAMPLE - len(sample)]
        if not valid and len(sample) >= _SAMPLE:
            break
    if valid and not decoder.getstate()[0]:
        return _named("utf-8", "valid")
    return _by_letters(bytes(sample), name)


def readability(text: str) -> float:
    """Mean log-frequency of the characters of ``text`` beyond ASCII as Kazakh or Russian letters; higher is better."""
    total, counted, before = 0.0, 0, " "
    for character in text:
        if character not in _NEUTRAL and not character.isascii():
            counted += 1
            total += _WEIGHT.get(character.lower(), _STRANGER)
            if before.isalpha() and (before.isascii() or (before.islower() and character.isupper())):
                total += _CASE_JUMP
        before = character
    return total / counted if counted else 0.0


def _by_letters(sample: bytes, name: str) -> Encoding:
    scores = {codec: readability(sample.decode(codec, "replace")) + bias for codec, bias in _SINGLE_BYTE.items()}
    best = max(_SINGLE_BYTE, key=lambda codec: scores[codec])
    beyond = [sign.lower() for sign in sample.decode(best, "replace") if not sign.isascii() and sign not in _NEUTRAL]
    if sum(sign in _WEIGHT for sign in beyond) < _LEAST_LETTERS * len(beyond):
        raise Refusal("encoding-unclear", where=Where(name), expected="UTF-8, UTF-16, Windows-1251, KZ-1048, CP866")
    return _named(best, "letters")


def _by_first_bytes(part: bytes, name: str) -> Encoding | None:
    for mark, codec in _MARKS:
        if part.startswith(mark):
            if not codec:
                raise Refusal("encoding-unclear", where=Where(name), expected="UTF-8, UTF-16, Windows-1251, KZ-1048")
            return _named(codec, "mark")
    head = part[:4096]
    if head.count(0) * 50 < len(head):
        return None
    for codec in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(codec, "replace")
        if sum(map(_is_common, text)) >= 0.95 * len(text):
            return _named(codec, "zeros")
    return None


def _is_common(character: str) -> bool:
    return character in "\t\r\n" or " " <= character <= "ÿ" or "Ѐ" <= character <= "ӿ" or "‐" <= character <= "›"


def _named(codec: str, evidence: Evidence) -> Encoding:
    return Encoding(codec, evidence, _CALLED[codec])
