"""The check of a passport, step by step: file, signatures, place in the log, records, inputs, levels of trust."""

from dataclasses import dataclass, field
from decimal import Context, Decimal
from hashlib import sha256
from typing import Any

from msgspec import UnsetType

from jasyl.quantities import written_unit
from jasyl.texts import Language, Refusal, say, write_given, write_number

from .calc_record import Calc
from .checkpoint import Checkpoint, parse_checkpoint
from .event_records import Key, Supersede
from .log_names import former_names
from .measured_records import Batch, Device
from .merkle import leaf_hash, verify_inclusion
from .multiproof import root_of_many
from .note import parse_note
from .passport_file import Passport, parse_passport
from .passport_inputs import Inputs, check_inputs
from .passport_trust import LEVELS, Level, Shown, verify_author, weakest
from .policy import Policy
from .records import AnyRecord, parse_record
from .signing import COSIGNATURES, ED25519, Verifier, parse_vkey
from .wording import number_kind_name, purpose_name

_EXACT = Context(prec=120)  # a sum has at most 80 digits


@dataclass
class Findings:
    """What a passport proves. ``trusted``: a policy from outside was met; the file's own keys show only that it
    agrees with itself. ``signed_by`` are keys of the log, ``witnesses`` of others.
    """

    trusted: bool
    head: Checkpoint
    signed_by: list[str]
    witnesses: list[str]
    index: int
    record_id: str
    statement: Calc
    superseded: bool
    signatures: int
    inputs: Inputs
    records: list[tuple[int, AnyRecord]] = field(default_factory=list[tuple[int, AnyRecord]])

    @property
    def weakest(self) -> Level:
        """The weakest level of trust among the statement's inputs."""
        return weakest(self.inputs.levels)

    def lines(self, language: Language) -> list[str]:
        """What was checked, from the number down to the witnesses, and at last the weakest level."""
        calc, head, found = self.statement, self.head, self.inputs
        lines = [say(language, "passport-ok")]
        value = _amount(None if calc.value is None else Decimal(calc.value), calc.unit, language)
        kind = number_kind_name(calc.number_kind, language)
        lines.append(
            say(language, "passport-statement", indicator=calc.indicator, subject=" ".join(calc.about),
                period=calc.period, value=value, kind=kind, index=str(self.index), record=self.record_id)
        )  # fmt: skip
        if self.superseded:
            lines.append(say(language, "passport-superseded"))
        lines.append(say(language, "passport-method", method=f"{calc.method.id} {calc.method.version}"))
        lines.append(say(language, "passport-inputs", count=found.count, shown=found.shown))
        if found.recomputed:
            lines.append(say(language, "passport-recomputed"))
        if found.committed:
            lines.append(say(language, "passport-committed", sampled=found.sampled))
        lines += [text for index, record in self.records if (text := _said(language, index, record))]
        lines.append(say(language, "passport-signatures", count=self.signatures))
        lines.append(say(language, "passport-log", origin=head.origin, size=head.size, keys=", ".join(self.signed_by)))
        seen = ", ".join(self.witnesses)
        lines.append(say(language, "passport-witnesses", names=seen) if seen else say(language, "passport-unwitnessed"))
        lines.append(say(language, "passport-trusted" if self.trusted else "passport-own-keys"))
        counts = "; ".join(
            f"{say(language, f'trust-{level}')} — {write_number(language, found.levels[level])}"
            for level in LEVELS
            if found.levels[level]
        )
        lines.append(say(language, "passport-levels", levels=counts or "—"))
        lines.append(say(language, "passport-weakest", level=say(language, f"trust-{self.weakest}")))
        return lines

    def as_data(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "ok": True,
            "trusted": self.trusted,
            "origin": self.head.origin,
            "size": self.head.size,
            "root": self.head.root.hex(),
            "signed_by": self.signed_by,
            "witnesses": self.witnesses,
            "index": self.index,
            "record_id": self.record_id,
            "statement": {
                "indicator": self.statement.indicator,
                "subject": list(self.statement.about),
                "period": self.statement.period,
                "unit": self.statement.unit,
                "value": self.statement.value,
                "kind": self.statement.number_kind,
                "method": f"{self.statement.method.id} {self.statement.method.version}",
            },
            "superseded": self.superseded,
            "author_signatures": self.signatures,
            "inputs": self.inputs.count,
            "shown": self.inputs.shown,
            "recomputed": self.inputs.recomputed,
            "committed": self.inputs.committed,
            "sampled": self.inputs.sampled,
            "levels": {level: self.inputs.levels[level] for level in LEVELS if self.inputs.levels[level]},
            "weakest": self.weakest,
            "chain": [{"index": index, "type": record.kind} for index, record in self.records],
        }


