"""``jasyl ledger``: check, copy, prove, list keys, rebuild."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.texts import DEFAULT, Language, Refusal, language_or_none, say

if TYPE_CHECKING:
    from jasyl.ledger import Policy, Verifier

app = typer.Typer(no_args_is_help=True, help="The verifiable log: check it, copy it, prove a record.")

Data = Annotated[Path, typer.Option("--data", help="The data folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Lang = Annotated[str | None, typer.Option("--lang", help="kk, ru or en; else as LANG says.")]
Keys = Annotated[list[str] | None, typer.Option("--vkey", help="A verifier key you trust; all given must have signed.")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A trust policy (c2sp.org/tlog-policy).")]
DATA = Path("data")


@app.command()
def verify(
    path: Annotated[Path | None, typer.Argument(help="A data folder, an exported copy or a .tlog-proof file.")] = None,
    *,
    data: Data = DATA,
    vkey: Keys = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Check a log or a proof offline: entries, tiles, journal, checkpoint and its signatures."""
    with _answers(lang, as_json) as language:
        from jasyl.ledger import verify_log  # noqa: PLC0415

        trusted = _trusted(vkey, policy)
        target = path or data
        if target.is_file():
            return _verify_proof(target, trusted, data, as_json, language)
        report = verify_log(target, trusted)
        _print(report.as_data(language) if as_json else report.text(language), error=not report.ok and not as_json)
        if not report.ok:
            raise typer.Exit(1)
    return None


@app.command("export")
def export_(
    target: Annotated[Path, typer.Argument(help="A new folder.")],
    data: Data = DATA,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Copy the log as static files that any web server can offer and anybody can check."""
    with _answers(lang, as_json) as language:
        from jasyl.ledger import export_log  # noqa: PLC0415
        from jasyl.storage import open_folder  # noqa: PLC0415

        files = export_log(open_folder(data), target)
        text = say(language, "ledger-exported", files=files, path=str(target))
        _print({"files": files, "path": str(target)} if as_json else text)


@app.command()
def prove(
    record: Annotated[str, typer.Argument(help="A record's id (64 hexadecimal digits) or its number in the log.")],
    data: Data = DATA,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write, usually .tlog-proof.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the proof that a record stands in the log: a file that verifies offline."""
    with _answers(lang, as_json):
        from jasyl.ledger import Log  # noqa: PLC0415
        from jasyl.storage import open_folder, write_durably  # noqa: PLC0415

        folder = open_folder(data)
        index = _index(folder, record)
        proof = Log(folder).proof_file(index).decode()
        if out is not None:
            write_durably(out, proof.encode())
        if as_json:
            _print({"index": index, "proof": proof})
        elif out is None:
            sys.stdout.write(proof)


@app.command()
def keys(
    data: Data = DATA,
    vkey: Annotated[bool, typer.Option("--vkey", help="Only verifier keys, one per line.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the public keys that sign this log."""
    with _answers(lang, as_json) as language:
        from jasyl.ledger import log_policy  # noqa: PLC0415
        from jasyl.storage import open_folder  # noqa: PLC0415

        found = log_policy(open_folder(data).log).verifiers
        if as_json:
            fields = ("name", "algorithm", "vkey")
            _print([{"id": key.key_id.hex()} | {field: getattr(key, field) for field in fields} for key in found])
        for key in [] if as_json else found:
            shown = {"algorithm": key.algorithm, "id": key.key_id.hex(), "name": key.name}
            _print(key.vkey if vkey else say(language, "ledger-key", **shown))


@app.command()
def rebuild(data: Data = DATA, as_json: AsJson = False, lang: Lang = None) -> None:
    """Make tiles, bundles and checkpoint again from the journal."""
    with _answers(lang, as_json) as language:
        from jasyl.ledger import Keeper  # noqa: PLC0415
        from jasyl.storage import database_of, open_folder  # noqa: PLC0415

        folder = open_folder(data)
        with Keeper(folder, database_of(folder)) as keeper:
            entries = keeper.rebuild()
        _print({"entries": entries} if as_json else say(language, "ledger-rebuilt", entries=entries))


@contextmanager
def _answers(lang: str | None, as_json: bool) -> Generator[Language]:
    """The reader's language; a Refusal inside becomes its text on stderr (JSON when asked) and exit code 1."""
    tag = lang or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    tag = tag.partition(".")[0].replace("_", "-")
    language = language_or_none("en" if tag in {"C", "POSIX"} else tag) or DEFAULT
    if lang is not None and language_or_none(lang) is None:
        raise typer.BadParameter("kk, ru, en", param_hint="--lang")
    try:
        yield language
    except Refusal as refusal:
        _print(refusal.as_data(language) if as_json else refusal.text(language), error=True)
        raise typer.Exit(1) from None


def _print(what: Any, *, error: bool = False) -> None:
    typer.echo(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, indent=2), err=error)


def _trusted(vkeys: list[str] | None, policy: Path | None) -> "list[Verifier] | Policy":
    from jasyl.ledger import parse_policy, parse_vkey  # noqa: PLC0415

    if policy is None:
        return [parse_vkey(line) for line in vkeys or []]
    try:
        return parse_policy(policy.read_bytes())
    except OSError:
        raise Refusal("log-no-policy", received=str(policy)) from None


def _verify_proof(
    file: Path, trusted: "list[Verifier] | Policy", data: Path, as_json: bool, language: Language
) -> None:
    from jasyl.ledger import demand_all, log_policy, parse_proof, verify_proof  # noqa: PLC0415

    policy = (demand_all(trusted) if trusted else log_policy(data / "log")) if isinstance(trusted, list) else trusted
    proof = parse_proof(file.read_bytes())
    head = verify_proof(proof, policy)
    found = {"index": proof.index, "origin": head.origin, "size": head.size}
    if as_json:
        _print({"ok": True, "trusted": bool(trusted), **found, "record": proof.extra.decode(errors="replace")})
    else:
        _print(say(language, "ledger-proof-ok", **{name: str(value) for name, value in found.items()}))
        _print(proof.extra.decode(errors="replace"))


def _index(folder: Any, record: str) -> int:
    from jasyl.ledger import position  # noqa: PLC0415
    from jasyl.storage import database_of  # noqa: PLC0415

    if record.isascii() and record.isdigit() and len(record) < 17:
        return int(record)
    with database_of(folder).reading() as connection:
        found = position(connection, record.lower())
    if found is None:
        raise Refusal("log-unknown-record", received=record)
    return found
