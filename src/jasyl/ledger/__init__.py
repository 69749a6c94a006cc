"""Records, the verifiable log, keys, checkpoints, proofs."""

from .checkpoint import Checkpoint, parse_checkpoint
from .export import export_log
from .keeper import Keeper
from .keys import LogKeys, create_keys, load_keys, log_origin, log_policy
from .log import NOTES, Log
from .merkle import inclusion_proof, leaf_hash, node_hash, root_of, verify_consistency, verify_inclusion
from .misbehaviour import Misbehaviour, is_misbehaviour, parse_misbehaviour, verify_misbehaviour
from .monitor import Finding, Monitor
from .outbox import enqueue, entry, position
from .policy import Policy, demand_all, parse_policy
from .proof import Proof, parse_proof, verify_proof
from .records import (
    AnyRecord,
    Batch,
    Calc,
    Import,
    InputsRoot,
    Key,
    Method,
    Record,
    Supersede,
    encode_record,
    inputs_root,
    issued_now,
    parse_record,
)
from .remote import RemoteLog
from .report import Damage, Report
from .sealing import ReadingProof, Readings, day_root, prove_reading, verify_reading
from .series_keys import destroy_series_key, series_key
from .signing import Signer, Verifier, parse_vkey
from .tables import outbox_table, series_key_table
from .verify import verify_log
from .witness import Witness, create_witness
from .witness_words import Witnessed, witness_line, witness_state, witness_verdict, witnessed
from .witnessing import (
    WitnessAddress,
    WitnessKeeper,
    WitnessStatus,
    ask_witnesses,
    consult_witnesses,
    quorum_of,
    read_statuses,
    set_witnesses,
    witness_addresses,
    witnessed_size,
)

__all__ = [
    "NOTES",
    "AnyRecord",
    "Batch",
    "Calc",
    "Checkpoint",
    "Damage",
    "Finding",
    "Import",
    "InputsRoot",
    "Keeper",
    "Key",
    "Log",
    "LogKeys",
    "Method",
    "Misbehaviour",
    "Monitor",
    "Policy",
    "Proof",
    "ReadingProof",
    "Readings",
    "Record",
    "RemoteLog",
    "Report",
    "Signer",
    "Supersede",
    "Verifier",
    "Witness",
    "WitnessAddress",
    "WitnessKeeper",
    "WitnessStatus",
    "Witnessed",
    "ask_witnesses",
    "consult_witnesses",
    "create_keys",
    "create_witness",
    "day_root",
    "demand_all",
    "destroy_series_key",
    "encode_record",
    "enqueue",
    "entry",
    "export_log",
    "inclusion_proof",
    "inputs_root",
    "is_misbehaviour",
    "issued_now",
    "leaf_hash",
    "load_keys",
    "log_origin",
    "log_policy",
    "node_hash",
    "outbox_table",
    "parse_checkpoint",
    "parse_misbehaviour",
    "parse_policy",
    "parse_proof",
    "parse_record",
    "parse_vkey",
    "position",
    "prove_reading",
    "quorum_of",
    "read_statuses",
    "root_of",
    "series_key",
    "series_key_table",
    "set_witnesses",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
    "verify_misbehaviour",
    "verify_proof",
    "verify_reading",
    "witness_addresses",
    "witness_line",
    "witness_state",
    "witness_verdict",
    "witnessed",
    "witnessed_size",
]