def check_passport(data: bytes, policy: Policy | None = None) -> Findings:
    """What the passport in ``data`` proves, checked offline. Without ``policy`` its own keys are used.

    Raises Refusal ``passport-…`` (with the line of the file or the log index of the record at fault), ``proof-…``,
    ``note-…``, ``checkpoint-…``: the first thing that does not hold.
    """
    passport = parse_passport(data)
    checkpoint, keys = _check_keys(passport)
    if policy is not None:
        policy.check(passport.proof.checkpoint)
    ids = {index: sha256(entry).hexdigest() for index, entry in passport.records.items()}
    statement_index = passport.proof.index
    entry = passport.records.get(statement_index)
    if entry is None or not verify_inclusion(
        leaf_hash(entry), statement_index, checkpoint.size, passport.proof.path, checkpoint.root
    ):
        raise Refusal("passport-statement", received=statement_index)
    records = {index: _record(index, entry) for index, entry in passport.records.items()}
    former = former_names(records, checkpoint)
    statement = records[statement_index]
    if not isinstance(statement, Calc):
        raise Refusal("passport-statement", received=statement_index)
    whole = _leads_to_root(passport, checkpoint)
    if not whole:
        _refuse_unnamed(passport, records, ids)
    shown = Shown(passport, records, ids)
    shown.reached.add(statement_index)
    shown.reached |= {former[name].record for record in records.values() if (name := record.log_origin) in former}
    found = Inputs()
    check_inputs(shown, statement, ids[statement_index], checkpoint.root, found)
    signatures = sum(verify_author(shown, record, index) for index, record in records.items())
    superseded = _superseded(shown, ids[statement_index])
    _check_reached(shown)
    if not whole:
        raise Refusal("passport-log", received=checkpoint.size)
    return Findings(
        trusted=policy is not None,
        head=checkpoint,
        signed_by=[f"{key.name} ({key.algorithm})" for key in keys if key.name == checkpoint.origin],
        witnesses=[f"{key.name} ({key.algorithm})" for key in keys if key.name != checkpoint.origin],
        index=statement_index,
        record_id=ids[statement_index],
        statement=statement,
        superseded=superseded,
        signatures=signatures,
        inputs=found,
        records=sorted(records.items()),
    )


def _check_keys(passport: Passport) -> tuple[Checkpoint, list[Verifier]]:
    """Every signature line has its key in the passport and verifies; one is of the log itself."""
    note = parse_note(passport.proof.checkpoint)
    checkpoint = parse_checkpoint(note.text)
    keys = [parse_vkey(line) for line in passport.keys]
    # A key has one spelling: parse_vkey, which reads what people paste, forgives blanks around it.
    unfit = any(key.key_type not in {ED25519, *COSIGNATURES} for key in keys)
    unfit = unfit or any(key.vkey != line for key, line in zip(keys, passport.keys, strict=True))
    if unfit or len(keys) != len(note.signatures) or len({key.public for key in keys}) != len(keys):
        raise Refusal("passport-keys", received=len(keys), expected=len(note.signatures))
    for key, line in zip(keys, note.signatures, strict=True):
        if (key.name, key.key_id) != (line.name, line.key_id) or not key.verify(note.text, line.blob):
            raise Refusal("note-bad-signature", received=line.name)
    if not any(key.name == checkpoint.origin and key.key_type == ED25519 for key in keys):
        raise Refusal("checkpoint-signature-missing", expected=checkpoint.origin)
    return checkpoint, keys


def _record(index: int, entry: bytes) -> AnyRecord:
    try:
        return parse_record(entry)
    except Refusal:
        raise Refusal("passport-record", received=index) from None


def _superseded(shown: Shown, statement_id: str) -> bool:
    found = False
    for index, record in shown.records.items():
        if isinstance(record, Supersede) and record.superseded == statement_id:
            shown.reached.add(index)
            found = True
    return found


def _check_reached(shown: Shown) -> None:
    """Nothing stands in a passport that does not belong to its statement."""
    stray = shown.records.keys() - shown.reached
    if stray or any(tree.record not in shown.reached for tree in shown.passport.trees):
        raise Refusal("passport-stray", received=min(stray, default=shown.passport.proof.index))


def _leads_to_root(passport: Passport, checkpoint: Checkpoint) -> bool:
    leaves = {index: leaf_hash(entry) for index, entry in passport.records.items()}
    return root_of_many(leaves, checkpoint.size, passport.nodes) == checkpoint.root


def _refuse_unnamed(passport: Passport, records: dict[int, AnyRecord], ids: dict[int, str]) -> None:
    """Of records that do not lead to the root, name the one to which no other leads: its hash changed with it.

    Else the checks to come would name the record that misses it. Days that a tree opens are named by their place.
    """
    entries = b"\n".join(passport.records.values())
    placed = {passport.proof.index, *(leaf.record for tree in passport.trees for leaf in tree.leaves)}
    for index, record in records.items():
        points = isinstance(record, Supersede) or (isinstance(record, Key) and record.status != "active")
        if index not in placed and not points and ids[index].encode() not in entries:
            raise Refusal("passport-changed", received=index)


def _amount(value: Decimal | None, unit: str, language: Language) -> str:
    """A number as the record has it, to its last digit, with its unit."""
    return f"{write_given(language, value)} {written_unit(unit, language)}".strip()


def _said(language: Language, index: int, record: AnyRecord) -> str | None:
    """One line of the chain for the records below the statement."""
    if isinstance(record, Batch):
        level = say(language, f"trust-{record.trust}")
        total = _amount(Decimal(record.sum).scaleb(record.scale, _EXACT), record.unit, language)
        return say(
            language, "passport-batch", index=str(index), series=record.series, count=record.count, sum=total,
            root=record.root[:16], level=level,
        )  # fmt: skip
    if isinstance(record, Device):
        facility = record.facility or "—"
        return say(language, "passport-device", index=str(index), series=record.series, facility=facility,
                   quantity=record.quantity)  # fmt: skip
    if isinstance(record, Key) and not isinstance(record.former_size, UnsetType):
        size = str(record.former_size)
        return say(language, "passport-former", index=str(index), name=record.holder, size=size)
    if isinstance(record, Key):
        return say(language, "passport-key", index=str(index), holder=record.holder,
                   purpose=purpose_name(record.purpose, language))  # fmt: skip
    return None
