"""Changes of keys, each told in the log by ``key`` records: new ones, rotation with overlap, revocation, a new name.

A signature counts by the order of the log: if its record stands before the record that revokes the key. During a
rotation the former and the new keys of the log both sign, so that whoever holds either policy can go on checking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from . import renaming
from .keeper import Keeper
from .key_statements import LOG_PURPOSE, Status, key_statement
from .keys import (
    Ring,
    load_keys,
    log_policy,
    new_log_keys,
    read_ring,
    replace_policy,
    unique_origin,
    write_ring,
)
from .log import Log
from .outbox import enqueue
from .policy import own_policy, witnessed_policy
from .records import Key, parse_record
from .secrets import write_secret
from .signing import ED25519, ML_DSA_65, Signer, Verifier, new_signer, parse_vkey
from .witnessing import quorum_of, witness_addresses

PURPOSES = ("issuer", "gateway", "device", "auditor")


@dataclass(frozen=True)
class KnownKey:
    """A key as the log tells it: the newest statement about it, and where that stands."""

    verifier: Verifier
    holder: str
    purpose: str
    status: Status
    index: int


def known_keys(log: Log) -> list[KnownKey]:
    """Every key the log speaks of with its newest status, in the order of their first mention; reads every entry."""
    found: dict[str, KnownKey] = {}
    for index in range(log.size):
        entry = log.entry(index)
        if b'"type":"key"' not in entry:
            continue
        record = parse_record(entry)
        if isinstance(record, Key):
            known = KnownKey(parse_vkey(record.vkey), record.holder, record.purpose, record.status, index)
            found[record.vkey] = known
    return list(found.values())


def new_keys(folder: DataFolder, database: Database, name: str, *, holder: str, purpose: str) -> list[Signer]:
    """An Ed25519 and an ML-DSA-65 key for an issuer, gateway, device or auditor; told in the log, kept in ``keys/``.

    Raises Refusal ``vkey-name``, ``key-purpose``, ``log-keys-exist``.
    """
    if purpose not in PURPOSES:
        raise Refusal("key-purpose", received=purpose, expected=", ".join(PURPOSES))
    signers = [new_signer(name, ED25519), new_signer(name, ML_DSA_65)]
    for signer in signers:
        write_secret(key_file(folder, purpose, signer), signer.encode() + "\n")
    _tell(folder, database, [key_statement(folder, one.verifier, holder, purpose, "active") for one in signers])
    return signers


def key_file(folder: DataFolder, purpose: str, signer: Signer) -> Path:
    """Where the secret part of a key of an issuer, gateway, device or auditor lies."""
    return folder.keys / f"{purpose}-{signer.verifier.algorithm.lower()}-{signer.key_id.hex()}.key"


def tell_retired(folder: DataFolder, database: Database, former: Sequence[KnownKey]) -> None:
    """Say in the log that keys sign no more; what they signed before stays good."""
    _tell(folder, database, [key_statement(folder, one.verifier, one.holder, one.purpose, "retired") for one in former])


def rotate(folder: DataFolder, database: Database) -> list[Verifier]:
    """New keys for the log: they sign from now on, the former ones beside them until ``finish_rotation``.

    Gives the new keys. Interrupted, it is taken up again. Raises Refusal ``rotation-open`` when a rotation that is
    complete has not been finished.
    """
    origin, policy = log_policy(folder.log).origin, log_policy(folder.log)
    ring = read_ring(folder)
    if ring.previous and {key.public for key in policy.own_keys} == _publics(folder, ring.current):
        raise Refusal("rotation-open", received=origin)
    if not ring.previous:
        _, names = new_log_keys(folder, origin)
        ring = Ring(current=names, previous=ring.current)
        write_ring(folder, ring)
    fresh = [signer.verifier for signer in load_keys(folder).signers[: len(ring.current)]]
    by = policy.own_keys[0].key_id.hex()
    _tell(folder, database, [key_statement(folder, key, origin, LOG_PURPOSE, "active", by) for key in fresh])
    witnesses = {one.name: (one.url, one.keys) for one in witness_addresses(policy)}
    replace_policy(folder.log, witnessed_policy(own_policy(fresh), witnesses, quorum_of(policy)))
    return fresh


def finish_rotation(folder: DataFolder, database: Database) -> list[Verifier]:
    """The former keys sign no more and are destroyed; gives them. Raises Refusal ``rotation-none``."""
    ring, origin = read_ring(folder), log_policy(folder.log).origin
    if not ring.previous:
        raise Refusal("rotation-none", received=origin)
    former = [signer.verifier for signer in load_keys(folder).signers[len(ring.current) :]]
    _tell(folder, database, [key_statement(folder, key, origin, LOG_PURPOSE, "retired") for key in former])
    write_ring(folder, Ring(current=ring.current))
    for name in ring.previous:
        (folder.keys / name).unlink(missing_ok=True)
    return former


def revoke(folder: DataFolder, database: Database, key_id: str) -> KnownKey:
    """Declare a key of an issuer, gateway, device or auditor invalid from this place of the log on.

    Raises Refusal ``key-unknown``; ``key-of-log`` for the log's own keys: see ``freeze``.
    """
    if key_id in {key.key_id.hex() for key in log_policy(folder.log).own_keys}:
        raise Refusal("key-of-log", received=key_id)
    known = [one for one in known_keys(Log(folder)) if one.verifier.key_id.hex() == key_id and one.status == "active"]
    if not known:
        raise Refusal("key-unknown", received=key_id)
    one = known[0]
    _tell(folder, database, [key_statement(folder, one.verifier, one.holder, one.purpose, "revoked")])
    return one


def freeze(folder: DataFolder, database: Database, origin: str | None = None) -> str:
    """The log's own keys are compromised: freeze it at its last (witnessed) head, go on under a new name and new keys.

    The tree goes on, so every place and proof of the frozen part stays; the frozen head is kept and served. What waits
    under the former name is logged, then the first words under the new one are the revocation of the former keys, each
    with the place before which records of the former name stand. Cut off, it is finished by whoever keeps the log next.
    Gives the new name: that of a renaming which was cut off before it signed, even when asked for another.
    Raises Refusal ``log-missing`` before anything was logged.
    """
    with Keeper(folder, database) as keeper:  # nobody signs in between
        if not renaming.is_open(folder):
            renaming.begin(folder, origin or unique_origin(folder))
        keeper.drain()
    return log_policy(folder.log).origin


def _publics(folder: DataFolder, names: tuple[str, ...]) -> set[bytes]:
    return {signer.verifier.public for signer in load_keys(folder).signers[: len(names)]}


def _tell(folder: DataFolder, database: Database, statements: list[Key]) -> None:
    with database.writing(visible=False) as connection:
        for statement in statements:
            enqueue(connection, statement)
    with Keeper(folder, database) as keeper:
        keeper.drain()
