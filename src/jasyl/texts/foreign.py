"""Words of the operating system and of readers of JSON, which know English alone, in the language of the reader.

A refusal quotes them as its ``reason``. What is not known here stays as it was said.
"""

import errno
import os
import re

from .catalogue import has, say
from .language import Language

_ERRNO = {
    errno.ENOENT: "no-file",
    errno.EACCES: "no-rights",
    errno.EPERM: "no-rights",
    errno.ENOSPC: "no-space",
    errno.EDQUOT: "no-space",
    errno.EISDIR: "is-folder",
    errno.ENOTDIR: "not-folder",
    errno.EEXIST: "exists",
    errno.EROFS: "read-only",
    errno.EADDRINUSE: "address-used",
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.ETIMEDOUT: "timed-out",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
}
_SYSTEM = {os.strerror(number).lower(): name for number, name in _ERRNO.items()} | {"timed out": "timed-out"}
_NUMBERED = re.compile(r"(?:\[Errno -?\d+\] )?(?P<words>[^:]+)(?P<rest>: .*)?", re.DOTALL)
_AT = r"(?: - at `(?P<path>[^`]*)`)?"
_FORMS = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in {
        "type": rf"Expected `(?P<expected>[\w |]+)`, got `(?P<got>[\w |]+)`{_AT}",
        "missing": rf"Object missing required field `(?P<field>[^`]*)`{_AT}",
        "unknown": rf"Object contains unknown field `(?P<field>[^`]*)`{_AT}",
        "value": rf"Invalid enum value (?P<value>.+?){_AT}",
        "malformed": r"JSON is malformed: .* \(byte (?P<byte>\d+)\)",
        "truncated": r"Input data was truncated",
    }.items()
)


def in_words_of(language: Language, reason: str) -> str:
    """``reason`` as the reader would say it; unchanged in English, and where nobody wrote the words."""
    if language == "en":
        return reason
    system = _NUMBERED.fullmatch(reason)
    if system and system["words"].lower() in _SYSTEM:
        return say(language, f"system-{_SYSTEM[system['words'].lower()]}") + (system["rest"] or "")
    for name, pattern in _FORMS:
        found = pattern.fullmatch(reason)
        if found:
            told = {key: _type(language, value or "$") for key, value in found.groupdict().items()}
            return say(language, f"form-{name}", **told)
    return reason


def _type(language: Language, word: str) -> str:
    """The name of a type of JSON (``int | null``); any other word is the sender's own."""
    kinds = [f"form-of-{kind}" for kind in word.split(" | ")]
    return " / ".join(say(language, kind) for kind in kinds) if all(has(language, kind) for kind in kinds) else word
