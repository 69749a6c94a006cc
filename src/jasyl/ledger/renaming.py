"""A log that goes on under another name, after its own keys were compromised.

One step counts: keys of another name are put in force (``begin``). All else follows from it and is done by whoever
opens the log next, as often as it is cut off: the frozen head is kept, the former keys are destroyed, the policy names
the new ones (``go_on``); then, after what waits, the first words under the new name tell the former one (``untold``).
"""

from contextlib import suppress

import msgspec
from msgspec import UnsetType

from jasyl.storage import Database, DataFolder, write_durably
from jasyl.texts import Refusal

from . import outbox
from .checkpoint import read_checkpoint
from .event_records import Key
from .key_statements import LOG_PURPOSE, key_statement
from .keys import FROZEN, LogKeys, Ring, load_keys, log_policy, new_log_keys, past_policies, replace_policy, write_ring
from .log import Log
from .policy import Policy, own_policy
from .records import parse_record
from .signing import parse_signer


def begin(folder: DataFolder, origin: str) -> None:
    """Put new keys of the name ``origin`` in force."""
    _, names = new_log_keys(folder, origin)
    write_ring(folder, Ring(current=names))


def is_open(folder: DataFolder) -> bool:
    """Whether a log has keys of another name that have not signed yet: they must, before they are given up as well."""
    return load_keys(folder).origin != Log(folder).checkpoint().origin


def go_on(folder: DataFolder, keys: LogKeys) -> None:
    """Make the files of a log follow its keys, if those are of another name."""
    former, log = log_policy(folder.log), Log(folder)
    if former.origin == keys.origin:
        return
    try:
        head = log.proven_by()
    except Refusal:
        head = log.checkpoint_bytes()
    (folder.log / FROZEN).mkdir(exist_ok=True)
    write_durably(folder.log / FROZEN / str(read_checkpoint(head).size), head)
    for file in folder.keys.glob("log-*.key"):
        with suppress(Refusal):  # half a file of a key that never was in force
            if parse_signer(file.read_text(encoding="utf-8")).name == former.origin:
                file.unlink()
    replace_policy(folder.log, own_policy([signer.verifier for signer in keys.signers]))


def untold(folder: DataFolder, database: Database) -> list[Key]:
    """What the log has to say of its former names and their keys, and of its present ones; empty once it is said.

    For a log that keeps nothing waiting: a former name ends after its last record. A name counts as former when a
    frozen head with the signatures of its keys is there.
    """
    log, present = Log(folder), log_policy(folder.log)
    former = {policy.origin: policy for policy in reversed(past_policies(folder.log)) if _is_frozen(log, policy)}
    former.pop(present.origin, None)
    if not former:
        return []
    with database.reading() as connection:
        told = [one for _, one in outbox.records_of_kind(connection, "key") if isinstance(one, Key)]
    names = former.keys() - {one.holder for one in told if not isinstance(one.former_size, UnsetType)}
    said: list[Key] = []
    for name in sorted(names):
        size = _end_of(log, name)
        for key in former[name].own_keys:
            revoked = key_statement(folder, key, name, LOG_PURPOSE, "revoked")
            said.append(msgspec.structs.replace(revoked, schema=2, former_size=size))
    known = {one.vkey for one in told}
    fresh = [key for key in present.own_keys if names and key.vkey not in known]
    return [*said, *(key_statement(folder, key, present.origin, LOG_PURPOSE, "active") for key in fresh)]


def _is_frozen(log: Log, policy: Policy) -> bool:
    for file in (log.path / FROZEN).glob("*"):
        with suppress(Refusal):
            policy.own().check(file.read_bytes())
            return True
    return False


def _end_of(log: Log, name: str) -> int:
    """The place after the last record under a name."""
    places = reversed(range(log.size))
    return next((place + 1 for place in places if parse_record(log.entry(place)).log_origin == name), 0)
