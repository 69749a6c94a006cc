"""Keys: short readable names for addresses and files, made from names in three languages."""

import re
import unicodedata
from hashlib import sha256

# Kazakh and Russian letters as the Latin ones people expect in addresses (not an official transliteration).
_LATIN = str.maketrans(
    {
        "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
LONGEST = 60


def slug(name: str) -> str:
    """``Бурное СЭС-1`` → ``burnoe-ses-1``: Latin letters, digits and hyphens, at most 60; never empty."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LATIN)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
    return made or "x" + sha256(name.encode()).hexdigest()[:8]


def own_key(name: str, *parts: object) -> str:
    """A key for a record whose file gave none: the same content makes the same key, so that importing twice is
    importing once."""
    digest = sha256("\x1f".join(str(part) for part in (name, *parts)).encode()).hexdigest()
    return f"{slug(name)}-{digest[:8]}"


def is_key(text: str) -> bool:
    """Whether ``text`` can stand in an address as it is."""
    return re.fullmatch(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?", text) is not None
