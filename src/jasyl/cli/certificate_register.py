"""``jasyl certificates``: what the register holds: list, write for other schemes, verify, rebuild, residual mix."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.quantities import period
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from .ledger_sealed import content_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.certificates import Recomputed, Replayed

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list")
def list_(
    *,
    owner: Annotated[str | None, typer.Option("--owner", help="Only those in which this account has units.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List certificates and who holds which units."""
    from jasyl.certificates import ATTRIBUTES, certificates, moment  # noqa: PLC0415

    with database_of(open_folder(data)).reading() as connection:
        found = certificates(connection, owner=owner)
    rows = [
        {
            "certificate": one.facts.id,
            "attribute": one.facts.attribute,
            "device": one.facts.device,
            "from": moment(one.facts.start),
            "to": moment(one.facts.end),
            "units": f"{piece.start}:{piece.end}",
            "unit": ATTRIBUTES[one.facts.attribute].unit,
            "standing": piece.standing,
            "owner": piece.owner,
        }
        for one in found
        for piece in one.pieces
        if owner in {None, piece.owner}
    ]
    if as_json:
        answer(rows)
        return
    language = reader_language(asked=lang)
    if not rows:
        typer.echo(say(language, "certificates-none"))
        return
    shown = [{**row, "standing": say(language, f"certificate-standing-{row['standing']}")} for row in rows]
    table([[say(language, f"certificate-column-{name}") for name in rows[0]], *(list(row.values()) for row in shown)])


