"""``jasyl ledger`` for what is not public: readers' keys, sealing, showing fields, erasing, signed containers."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.storage import DataFolder, database_of, open_folder, write_durably
from jasyl.texts import Language, Refusal, say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jasyl.ledger.confidential import Disclosed, ReaderKey, ReaderSecret

_ACTOR = "operator"
Record = Annotated[str, typer.Argument(help="Id of the sealed record, 64 hexadecimal digits.")]
KeyFile = Annotated[Path, typer.Option("--key", help="Your secret key as a reader, a file.")]
Readers = Annotated[list[Path], typer.Option("--reader", help="A reader's public key, a file; may be repeated.")]


def reader_key(
    name: Annotated[str, typer.Argument(help="A name for the reader, without spaces: city.example.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="A new file for the secret key.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make the key of a reader of sealed payloads; the public line is printed, the secret goes into a file."""
    from jasyl.ledger.confidential import new_reader  # noqa: PLC0415

    made = new_reader(name)
    new_secret_file(out, made.line + "\n")
    if as_json:
        answer({"name": name, "reader": made.reader.line, "path": str(out)})
    else:
        typer.echo(say(reader_language(asked=lang), "reader-key-made", name=name, path=str(out)), err=True)
        typer.echo(made.reader.line)


def seal_payload(
    file: Annotated[Path, typer.Argument(help="What to seal; the fields of a .json object can be shown singly.")],
    *,
    subject: Annotated[str, typer.Option("--subject", help="A pseudonym for what it is about; public.")],
    sort: Annotated[str, typer.Option("--sort", help="What sort of document: contract; public.")],
    reader: Readers,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Seal a document for its readers; the log gets a commitment that nobody can guess at."""
    from jasyl.ledger import log_origin  # noqa: PLC0415
    from jasyl.ledger.confidential import keep_sealed, seal  # noqa: PLC0415

    folder, readers = open_folder(data), readers_in(reader)
    payload = document_in(file) if file.suffix.lower() == ".json" else content_of(file)
    origin = log_origin(folder)
    sealed = seal(payload, readers, origin=origin, author=f"log:{origin}", subject=subject, sort=sort)
    with database_of(folder).writing(visible=False) as connection:
        record = keep_sealed(connection, sealed, readers)
    if as_json:
        answer({"record": record, "readers": [one.name for one in readers]})
    else:
        typer.echo(say(reader_language(asked=lang), "payload-sealed", record=record, readers=str(len(readers))))


def add_reader(
    record: Record,
    *,
    key: KeyFile,
    reader: Readers,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Let one more reader in, with the key of one who can read; the log does not change."""
    from jasyl.ledger.confidential import add_reader  # noqa: PLC0415

    secret, readers = secret_in(key), readers_in(reader)
    with database_of(open_folder(data)).writing(visible=False) as connection:
        added = [add_reader(connection, record, secret, one) for one in readers]
    language = reader_language(asked=lang)
    if as_json:
        named = zip(readers, added, strict=True)
        answer({"record": record, "readers": [{"name": one.name, "added": new} for one, new in named]})
        return
    for one, new in zip(readers, added, strict=True):
        typer.echo(say(language, "reader-added" if new else "reader-known", name=one.name, record=record))


def disclose(
    record: Record,
    *,
    key: KeyFile,
    field: Annotated[list[str] | None, typer.Option("--field", help="A field to show; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write a file that proves single fields of a sealed document offline; without --field read it yourself."""
    show_fields(open_folder(data), record, key, field or [], out, reader_language(asked=lang), as_json=as_json)


def erase(
    subject: Annotated[
        str | None, typer.Argument(help="A sealed record, a subject with all its payloads, or a series, by id or key.")
    ] = None,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; public.")] = "",
    authority: Annotated[str, typer.Option("--authority", help="On whose authority; public.")] = "",
    copy: Annotated[
        list[str] | None, typer.Option("--copy", help="Where else it was destroyed; public, may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file for the receipt.")] = None,
    after_restore: Annotated[
        bool, typer.Option("--after-restore", help="Destroy again whatever the log says was erased.")
    ] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Erase by destroying keys: the log keeps its proofs, the person gets a receipt."""
    from jasyl.ledger import Keeper, Log, log_origin  # noqa: PLC0415
    from jasyl.ledger.confidential import erase, receipt, repeat_erasures, scrub  # noqa: PLC0415

    folder = open_folder(data)
    database, language = database_of(folder), reader_language(asked=lang)
    if (subject is None) != after_restore or (not after_restore and not (reason and authority)):
        raise Refusal("erase-which")
    if subject is None:
        with Keeper(folder, database) as keeper:
            keeper.drain()  # an older database learns from the journal what was erased since
        with database.writing() as connection:
            count = repeat_erasures(connection)
        scrub(database)
        _tell({"destroyed": count}, [say(language, "erased-again", count=str(count))], as_json=as_json)
        return
    origin = log_origin(folder)
    said = {"origin": origin, "author": f"log:{origin}", "reason": reason, "authority": authority, "actor": _ACTOR}
    with database.writing() as connection:
        done = erase(connection, _id_of(connection, subject), **said, copies=copy or [])
    scrub(database)
    with Keeper(folder, database) as keeper:
        keeper.drain()
    with database.reading() as connection:
        receipts = [receipt(connection, Log(folder), one) for one in done.records]
    told = {"payloads": str(len(done.payloads)), "record": ", ".join(done.records), "series": subject}
    lines = [say(language, "erased-series", **told)] if done.series else []
    if done.payloads:
        lines.append(say(language, "erased-done", **told))
    if done.readers:
        lines.append(say(language, "erased-readers", readers=", ".join(done.readers)))
    if receipts[0] is None:
        lines.append(say(language, "erased-receipt-later", record=done.records[0]))
    elif out is not None:
        write_durably(out, receipts[0])
        lines.append(say(language, "erased-receipt", path=str(out)))
    document = {"payloads": done.payloads, "series": done.series, "readers": done.readers, "records": done.records}
    _tell(document | {"receipts": [one and one.decode() for one in receipts]}, lines, as_json=as_json)


def _id_of(connection: "Connection", named: str) -> str:
    """The id of the series with this key; what is no series stays as it was named."""
    from jasyl.registry import series_by_key  # noqa: PLC0415

    try:
        return series_by_key(connection, named).id
    except Refusal:
        return named


def evidence(
    file: Annotated[Path, typer.Argument(help="A CMS container: .p7s, .p7m, .cms.")],
    *,
    root: Annotated[list[Path], typer.Option("--root", help="Root certificates you trust, PEM or DER.")],
    content: Annotated[Path | None, typer.Option("--content", help="The document, where it lies outside.")] = None,
    crl: Annotated[
        list[Path] | None, typer.Option("--crl", help="Revocation lists of the issuers, PEM or DER.")
    ] = None,
    custodian: Annotated[str, typer.Option("--custodian", help="Who keeps the original; public.")] = "operator",
    title: Annotated[str, typer.Option("--title", help="What it is; public.")] = "signed document",
    about: Annotated[list[str] | None, typer.Option("--about", help="A record it is about, by id.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Verify a national electronic signature and keep the container as evidence in the log."""
    from jasyl.ledger import log_origin  # noqa: PLC0415
    from jasyl.ledger.cms import read_roots, verify_container  # noqa: PLC0415
    from jasyl.ledger.cms_revocation import read_lists  # noqa: PLC0415
    from jasyl.ledger.container_evidence import keep_container  # noqa: PLC0415

    folder, container = open_folder(data), content_of(file)
    roots = [one for path in root for one in read_roots(content_of(path))]
    held = content_of(content) if content else None
    lists = [one for path in crl or [] for one in read_lists(content_of(path))]
    now = dt.datetime.now(dt.UTC)
    found = verify_container(container, roots, held, now=now, lists=lists)
    origin, language = log_origin(folder), reader_language(asked=lang)
    said = {"origin": origin, "author": f"log:{origin}", "actor": _ACTOR, "custodian": custodian, "title": title}
    with database_of(folder).writing(visible=False) as connection:
        record = keep_container(connection, folder, container, **said, about=about or [])
    signers: list[dict[str, Any]] = []
    lines = [say(language, "evidence-kept", record=record)]
    for one in found.signers:
        time = one.signed_at.isoformat() if one.signed_at else None
        shown = {"subject": one.subject, "algorithm": one.algorithm, "root": one.root}
        revoked, until = one.revocation, one.valid_until.isoformat()
        since = revoked.since.isoformat() if revoked.since else None
        told = {"revocation": revoked.standing, "revocation_about": revoked.about, "revoked_since": since}
        signers.append(shown | {"serial": one.serial, "signed_at": time, "valid_until": until} | told)
        lines.append(say(language, "evidence-signer", **shown, time=time or say(language, "evidence-no-time")))
        of, moment = revoked.about or "", since or ""
        lines.append(say(language, f"evidence-revocation-{revoked.standing}", about=of, since=moment))
        if one.valid_until < now:
            lines.append(say(language, "evidence-expired-since", since=until))
    _tell({"record": record, "content_sha256": found.content_sha256, "signers": signers}, lines, as_json=as_json)


def show_fields(
    folder: DataFolder,
    record: str,
    key: Path,
    fields: list[str],
    out: Path | None,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Open a sealed payload with a reader's key; with ``fields`` write the file that shows these only."""
    from jasyl.ledger import Keeper, Log, position  # noqa: PLC0415
    from jasyl.ledger.confidential import disclose, read_sealed  # noqa: PLC0415

    database, secret = database_of(folder), secret_in(key)
    with database.reading() as connection:
        opened = read_sealed(connection, record, secret)
        index = position(connection, record)
    if not fields:
        if out is not None:
            write_durably(out, opened.payload)
        elif as_json:
            answer({"record": record, "payload": opened.fields})
        else:
            typer.echo(opened.payload)
        return
    if index is None:
        with Keeper(folder, database) as keeper:
            keeper.drain()
        with database.reading() as connection:
            index = position(connection, record)
    assert index is not None
    made = disclose(opened, fields, Log(folder).proof_file(index))
    if out is None:
        typer.echo(made)
        return
    write_durably(out, made)
    said = say(language, "disclosure-written", fields=", ".join(fields), path=str(out))
    _tell({"record": record, "fields": fields, "path": str(out)}, [said], as_json=as_json)


def show_disclosure(found: "Disclosed", language: Language, *, as_json: bool) -> None:
    """What ``jasyl ledger verify`` says of a file of shown fields."""
    from jasyl.quantities import canonical_json  # noqa: PLC0415

    place = {"record": found.record_id, "origin": found.checkpoint.origin, "index": found.index}
    text = say(language, "disclosure-ok", **{name: str(value) for name, value in place.items()})
    lines = [text, *(f"{name}\t{canonical_json(value).decode()}" for name, value in found.fields.items())]
    _tell({"ok": True, **place, "subject": found.record.subject, "fields": found.fields}, lines, as_json=as_json)


def new_secret_file(path: Path, text: str) -> None:
    """A secret in a new file of mode 0600. Raises Refusal ``secret-exists``."""
    from jasyl.ledger.secrets import write_secret  # noqa: PLC0415

    try:
        write_secret(path, text)
    except FileExistsError:
        raise Refusal("secret-exists", received=str(path)) from None
    except OSError as error:
        raise Refusal("sealed-file", received=str(path), reason=error.strerror or "") from None


def content_of(path: Path) -> bytes:
    """The bytes of a file that was named. Raises Refusal ``ledger-path-missing``, ``sealed-file``."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Refusal("ledger-path-missing", received=str(path)) from None
    except OSError as error:
        raise Refusal("sealed-file", received=str(path), reason=error.strerror or "") from None


def document_in(path: Path) -> dict[str, Any]:
    """A JSON object. Raises Refusal ``sealed-document``: fractions go in as decimal texts."""
    import msgspec  # noqa: PLC0415

    try:
        return msgspec.json.decode(content_of(path), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refusal("sealed-document", received=str(path), reason=str(error)[:200]) from None


def readers_in(paths: list[Path]) -> "list[ReaderKey]":
    """Public keys of readers, each of them once."""
    from jasyl.ledger.confidential import parse_reader  # noqa: PLC0415

    found = [parse_reader(content_of(path).decode(errors="replace")) for path in paths]
    return list({one.reader_id: one for one in found}.values())


def secret_in(path: Path) -> "ReaderSecret":
    """A reader's secret key."""
    from jasyl.ledger.confidential import parse_reader_secret  # noqa: PLC0415

    return parse_reader_secret(content_of(path).decode(errors="replace"))


def _tell(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        answer(document)
    else:
        typer.echo("\n".join(lines))
