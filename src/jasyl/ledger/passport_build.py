"""Making a passport: the records a statement rests on, brought together from outbox and log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from msgspec import UnsetType

from jasyl.texts import Refusal

from . import outbox
from .calc_record import Calc, InputsRoot
from .checkpoint import Checkpoint, parse_checkpoint
from .event_records import Key, Supersede
from .log import Log
from .measured_inputs import measured_tree
from .measured_records import Batch
from .name_records import name_records
from .note import Note, parse_note
from .passport_file import MAX_PASSPORT, WANTED_SIZE, Passport, TreeLeaf, TreeOpening
from .passport_inputs import SAMPLES
from .proof import Proof
from .record_fields import Record
from .records import encode_record, parse_record
from .signing import COSIGNATURES, ED25519
from .sum_tree import challenges

# Gives the ids of a calc record's inputs in order, where the record has only their root.
InputsOf = Callable[[Calc], Sequence[str]]


def build_passport(
    connection: sa.Connection, log: Log, record_id: str, inputs_of: InputsOf, show: Sequence[str] = ()
) -> bytes:
    """The passport of the calc record ``record_id``, from the published checkpoint.

    Listed inputs are shown as far as 64 KiB allow, not counting the signatures of statements among them; of a sum tree
    the leaves that the challenges fall on, and those whose record ids stand in ``show``. Raises Refusal
    ``log-unknown-record``, ``passport-waiting`` (a record waits for the next checkpoint), ``passport-not-calc``,
    ``passport-no-input`` (an id in ``show`` is no input).
    """
    wanted = 512
    while True:
        builder = _Builder(connection, log, inputs_of, show, wanted)
        made = builder.build(record_id)
        if len(made) <= min(WANTED_SIZE + builder.signed, MAX_PASSPORT) or wanted <= 1:
            return made
        wanted = min(wanted, 64) * 3 // 4


@dataclass
class _Builder:
    connection: sa.Connection
    log: Log
    inputs_of: InputsOf
    show: Sequence[str]
    wanted: int
    signed: int = 0
    records: dict[str, bytes] = field(default_factory=dict[str, bytes])
    trees: dict[str, tuple[dict[int, tuple[str, tuple[int, ...]]], list[tuple[bytes, tuple[int, ...]]]]] = field(
        default_factory=dict[str, tuple[dict[int, tuple[str, tuple[int, ...]]], list[tuple[bytes, tuple[int, ...]]]]]
    )

    def build(self, record_id: str) -> bytes:
        note, keys = _signed_by_known(self.log)
        head = parse_checkpoint(note.text)
        self._add_calc(record_id, head)
        self._add_superseding(record_id)
        names = {parse_record(entry).log_origin for entry in self.records.values()}
        self.records |= name_records(self.connection, names, head)
        places = outbox.positions(self.connection, list(self.records))
        waiting = [each for each in self.records if places.get(each, head.size) >= head.size]
        if waiting:
            raise Refusal("passport-waiting", received=waiting[0])
        indices = sorted(places.values())
        statement = places[record_id]
        proof = Proof(statement, tuple(self.log.inclusion(statement, head.size)), note.encode())
        trees = [
            TreeOpening(
                places[calc],
                tuple(TreeLeaf(place, places[leaf], sums) for place, (leaf, sums) in sorted(leaves.items())),
                tuple(nodes),
            )
            for calc, (leaves, nodes) in self.trees.items()
        ]
        by_index = {places[identity]: entry for identity, entry in self.records.items()}
        passport = Passport(
            tuple(keys),
            {index: by_index[index] for index in indices},
            tuple(self.log.inclusion_of_many(indices, head.size)),
            tuple(sorted(trees, key=lambda tree: tree.record)),
            proof,
        )
        return passport.encode()

    def _take(self, identity: str) -> Record | None:
        """The record of an id, which goes into the passport with its keys; None when the outbox does not know it."""
        entry = outbox.entry(self.connection, identity)
        if entry is None:
            return None
        known = identity in self.records
        self.records[identity] = entry
        record = parse_record(entry)
        if not known:
            sigs = [] if isinstance(record.sigs, UnsetType) else list(record.sigs)
            if isinstance(record, Batch) and not isinstance(record.day_sigs, UnsetType):
                sigs += record.day_sigs
            for each in sigs:
                self._take_key(each.key)
        if isinstance(record, Batch) and not isinstance(record.device, UnsetType):
            self._take(record.device)
        return record

    def _take_key(self, identity: str) -> None:
        key = self._take(identity)
        if isinstance(key, Key):
            for other, found in outbox.records_of_kind(self.connection, "key"):
                if isinstance(found, Key) and found.vkey == key.vkey:
                    self.records[other] = encode_record(found)

    def _add_calc(self, identity: str, head: Checkpoint) -> None:
        calc = self._take(identity)
        if calc is None:
            raise Refusal("log-unknown-record", received=identity)
        if not isinstance(calc, Calc):
            raise Refusal("passport-not-calc", received=calc.kind)
        if isinstance(calc.inputs, InputsRoot):
            if not isinstance(calc.inputs.columns, UnsetType):
                self._open_tree(identity, calc, head)
            return
        shown = [each for each in calc.inputs if each in self.show]
        for each in [*shown, *calc.inputs][: self.wanted + len(shown)]:
            entry = outbox.entry(self.connection, each)
            record = None if entry is None else parse_record(entry)
            if isinstance(record, Calc):
                self.signed += 0 if isinstance(record.sigs, UnsetType) else sum(len(one.sig) for one in record.sigs)
                self._add_calc(each, head)
            elif record is not None:
                self._take(each)

    def _open_tree(self, identity: str, calc: Calc, head: Checkpoint) -> None:
        assert isinstance(calc.divisor, str)
        ids = list(self.inputs_of(calc))
        tree, sums = measured_tree(self.connection, ids, int(calc.divisor))
        missing = [each for each in self.show if each not in ids]
        if missing:
            raise Refusal("passport-no-input", received=missing[0])
        places = {ids.index(each) for each in self.show}
        if len(ids) <= SAMPLES:
            places |= set(range(len(ids)))
        else:
            drawn = challenges(bytes.fromhex(identity), head.root, tree.root, SAMPLES)
            places |= {tree.place_of(each) for each in drawn}
        for place in sorted(places):
            self._take(ids[place])
        leaves = {place: (ids[place], sums[place]) for place in sorted(places)}
        self.trees[identity] = leaves, [(node.hash, node.sums) for node in tree.open(sorted(places))]

    def _add_superseding(self, record_id: str) -> None:
        for identity, found in outbox.records_of_kind(self.connection, "supersede"):
            if isinstance(found, Supersede) and found.superseded == record_id:
                self.records[identity] = encode_record(found)


def _signed_by_known(log: Log) -> tuple[Note, list[str]]:
    """The checkpoint with the signatures of keys that the log's policy knows, and these keys as lines."""
    note = parse_note(log.checkpoint_bytes())
    types = {ED25519, *COSIGNATURES}
    known = {(key.name, key.key_id): key for key in log.policy.verifiers if key.key_type in types}
    lines = tuple(line for line in note.signatures if (line.name, line.key_id) in known)
    return Note(note.text, lines), [known[line.name, line.key_id].vkey for line in lines]
