"""What the log commits to and does not show: sealed payloads, their readers, disclosure of fields, erasure."""

from .commitment import FieldProof, commit, fields_root, prove_field, verify_field
from .disclosure import Disclosed, disclose, is_disclosure, verify_disclosure
from .erasure import Erased, erase, erasure_of, receipt, repeat_erasures, scrub
from .payloads import (
    Opened,
    SealedPayload,
    add_reader,
    keep_sealed,
    kept_ciphertext,
    open_sealed,
    read_sealed,
    readers_of,
    seal,
)
from .reader_keys import ReaderKey, ReaderSecret, new_reader, parse_reader, parse_reader_secret
from .tables import sealed_payload_table, wrapped_key_table

__all__ = [
    "Disclosed",
    "Erased",
    "FieldProof",
    "Opened",
    "ReaderKey",
    "ReaderSecret",
    "SealedPayload",
    "add_reader",
    "commit",
    "disclose",
    "erase",
    "erasure_of",
    "fields_root",
    "is_disclosure",
    "keep_sealed",
    "kept_ciphertext",
    "new_reader",
    "open_sealed",
    "parse_reader",
    "parse_reader_secret",
    "prove_field",
    "read_sealed",
    "readers_of",
    "receipt",
    "repeat_erasures",
    "scrub",
    "seal",
    "sealed_payload_table",
    "verify_disclosure",
    "verify_field",
    "wrapped_key_table",
]
