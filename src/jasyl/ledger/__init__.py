"""Records, the verifiable log, keys, checkpoints, proofs."""

from .audit import Audit, Remark, audit_log, log_entries
from .calc_record import Calc, Column, InputsRoot, Method, inputs_root
from .checkpoint import Checkpoint, parse_checkpoint
from .confidential_records import Sealed, Title, names_person
from .cose_receipt import Receipt, make_receipt, parse_receipt, verify_receipt
from .credential import CheckedCredential, check_credential, make_credential
from .data_integrity import did_document, did_key, did_web_address, fetch_did_web
from .energy import CORE_WATTS, SERVER_WATTS, WITNESS_WATTS, LogEnergy, Spent, Watts, log_energy, read_spent, set_watts
from .event_records import (
    Anchor,
    Certificate,
    CheckpointSeen,
    Decision,
    Erase,
    Evidence,
    Import,
    Key,
    Supersede,
)
from .export import export_log
from .issuers import create_issuer, issuer_key, issuer_signers, rotate_issuer
from .keeper import Keeper
from .key_changes import KnownKey, finish_rotation, freeze, known_keys, new_keys, revoke, rotate
from .keys import (
    LogKeys,
    by_own_policies,
    create_keys,
    is_training,
    load_keys,
    log_origin,
    log_policy,
    policies_of_name,
)  # fmt: skip
from .log import NOTES, Log
from .measured_inputs import common_divisor, measured_amounts, measured_root
from .measured_records import Batch, Device, amount_of
from .merkle import inclusion_proof, leaf_hash, node_hash, root_of, verify_consistency, verify_inclusion
from .misbehaviour import Misbehaviour, is_misbehaviour, parse_misbehaviour, verify_misbehaviour
from .monitor import Finding, Monitor
from .name_records import name_proofs
from .note import strict_base64
from .outbox import enqueue, entries, entry, outbox_entries, position, positions, records_of_kind
from .passport_build import build_passport
from .passport_check import Findings, check_passport
from .passport_file import Passport, parse_passport
from .passport_inputs import additive_value
from .passport_trust import LEVELS, Level, Levels, weakest
from .policy import Policy, demand_all, parse_policy
from .proof import Proof, is_proof, parse_proof, verify_proof
from .record_fields import Record, Signature
from .record_signatures import (
    RecordSigner,
    day_message,
    day_signatures,
    record_message,
    record_verifier,
    sign_record,
    signature_holds,
)
from .records import AnyRecord, composed, encode_record, issued_now, parse_record, record_schema
from .remote import RemoteLog
from .report import Damage, Report
from .sealing import ReadingProof, Readings, day_root, prove_reading, reading_salt, verify_reading
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
from .wording import purpose_name

__all__ = [
    "CORE_WATTS",
    "LEVELS",
    "NOTES",
    "SERVER_WATTS",
    "WITNESS_WATTS",
    "Anchor",
    "AnyRecord",
    "Audit",
    "Batch",
    "Calc",
    "Certificate",
    "CheckedCredential",
    "Checkpoint",
    "CheckpointSeen",
    "Column",
    "Damage",
    "Decision",
    "Device",
    "Erase",
    "Evidence",
    "Finding",
    "Findings",
    "Import",
    "InputsRoot",
    "Keeper",
    "Key",
    "KnownKey",
    "Level",
    "Levels",
    "Log",
    "LogEnergy",
    "LogKeys",
    "Method",
    "Misbehaviour",
    "Monitor",
    "Passport",
    "Policy",
    "Proof",
    "ReadingProof",
    "Readings",
    "Receipt",
    "Record",
    "RecordSigner",
    "Remark",
    "RemoteLog",
    "Report",
    "Sealed",
    "Signature",
    "Signer",
    "Spent",
    "Supersede",
    "Title",
    "Verifier",
    "Watts",
    "Witness",
    "WitnessAddress",
    "WitnessKeeper",
    "WitnessStatus",
    "Witnessed",
    "additive_value",
    "amount_of",
    "ask_witnesses",
    "audit_log",
    "build_passport",
    "by_own_policies",
    "check_credential",
    "check_passport",
    "common_divisor",
    "composed",
    "consult_witnesses",
    "create_issuer",
    "create_keys",
    "create_witness",
    "day_message",
    "day_root",
    "day_signatures",
    "demand_all",
    "destroy_series_key",
    "did_document",
    "did_key",
    "did_web_address",
    "encode_record",
    "enqueue",
    "entries",
    "entry",
    "export_log",
    "fetch_did_web",
    "finish_rotation",
    "freeze",
    "inclusion_proof",
    "inputs_root",
    "is_misbehaviour",
    "is_proof",
    "is_training",
    "issued_now",
    "issuer_key",
    "issuer_signers",
    "known_keys",
    "leaf_hash",
    "load_keys",
    "log_energy",
    "log_entries",
    "log_origin",
    "log_policy",
    "make_credential",
    "make_receipt",
    "measured_amounts",
    "measured_root",
    "name_proofs",
    "names_person",
    "new_keys",
    "node_hash",
    "outbox_entries",
    "outbox_table",
    "parse_checkpoint",
    "parse_misbehaviour",
    "parse_passport",
    "parse_policy",
    "parse_proof",
    "parse_receipt",
    "parse_record",
    "parse_vkey",
    "policies_of_name",
    "position",
    "positions",
    "prove_reading",
    "purpose_name",
    "quorum_of",
    "read_spent",
    "read_statuses",
    "reading_salt",
    "record_message",
    "record_schema",
    "record_verifier",
    "records_of_kind",
    "revoke",
    "root_of",
    "rotate",
    "rotate_issuer",
    "series_key",
    "series_key_table",
    "set_watts",
    "set_witnesses",
    "sign_record",
    "signature_holds",
    "strict_base64",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
    "verify_misbehaviour",
    "verify_proof",
    "verify_reading",
    "verify_receipt",
    "weakest",
    "witness_addresses",
    "witness_line",
    "witness_state",
    "witness_verdict",
    "witnessed",
    "witnessed_size",
]
