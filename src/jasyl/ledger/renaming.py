"""A log that goes on under another name, after its own keys were compromised.

One step counts: keys of another name are put in force (``begin``). All else follows from it and is done by whoever
opens the log next, as often as it is cut off: the frozen head is kept, the former keys are destroyed, the policy names
the new ones (``go_on``); then, right after what waits, the first words under the new name tell where the former one
ends (``Endings``).
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import chain

import msgspec
from msgspec import UnsetType

from jasyl.quantities import canonical_json
from jasyl.storage import Database, DataFolder, write_durably
from jasyl.texts import Refusal

from . import outbox
from .checkpoint import read_checkpoint
from .event_records import Key
from .key_statements import LOG_PURPOSE, key_statement
from .keys import FROZEN, LogKeys, Ring, load_keys, log_policy, new_log_keys, past_policies, replace_policy, write_ring
from .log import Log
from .policy import Policy, own_policy
from .signing import parse_signer
from .tiles import WIDTH


class _Under(msgspec.Struct):
    log_origin: str


_UNDER = msgspec.json.Decoder(_Under)


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


class Endings:
    """Where the former names of a log end, as whoever keeps the log tells it: each after its last record.

    A name counts as former when a frozen head with the signatures of its keys is there.
    """

    def __init__(self, folder: DataFolder) -> None:
        log, present = Log(folder), log_policy(folder.log)
        past = {policy.origin: policy for policy in reversed(past_policies(folder.log))}
        past.pop(present.origin, None)
        self.folder, self.present = folder, present
        self._policies = {name: policy for name, policy in sorted(past.items()) if _is_frozen(log, policy)}
        self._ends = {name: _end_of(log, name) for name in self._policies}
        self._settled = not self._policies

    def untold(self, database: Database, first: int, entries: Sequence[bytes]) -> list[Key]:
        """What the log has to say of its former names and their keys, and of its present ones, once ``entries`` stand
        in it from ``first`` on; empty when all of it is said or waits to be.

        What was made under a former name and was on its way while that name ended, arrives after the end was told. It
        stays as its author made it, and the name is told again with a later end.
        """
        names = [_UNDER.decode(entry).log_origin for entry in entries] if self._policies else []
        late = {name: end for end, name in enumerate(names, first + 1) if name in self._ends}
        if self._settled and not late:
            return []
        self._ends |= late
        with database.reading() as connection:
            told = [one for _, one in outbox.records_of_kind(connection, "key") if isinstance(one, Key)]
        ends = {one.holder: one.former_size for one in told if not isinstance(one.former_size, UnsetType)}
        said = [self._ended(name) for name, end in self._ends.items() if ends.get(name, -1) < end]
        self._settled = not said
        known = {one.vkey for one in told}
        fresh = [key for key in self.present.own_keys if said and key.vkey not in known]
        active = [key_statement(self.folder, key, self.present.origin, LOG_PURPOSE, "active") for key in fresh]
        return [*chain(*said), *active]

    def _ended(self, name: str) -> list[Key]:
        """That the keys of a former name are revoked, and where the name ends."""
        keys = self._policies[name].own_keys
        revoked = [key_statement(self.folder, key, name, LOG_PURPOSE, "revoked") for key in keys]
        return [msgspec.structs.replace(one, schema=2, former_size=self._ends[name]) for one in revoked]


def _is_frozen(log: Log, policy: Policy) -> bool:
    for file in (log.path / FROZEN).glob("*"):
        with suppress(Refusal):
            policy.own().check(file.read_bytes())
            return True
    return False


def _end_of(log: Log, name: str) -> int:
    """The place after the last record under a name."""
    spelled = canonical_json(name)
    for block in reversed(range(-(-log.size // WIDTH))):
        entries = log.block(block)
        for place in reversed(range(len(entries))):
            if spelled in entries[place] and _UNDER.decode(entries[place]).log_origin == name:
                return block * WIDTH + place + 1
    return 0
