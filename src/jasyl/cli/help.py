"""Help of the command line in the reader's language.

The English help stands in the program: docstrings of commands, ``help=`` of options. Kazakh and Russian stand in
``texts/{kk,ru}/help.ftl`` as ``help-<command>`` and ``help-<command>-<parameter>`` (``help-atlas-point``,
``help-atlas-stats-band``); a parameter that means the same everywhere is ``help-option-<parameter>`` once. They are
put in the place of the English ones when help or a usage line is about to be printed, and only then: Typer makes
both by `typer.Context.make_formatter`.
"""

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import typer

from jasyl.texts import Language, plain_messages

from .speech import reader_language

_FILE = "help"
_ROOT = "jasyl"
# The words of Typer itself: the constant of typer.rich_utils, what stands around the word, the English word.
_WORDS = {
    "arguments": ("ARGUMENTS_PANEL_TITLE", "{}", "Arguments"),
    "options": ("OPTIONS_PANEL_TITLE", "{}", "Options"),
    "commands": ("COMMANDS_PANEL_TITLE", "{}", "Commands"),
    "error": ("ERRORS_PANEL_TITLE", "{}", "Error"),
    "default": ("DEFAULT_STRING", "[{}: {{}}]", "default"),
    "environment": ("ENVVAR_STRING", "[{}: {{}}]", "env var"),
    "required": ("REQUIRED_LONG_STRING", "[{}]", "required"),
    "deprecated": ("DEPRECATED_STRING", "({}) ", "deprecated"),
}


class SpokenContext(typer.Context):
    """A context whose help is told in the reader's language."""

    def make_formatter(self) -> Any:
        formatter = super().make_formatter()
        language = reader_language(sys.argv[1:])
        _say_words(language)
        if language != "en":
            said = plain_messages(language, _FILE)
            _say(self.command, self, said)
            usage = f"{said['help-word-usage']}: "
            formatter.write_usage = partial(formatter.write_usage, prefix=usage)
        return formatter


def spoken(command: Any) -> Any:
    """``command`` (and the commands below it) with help in the reader's language."""
    command.context_class = SpokenContext
    for below in getattr(command, "commands", {}).values():
        spoken(below)
    return command


def group_help(name: str, english: str) -> str:
    """The line of a group of commands that is not loaded."""
    language = reader_language(sys.argv[1:])
    return plain_messages(language, _FILE).get(f"help-{name}", english)


def messages_of(command: str, parameter: str | None = None) -> tuple[str, ...]:
    """The names under which the help of a command, or of its parameter, is looked for, the nearest first."""
    if parameter is None:
        return (f"help-{command}",)
    plain = parameter.rstrip("_").replace("_", "-")
    return f"help-{command}-{plain}", f"help-option-{plain}"


def path_of(context: Any) -> str:
    """``atlas-point`` for ``jasyl atlas point``; ``jasyl`` for the program itself."""
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, str(context.info_name))
        context = context.parent
    return "-".join(names) or _ROOT


def _say(command: Any, context: typer.Context, said: Mapping[str, str]) -> None:
    path = path_of(context)
    command.help = _first(said, messages_of(path), command.help)
    for parameter in command.params:
        parameter.help = _first(said, messages_of(path, parameter.name), parameter.help)
    option = command.get_help_option(context)
    if option is not None:
        option.help = said["help-word-show-help"]
    command.options_metavar = f"[{said['help-word-option-mark']}]"
    for name, below in getattr(command, "commands", {}).items():
        below.help = _first(said, messages_of(name if path == _ROOT else f"{path}-{name}"), below.help)
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = f"{said['help-word-command-mark']} [{said['help-word-argument-mark']}]..."


def _first(said: Mapping[str, str], names: tuple[str, ...], english: str | None) -> str | None:
    return next((said[name] for name in names if name in said), english)


def _say_words(language: Language) -> None:
    """Typer keeps its words as constants of a module, made when that is loaded."""
    from typer import rich_utils  # noqa: PLC0415  (loads rich)

    said = plain_messages(language, _FILE)
    for word, (constant, around, english) in _WORDS.items():
        setattr(rich_utils, constant, around.format(said.get(f"help-word-{word}", english)))
