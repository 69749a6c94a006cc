"""Commands for the house as a whole: init, serve, run, doctor."""

import sys
from typing import Annotated

import typer

from jasyl.texts import Refusal, say

from .options import HERE, AsJson, Data, Lang
from .schemas import schema
from .speech import answer, reader_language

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
Address = Annotated[str, typer.Option("--address", help="Interface to listen on.")]
HostName = Annotated[list[str] | None, typer.Option("--host-name", help="Further host names to answer for.")]
StarterName = Annotated[str, typer.Option("--starter", help="kazakhstan, training or empty")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="Server processes.")]

STARTERS = ("kazakhstan", "training", "empty")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(init)
    app.command()(serve)
    app.command(hidden=True)(run)
    app.command()(doctor)
    app.command()(schema)


def init(
    data: Data = HERE,
    starter: StarterName = "kazakhstan",
    database: Annotated[
        str | None, typer.Option(help="Address of a PostgreSQL database; SQLite in the folder when left out.")
    ] = None,
    segments: Annotated[
        str | None,
        typer.Option(help="Address of S3-compatible storage for readings: s3://bucket/prefix?endpoint=https://…"),
    ] = None,
    lang: Lang = None,
) -> None:
    """Make a data folder and load a starter into it."""
    from .starter import initialise  # noqa: PLC0415

    if starter not in STARTERS:
        raise Refusal("unknown-starter", received=starter[:40], expected=", ".join(STARTERS))
    language = reader_language(asked=lang)
    password = initialise(data, starter, database, language, segments)
    typer.echo(say(language, "init-done", path=str(data)))
    typer.echo(say(language, "init-password", name="admin", password=password))


def serve(
    data: Data = HERE,
    port: Port = 8080,
    address: Address = "127.0.0.1",
    host_name: HostName = None,
    workers: Workers = 2,
    lang: Lang = None,
) -> None:
    """Serve the pages, the API and the log."""
    from .server import serve_forever  # noqa: PLC0415

    serve_forever(data, address, port, host_name or [], workers, reader_language(asked=lang))


def run(
    data: Data = HERE, port: Port = 8080, starter: StarterName = "kazakhstan", workers: Workers = 2, lang: Lang = None
) -> None:
    """What ``make run`` does: initialise the folder when it is new, then serve it."""
    from jasyl.storage import DataFolder  # noqa: PLC0415

    from .server import check_port, serve_forever  # noqa: PLC0415

    check_port("127.0.0.1", port)  # before minutes of work
    if not DataFolder(data.absolute()).exists:
        init(data, starter, None, None, lang)
    sys.stdout.flush()
    serve_forever(data, "127.0.0.1", port, [], workers, reader_language(asked=lang))


def doctor(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Look at everything the installation rests on, and say how to mend what is wrong."""
    from .doctor import examine  # noqa: PLC0415

    language = reader_language(asked=lang)
    found: list[object] = []
    ill = 0
    for finding in examine(data):
        ill += finding.state == "ill"
        if as_json:
            found.append(finding.as_data(language))
        else:
            typer.echo(finding.text(language))
    if as_json:
        answer({"ok": not ill, "findings": found})
    if ill:
        raise typer.Exit(1)
