"""``jasyl ledger anchor``: fix the head of the log elsewhere."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from jasyl.quantities import UTC, civil_time
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table, tell_written

if TYPE_CHECKING:
    from jasyl.ledger.anchoring import AnchorTarget

app = typer.Typer(no_args_is_help=True, add_completion=False)
_WAIT_SECONDS = 120


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A short name, without spaces.")],
    kind: Annotated[str, typer.Argument(help="rfc3161, opentimestamps or evm.")],
    url: Annotated[list[str], typer.Argument(help="Its address; several calendars or endpoints are all asked.")],
    *,
    interval: Annotated[int, typer.Option("--interval", help="Seconds between anchors.")] = 86_400,
    roots: Annotated[
        Path | None, typer.Option("--roots", help="rfc3161: the authority's root certificates, PEM.")
    ] = None,
    explorer: Annotated[
        str, typer.Option("--explorer", help="opentimestamps: an Esplora interface that gives block headers.")
    ] = "",
    chain: Annotated[int, typer.Option("--chain", help="evm: the chain's id.")] = 0,
    contract: Annotated[str, typer.Option("--contract", help="evm: the address of the contract.")] = "",
    deploy: Annotated[bool, typer.Option("--deploy", help="evm: put the contract on the chain first.")] = False,
    depth: Annotated[int, typer.Option("--depth", help="evm: so many blocks confirm.")] = 12,
    gas_price_limit: Annotated[
        int, typer.Option("--gas-price-limit", help="evm: the most paid for a unit of gas, in wei.")
    ] = 200_000_000_000,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Anchor the log at a place from now on, by default once a day; an evm account is made when there is none."""
    from jasyl.ledger.anchoring import KINDS, AnchorTarget, write_target  # noqa: PLC0415
    from jasyl.ledger.anchoring.settings import new_account  # noqa: PLC0415
    from jasyl.ledger.anchoring.timestamping import read_roots  # noqa: PLC0415

    folder, language = open_folder(data), reader_language(asked=lang)
    if kind not in KINDS or (kind == "rfc3161") != (roots is not None):
        raise Refusal("anchor-settings", received=f"{name} {kind}"[:80])
    target = AnchorTarget(
        name=name,
        kind=kind,
        urls=tuple(url),
        interval=interval,
        roots=read_roots(roots).decode() if roots else "",
        explorer=explorer,
        chain=chain,
        contract=contract,
        depth=depth,
        gas_price_limit=gas_price_limit,
    )
    if kind == "evm":
        new_account(folder, name)
        target = _evm_ready(folder, target, language, deploy=deploy)
    write_target(folder, target)
    _show(folder, language, as_json=as_json)


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="Its name.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Anchor the log there no more; what was anchored stays told in the log."""
    from jasyl.ledger.anchoring import remove_target  # noqa: PLC0415

    folder = open_folder(data)
    remove_target(folder, name)
    _show(folder, reader_language(asked=lang), as_json=as_json)


@app.command("list")
def list_(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Where the log is anchored, how far, and in which state."""
    _show(open_folder(data), reader_language(asked=lang), as_json=as_json)


@app.command("now")
def now(
    names: Annotated[list[str] | None, typer.Argument(help="Their names; else all.")] = None,
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Look at the anchors now, and send the newest head where none is under way; exit code 1 if one failed."""
    from jasyl.ledger.anchoring import anchor_now, read_targets  # noqa: PLC0415

    folder = open_folder(data)
    known = [one.name for one in read_targets(folder)]
    for name in names or []:
        if name not in known:
            raise Refusal("anchor-unknown", received=name, expected=", ".join(known) or "—")
    states = anchor_now(folder, database_of(folder), set(names) if names else None)
    _show(folder, reader_language(asked=lang), as_json=as_json)
    if any(states[name].state == "failed" for name in names or known if name in states):
        raise typer.Exit(1)


@app.command("status")
def status(
    name: Annotated[str, typer.Argument(help="Its name.")],
    *,
    data: Data = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also write the receipt: .tsr of rfc3161, .ots of opentimestamps.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Everything known of one anchor, as JSON; its receipt as a file that other tools check."""
    import base64  # noqa: PLC0415

    from jasyl.ledger.anchoring import read_states  # noqa: PLC0415

    states = read_states(open_folder(data).log)
    if name not in states:
        raise Refusal("anchor-unknown", received=name, expected=", ".join(states) or "—")
    held = states[name]
    if out is not None:
        receipt = held.receipt.encode() if held.kind == "evm" else base64.b64decode(held.receipt)
        out.write_bytes(receipt)
        tell_written(out, len(receipt), reader_language(asked=lang))
    answer(msgspec.to_builtins(held))


def _evm_ready(folder: DataFolder, target: "AnchorTarget", language: Language, *, deploy: bool) -> "AnchorTarget":
    """The target with its contract, which is put on the chain when asked for."""
    from jasyl.ledger.anchoring import adapter_of  # noqa: PLC0415
    from jasyl.ledger.anchoring.evm import Evm  # noqa: PLC0415

    evm = adapter_of(folder, target)
    assert isinstance(evm, Evm)
    typer.echo(say(language, "anchor-sent-to", address=evm.address), err=True)
    if not deploy:
        return target
    contract, transaction = evm.deploy()
    typer.echo(say(language, "anchor-deploying", contract=contract, transaction=transaction), err=True)
    made = msgspec.structs.replace(target, contract=contract)
    ready = adapter_of(folder, made)
    assert isinstance(ready, Evm)
    until = time.monotonic() + _WAIT_SECONDS
    while not ready.deployed() and time.monotonic() < until:
        time.sleep(2)
    return made


def _show(folder: DataFolder, language: Language, *, as_json: bool) -> None:
    from jasyl.ledger.anchoring import read_states, read_targets  # noqa: PLC0415

    targets, states = read_targets(folder), read_states(folder.log)
    if as_json:
        keys = ("size", "state", "sent", "error", "record", "confirmed_size", "payload")
        rows = [
            {"name": one.name, "kind": one.kind, "host": one.host, "interval": one.interval}
            | ({key: getattr(states[one.name], key) for key in keys} if one.name in states else {"state": None})
            for one in targets
        ]
        answer({"anchors": rows})
        return
    if not targets:
        typer.echo(say(language, "anchor-none"))
    for one in targets:
        held = states.get(one.name)
        sent = f"{civil_time(round(held.sent * 1e6), UTC)} UTC" if held else ""
        said = say(language, f"anchor-state-{held.state if held else 'never'}")
        trouble = held.trouble(language) if held else ""
        table([(one.name, one.kind, one.host, held.size if held else "", sent, said, trouble)])
