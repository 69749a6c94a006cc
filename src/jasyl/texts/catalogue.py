"""Messages in Fluent, one set of ``.ftl`` files for server, command line and browser."""

import warnings
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from .language import LANGUAGES, Language

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

Argument = str | int | float


class MissingText(LookupError):
    """A message that does not exist in the asked language: a fault of ours, never of the reader."""


@cache
def bundle(language: Language) -> "FluentBundle":
    """All messages of one language. Marks of text direction are off: all three languages run left to right."""
    from fluent.runtime import FluentBundle, FluentResource  # noqa: PLC0415  (with Babel a tenth of a second)

    with warnings.catch_warnings():
        # fluent.runtime still calls locale.getdefaultlocale through Babel on some platforms.
        warnings.simplefilter("ignore", DeprecationWarning)
        made = FluentBundle([language], use_isolating=False)
    folder = files("jasyl.texts") / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".ftl"):
            made.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return made


def say(language: Language, message: str, /, **arguments: Argument | None) -> str:
    """The text of ``message`` (``name`` or ``name.attribute``) in ``language``.

    Raises MissingText when the message does not exist there: there is no silent fall-back to another language.
    """
    name, _, attribute = message.partition(".")
    messages = bundle(language)
    if not messages.has_message(name):
        raise MissingText(f"{language}: {message}")
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
    return bundle(language).has_message(message)


def everywhere(message: str, /, **arguments: Argument | None) -> Mapping[Language, str]:
    """The text of ``message`` in all three languages."""
    return {language: say(language, message, **arguments) for language in LANGUAGES}
