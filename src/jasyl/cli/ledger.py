"""``jasyl ledger``: check, copy, prove, list keys, rebuild."""

import json
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.storage import DataFolder, check_reachable, database_of, open_folder, write_durably
from jasyl.texts import Language, Refusal, say

from . import ledger_anchor, ledger_energy, ledger_exchange, ledger_keys, ledger_monitor, ledger_sealed, ledger_witness
from .ledger_monitor import show_misbehaviour
from .ledger_place import index_of
from .options import HERE, AsJson, Data, Lang
from .passport import is_passport, is_statement, passport_of, verify_passport
from .speech import progress, reader_language, tell_written

if TYPE_CHECKING:
    from jasyl.ledger import Policy, Verifier
    from jasyl.ledger.audit import Remark
    from jasyl.monitoring import FolderReport

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("reader-key")(ledger_sealed.reader_key)
app.command("seal-payload")(ledger_sealed.seal_payload)
app.command("add-reader")(ledger_sealed.add_reader)
app.command("disclose")(ledger_sealed.disclose)
app.command("erase")(ledger_sealed.erase)
app.command("evidence")(ledger_sealed.evidence)
app.command("witness")(ledger_witness.witness)
app.command("monitor")(ledger_monitor.monitor)
app.command("energy")(ledger_energy.energy)
app.command("credential")(ledger_exchange.credential)
app.command("receipt")(ledger_exchange.receipt)
app.command("did")(ledger_exchange.did)
app.add_typer(ledger_keys.app, name="keys", help="Keys: list, make, rotate, revoke.")
app.add_typer(ledger_anchor.app, name="anchor", help="Where the head is fixed elsewhere: add, remove, list, now.")
app.add_typer(ledger_witness.app, name="witnesses", help="Who cosigns this log: add, remove, list, ask.")

