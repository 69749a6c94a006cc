"""``jasyl ledger monitor``: watch logs of others for forks, roll-backs and stalls."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.quantities import UTC, civil_time
from jasyl.texts import Language, Refusal, say

from .options import AsJson, Lang
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.ledger import Finding, Policy, Verifier

HOUR = 3600.0


def monitor(
    urls: Annotated[list[str], typer.Argument(help="Addresses of logs: what stands before /checkpoint.")],
    *,
    folder: Annotated[Path, typer.Option("--folder", help="Where what was seen is kept.")] = Path("monitor"),
    policy: Annotated[
        list[Path] | None, typer.Option("--policy", help="Trust policies; else the one a log shows the first time.")
    ] = None,
    stall: Annotated[
        float, typer.Option("--stall", help="Hours without a newly signed head that count as a stall.")
    ] = 48.0,
    every: Annotated[float | None, typer.Option("--every", help="Look again every so many seconds.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Look at logs from outside: forks, roll-backs, stalls; a contradiction is kept as a proof. Exit code 1 if any."""
    from jasyl.ledger import Monitor, parse_policy  # noqa: PLC0415

    language = reader_language(asked=lang)
    policies: list[Policy] = []
    for file in policy or []:
        try:
            policies.append(parse_policy(file.read_bytes()))
        except OSError:
            raise Refusal("log-no-policy", received=str(file)) from None
    watch = Monitor(folder, policies, stall=stall * HOUR)
    while True:
        found = [finding for url in urls for finding in watch.look(url)]
        if as_json:
            answer([_data(one) for one in found])
        else:
            for one in found:
                typer.echo(_line(one, language), err=not one.ok)
        if every is None:
            break
        time.sleep(every)
    if not all(one.ok for one in found):
        raise typer.Exit(1)


def show_misbehaviour(data: bytes, trusted: "list[Verifier] | Policy", language: Language, *, as_json: bool) -> None:
    """Check a proof that a log contradicted itself, and say what it shows."""
    from jasyl.ledger import demand_all, parse_misbehaviour, verify_misbehaviour  # noqa: PLC0415

    proof = parse_misbehaviour(data)
    keys = (demand_all(trusted) if trusted else None) if isinstance(trusted, list) else trusted
    first, second = verify_misbehaviour(proof, keys)
    if as_json:
        heads = [{"size": head.size, "root": head.root.hex()} for head in (first, second)]
        answer(
            {"ok": True, "misbehaviour": proof.kind, "origin": first.origin, "trusted": bool(trusted), "heads": heads}
        )
        return
    sizes = {"origin": first.origin, "first": str(first.size), "second": str(second.size)}
    typer.echo(say(language, f"misbehaviour-{proof.kind}", **sizes))
    for head in (first, second):
        typer.echo(say(language, "ledger-head", origin=head.origin, size=str(head.size), root=head.root.hex()))
    if not trusted:
        typer.echo(say(language, "misbehaviour-own-keys"))


def _data(one: "Finding") -> dict[str, object]:
    proof = str(one.proof) if one.proof else None
    return {
        "url": one.url,
        "ok": one.ok,
        "state": one.state,
        "origin": one.origin or None,
        "size": one.size,
        "known_size": one.kept,
        "signed_at": one.since or None,
        "proof": proof,
        "reason": one.refusal.code if one.refusal else None,
    }


def _line(one: "Finding", language: Language) -> str:
    moment = f"{civil_time(round(one.since * 1e6), UTC)} UTC" if one.since else "—"
    shown = {"size": one.size, "kept": "—" if one.kept is None else one.kept, "time": moment}
    said = say(language, f"monitor-{one.state}", **shown)
    why = one.refusal.what(language) if one.refusal else ""
    parts = [one.url, one.origin, said, why, str(one.proof) if one.proof else ""]
    return "\t".join(part for part in parts if part)
