"""What is said about a command line that is wrong: in the reader's language, with the way to the help."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import typer

from jasyl.texts import plain_messages

from .speech import reader_language

# Kind of error by the name of its class, else by its English sentence: (message of help.ftl, what it is about).
_SENTENCES = (
    (re.compile(r"No such command '(.*)'\.(.*)", re.DOTALL), "no-such-command"),
    (re.compile(r"Option '?([^' ]*)'? requires .*"), "needs-value"),
    (re.compile(r"Got unexpected extra arguments? \((.*)\)"), "too-many"),
    (re.compile(r"Got unexpected extra argument\(s\) \((.*)\)"), "too-many"),
)

# What Typer (pydantic) says of a value: (message of help.ftl, whether a limit follows).
_VALUES = (
    (re.compile(r"Input should be a valid integer.*"), "whole-number"),
    (re.compile(r"Input should be a valid number.*"), "number"),
    (re.compile(r"Input should be a valid (?:date|datetime).*"), "date"),
    (re.compile(r"Input should be greater than or equal to (.*)"), "at-least"),
    (re.compile(r"Input should be less than or equal to (.*)"), "at-most"),
    (re.compile(r".* does not exist\."), "not-there"),
)


def tell(error: typer.TyperException) -> None:
    """Print what is wrong on standard error: the usage, where help is, the fault.

    English is Typer's own, and so are its rarer sentences in every language.
    """
    show: Any = getattr(error, "show", None)
    language = reader_language(sys.argv[1:])
    if language == "en" or type(error).__name__ == "NoArgsIsHelpError":  # the latter is the help itself
        if show:
            show()
        return
    said = plain_messages(language, "help")
    context: Any = getattr(error, "ctx", None)
    if context is not None:
        typer.echo(context.get_usage(), err=True)
        typer.echo(f"{said['help-word-try']}: {context.command_path} --help\n", err=True)
    kind, about = _kind(error, said)
    fault = f"{said[f'help-word-{kind}']}{f': {about}' if about else ''}" if kind else about
    typer.echo(f"{said['help-word-error']}: {fault}", err=True)


def _kind(error: Any, said: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong as a message of help.ftl, and what with; no message where only Typer's sentence says it."""
    name = type(error).__name__
    if name == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        return "no-such-option", f"{error.option_name} ({near})" if near else error.option_name
    if name == "MissingParameter":
        return "missing", _parameter(error)
    if name == "BadParameter":
        about, sentence = _parameter(error), _value(error.message, said)
        return "invalid", f"{about}: {sentence}" if about else sentence
    sentence = str(getattr(error, "message", error))
    if sentence == "Missing command.":
        return "missing-command", ""
    for pattern, kind in _SENTENCES:
        if found := pattern.fullmatch(sentence):
            return kind, found[1]
    return "", sentence


def _value(sentence: str, said: Mapping[str, str]) -> str:
    for pattern, kind in _VALUES:
        if found := pattern.fullmatch(sentence):
            return " ".join((said[f"help-word-{kind}"], *found.groups()))
    return sentence


def _parameter(error: Any) -> str:
    hint: Any = error.param_hint or (error.param.get_error_hint() if error.param else "")
    return hint if isinstance(hint, str) else " / ".join(hint)
