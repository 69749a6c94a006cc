"""``jasyl certificates``: issue from sealed days, transfer, retire, cancel, expire, export, import."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.people import OPERATOR
from jasyl.quantities import now_us, period
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, say

from . import certificate_register
from .ledger_place import sign_waiting
from .ledger_sealed import content_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.certificates import AnyEvent, Command, Done

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(certificate_register.app)

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
    from jasyl.certificates import Request, issue_of_days, published_about  # noqa: PLC0415

    from .certificate_days import days_to_issue, ratio_of  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).reading() as connection:
        found, parts = days_to_issue(connection, folder, series, when, hourly=hourly)
        about = published_about(connection, found.facility_id, source) | {"device_name": found.key}
        asked = Request(attribute, device or found.key, ratio_of(factor), factor_source, about, usable, expire_after)
        made = [issue_of_days(connection, [record], asked, _command(owner, ""), part) for record, part in parts]
    events = [one for one in made if one is not None]
    if not events:
        raise Refusal("certificate-below-unit", received=series[:80], attribute=attribute, period=when)
    _tell(_carry_out(folder, events), lang, as_json=as_json)
    if len(events) < len(made) and not as_json:
        typer.echo(say(reader_language(asked=lang), "certificates-below-unit", count=len(made) - len(events)))


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
def split(
    certificate: Identity,
    owner: Owner,
    part: Annotated[
        list[str], typer.Option("--part", help="START:END=ACCOUNT, a part and who gets it; one for each part.")
    ],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Divide what an account holds among others in one step: every part goes over or none; the rest stays."""
    from jasyl.certificates import Transfer  # noqa: PLC0415

    folder = open_folder(data)
    parts = [(one.partition("=")[0], one.partition("=")[2]) for one in part]
    events = [Transfer(**_moving(folder, certificate, owner, units, ""), to=to) for units, to in parts]
    _tell(_carry_out(folder, events), lang, as_json=as_json)


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
    trusted, proof = parse_policy(content_of(policy)), content_of(file)
    event = import_of(proof, trusted, log_origin(folder), _command(owner, command))
    _tell(_carry_out(folder, [event]), lang, as_json=as_json)


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
    if not mine:
        raise Refusal("certificate-holds-nothing", received=owner[:80], certificate=identity)
    if len(mine) > 1:
        held = ", ".join(f"{piece.start}:{piece.end}" for piece in mine[:20])
        raise Refusal("certificate-which-units", received=owner, expected=held)
    return mine[0].start, mine[0].end


def _carry_out(folder: DataFolder, events: "Sequence[AnyEvent]") -> "list[Done]":
    from jasyl.certificates import carry_out  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415

    done = carry_out(database_of(folder), log_origin(folder), OPERATOR, events)
    with suppress(Refusal):  # what was carried out stays so; the log is signed where its keys lie and it is whole
        sign_waiting(folder)
    return done


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
    from jasyl.certificates import ATTRIBUTES  # noqa: PLC0415

    language: Language = reader_language(asked=lang)
    if not done:
        typer.echo(say(language, "certificates-nothing-to-do"))
    for one in done:
        said = {"event": say(language, f"certificate-event-{one.event.name}"), "certificate": one.certificate.facts.id}
        facts = one.certificate.facts
        name = "certificates-done"
        if one.repeated:
            name = "certificates-repeated"
        elif one.event.name in {"issue", "import"}:
            name = "certificates-begun"
            said |= {"amount": facts.amount, "unit": ATTRIBUTES[facts.attribute].unit}
        typer.echo(say(language, name, **said, number=one.number, record=one.record_id))
