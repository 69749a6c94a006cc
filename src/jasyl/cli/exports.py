"""``jasyl export``: records as files that can be imported again, and empty templates."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from jasyl.storage import database_of, open_folder, write_durably
from jasyl.texts import Refusal, say

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .schemas import TEMPLATES, template_of
from .speech import answer, progress, reader_language

if TYPE_CHECKING:
    from jasyl.registry import FileName

app = typer.Typer(no_args_is_help=True, add_completion=False)

Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to; else standard output.")]
SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".geojson": "geojson", ".json": "json"}


@app.command("statements")
def statements(
    *,
    out: Out = None,
    form: Annotated[str | None, typer.Option("--format", help="csv or jsonld; else by FILE.")] = None,
    base: Annotated[str, typer.Option("--base", help="The server's address, for links to proofs.")] = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take published statements away as open data, CSV or JSON-LD, with links to their proofs."""
    from jasyl.figures import open_rows, statements_csv, statements_jsonld  # noqa: PLC0415

    form = form or ("jsonld" if out and out.suffix.lower() in {".jsonld", ".json"} else "csv")
    one_of("--format", form, ("csv", "jsonld"))
    with database_of(open_folder(data)).reading() as connection:
        rows = open_rows(connection, base.rstrip("/"))
    made = statements_csv(rows) if form == "csv" else statements_jsonld(rows, "Jasyl: published statements", base)
    deliver(made, out, as_json=as_json, lang=lang)


def _exporter(what: "FileName", summary: str) -> Callable[..., None]:
    """The command of one kind of file: all take the same options and do the same."""

    def command(
        *,
        out: Out = None,
        form: Annotated[str | None, typer.Option("--format", help="csv, xlsx, geojson or json; else by FILE.")] = None,
        as_of: Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="As the register said then.")] = None,
        everything: Annotated[bool, typer.Option("--all", help="Closed records too; for the operator.")] = False,
        data: Data = HERE,
        as_json: AsJson = False,
        lang: Lang = None,
    ) -> None:
        from jasyl.people import ANYBODY, OPERATOR  # noqa: PLC0415
        from jasyl.registry.files import Format, export_records, formats_of  # noqa: PLC0415

        form = form or (SUFFIXES.get(out.suffix.lower()) if out else None) or "csv"
        one_of("--format", form, formats_of(what))
        language = reader_language(asked=lang)
        moment = _moment(as_of) if as_of else None
        folder = open_folder(data)
        actor = OPERATOR if everything else ANYBODY
        with progress(language, as_json=as_json or out is None) as seen, database_of(folder).reading() as connection:
            seen.step("export-step-records", 0)
            content = export_records(connection, folder, what, cast("Format", form), language, actor, moment=moment)
        deliver(content, out, as_json=as_json, lang=lang)

    command.__doc__ = summary
    return command


for _what, _summary in (
    ("facilities", "Take facilities away with the template's columns, public ones unless --all."),
    ("projects", "Take projects away with the template's columns, public ones unless --all."),
    ("installations", "Take units and equipment of facilities away, public ones unless --all."),
    ("enterprises", "Take enterprises away with the template's columns, public ones unless --all."),
    ("measures", "Take measures of strategies away with the template's columns, public ones unless --all."),
):
    app.command(_what)(_exporter(cast("FileName", _what), _summary))


@app.command()
def template(
    name: Annotated[str, typer.Argument(metavar="NAME", help=", ".join(TEMPLATES))],
    *,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write an empty workbook to fill in, its headings in the reader's language; CSV where FILE ends so."""
    from jasyl.papers import template_workbook, write_csv  # noqa: PLC0415

    asked, language = template_of(name), reader_language(asked=lang)
    if out and out.suffix.lower() == ".csv":
        content = b"".join(write_csv(asked.columns, (), language, mark=True))
    else:
        content = template_workbook(asked, language)
    deliver(content, out, as_json=as_json, lang=lang)


def deliver(content: bytes, out: Path | None, *, as_json: bool, lang: str | None) -> None:
    """Write ``content`` to a file as a whole, or to standard output. Raises Refusal ``output-unwritable``."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        write_durably(out, content)
    except OSError as error:
        raise Refusal("output-unwritable", received=str(out), reason=error.strerror or str(error)) from error
    if as_json:
        answer({"file": str(out), "bytes": len(content)})
    else:
        typer.echo(say(reader_language(asked=lang), "export-done", file=str(out), bytes=len(content)))


def _moment(text: str) -> dt.datetime:
    """The end of a day in Kazakhstan, or an instant with its offset. Another text is wrong usage."""
    from jasyl.quantities import LOCAL_TIME  # noqa: PLC0415

    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--as-of {text}: 2026-01-01, 2026-01-01T12:00:00+05:00") from None
    if len(text) == len("2026-01-01"):
        return dt.datetime.combine(read.date() + dt.timedelta(days=1), dt.time(), LOCAL_TIME)
    return read if read.tzinfo else read.replace(tzinfo=LOCAL_TIME)
