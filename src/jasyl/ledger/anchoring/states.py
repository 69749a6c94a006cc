"""What became of an anchor: pending, confirmed, failed; what every adapter gives."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from jasyl.storage import write_durably
from jasyl.texts import Language, say

from ..checkpoint import Checkpoint

STATES = "anchors.json"
State = Literal["pending", "confirmed", "failed"]
Value = str | int | bool | None


@dataclass(frozen=True)
class Fixed:
    """How far a head is fixed: the state, the receipt as text (base64 or hexadecimal), facts about it."""

    state: State
    receipt: str
    payload: dict[str, Value] = field(default_factory=dict[str, Value])


class Adapter(Protocol):
    """One place where heads are fixed. Both raise Refusal ``outgoing-…`` or ``anchor-…`` and change nothing then."""

    def submit(self, head: Checkpoint) -> Fixed:
        """Send a head there."""
        ...

    def check(self, head: Checkpoint, held: Fixed) -> Fixed:
        """What became of one that was sent; also of a confirmed one, since chains reorganise."""
        ...


class AnchorState(msgspec.Struct, frozen=True, kw_only=True):
    """The newest anchor of one target. Times are POSIX seconds; ``error`` the code of what went wrong last;
    ``confirmed_size`` the largest head that was ever confirmed there."""

    kind: str
    origin: str
    size: int
    root: str
    state: State
    sent: float
    tried: float
    tries: int = 0
    error: str = ""
    receipt: str = ""
    payload: dict[str, Value] = msgspec.field(default_factory=dict[str, Value])
    record: str = ""
    confirmed_size: int | None = None

    def trouble(self, language: Language) -> str:
        """What went wrong last, in words; empty when nothing did."""
        return say(language, f"anchor-trouble-{self.error}") if self.error else ""

    @property
    def head(self) -> Checkpoint:
        return Checkpoint(self.origin, self.size, bytes.fromhex(self.root))

    @property
    def fixed(self) -> Fixed:
        return Fixed(self.state, self.receipt, dict(self.payload))


def read_states(log: Path) -> dict[str, AnchorState]:
    """The newest anchor of every target, by name; empty when nothing was ever anchored."""
    try:
        return msgspec.json.decode((log / STATES).read_bytes(), type=dict[str, AnchorState])
    except (OSError, msgspec.DecodeError):
        return {}


def write_states(log: Path, states: dict[str, AnchorState]) -> None:
    """Keep them, durably."""
    write_durably(log / STATES, msgspec.json.format(msgspec.json.encode(states)))
