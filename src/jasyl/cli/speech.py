"""In which language the command line answers, and how."""

import json
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jasyl.texts import Language, language_or_none, say

if TYPE_CHECKING:
    from jasyl.jobs import Progress


def reader_language(arguments: list[str] | None = None, asked: str | None = None) -> Language:
    """``--lang`` when given, else the language of the terminal (``LC_ALL``, ``LANG`` …), else English."""
    if asked is None and arguments and "--lang" in arguments[:-1]:
        asked = arguments[arguments.index("--lang") + 1]
    for tag in (asked, *(os.environ.get(name) for name in ("JASYL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))):
        found = language_or_none((tag or "").replace("_", "-").partition(".")[0])
        if found:
            return found
    return "en"


def answer(document: object) -> None:
    """The answer for a program, on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def table(rows: Sequence[Sequence[object]]) -> None:
    """Rows as lines, their columns apart by tabs: read by people, by ``cut`` and by spreadsheets."""
    for row in rows:
        typer.echo("\t".join("" if cell is None else str(cell) for cell in row))


def tell_written(path: Path, size: int, language: Language) -> None:
    """That a file was written: on standard error, where it mixes with no answer."""
    typer.echo(say(language, "ledger-written", path=str(path), bytes=str(size)), err=True)


@contextmanager
def progress(language: Language, *, as_json: bool = False) -> "Generator[Progress]":
    """Progress on standard error where a person watches; nothing where a program listens."""
    from jasyl.jobs import Silent, Terminal  # noqa: PLC0415

    if as_json or not sys.stderr.isatty():
        yield Silent()
        return
    with Terminal(language) as terminal:
        yield terminal
