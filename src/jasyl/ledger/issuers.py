"""The keys with which an installation signs the statements it publishes: Ed25519 and ML-DSA-65, told in the log."""

import sqlalchemy as sa

from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .event_records import Key
from .key_changes import key_file, known_keys, new_keys, tell_retired
from .keys import log_origin
from .log import Log
from .outbox import records_of_kind
from .record_signatures import RecordSigner
from .signing import Signer, Verifier, parse_signer

ISSUER = "issuer"


def create_issuer(folder: DataFolder, database: Database) -> list[Signer]:
    """The first keys of an installation for its statements, named after its log."""
    origin = log_origin(folder)
    return new_keys(folder, database, f"{origin}/{ISSUER}", holder=origin, purpose=ISSUER)


def issuer_signers(connection: sa.Connection, folder: DataFolder) -> tuple[RecordSigner, ...]:
    """What signs a statement now: of each algorithm the key told last, of those whose secret part lies in ``keys/``.

    Empty where the folder holds no key that the log tells as active: statements then stand unsigned.
    """
    held = {signer.verifier.vkey: signer for signer in _held(folder)}
    told: dict[str, tuple[str, Key]] = {}
    for record_id, record in records_of_kind(connection, "key"):
        if isinstance(record, Key) and record.purpose == ISSUER and record.vkey in held:
            told[record.vkey] = record_id, record
    newest: dict[int, RecordSigner] = {}
    for vkey, (record_id, record) in told.items():
        if record.status == "active":
            newest[held[vkey].key_type] = RecordSigner(held[vkey], record_id)
    return tuple(newest[key_type] for key_type in sorted(newest))


def rotate_issuer(folder: DataFolder, database: Database, name: str) -> list[Verifier]:
    """New keys for the issuer ``name``; the former ones are told as retired and destroyed. Gives the new ones.

    What the former ones signed stays good: its records stand before. Raises Refusal ``issuer-unknown``.
    """
    former = [one for one in _held(folder) if one.name == name]
    told = {one.verifier.vkey: one for one in known_keys(Log(folder)) if one.status == "active"}
    active = [told[one.verifier.vkey] for one in former if one.verifier.vkey in told]
    if not active:
        raise Refusal("issuer-unknown", received=name[:120], expected=", ".join(_names(folder)) or "—")
    fresh = new_keys(folder, database, name, holder=active[0].holder, purpose=ISSUER)
    tell_retired(folder, database, active)
    for one in former:
        key_file(folder, ISSUER, one).unlink(missing_ok=True)
    return [one.verifier for one in fresh]


def issuer_key(folder: DataFolder, name: str, key_type: int) -> Signer:
    """The newest key of one algorithm that ``keys new`` made under ``name``. Raises Refusal ``issuer-unknown``."""
    for one in _held(folder):
        if one.name == name and one.key_type == key_type:
            return one
    raise Refusal("issuer-unknown", received=name[:120], expected=", ".join(_names(folder)) or "—")


def _held(folder: DataFolder) -> list[Signer]:
    files = sorted(folder.keys.glob(f"{ISSUER}-*.key"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [parse_signer(file.read_text(encoding="utf-8")) for file in files]


def _names(folder: DataFolder) -> list[str]:
    return list(dict.fromkeys(one.name for one in _held(folder)))
