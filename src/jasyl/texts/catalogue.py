"""Messages in Fluent, one set of ``.ftl`` files for server, command line and browser."""

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from .language import LANGUAGES, Language

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

Argument = str | int | float
_ENTRY = re.compile(r"^(-?[a-zA-Z][\w-]*) *=", re.MULTILINE)
_REFERENCE = re.compile(r"\{\s*(-?[a-zA-Z][\w-]*)")


class MissingText(LookupError):
    """A message that does not exist in the asked language: a fault of ours, never of the reader."""


@cache
def _written(language: Language) -> Mapping[str, str]:
    """Every message and term (``-name``) of one language as it stands in its file."""
    folder = files("jasyl.texts") / language
    texts = (file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".ftl"))
    return {name: text for entries in texts for name, text in _entries(entries)}


def _entries(text: str) -> Iterator[tuple[str, str]]:
    starts = [*_ENTRY.finditer(text)]
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return ((start[1], text[start.start() : end]) for start, end in zip(starts, ends, strict=True))


@cache
def _bundle(language: Language) -> "FluentBundle":
    """The messages of one language said so far. Marks of direction are off: all three languages run left to right."""
    from fluent.runtime import FluentBundle  # noqa: PLC0415  (with Babel a tenth of a second)

    with warnings.catch_warnings():
        # fluent.runtime still calls locale.getdefaultlocale through Babel on some platforms.
        warnings.simplefilter("ignore", DeprecationWarning)
        return FluentBundle([language], use_isolating=False)


def _parse(language: Language, name: str) -> None:
    """Adds ``name``, what it refers to before it: parsing every message would cost each process most of a second."""
    from fluent.runtime import FluentResource  # noqa: PLC0415

    written = _written(language)
    for reference in _REFERENCE.findall(written[name]):
        if reference in written:
            _parse(language, reference)
    _bundle(language).add_resource(FluentResource(written[name]))


def say(language: Language, message: str, /, **arguments: Argument | None) -> str:
    """The text of ``message`` (``name`` or ``name.attribute``) in ``language``.

    Raises MissingText when the message does not exist there: there is no silent fall-back to another language.
    """
    name, _, attribute = message.partition(".")
    if not has(language, name):
        raise MissingText(f"{language}: {message}")
    messages = _bundle(language)
    if not messages.has_message(name):
        _parse(language, name)
    found = messages.get_message(name)
    pattern = found.attributes.get(attribute) if attribute else found.value
    if pattern is None:
        raise MissingText(f"{language}: {message}")
    given = {key: "—" if value is None else value for key, value in arguments.items()}
    text, errors = messages.format_pattern(pattern, given)
    if errors:
        raise MissingText(f"{language}: {message}: {errors[0]}")
    return str(text)


def has(language: Language, message: str) -> bool:
    """Whether ``message`` (a name without attribute) exists in ``language``."""
    return message in _written(language)


def everywhere(message: str, /, **arguments: Argument | None) -> Mapping[Language, str]:
    """The text of ``message`` in all three languages."""
    return {language: say(language, message, **arguments) for language in LANGUAGES}
