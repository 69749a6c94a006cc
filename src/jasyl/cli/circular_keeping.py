"""Keeping a model of ``jasyl circular`` as a version of a book, for the pages of its place."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jasyl.texts import Language, say

Keep = Annotated[bool, typer.Option("--keep", help="Keep it as a version of a book of its place, shown on its pages.")]


def keep(document: Any, data: Path, language: Language, *, quiet: bool) -> None:
    """Keep an examined document in the data folder and say so, unless ``quiet``."""
    from jasyl.circular.kept import keep_model  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        book = keep_model(connection, folder, document, OPERATOR.id)
    if not quiet:
        said = {"place": book.place, "period": book.period, "version": str(book.version), "id": book.id}
        typer.echo(say(language, "circular-kept", **said))
