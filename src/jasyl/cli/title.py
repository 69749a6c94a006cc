"""``jasyl title``: register, transfer, show, disclose titles to land, buildings, equipment."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from jasyl.storage import database_of, open_folder, write_durably
from jasyl.texts import say

from .ledger_sealed import Readers, content_of, document_in, new_secret_file, readers_in, show_fields
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

app = typer.Typer(no_args_is_help=True, add_completion=False)

TitleId = Annotated[str, typer.Argument(metavar="TITLE", help="Id of the title.")]
OwnerKey = Annotated[Path, typer.Option("--key", help="The owner's key, a file.")]
Document = Annotated[Path, typer.Option("--payload", help="The new document, a JSON object.")]


@app.command("owner-key")
def owner_key(
    name: Annotated[str, typer.Argument(help="A pseudonym without spaces; public. One for each title.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="A new file for the key.")],
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make an owner's key, Ed25519 and ML-DSA-65; the log gets the public parts, the file stays with the owner."""
    from jasyl.certificates.titles import new_owner  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    folder = open_folder(data)
    origin = log_origin(folder)
    with database_of(folder).writing(visible=False) as connection:
        made = new_owner(connection, name, origin=origin, author=f"log:{origin}")
        new_secret_file(out, made.encode())  # a key that cannot be kept is not told
    if as_json:
        answer({"name": name, "owner": list(made.ids), "path": str(out)})
    else:
        typer.echo(say(reader_language(asked=lang), "title-owner-key", name=name, path=str(out)), err=True)
        typer.echo("\n".join(made.ids))


@app.command()
def register(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The document, a JSON object; it is sealed.")],
    *,
    object_class: Annotated[str, typer.Option("--class", help="land, building or equipment; public.")],
    identification: Annotated[str, typer.Option("--object", help="Cadastral or serial number; never public.")],
    key: OwnerKey,
    reader: Readers,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Register a thing under a new title, signed by its owner; the same thing a second time is refused."""
    from jasyl.certificates.titles import new_registration, parse_owner, record_event, sign_draft  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    folder, owner = open_folder(data), parse_owner(content_of(key).decode(errors="replace"))
    origin = log_origin(folder)
    said = {"object_class": object_class, "identification": identification, "origin": origin}
    with database_of(folder).writing() as connection:
        draft = new_registration(
            connection, folder, document_in(file), readers_in(reader), owner.ids, **said, author=f"log:{origin}"
        )
        record = record_event(connection, sign_draft(draft, owner))
    title = draft.record.title
    if as_json:
        answer({"title": title, "record": record, "payload": draft.record.payload})
    else:
        typer.echo(say(reader_language(asked=lang), "title-registered", title=title))


@app.command()
def draft(
    title: TitleId,
    *,
    to: Annotated[Path, typer.Option("--to", help="The new owner: key file, or the lines owner-key printed.")],
    payload: Document,
    reader: Readers,
    out: Annotated[Path, typer.Option("--out", help="A file for the draft.")],
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Draft a transfer, for both parties to sign wherever they are."""
    from jasyl.certificates.titles import draft_transfer, owner_ids, title_chain  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    folder, owner = open_folder(data), owner_ids(content_of(to).decode(errors="replace"))
    author = f"log:{log_origin(folder)}"
    with database_of(folder).reading() as connection:
        chain = title_chain(connection, title)
    made = draft_transfer(chain, document_in(payload), readers_in(reader), owner, author=author)
    write_durably(out, made.encode())
    said = say(reader_language(asked=lang), "title-drafted", path=str(out))
    answer({"title": title, "path": str(out)}) if as_json else typer.echo(said)


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The draft; it is written back with the signature.")],
    *,
    key: OwnerKey,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Sign a draft with an owner's key; needs no data folder."""
    from jasyl.certificates.titles import parse_draft, parse_owner, sign_draft  # noqa: PLC0415

    owner = parse_owner(content_of(key).decode(errors="replace"))
    write_durably(file, sign_draft(parse_draft(content_of(file)), owner).encode())
    said = say(reader_language(asked=lang), "title-signed", name=owner.name, path=str(file))
    answer({"name": owner.name, "path": str(file)}) if as_json else typer.echo(said)


@app.command()
def transfer(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The draft, signed by both parties.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Log a transfer that both parties have signed."""
    from jasyl.certificates.titles import parse_draft, record_event  # noqa: PLC0415

    signed = parse_draft(content_of(file))
    with database_of(open_folder(data)).writing() as connection:
        record = record_event(connection, signed)
    said = say(reader_language(asked=lang), "title-transferred", title=signed.record.title)
    answer({"title": signed.record.title, "record": record}) if as_json else typer.echo(said)


@app.command()
def show(title: TitleId, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Show a title with its history, every signature checked again."""
    from jasyl.certificates.titles import history, title_chain  # noqa: PLC0415

    with database_of(open_folder(data)).reading() as connection:
        chain = title_chain(connection, title)
        rows = [asdict(one) for one in history(connection, chain)]
    kind = chain.newest.record.object_class
    if as_json:
        answer({"title": title, "class": kind, "owner": chain.owner, "events": rows})
        return
    language = reader_language(asked=lang)
    shown = {"title": title, "class": say(language, f"title-class-{kind}"), "events": str(len(rows))}
    typer.echo(say(language, "title-shown", **shown))
    for row in rows:
        gone = say(language, "title-document-erased") if row["erased"] else None
        happened = say(language, f"title-event-{row['event']}")
        table([[row["index"], happened, row["issued"][:19] + "Z", row["holder"], row["payload"], gone]])


@app.command()
def disclose(
    title: TitleId,
    *,
    key: Annotated[Path, typer.Option("--key", help="Your secret key as a reader, a file.")],
    field: Annotated[list[str] | None, typer.Option("--field", help="A field to show; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show single fields of a title's newest document to somebody who is not its reader."""
    from jasyl.certificates.titles import title_chain  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).reading() as connection:
        payload = title_chain(connection, title).newest.record.payload
    show_fields(folder, payload, key, field or [], out, reader_language(asked=lang), as_json=as_json)
