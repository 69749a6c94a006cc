"""``jasyl certificates``: issue from sealed days, transfer, retire, cancel, expire, export, import, list, verify."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.people import OPERATOR
from jasyl.quantities import instant, now_us, period
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.certificates import AnyEvent, Command, Done, Recomputed, Replayed

app = typer.Typer(no_args_is_help=True, add_completion=False)

Identity = Annotated[str, typer.Argument(metavar="CERTIFICATE", help="The id of the certificate.")]
Owner = Annotated[str, typer.Option("--owner", help="The account that holds the units.")]
Units = Annotated[str | None, typer.Option("--units", help="START:END; else all that the account holds.")]
Key = Annotated[str, typer.Option("--command", help="Key by which the command is carried out once only; else made.")]


@app.command()
def issue(
    series: Annotated[str, typer.Argument(metavar="SERIES", help="Key of the series that was metered.")],
    when: Annotated[str, typer.Option("--period", help="A day or month whose days are sealed, 2026-05-01 or 2026-05.")],
    owner: Annotated[str, typer.Option("--owner", help="The account that gets the units.")],
    *,
    attribute: Annotated[
        str, typer.Option("--attribute", help="electricity, heat, carbon or recycled.")
    ] = "electricity",
    device: Annotated[
        str | None, typer.Option("--device", help="Public id of the device; else the series' key.")
    ] = None,
    hourly: Annotated[bool, typer.Option("--hourly", help="A certificate for every hour, not for every day.")] = False,
    factor: Annotated[str | None, typer.Option("--factor", help="Grams of CO2e avoided per Wh, for carbon.")] = None,
    factor_source: Annotated[str | None, typer.Option("--factor-source", help="Where the factor is from.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Energy source: solar, wind, hydro …")] = None,
    usable: Annotated[int, typer.Option("--usable-months", min=1, max=120, help="Months in which it may move.")] = 12,
    expire_after: Annotated[
        int, typer.Option("--expire-months", min=1, max=120, help="Months until what is left expires.")
    ] = 18,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Issue what sealed days measured, rounded down to whole units."""
    from jasyl.certificates import Request, issue_of_days  # noqa: PLC0415

    from .certificate_days import days_to_issue, ratio_of  # noqa: PLC0415

    folder = open_folder(data)
    about: dict[str, Any] = {"source": source} if source else {}
    with database_of(folder).reading() as connection:
        found, parts = days_to_issue(connection, folder, series, period(when), hourly=hourly)
        about["device_name"] = found.key
        asked = Request(attribute, device or found.key, ratio_of(factor), factor_source, about, usable, expire_after)
        events = [issue_of_days(connection, [record], asked, _command(owner, ""), part) for record, part in parts]
    _tell(_carry_out(folder, events), lang, as_json=as_json)


