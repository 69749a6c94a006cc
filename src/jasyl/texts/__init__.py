"""Words people read: Kazakh, Russian and English, equal; refusals; numbers as each language writes them."""

from .catalogue import MissingText, everywhere, has, say
from .language import DEFAULT, LANGUAGES, Language, language_or_none, negotiate
from .number import write_date, write_given, write_number
from .plain import plain_messages
from .refusal import Refusal, SeveralRefused, Where, Worded

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "Language",
    "MissingText",
    "Refusal",
    "SeveralRefused",
    "Where",
    "Worded",
    "everywhere",
    "has",
    "language_or_none",
    "negotiate",
    "plain_messages",
    "say",
    "write_date",
    "write_given",
    "write_number",
]