@app.command()
def show(
    certificate: Annotated[str, typer.Argument(metavar="CERTIFICATE", help="The id of the certificate.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show one certificate: who holds what, what happened, its fields, its published attribute hashes."""
    from jasyl.certificates import certificate_document  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).reading() as connection:
        found = certificate_document(connection, certificate, log_origin(folder))
    if found is None:
        raise Refusal("certificate-unknown", received=certificate[:80])
    if as_json:
        answer(found)
        return
    language = reader_language(asked=lang)
    told = {name: one for name, one in found["energytag"].items() if one is not None}
    table(list(told.items()))
    for title, rows, word in (
        ("certificates-pieces", found["pieces"], ("standing", "certificate-standing")),
        ("certificates-events", found["events"], ("event", "certificate-event")),
    ):
        typer.echo(f"\n{say(language, title)}")
        table([[say(language, f"{word[1]}-{row[word[0]]}") if name == word[0] else value for name, value in row.items()]
               for row in rows])  # fmt: skip
    typer.echo(f"\n{say(language, 'certificates-hashes')}\n" + "\n".join(found["attribute_hashes"]))


@app.command()
def write(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="energytag or cad-trust.")],
    *,
    owner: Annotated[str | None, typer.Option("--owner", help="Only those in which this account has units.")] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="Where the pages of this registry are found.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The CSV file to write; else it is printed.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write certificates in the fields of another scheme, as CSV or with --json."""
    from jasyl.certificates import hand_out, known_of, scheme_fields, scheme_of  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415
    from jasyl.papers import Column, write_csv  # noqa: PLC0415

    asked, folder = scheme_of(scheme), open_folder(data)
    with database_of(folder).reading() as connection:
        made = hand_out(asked, known_of(connection, owner=owner), log_origin(folder), address, owner=owner)
    language = reader_language(asked=lang)
    if as_json:
        answer({"scheme": asked, "rows": made.rows, "missing": made.missing, "left_out": made.left_out})
        return
    columns = [Column(field.name, {}) for field in scheme_fields(asked)]
    content = b"".join(write_csv(columns, made.rows, language, keys=True))
    if out is None:
        typer.echo(content.decode(), nl=False)
    else:
        out.write_bytes(content)
    typer.echo(
        say(language, "certificates-written", rows=len(made.rows), left_out=made.left_out,
            missing=", ".join(made.missing) or "—"), err=True,
    )  # fmt: skip


@app.command()
def verify(
    log: Annotated[
        Path | None, typer.Argument(metavar="LOG", help="A copy of a log; else that of the data folder.")
    ] = None,
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Replay every event from the log alone, by a second implementation of the rules; hold the tables against it."""
    from jasyl.certificates import Replayer, recompute  # noqa: PLC0415
    from jasyl.ledger import log_entries, outbox_entries  # noqa: PLC0415

    replayer, tables = Replayer(), None
    if log is not None:
        replayer.take_all(log_entries(log))
    else:
        with database_of(open_folder(data)).reading() as connection:
            replayer.take_all(outbox_entries(connection))
            tables = recompute(connection, replayer.leaves())
    found = replayer.found
    ok = found.ok and (tables is None or tables.agrees(found.state))
    if as_json:
        held = {"kept": tables.stored, "recomputed": tables.state, "differing": tables.differing} if tables else {}
        answer({"ok": ok, "kept": None, **held, **asdict(found)})
    else:
        for line in _verified(found, tables, reader_language(asked=lang)):
            typer.echo(line)
    if not ok:
        raise typer.Exit(1)


def _verified(found: "Replayed", tables: "Recomputed | None", language: Language) -> list[str]:
    lines = [say(language, "certificates-replayed", events=found.events, state=found.state)]
    wrong = found.disagreement
    if not wrong and (tables is None or tables.agrees(found.state)):
        lines.append(say(language, "certificates-agree" if tables is None else "certificates-agree-with-tables"))
    if wrong:
        said = {"number": wrong.number, "certificate": wrong.certificate, "reason": wrong.reason}
        lines.append(say(language, "certificates-disagree", **said))
    elif tables and not tables.agrees(found.state):
        lines.append(say(language, "certificates-kept-differs", stored=tables.stored, recomputed=tables.state))
        lines += [say(language, "certificates-row-differs", certificate=one) for one in tables.differing]
    return [*lines, *(say(language, "certificates-corrected", certificate=one) for one in found.corrected)]


@app.command()
def rebuild(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Make the tables of certificates again from their records in the log."""
    from jasyl.certificates import rebuild as make_again  # noqa: PLC0415
    from jasyl.certificates import state_hash  # noqa: PLC0415

    database = database_of(open_folder(data))
    events = make_again(database)
    with database.reading() as connection:
        state = state_hash(connection)
    if as_json:
        answer({"events": events, "state": state})
    else:
        typer.echo(say(reader_language(asked=lang), "certificates-replayed", events=events, state=state))


@app.command()
def residual(
    generation: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns source and wh.")],
    when: Annotated[str, typer.Option("--period", help="Period of production: 2026, 2026-05.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Tell the residual mix: generation by source less what certificates track."""
    from jasyl.certificates import residual_mix, tracked  # noqa: PLC0415
    from jasyl.quantities import microseconds  # noqa: PLC0415

    span = period(when)
    with database_of(open_folder(data)).reading() as connection:
        taken = tracked(connection, "electricity", microseconds(span.start), microseconds(span.end))
    mix = residual_mix(_generated(generation), taken)
    if as_json:
        answer([{**asdict(one), "share": None if one.share is None else float(one.share)} for one in mix])
        return
    language = reader_language(asked=lang)
    head = [
        say(language, f"certificate-residual-{name}") for name in ("source", "generated", "tracked", "rest", "share")
    ]
    unstated = say(language, "certificate-residual-unstated")
    rows = [
        [one.source or unstated, *(write_number(language, each) for each in (one.generated, one.tracked, one.residual)),
         "—" if one.share is None else f"{write_number(language, float(one.share) * 100, 2)} %"]
        for one in mix
    ]  # fmt: skip
    table([head, *rows])


def _generated(file: Path) -> dict[str, int]:
    content = content_of(file)
    try:
        rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
        return {row["source"]: int(row["wh"]) for row in rows}
    except (KeyError, ValueError, TypeError) as error:
        raise Refusal("certificate-generation", where=Where(file=file.name), received=str(error)[:80]) from error
