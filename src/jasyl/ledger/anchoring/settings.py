"""Where heads are anchored: the operator's settings, in ``keys/anchors.json`` because addresses can hold passwords."""

import os
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from ..note import valid_name
from .evm import Evm
from .opentimestamps import OpenTimestamps
from .states import Adapter
from .timestamping import TimeStamping

Kind = Literal["evm", "opentimestamps", "rfc3161"]
KINDS: tuple[Kind, ...] = ("evm", "opentimestamps", "rfc3161")
SETTINGS = "anchors.json"
DAY = 86_400


class AnchorTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One place: its kind, addresses, seconds between anchors; what only some kinds have.

    ``roots``: PEM of trusted authorities (rfc3161). ``explorer``: an Esplora interface (opentimestamps). ``chain``,
    ``contract``, ``depth``, ``gas_price_limit`` (wei): evm.
    """

    name: str
    kind: Kind
    urls: tuple[str, ...]
    interval: int = DAY
    roots: str = ""
    explorer: str = ""
    chain: int = 0
    contract: str = ""
    depth: int = 12
    gas_price_limit: int = 200_000_000_000

    @property
    def host(self) -> str:
        """What may be shown of its address."""
        return ", ".join(urlsplit(url).hostname or "?" for url in self.urls)


def read_targets(folder: DataFolder) -> list[AnchorTarget]:
    """The targets of a data folder. Raises Refusal ``anchor-settings`` when the file cannot be read."""
    try:
        return msgspec.json.decode((folder.keys / SETTINGS).read_bytes(), type=list[AnchorTarget])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise Refusal("anchor-settings", received=str(error)[:120]) from error


def write_target(folder: DataFolder, target: AnchorTarget) -> None:
    """Add a target, or replace the one of its name. Raises Refusal ``anchor-settings``."""
    schemes = all(urlsplit(url).scheme in {"http", "https"} for url in target.urls)
    if not valid_name(target.name) or len(target.name) > 60 or not target.urls or not schemes or target.interval < 60:
        raise Refusal("anchor-settings", received=target.name[:60])
    others = [one for one in read_targets(folder) if one.name != target.name]
    _write(folder, [*others, target])


def remove_target(folder: DataFolder, name: str) -> None:
    """Anchor there no more. Raises Refusal ``anchor-unknown``."""
    targets = read_targets(folder)
    left = [one for one in targets if one.name != name]
    if len(left) == len(targets):
        raise Refusal("anchor-unknown", received=name, expected=", ".join(one.name for one in targets) or "—")
    _write(folder, left)


def transactions_a_day(folder: DataFolder) -> float:
    """How many transactions the settings send to chains in a day."""
    return sum(DAY / one.interval for one in read_targets(folder) if one.kind == "evm")


def _write(folder: DataFolder, targets: list[AnchorTarget]) -> None:
    file = folder.keys / SETTINGS
    write_durably(file, msgspec.json.format(msgspec.json.encode(targets)))
    file.chmod(0o600)


def account_file(name: str) -> str:
    """The file in ``keys/`` that holds the account's key of an EVM target, 64 hexadecimal digits."""
    return f"anchor-{name.replace('/', '-')}.key"


def adapter_of(folder: DataFolder, target: AnchorTarget) -> Adapter:
    """The adapter of a target. Raises Refusal ``anchor-account`` when an EVM target's key cannot be read."""
    if target.kind == "rfc3161":
        return TimeStamping(target.urls[0], target.roots.encode())
    if target.kind == "opentimestamps":
        return OpenTimestamps(target.urls, target.explorer)
    file = folder.keys / account_file(target.name)
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip().removeprefix("0x"))
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise Refusal("anchor-account", received=str(file))
    return Evm(target.urls, target.chain, target.contract, key, target.depth, target.gas_price_limit)


def new_account(folder: DataFolder, name: str) -> None:
    """A fresh key for an EVM target, unless there is one."""
    from ..secrets import write_secret  # noqa: PLC0415

    file = folder.keys / account_file(name)
    if not file.exists():
        write_secret(file, os.urandom(32).hex() + "\n")
