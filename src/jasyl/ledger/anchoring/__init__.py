"""Anchors: the head of the log fixed elsewhere, by adapters that never stand in logging's way."""

from .keeper import AnchorKeeper, anchor_now
from .settings import KINDS, AnchorTarget, adapter_of, read_targets, remove_target, transactions_a_day, write_target
from .states import AnchorState, Fixed, read_states

__all__ = [
    "KINDS",
    "AnchorKeeper",
    "AnchorState",
    "AnchorTarget",
    "Fixed",
    "adapter_of",
    "anchor_now",
    "read_states",
    "read_targets",
    "remove_target",
    "transactions_a_day",
    "write_target",
]
