"""Words in cells: text, codes of digits, yes or no, a choice from a list."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jasyl.texts import Language, Refusal

from .raw import CellFault, Raw, shown, written

# Characters of control other than tab and line feed have no place in a text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# An apostrophe that was put before a text so that no spreadsheet takes it for a formula (see jasyl.papers).
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_TRUE = {"true", "yes", "y", "1", "да", "истина", "иә", "ия", "ақиқат", "рас"}
_FALSE = {"false", "no", "n", "0", "нет", "ложь", "жоқ", "жалған", "өтірік"}


@dataclass(frozen=True)
class Choice:
    """A value from a list: its code, its name in each language, other ways people write it."""

    code: str
    names: Mapping[Language, str]
    synonyms: tuple[str, ...] = ()


def checked(raw: Raw) -> Raw:
    """``raw`` as it is, unless it is a fault. Raises Refusal ``cell-error``, ``cell-formula``, ``cell-merged``."""
    if isinstance(raw, CellFault):
        raise Refusal(f"cell-{raw.kind}", received=raw.text)
    return raw


def fold(text: str) -> str:
    """``text`` as words are compared: case, blanks, dashes, quotes and ё do not matter."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").translate(_DASHES)
    return " ".join(re.sub(r"[«»“”„\"'’`_*:.]+", " ", plain).split())


def text(raw: Raw, limit: int = 32_767, *, guarded: bool = False) -> str | None:
    """The text of a cell in NFC, without blanks around it, lines ended by LF; empty is None.

    ``guarded``: take away the apostrophe that guards against formulas.
    Raises Refusal ``cell-too-long``, ``control-character``.
    """
    said = written(checked(raw)).strip()
    if not said:
        return None
    if len(said) > limit:
        raise Refusal("cell-too-long", received=len(said), expected=limit)
    said = said.replace("\r\n", "\n").replace("\r", "\n") if "\r" in said else said
    if not said.isprintable() and (bad := _CONTROL.search(said)):
        raise Refusal("control-character", received=f"U+{ord(bad[0]):04X}")
    if guarded and said[0] == "'" and _GUARDED.match(said):
        said = said[1:]
    return said if said.isascii() else unicodedata.normalize("NFC", said)


def digits(raw: Raw, length: int) -> str | None:
    """A code of exactly ``length`` digits, such as a BIN; blanks and dashes inside do not matter.

    Spreadsheets drop leading zeros, so a shorter run of digits is filled up with them. Raises Refusal ``not-digits``.
    """
    said = text(raw)
    if said is None:
        return None
    bare = re.sub(r"[\s\-]", "", said)
    if not (bare.isascii() and bare.isdigit() and len(bare) <= length):
        raise Refusal("not-digits", received=shown(raw), expected=length)
    return bare.zfill(length)


def is_shorter(raw: Raw, length: int) -> bool:
    """Whether a code stands in the cell with fewer digits than ``length``: leading zeros were lost."""
    return sum(map(str.isdigit, written(raw))) < length


def boolean(raw: Raw) -> bool | None:
    """Yes or no in Kazakh, Russian, English, or 1 and 0. Raises Refusal ``not-boolean``."""
    said = text(raw)
    if said is None:
        return None
    folded = fold(said)
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise Refusal("not-boolean", received=shown(raw))


class ChoiceList:
    """The choices of a column, found by code, by name in any language, or by synonym."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.choices = tuple(choices)
        self._codes: dict[str, str] = {}
        for choice in reversed(self.choices):
            for way in (*choice.synonyms, *choice.names.values(), choice.code):
                self._codes[fold(way)] = choice.code

    def __call__(self, raw: Raw) -> str | None:
        """The code of the choice in a cell. Raises Refusal ``not-choice``."""
        said = text(raw)
        if said is None:
            return None
        code = self._codes.get(fold(said))
        if code is None:
            listed = ", ".join(choice.code for choice in self.choices[:30])
            raise Refusal("not-choice", received=shown(raw), expected=listed + (" …" if len(self.choices) > 30 else ""))
        return code
