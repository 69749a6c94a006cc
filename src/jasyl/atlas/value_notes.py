"""Remarks that layers keep with their values, told in the reader's language.

A remark is kept as it was made, in English, parted by semicolons. Its words without its numbers are the message
``value-note-…``, the numbers (and codes of places) are the arguments ``a``, ``b`` …; a list after a colon is told item
by item. The names of places and basins are told as facts tell them. A remark of loaded data that the catalogue does
not know stays as it stands there.
"""

import re
from decimal import Decimal
from string import ascii_lowercase

from jasyl.facts import word
from jasyl.texts import Language, has, say, write_given

_VARIABLE = re.compile(r"KZ(?:-\d\d)?\b|\d(?:[\d.,-]*\d)?")
# A decimal or thousands parted by commas, alone or in a range; versions and codes have more points.
_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+\.\d+)(?![.,]?\d)")
_NOT_IN_KEYS = re.compile(r"[^a-z]+")


def written_note(note: str, language: Language) -> str:
    """The remarks of a value, each in ``language`` where the catalogue has its words."""
    return "; ".join(_remark(remark, language) for remark in note.split("; "))


def _remark(remark: str, language: Language) -> str:
    told = _told(remark, language)
    head, colon, items = remark.partition(": ")
    if told is None and colon and (title := _told(head, language)):
        return f"{title}: {', '.join(_told(item, language) or item for item in items.split(', '))}"
    return told or word(remark, language) or remark


def _told(text: str, language: Language) -> str | None:
    message = f"value-note-{_NOT_IN_KEYS.sub('-', _VARIABLE.sub(' ', text).lower()).strip('-')}"
    if not has(language, message):
        return None
    arguments = (_written(argument, language) for argument in _VARIABLE.findall(text))
    return say(language, message, **dict(zip(ascii_lowercase, arguments, strict=False)))


def _written(argument: str, language: Language) -> str:
    """Decimals and thousands as readers write them; years, days, codes and versions stay."""
    return _NUMBER.sub(lambda found: write_given(language, Decimal(found[0].replace(",", ""))), argument)