Keys = Annotated[list[str] | None, typer.Option("--vkey", help="A verifier key you trust; all given must have signed.")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A trust policy (c2sp.org/tlog-policy).")]


@app.command()
def verify(
    path: Annotated[
        str | None,
        typer.Argument(
            help="A data folder, an exported copy, a log's address, or a file: a passport or another proof."
        ),
    ] = None,
    *,
    data: Data = HERE,
    vkey: Keys = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Check a log or a proof offline: entries, tiles, journal, signatures; in a data folder its readings as well."""
    from jasyl.ledger import verify_log  # noqa: PLC0415

    language = reader_language(asked=lang)
    trusted = _trusted(vkey, policy)
    if path is not None and path.startswith(("https://", "http://")):
        _verify_address(path, trusted, language, as_json=as_json)
        return
    target = Path(path) if path is not None else data
    if not target.exists():
        raise Refusal("ledger-path-missing", received=str(target))
    if target.is_file():
        _verify_file(target, trusted, data, language, as_json=as_json)
        return
    report = verify_log(target, trusted)
    found = _verify_data(target, language, as_json=as_json) if DataFolder(target.absolute()).exists else None
    ok = report.ok and (found is None or found.ok)
    if as_json:
        document = report.as_data(language)
        _print(document | ({"ok": ok, "folder": found.as_data()} if found else {}))
    else:
        lines = found.lines(language) if found else []
        _print("\n".join([report.text(language, beside=found is None or found.ok), *lines]), error=not ok)
    if not ok:
        raise typer.Exit(1)


@app.command("export")
def export_(
    target: Annotated[Path, typer.Argument(help="A new folder.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Copy the log as static files that any web server can offer and anybody can check."""
    from jasyl.ledger import export_log  # noqa: PLC0415

    files = export_log(open_folder(data), target)
    text = say(reader_language(asked=lang), "ledger-exported", files=files, path=str(target))
    _print({"files": files, "path": str(target)} if as_json else text)


@app.command()
def prove(
    record: Annotated[
        str,
        typer.Argument(help="A statement's id, a record's id (64 hexadecimal digits) or its number in the log."),
    ],
    *,
    data: Data = HERE,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write: .passport or .tlog-proof.")] = None,
    show: Annotated[
        list[str] | None, typer.Option("--input", help="Record id of an input that the passport is to open as well.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the passport of a statement, or the proof that a record stands in the log: a file that verifies offline."""
    from jasyl.ledger import Log  # noqa: PLC0415

    folder = open_folder(data)
    if is_statement(record):
        made = passport_of(folder, record.upper(), show or [])
        document = {"statement": record.upper(), "bytes": len(made), "passport": made.decode()}
    else:
        index = index_of(folder, record)
        made = Log(folder).proof_file(index)
        document = {"index": index, "proof": made.decode()}
    if out is not None:
        write_durably(out, made)
    if as_json:
        _print(document)
    elif out is None:
        sys.stdout.write(made.decode())
    else:
        tell_written(out, len(made), reader_language(asked=lang))


@app.command()
def rebuild(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Make tiles, bundles and checkpoint again from the journal, and take in what waits."""
    from jasyl.ledger import Keeper  # noqa: PLC0415

    folder = open_folder(data)
    with Keeper(folder, database_of(folder)) as keeper:
        entries = keeper.rebuild() + keeper.drain()
    _print({"entries": entries} if as_json else say(reader_language(asked=lang), "ledger-rebuilt", entries=entries))


@app.command()
def audit(
    path: Annotated[Path | None, typer.Argument(help="A data folder or an exported copy.")] = None,
    *,
    data: Data = HERE,
    vkey: Keys = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Check a log, then hold its entries against one another: order, repetition, references, revoked keys."""
    from jasyl.ledger import audit_log, verify_log  # noqa: PLC0415

    language = reader_language(asked=lang)
    target = path or data
    report = verify_log(target, _trusted(vkey, policy))
    found = audit_log(target / "log" if (target / "log" / "checkpoint").is_file() else target) if report.ok else None
    clean = found is not None and not found.counts
    if as_json:
        kept = found.remarks if found else []
        remarks = [{"index": one.index, "last": one.last, "code": one.code} for one in kept]
        shown = {"entries": found.entries if found else 0, "counts": found.counts if found else {}, "remarks": remarks}
        _print({"ok": clean, "log": report.as_data(language), **shown})
    else:
        lines = [report.text(language)]
        if found is not None:
            lines.append(say(language, "audit-clean" if clean else "audit-remarks", entries=found.entries))
            lines += [_remark(one, language) for one in found.remarks]
            lines += [say(language, "audit-untold", entries=found.untold)] if found.untold else []
        _print("\n".join(lines), error=not clean)
    if not clean:
        raise typer.Exit(1)


def _remark(one: "Remark", language: Language) -> str:
    place = str(one.index) if one.index == one.last else f"{one.index}–{one.last}"
    return f"{place}\t{say(language, f'audit-{one.code}')}"


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


def _verify_file(
    file: Path, trusted: "list[Verifier] | Policy", data: Path, language: Language, *, as_json: bool
) -> None:
    """Our own proofs tell what they are; any other JSON or COSE is taken for a credential or receipt."""
    from jasyl.ledger import by_own_policies, demand_all, is_misbehaviour, is_proof  # noqa: PLC0415
    from jasyl.ledger.confidential import is_disclosure, verify_disclosure  # noqa: PLC0415

    given = (demand_all(trusted) if trusted else None) if isinstance(trusted, list) else trusted
    content = file.read_bytes()
    if is_passport(file):
        verify_passport(file, given, language, as_json=as_json)
    elif is_misbehaviour(content):
        show_misbehaviour(content, trusted, language, as_json=as_json)
    elif is_disclosure(content):
        check = partial(verify_disclosure, content)
        disclosed = check(given) if given else by_own_policies(data / "log", check)
        ledger_sealed.show_disclosure(disclosed, language, as_json=as_json)
    elif ledger_exchange.is_exchanged(file):
        ledger_exchange.verify_exchanged(file, trusted, data, language, as_json=as_json)
    elif is_proof(content):
        _verify_proof(content, given, data, language, as_json=as_json)
    else:
        raise Refusal("ledger-file-unknown", received=file.name[:80])


def _verify_proof(content: bytes, given: "Policy | None", data: Path, language: Language, *, as_json: bool) -> None:
    from jasyl.ledger import by_own_policies, parse_proof, verify_proof  # noqa: PLC0415

    proof = parse_proof(content)
    check = partial(verify_proof, proof)
    head = check(given) if given else by_own_policies(data / "log", check)
    found = {"index": proof.index, "origin": head.origin, "size": head.size}
    if as_json:
        _print({"ok": True, "trusted": given is not None, **found, "record": proof.extra.decode(errors="replace")})
    else:
        _print(say(language, "ledger-proof-ok", **{name: str(value) for name, value in found.items()}))
        _print(proof.extra.decode(errors="replace"))


def _verify_address(url: str, trusted: "list[Verifier] | Policy", language: Language, *, as_json: bool) -> None:
    """A log of somebody else: a copy of it is fetched and checked as any copy is."""
    from jasyl.ledger import RemoteLog, verify_log  # noqa: PLC0415

    with TemporaryDirectory(prefix="jasyl-log-") as name, progress(language, as_json=as_json) as seen:
        RemoteLog(url).copy(Path(name), lambda done, total: seen.step("ledger-fetching", done, total))
        report = verify_log(Path(name), trusted)
    report.path = url
    _print(report.as_data(language) if as_json else report.text(language), error=not as_json and not report.ok)
    if not report.ok:
        raise typer.Exit(1)


def _verify_data(target: Path, language: Language, *, as_json: bool) -> "FolderReport":
    """What only a data folder has: readings under the sealed days, and the statements that were published."""
    from jasyl.monitoring import verify_folder  # noqa: PLC0415

    folder = open_folder(target)
    database = database_of(folder)
    check_reachable(database)
    database.refuse_newer()
    with progress(language, as_json=as_json) as seen:
        return verify_folder(database, folder, seen)
