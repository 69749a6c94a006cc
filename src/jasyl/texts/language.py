"""The three equal languages and the choice among them."""

from functools import lru_cache
from typing import Literal, get_args

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "kk"


def language_or_none(tag: str | None) -> Language | None:
    """The language a BCP 47 tag asks for (``ru-KZ`` → ``ru``), or None when it is not one of ours."""
    primary = (tag or "").strip().lower().partition("-")[0]
    return next((language for language in LANGUAGES if language == primary), None)


@lru_cache(maxsize=1024)
def negotiate(accept_language: str | None, default: Language = DEFAULT) -> Language:
    """The best of our languages for an ``Accept-Language`` header (RFC 9110, 12.5.4).

    A range with weight 0 is a refusal; ranges of equal weight keep the order in which they were written;
    a weight that is not a number counts as 0, since the header is hostile input.
    """
    ranked: list[tuple[float, int, Language]] = []
    for position, entry in enumerate((accept_language or "").split(",")[:32]):
        tag, _, parameters = entry.partition(";")
        language = language_or_none(tag)
        weight = _weight(parameters)
        if language is not None and weight > 0:
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else default


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