@app.command()
def transfer(
    certificate: Identity,
    owner: Owner,
    to: Annotated[str, typer.Option("--to", help="The account that gets them.")],
    *,
    units: Units = None,
    command: Key = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Give units to another account."""
    from jasyl.certificates import Transfer  # noqa: PLC0415

    folder = open_folder(data)
    event = Transfer(**_moving(folder, certificate, owner, units, command), to=to)
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


@app.command()
def retire(
    certificate: Identity,
    owner: Owner,
    beneficiary: Annotated[str, typer.Option("--beneficiary", help="For whom: an organisation; it is public.")],
    purpose: Annotated[str, typer.Option("--purpose", help="For what.")],
    when: Annotated[str, typer.Option("--period", help="Period of consumption: 2026, 2026-05, 2026-05-01.")],
    *,
    units: Units = None,
    command: Key = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Use units up, once and for all, for a beneficiary, a purpose and a period."""
    from jasyl.certificates import Retire  # noqa: PLC0415

    folder = open_folder(data)
    moving = _moving(folder, certificate, owner, units, command)
    event = Retire(**moving, beneficiary=beneficiary, purpose=purpose, period=period(when).name)
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


@app.command()
def cancel(
    certificate: Identity,
    owner: Owner,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the log.")],
    *,
    units: Units = None,
    command: Key = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take units back as the issuer, with a reason."""
    from jasyl.certificates import Cancel  # noqa: PLC0415

    folder = open_folder(data)
    event = Cancel(**_moving(folder, certificate, owner, units, command), reason=reason)
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


@app.command()
def expire(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Let everything expire whose time is over."""
    from jasyl.certificates import Expire, due  # noqa: PLC0415

    folder, now = open_folder(data), now_us()
    with database_of(folder).reading() as connection:
        ids = due(connection, now)
    events = [Expire(certificate=one, command=f"expire:{one}", at=now, actor=OPERATOR.id) for one in ids]
    _tell(_carry_out(folder, events), lang, as_json=as_json)


@app.command("export")
def export_(
    certificate: Identity,
    owner: Owner,
    registry: Annotated[str, typer.Option("--registry", help="Origin of the log of the other registry.")],
    account: Annotated[str, typer.Option("--account", help="The account there.")],
    *,
    units: Units = None,
    command: Key = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Send units to another registry; prove the record (jasyl ledger prove) for its import."""
    from jasyl.certificates import export_of, load  # noqa: PLC0415

    folder = open_folder(data)
    moving = _moving(folder, certificate, owner, units, command)
    with database_of(folder).reading() as connection:
        (held,) = load(connection, [certificate])
    asked = _command(owner, moving["command"])
    event = export_of(held, moving["start"], moving["end"], asked, registry, account)
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .tlog-proof of the other registry's export.")],
    policy: Annotated[Path, typer.Option("--policy", help="Trust policy of the other registry's log.")],
    owner: Annotated[str, typer.Option("--owner", help="The account that gets the units.")],
    *,
    command: Key = "",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take in units that another registry exported to this one, by its proof."""
    from jasyl.certificates import import_of  # noqa: PLC0415
    from jasyl.ledger import log_origin, parse_policy  # noqa: PLC0415

    folder = open_folder(data)
    try:
        trusted, proof = parse_policy(policy.read_bytes()), file.read_bytes()
    except OSError as error:
        raise Refusal("log-no-policy", received=str(error.filename)) from None
    event = import_of(proof, trusted, log_origin(folder), _command(owner, command))
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


@app.command("list")
def list_(
    *,
    owner: Annotated[str | None, typer.Option("--owner", help="Only those in which this account has units.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List certificates and who holds which units."""
    from jasyl.certificates import ATTRIBUTES, certificates  # noqa: PLC0415

    with database_of(open_folder(data)).reading() as connection:
        found = certificates(connection, owner=owner)
    rows = [
        {
            "certificate": one.facts.id,
            "attribute": one.facts.attribute,
            "device": one.facts.device,
            "from": _moment(one.facts.start),
            "to": _moment(one.facts.end),
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
        made = hand_out(asked, known_of(connection, owner=owner), log_origin(folder), address)
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
    rows = [
        [one.source, *(write_number(language, each) for each in (one.generated, one.tracked, one.residual)),
         "—" if one.share is None else f"{write_number(language, float(one.share) * 100, 2)} %"]
        for one in mix
    ]  # fmt: skip
    table([head, *rows])


def _generated(file: Path) -> dict[str, int]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            return {row["source"]: int(row["wh"]) for row in csv.DictReader(source)}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise Refusal("certificate-generation", where=Where(file=file.name), received=str(error)[:80]) from error


def _command(owner: str, key: str) -> "Command":
    from jasyl.certificates import Command  # noqa: PLC0415

    return Command(OPERATOR.id, now_us(), owner, key)


def _moving(folder: DataFolder, identity: str, owner: str, units: str | None, key: str) -> dict[str, Any]:
    """What transfers, retirements, cancellations and exports share."""
    from ulid import ULID  # noqa: PLC0415

    start, end = _range(folder, identity, owner, units)
    common = {"certificate": identity, "command": key or str(ULID()), "at": now_us(), "actor": OPERATOR.id}
    return {**common, "owner": owner, "start": start, "end": end}


def _range(folder: DataFolder, identity: str, owner: str, units: str | None) -> tuple[int, int]:
    """START:END as typed; without it the one range that the account holds."""
    from jasyl.certificates import load  # noqa: PLC0415

    with database_of(folder).reading() as connection:
        found = load(connection, [identity])
    if not found:
        raise Refusal("certificate-unknown", received=identity[:80])
    if units is not None:
        first, colon, last = units.partition(":")
        if not (colon and all(each.isascii() and each.isdigit() and len(each) < 16 for each in (first, last))):
            raise Refusal("certificate-range", received=units[:40], expected=f"0:{found[0].facts.amount}")
        return int(first), int(last)
    mine = [piece for piece in found[0].pieces if piece.standing == "held" and piece.owner == owner]
    if len(mine) != 1:
        held = ", ".join(f"{piece.start}:{piece.end}" for piece in mine[:20])
        raise Refusal("certificate-which-units", received=owner, expected=held or "—")
    return mine[0].start, mine[0].end


def _carry_out(folder: DataFolder, events: "Sequence[AnyEvent]") -> "list[Done]":
    from jasyl.certificates import carry_out  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    return carry_out(database_of(folder), log_origin(folder), OPERATOR, events)


def _tell(done: "list[Done]", lang: str | None, *, as_json: bool) -> None:
    if as_json:
        answer(
            [
                {
                    "certificate": one.certificate.facts.id,
                    "event": one.event.name,
                    "number": one.number,
                    "record": one.record_id,
                    "state": one.state,
                    "repeated": one.repeated,
                    "pieces": [piece._asdict() for piece in one.certificate.pieces],
                }
                for one in done
            ]
        )
        return
    language: Language = reader_language(asked=lang)
    if not done:
        typer.echo(say(language, "certificates-nothing-to-do"))
    for one in done:
        said = {"event": say(language, f"certificate-event-{one.event.name}"), "certificate": one.certificate.facts.id}
        name = "certificates-repeated" if one.repeated else "certificates-done"
        typer.echo(say(language, name, **said, number=one.number, record=one.record_id))


def _moment(at: int) -> str:
    return f"{instant(at):%Y-%m-%dT%H:%MZ}"
