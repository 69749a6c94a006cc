"""``jasyl circular tables``: construction chains and waste programmes as workbooks and CSV, there and back."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.texts import Language, say

from .choices import one_of
from .exports import deliver
from .options import AsJson, Lang
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.circular.document_sheets import DocumentPlan


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("tables")(tables)


def tables(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="construction-chain or waste-programme.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="JSON, XLSX, ODS, zip or folder of CSV; left out: empty tables."),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="XLSX, zip of CSV, or JSON, by name.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write a construction chain or a waste programme as tables or as JSON; without a file, empty tables."""
    from jasyl.circular.document_files import read_planned  # noqa: PLC0415
    from jasyl.circular.document_sheets import DOCUMENT_PLANS  # noqa: PLC0415

    language = reader_language(asked=lang)
    one_of("KIND", kind, tuple(DOCUMENT_PLANS))
    one_of("--out", out.suffix.lower(), (".xlsx", ".zip", ".json") if file else (".xlsx", ".zip"))
    plan = DOCUMENT_PLANS[kind]
    document = None if file is None else read_planned(plan, file, file.name)
    deliver(_written(plan, document, out.suffix.lower(), language), out, as_json=as_json and file is None, lang=lang)
    if document is None:
        return
    years = f"{document.first_year}–{document.last_year}"
    if as_json:
        answer({"place": document.place, "years": years, "file": str(out)})
        return
    from jasyl.circular.account import name_of  # noqa: PLC0415

    said = {"title": name_of(document.title, language), "place": document.place, "years": years}
    typer.echo(say(language, "circular-tables-said", **said))


def _written(plan: "DocumentPlan", document: Any, suffix: str, language: Language) -> bytes:
    from jasyl.circular.document_tables import document_data, document_workbook, document_zip  # noqa: PLC0415

    if suffix == ".json":
        return json.dumps(document_data(document), ensure_ascii=False, indent=1).encode()
    return (document_workbook if suffix == ".xlsx" else document_zip)(plan, document, language)
