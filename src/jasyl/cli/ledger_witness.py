"""``jasyl ledger witness``: cosign the logs of others; ``jasyl ledger witnesses``: who cosigns this one."""

import logging
import multiprocessing
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.storage import open_folder
from jasyl.texts import Language, Refusal, say

from .options import HERE, AsJson, Data, Lang
from .server import check_port
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.ledger import WitnessAddress, WitnessStatus

app = typer.Typer(no_args_is_help=True, add_completion=False)
STOP_SECONDS = 3


def witness(
    folder: Annotated[Path, typer.Argument(help="The witness's own folder; made when --name is given.")],
    *,
    name: Annotated[
        str | None, typer.Option("--name", help="Make a new witness of this name, witness.city.example.")
    ] = None,
    trust: Annotated[
        list[Path] | None, typer.Option("--trust", help="The policy file of a log to witness, as /log/policy gives it.")
    ] = None,
    vkey: Annotated[bool, typer.Option("--vkey", help="Only print its verifier keys, one per line.")] = False,
    address: Annotated[str, typer.Option("--address", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8090,
    lang: Lang = None,
) -> None:
    """Be a witness: cosign what extends the history seen before, refuse everything else. Runs until Ctrl-C."""
    from jasyl.ledger import Witness, create_witness, parse_policy  # noqa: PLC0415

    one = create_witness(folder, name) if name else Witness(folder)
    for file in trust or []:
        try:
            one.trust(parse_policy(file.read_bytes()))
        except OSError:
            raise Refusal("log-no-policy", received=str(file)) from None
    if vkey:
        for line in one.vkeys:
            typer.echo(line)
        return
    language = reader_language(asked=lang)
    origins = ", ".join(sorted({policy.origin for policy in one.logs()})) or "—"
    typer.echo(say(language, "witness-logs", name=one.name, logs=origins))
    _serve(folder, address, port, language)


def _serve(folder: Path, address: str, port: int, language: Language) -> None:
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    from jasyl.ledger.witness_app import FOLDER  # noqa: PLC0415

    check_port(address, port)
    os.environ[FOLDER] = str(folder.absolute())
    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("granian").setLevel(logging.WARNING)
    server = Granian(
        "jasyl.ledger.witness_app:app",
        address=address,
        port=port,
        interface=Interfaces.ASGINL,  # it has no lifespan
        workers=1,
        log_level="warning",  # pyright: ignore[reportArgumentType]
        workers_kill_timeout=STOP_SECONDS,
    )
    shown = f"http://{address}:{port}/"
    server.on_startup(lambda: typer.echo(say(language, "serve-address", address=shown)))
    server.serve()


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A short name for the policy, without spaces.")],
    url: Annotated[str, typer.Argument(help="The address the witness answers at.")],
    *,
    vkey: Annotated[list[str], typer.Option("--vkey", help="A verifier key of the witness; all of them count.")],
    quorum: Annotated[int | None, typer.Option("--quorum", help="How many witnesses a reader is to demand.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Ask a witness from now on; the log's policy names it."""
    from jasyl.ledger import WitnessAddress, log_policy, parse_vkey, quorum_of, set_witnesses, witness_addresses  # noqa: PLC0415

    folder = open_folder(data)
    policy = log_policy(folder.log)
    known = [one for one in witness_addresses(policy) if one.name != name]
    added = WitnessAddress(name, url.rstrip("/"), tuple(parse_vkey(line) for line in vkey))
    everyone = [*known, added]
    set_witnesses(folder, everyone, quorum if quorum is not None else max(1, quorum_of(policy)))
    _show(everyone, {}, data, reader_language(asked=lang), as_json=as_json)


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="Its name in the policy.")],
    *,
    quorum: Annotated[int | None, typer.Option("--quorum", help="How many witnesses a reader is to demand.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Ask a witness no more."""
    from jasyl.ledger import log_policy, quorum_of, set_witnesses, witness_addresses  # noqa: PLC0415

    folder = open_folder(data)
    policy = log_policy(folder.log)
    everyone = witness_addresses(policy)
    left = [one for one in everyone if one.name != name]
    if len(left) == len(everyone):
        raise Refusal("witness-unknown", received=name, expected=", ".join(one.name for one in everyone) or "—")
    set_witnesses(folder, left, quorum if quorum is not None else min(quorum_of(policy), len(left)))
    _show(left, {}, data, reader_language(asked=lang), as_json=as_json)


@app.command("list")
def list_(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Who cosigns this log, and up to where; says so when nobody does."""
    from jasyl.ledger import log_policy, read_statuses, witness_addresses  # noqa: PLC0415

    folder = open_folder(data)
    everyone = witness_addresses(log_policy(folder.log))
    _show(everyone, read_statuses(folder.log), data, reader_language(asked=lang), as_json=as_json)


@app.command("ask")
def ask(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Ask every witness now; exit code 1 unless the quorum has cosigned the newest checkpoint."""
    from jasyl.ledger import ask_witnesses, log_policy, witness_addresses  # noqa: PLC0415

    folder = open_folder(data)
    asked = ask_witnesses(folder)
    everyone = witness_addresses(log_policy(folder.log))
    _show(everyone, dict(asked.statuses), data, reader_language(asked=lang), as_json=as_json)
    if not asked.quorum:
        raise typer.Exit(1)


def _show(
    everyone: "list[WitnessAddress]",
    statuses: "dict[str, WitnessStatus]",
    data: Path,
    language: Language,
    *,
    as_json: bool,
) -> None:
    from jasyl.ledger import log_policy, quorum_of, witness_line, witness_verdict, witnessed_size  # noqa: PLC0415

    folder = open_folder(data)
    demanded, size = quorum_of(log_policy(folder.log)), witnessed_size(folder.log)
    if as_json:
        shown = [
            {"name": one.name, "url": one.url, "vkeys": [key.vkey for key in one.keys]}
            | ({"size": found.size, "time": found.time, "error": found.error or None} if found else {})
            for one in everyone
            for found in [statuses.get(one.name)]
        ]
        answer({"quorum": demanded, "witnessed_size": None if size < 0 else size, "witnesses": shown})
        return
    typer.echo(witness_verdict(folder, language))
    for one in everyone:
        typer.echo(witness_line(one, statuses.get(one.name), language))
