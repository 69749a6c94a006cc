"""``jasyl ledger credential``, ``receipt``, ``did``: records in the formats of others."""

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.storage import DataFolder, database_of, open_folder, write_durably
from jasyl.texts import Language, Refusal, say

from .ledger_place import index_of
from .options import HERE, AsJson, Data, Lang
from .passport import is_statement, passport_of
from .speech import answer, reader_language, tell_written

if TYPE_CHECKING:
    from jasyl.ledger import Policy
    from jasyl.ledger.signing import Signer, Verifier

_Found = dict[str, str | int | bool]
Did = Annotated[str | None, typer.Option("--did", help="A did:web of the issuer; else the did:key of its key.")]
Of = Annotated[str, typer.Argument(help="A statement's id, a record's id (64 hexadecimal digits) or its number.")]
Out = Annotated[Path | None, typer.Option("--out", help="A file to write.")]


def credential(
    record: Of,
    *,
    did: Did = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Name of an issuer's key (ledger keys new); else the log's own.")
    ] = None,
    out: Out = None,
    data: Data = HERE,
    lang: Lang = None,
) -> None:
    """Write a record as a W3C Verifiable Credential 2.0 (eddsa-jcs-2022) with its proof or passport as evidence."""
    from jasyl.ledger import Log, did_key, did_web_address, make_credential, name_proofs  # noqa: PLC0415

    folder = open_folder(data)
    log, signer = Log(folder), _ed25519(folder, key)
    index = index_of(folder, record)
    names: list[bytes] = []
    if is_statement(record):
        evidence = passport_of(folder, record.upper(), [])
    else:
        evidence = log.proof_file(index)
        with database_of(folder).reading() as connection:
            names = name_proofs(connection, log, log.entry(index))
    public = signer.verifier.public
    if did is not None:
        did_web_address(did)
    now = dt.datetime.now(dt.UTC)
    made = make_credential(log.entry(index), evidence, did or did_key(public), signer, public, now, names)
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_durably(out, text.encode())
        tell_written(out, len(text.encode()), reader_language(asked=lang))


