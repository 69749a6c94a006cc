"""The command ``jasyl-verify``."""

import argparse
import json
import os
import sys
from pathlib import Path

from .folder import check_folder
from .notes import Policy, all_of, parse_key, parse_policy
from .passport import HEADER, LEVELS, Verdict, check_passport, check_proof
from .records import Refused


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: holds; 1: refused; 2: wrong use."""
    parser = argparse.ArgumentParser(prog="jasyl-verify", description="Check a passport, a proof or a log, offline.")
    parser.add_argument("file", type=Path, help="a passport, a .tlog-proof, or the folder of an exported log")
    parser.add_argument("--policy", type=Path, help="a trust policy (C2SP tlog-policy)")
    parser.add_argument("--vkey", action="append", default=[], help="a verifier key; all given must have signed")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    asked = parser.parse_args(arguments)
    if not asked.file.exists() or (asked.policy and not asked.policy.is_file()) or (asked.policy and asked.vkey):
        parser.error("give a file or folder that exists, and either --policy or --vkey")
    try:
        verdict = _check(asked.file, _trusted(asked.policy, asked.vkey))
    except Refused as refused:
        if asked.json:
            print(json.dumps({"ok": False, "code": refused.code, "detail": str(refused.detail)}))  # noqa: T201
        else:
            print(f"REFUSED ({refused.code}): {_REASONS.get(refused.code, '')} [{refused.detail}]", file=sys.stderr)  # noqa: T201
        return 1
    _say(json.dumps(_data(verdict)) if asked.json else "\n".join(_lines(verdict)))
    return 0


def _say(text: str) -> None:
    try:
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:  # whoever reads has enough, as ``head`` has; leaving the process must not write again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _trusted(policy: Path | None, vkeys: list[str]) -> Policy | None:
    if policy is not None:
        return parse_policy(policy.read_bytes())
    return all_of([parse_key(line.strip()) for line in vkeys]) if vkeys else None


def _check(file: Path, policy: Policy | None) -> Verdict:
    if file.is_dir():
        return check_folder(file, policy)
    data = file.read_bytes()
    return check_passport(data, policy) if data.startswith(HEADER.encode()[:15]) else check_proof(data, policy)


def _data(verdict: Verdict) -> dict[str, object]:
    head = verdict.head
    found: dict[str, object] = {
        "ok": True, "kind": verdict.kind, "trusted": verdict.trusted, "origin": head.origin, "size": head.size,
        "index": verdict.index,
    }  # fmt: skip
    if verdict.kind == "log":
        found |= {"signatures": verdict.signatures, "levels": _levels(verdict), "weakest": _weakest(verdict)}
    if verdict.kind == "passport":
        found |= {
            "signed_by": verdict.signed_by, "witnesses": verdict.witnesses, "superseded": verdict.superseded,
            "author_signatures": verdict.signatures,
            "value": verdict.statement["value"], "inputs": verdict.inputs, "shown": verdict.shown,
            "recomputed": verdict.recomputed, "committed": verdict.committed,
            "levels": _levels(verdict), "weakest": verdict.weakest,
        }  # fmt: skip
    return found


def _lines(verdict: Verdict) -> list[str]:
    head = verdict.head
    own = "keys of your choice" if verdict.trusted else "ONLY ITS OWN KEYS: give --policy or --vkey that you trust"
    log = f"log {head.origin}, {head.size} entries; {own}"
    if verdict.kind == "proof":
        return [f"HOLDS: proof, entry {verdict.index}", log]
    by_trust = ", ".join(f"{level} {count}" for level, count in _levels(verdict).items()) or "NONE"
    if verdict.kind == "log":
        return [
            f"HOLDS: log, entries {verdict.index}",
            log,
            f"signatures of authors, gateways and meters: {verdict.signatures or 'NONE'}, all hold",
            f"sealed days by trust: {by_trust}",
            f"weakest level of trust: {_weakest(verdict) or 'no sealed days'}",
        ]
    said = verdict.statement
    subject = f"{said['subject_kind']} {said['subject']}" if "subject" in said else said["facility"] or said["place"]
    how = "value recomputed from all inputs" if verdict.recomputed else "value not recomputed"
    if verdict.committed:
        how = "value is the sum of the tree of inputs; those drawn were recomputed"
    return [
        f"HOLDS: {said['indicator']}, {subject}, {said['period']}: {said['value']} {said['unit']}",
        f"statement: record {verdict.index}, method {said['method']['id']} {said['method']['version']}"
        + (", SUPERSEDED by a newer one" if verdict.superseded else "")
        + f"; signatures of authors: {verdict.signatures or 'NONE'}",
        f"inputs: {verdict.inputs}, shown {verdict.shown}; {how}",
        log,
        f"signed by {', '.join(verdict.signed_by)}; witnesses: {', '.join(verdict.witnesses) or 'NONE'}",
        f"inputs by trust: {by_trust}",
        f"weakest level of trust: {verdict.weakest}",
    ]


def _levels(verdict: Verdict) -> dict[str, int]:
    return {level: verdict.levels[level] for level in LEVELS if verdict.levels[level]}


def _weakest(verdict: Verdict) -> str | None:
    return verdict.weakest if verdict.levels else None


_REASONS = {
    "form": "not a passport, or damaged in this line",
    "keys": "keys and signatures of the checkpoint differ in number",
    "key": "not a verifier key",
    "signature": "a signature of the checkpoint does not hold",
    "policy": "a demanded signature is missing",
    "note": "not a signed note",
    "checkpoint": "not a checkpoint",
    "proof": "neither a passport nor a proof, or the proof does not show the entry in the log",
    "statement": "the log holds another record at this place",
    "record": "this record cannot be read, belongs to another log, or stands where its former name had ended",
    "changed": "this record is not the one that stands there in the log",
    "inputs": "the inputs of this record contradict each other",
    "tree": "the opened inputs do not lead to the root and sums this record states",
    "sum": "the value of this record is not the sum of its inputs",
    "sample": "inputs that the draw demands are not opened",
    "leaf": "the sealed day of this record has not the share the total gives it",
    "period": "the sealed day of this record lies outside the period",
    "device": "the sealed day of this record does not fit its meter",
    "record-signature": "a signature of this record does not hold",
    "key-order": "the key of this record was not valid at this place of the log",
    "stray": "this record does not belong to the statement",
    "log": "the records do not lead to the root of the log",
    "file": "this file of the log is missing or not what was signed",
    "missing": "this file is missing",
}
