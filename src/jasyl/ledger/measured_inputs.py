"""Sealed days as the inputs of an additive figure: their amounts in one integer unit, and the sum tree over them."""

import math
from collections.abc import Sequence
from fractions import Fraction

import sqlalchemy as sa
from msgspec import UnsetType

from jasyl.texts import Refusal

from . import outbox
from .calc_record import Column, InputsRoot
from .measured_records import Batch, Device, amount_of
from .passport_trust import MEASURED, Level, columns_of
from .records import parse_record
from .sum_tree import SumTree, sum_leaf


class _Devices:
    """Device records by id, each read once."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.known: dict[str, Device | None] = {}

    def find(self, identity: str) -> Device | None:
        if identity not in self.known:
            entry = outbox.entry(self.connection, identity)
            record = parse_record(entry) if entry is not None else None
            self.known[identity] = record if isinstance(record, Device) else None
        return self.known[identity]


def measured_amounts(connection: sa.Connection, record_ids: Sequence[str]) -> list[tuple[Batch, Fraction]] | None:
    """Each sealed day with its amount, in the order given; None where one is no sealed day or its amount is unknown."""
    found = outbox.entries(connection, record_ids)
    devices = _Devices(connection)
    amounts: list[tuple[Batch, Fraction]] = []
    for identity in record_ids:
        record = parse_record(found[identity]) if identity in found else None
        if not isinstance(record, Batch) or isinstance(record.device, UnsetType):
            return None
        device = devices.find(record.device)
        amount = amount_of(record, device) if device is not None else None
        if amount is None:
            return None
        amounts.append((record, amount))
    return amounts


def common_divisor(amounts: Sequence[Fraction]) -> int:
    """The least number by which every amount becomes an integer."""
    return math.lcm(*{each.denominator for each in amounts})


def measured_tree(
    connection: sa.Connection, record_ids: Sequence[str], divisor: int
) -> tuple[SumTree, list[tuple[int, ...]]]:
    """The sum tree over sealed days and the sums of its leaves. Raises Refusal ``passport-inputs-unknown``."""
    amounts = measured_amounts(connection, record_ids)
    if not amounts:
        raise Refusal("passport-inputs-unknown")
    sums = [columns_of(batch, _level(batch), int(amount * divisor)) for batch, amount in amounts]
    leaves = [sum_leaf(bytes.fromhex(identity), each) for identity, each in zip(record_ids, sums, strict=True)]
    return SumTree(leaves), sums


def measured_root(connection: sa.Connection, record_ids: Sequence[str], divisor: int) -> InputsRoot:
    """The root of that tree as a statement carries it."""
    root = measured_tree(connection, record_ids, divisor)[0].root
    columns = [Column(name=name, sum=str(each)) for name, each in zip(MEASURED, root.sums, strict=True)]
    return InputsRoot(root=root.hash.hex(), count=root.count, columns=columns)


def _level(batch: Batch) -> Level:
    return "operator-entered" if isinstance(batch.day_sigs, UnsetType) else batch.trust