def receipt(
    record: Of,
    *,
    algorithm: Annotated[str, typer.Option("--algorithm", help="Ed25519 or ML-DSA-44.")] = "Ed25519",
    out: Annotated[Path, typer.Option("--out", help="A file to write.")] = Path("receipt.cose"),
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the place of a record in the log as a COSE Receipt (RFC 9942), signed by the log."""
    from jasyl.ledger import Log, load_keys, make_receipt, parse_proof  # noqa: PLC0415
    from jasyl.ledger.checkpoint import read_checkpoint  # noqa: PLC0415

    folder = open_folder(data)
    log, index = Log(folder), index_of(folder, record)
    signers = {one.verifier.algorithm: one for one in reversed(load_keys(folder).signers)}
    if algorithm not in signers:
        raise Refusal("receipt-algorithm", received=algorithm, expected=", ".join(sorted(signers)))
    proof = parse_proof(log.proof_file(index))
    head = read_checkpoint(proof.checkpoint)
    made = make_receipt(proof, head.size, head.root, proof.extra, signers[algorithm])
    write_durably(out, made)
    shown = {"index": index, "size": head.size, "path": str(out), "bytes": len(made)}
    if as_json:
        answer(shown)
    else:
        typer.echo(say(reader_language(asked=lang), "receipt-written", **{name: str(it) for name, it in shown.items()}))


def did(
    web: Annotated[
        str | None, typer.Argument(help="A did:web; its document is printed, with where to serve it.")
    ] = None,
    *,
    key: Annotated[
        str | None, typer.Option("--key", help="Name of an issuer's key (ledger keys new); else the log's own.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
) -> None:
    """Print the did:key of the issuer, or the document that a did:web demands."""
    from jasyl.ledger import did_document, did_key, did_web_address  # noqa: PLC0415

    public = _ed25519(open_folder(data), key).verifier.public
    if web is None:
        answer({"did": did_key(public)}) if as_json else typer.echo(did_key(public))
        return
    address, document = did_web_address(web), did_document(web, [public])
    if as_json:
        answer({"address": address, "document": document})
    else:
        typer.echo(address, err=True)
        answer(document)


def is_exchanged(file: Path) -> bool:
    """Whether a file begins as a credential (JSON) or a receipt (COSE_Sign1) does."""
    with file.open("rb") as source:
        return source.read(64).lstrip()[:1] in {b"{", b"\xd2"}


def verify_exchanged(
    file: Path, trusted: "list[Verifier] | Policy", data: Path, language: Language, *, as_json: bool
) -> None:
    """Check a credential or a receipt and say what it proves; trusts the data folder's log where nothing is given."""
    content = file.read_bytes()
    found = _held(trusted, data, partial(_receipt if content[:1] == b"\xd2" else _credential, content))
    found["trusted"] = bool(trusted)
    kind = str(found.pop("kind"))
    if as_json:
        answer({"ok": True, "kind": kind, **found})
        return
    shown = {name: str(value) for name, value in found.items() if name != "record"}
    typer.echo(say(language, f"exchange-{kind}", **shown))
    if kind == "credential":
        typer.echo(say(language, "exchange-issuer", issuer=shown["issuer"]))
    if not trusted:
        typer.echo(say(language, "exchange-untrusted"))
    typer.echo(found["record"])


def _held(trusted: "list[Verifier] | Policy", data: Path, check: "Callable[[Policy | None], _Found]") -> "_Found":
    """What ``check`` gives under the keys that were named; without any under those of the data folder, if there is."""
    from jasyl.ledger import by_own_policies, demand_all  # noqa: PLC0415

    if trusted:
        return check(demand_all(trusted) if isinstance(trusted, list) else trusted)
    try:
        return by_own_policies(data / "log", check)
    except Refusal as refusal:
        if refusal.code != "log-no-policy":
            raise
        return check(None)


def _receipt(content: bytes, policy: "Policy | None") -> _Found:
    from jasyl.ledger import parse_receipt, verify_receipt  # noqa: PLC0415

    taken = parse_receipt(content)
    keys = list(policy.own_keys) if policy is not None else []
    mine = [key for key in keys if key.key_id == taken.key_id and key.name == taken.origin]
    if not mine:
        expected = ", ".join(f"{key.name} {key.key_id.hex()}" for key in keys) or "--vkey"
        raise Refusal("receipt-wrong", received=f"{taken.origin[:120]} {taken.key_id.hex()[:16]}", expected=expected)
    root = verify_receipt(taken, mine[0])
    return {
        "kind": "receipt",
        "origin": taken.origin,
        "size": taken.size,
        "index": taken.index,
        "root": root.hex(),
        "algorithm": mine[0].algorithm,
        "record": taken.entry.decode(errors="replace"),
    }


def _credential(content: bytes, policy: "Policy | None") -> _Found:
    from jasyl.ledger import check_credential, fetch_did_web  # noqa: PLC0415

    found = check_credential(content, policy, fetch_did_web)
    return {
        "kind": "credential",
        "issuer": found.issuer,
        "method": found.method,
        "evidence": found.evidence,
        "origin": found.origin,
        "size": found.size,
        "record_id": found.record_id,
        "record": found.entry.decode(),
    }


def _ed25519(folder: DataFolder, name: str | None) -> "Signer":
    """The Ed25519 key of the log, or the newest one made by ``keys new`` under ``name``."""
    from jasyl.ledger import issuer_key, load_keys  # noqa: PLC0415
    from jasyl.ledger.signing import ED25519  # noqa: PLC0415

    if name is None:
        return next(one for one in load_keys(folder).signers if one.key_type == ED25519)
    return issuer_key(folder, name, ED25519)
