"""Passports in ``jasyl ledger prove`` and ``jasyl ledger verify``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from jasyl.storage import DataFolder, database_of
from jasyl.texts import Language

from .ledger_place import when_signed
from .speech import answer

if TYPE_CHECKING:
    from jasyl.ledger import Policy

_BEGINNING = b"jasyl-passport/"


def is_passport(file: Path) -> bool:
    """Whether a file begins as a passport does."""
    with file.open("rb") as source:
        return source.read(len(_BEGINNING)) == _BEGINNING


def is_statement(record: str) -> bool:
    """Whether what was asked for is the id of a statement (a ULID), not of a record."""
    return len(record) == 26 and record.isascii() and record.isalnum()


def verify_passport(file: Path, policy: "Policy | None", language: Language, *, as_json: bool) -> None:
    """Check a passport and say what it proves. Raises the Refusal of what does not hold."""
    from jasyl.ledger import check_passport  # noqa: PLC0415

    found = check_passport(file.read_bytes(), policy)
    if as_json:
        answer(found.as_data())
    else:
        typer.echo("\n".join(found.lines(language)))


def passport_of(folder: DataFolder, statement: str, show: Sequence[str]) -> bytes:
    """The passport of a statement. Raises Refusal ``unknown-statement`` and what ``build_passport`` raises."""
    from jasyl.figures import passport_file  # noqa: PLC0415
    from jasyl.ledger import Log  # noqa: PLC0415

    def made() -> bytes:
        with database_of(folder).reading() as connection:
            return passport_file(connection, Log(folder), statement, show)

    return when_signed(folder, made)
