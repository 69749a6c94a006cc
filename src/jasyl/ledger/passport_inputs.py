"""The inputs of a statement: what a passport shows of them, and whether they give the published number."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from msgspec import UnsetType

from jasyl.texts import Refusal

from .calc_record import Calc, InputsRoot
from .measured_records import Batch, Device, amount_of
from .passport_file import TreeOpening
from .passport_trust import MEASURED, Levels, Shown, columns_of, device_of, level_of
from .record_fields import Natural
from .sum_tree import Opening, SumNode, answered, challenges, opened, sum_leaf

# So many leaves of a tree must be shown, drawn by ``challenges``; of smaller trees all.
SAMPLES = 8
# A civil day anywhere begins at most so long before or after that of UTC.
_CIVIL = dt.timedelta(hours=14)
# Unit of a mean → unit of what it amounts to.
_AMOUNT_UNITS = {"W": "W.h", "W/m2": "W.h/m2", "kg/s": "kg"}


@dataclass
class Inputs:
    """What was found of the inputs of a statement and of the statements it rests on.

    ``count`` all inputs, ``shown`` those whose records are in the passport; ``recomputed`` statements whose value
    follows from records that are all shown, ``committed`` those whose value follows from the root of a sum tree, with
    ``sampled`` leaves opened. ``levels`` counts inputs by trust.
    """

    count: int = 0
    shown: int = 0
    recomputed: int = 0
    committed: int = 0
    sampled: int = 0
    levels: Levels = field(default_factory=Counter[str])


def check_inputs(shown: Shown, calc: Calc, calc_id: str, log_root: bytes, found: Inputs, depth: int = 0) -> None:
    """Check the inputs of ``calc`` and of what it rests on, adding to ``found``.

    Raises Refusal ``passport-inputs``, ``passport-tree``, ``passport-sum``, ``passport-sample``, ``passport-leaf``,
    ``passport-period``, and what ``level_of`` raises; each with the log index of the record at fault.
    """
    index = shown.index(calc_id)
    if depth > 16:
        raise Refusal("passport-inputs", received=index)
    opening = next((tree for tree in shown.passport.trees if tree.record == index), None)
    if isinstance(calc.inputs, list):
        if opening is not None or len(set(calc.inputs)) != len(calc.inputs):
            raise Refusal("passport-inputs", received=index)
        _check_list(shown, calc, index, calc.inputs, log_root, found, depth)
        return
    found.count += calc.inputs.count
    if isinstance(calc.inputs.columns, UnsetType) or isinstance(calc.divisor, UnsetType):
        found.levels["not-shown"] += calc.inputs.count
        if opening is not None:
            raise Refusal("passport-inputs", received=index)
        return
    if opening is None:
        raise Refusal("passport-tree", received=index)
    _check_tree(shown, calc, calc_id, opening, log_root, found)


def additive_value(total: Fraction) -> Fraction:
    """A total as an additive figure states it: rounded to a thousandth, half to even."""
    return Fraction(round(total * 1000), 1000)


def _check_list(
    shown: Shown, calc: Calc, index: int, inputs: Sequence[str], log_root: bytes, found: Inputs, depth: int
) -> None:
    total, complete = Fraction(0), True
    found.count += len(inputs)
    for identity in inputs:
        record = shown.find(identity)
        if record is None:
            found.levels["not-shown"] += 1
            complete = False
            continue
        if shown.index(identity) > index:
            raise Refusal("passport-inputs", received=index)
        found.shown += 1
        if isinstance(record, Calc):
            check_inputs(shown, record, identity, log_root, found, depth + 1)
            complete = False
        elif isinstance(record, Batch):
            found.levels[level_of(shown, record, shown.index(identity))] += 1
            if not isinstance(calc.divisor, UnsetType):
                total += _amount(shown, calc, record, shown.index(identity))
        else:
            found.levels["stated"] += 1
            complete = False
    if not isinstance(calc.divisor, UnsetType) and complete:
        if calc.value is None or additive_value(total) != Fraction(calc.value):
            raise Refusal("passport-sum", received=index)
        found.recomputed += 1


def _amount(shown: Shown, calc: Calc, batch: Batch, index: int) -> Fraction:
    """The amount of the sealed day at ``index``, which must be of the statement's unit and period."""
    device = device_of(shown, batch, index)
    amount = amount_of(batch, device) if device is not None else None
    if device is None or amount is None or calc.unit != _unit(device):
        raise Refusal("passport-leaf", received=index)
    start, end = _span(calc.period)
    if batch.day_start < start or batch.day_end > end:
        raise Refusal("passport-period", received=index)
    return amount


def _unit(device: Device) -> str:
    return _AMOUNT_UNITS.get(device.unit, device.unit) if device.series_kind == "mean" else device.unit


def _span(period: str) -> tuple[int, int]:
    """The widest stretch a civil year, month or day can cover, µs UTC; everything for other names of periods.

    A day of grace at the end of short years and months keeps the rule simple enough to write three times.
    """
    parts = [int(part) for part in period.split("-") if part.isascii() and part.isdigit()]
    try:
        year, month, day = (*parts, 1, 1)[:3]
        first = dt.datetime(year, month, day, tzinfo=dt.UTC)
        days = {1: 366, 2: 31}.get(len(parts), 1)
        return _microseconds(first - _CIVIL), _microseconds(first + dt.timedelta(days=days) + _CIVIL)
    except (ValueError, OverflowError):
        return -(2**63), 2**63


def _microseconds(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def _check_tree(shown: Shown, calc: Calc, calc_id: str, opening: TreeOpening, log_root: bytes, found: Inputs) -> None:
    index, inputs = shown.index(calc_id), calc.inputs
    assert isinstance(inputs, InputsRoot)
    assert not isinstance(inputs.columns, UnsetType)
    assert not isinstance(calc.divisor, UnsetType)
    sums = tuple(int(column.sum) for column in inputs.columns)
    if tuple(column.name for column in inputs.columns) != MEASURED or calc.value is None:
        raise Refusal("passport-tree", received=index)
    leaves = _leaves(shown, calc, calc.divisor, index, opening)
    reached = opened(leaves, inputs.count, opening.nodes)
    if reached is None or reached.root.hash.hex() != inputs.root or reached.root.sums != sums:
        raise Refusal("passport-tree", received=index)
    total: dict[str, int] = dict(zip(MEASURED, sums, strict=True))
    levels = MEASURED[3:]
    claimed = Fraction(total["plus"] - total["minus"], int(calc.divisor))
    if sum(total[level] for level in levels) != inputs.count or additive_value(claimed) != Fraction(calc.value):
        raise Refusal("passport-sum", received=index)
    _check_samples(calc_id, index, inputs.count, leaves, log_root, reached)
    found.shown += len(leaves)
    found.sampled += len(leaves)
    found.committed += 1
    for level in levels:
        found.levels[level] += total[level]


def _leaves(shown: Shown, calc: Calc, divisor: Natural, index: int, opening: TreeOpening) -> dict[int, SumNode]:
    """The opened leaves by place, each recomputed from the record it stands for."""
    leaves: dict[int, SumNode] = {}
    last = -1
    for leaf in opening.leaves:
        identity = shown.ids.get(leaf.record)
        record = shown.find(identity) if identity is not None else None
        if identity is None or not isinstance(record, Batch) or leaf.record > index or leaf.place <= last:
            raise Refusal("passport-leaf", received=leaf.record)
        scaled = _amount(shown, calc, record, leaf.record) * int(divisor)
        level = level_of(shown, record, leaf.record)
        if scaled.denominator != 1 or leaf.sums != columns_of(record, level, int(scaled)):
            raise Refusal("passport-leaf", received=leaf.record)
        leaves[leaf.place] = sum_leaf(bytes.fromhex(identity), leaf.sums)
        last = leaf.place
    if len({leaf.record for leaf in opening.leaves}) != len(leaves):
        raise Refusal("passport-leaf", received=index)
    return leaves


def _check_samples(
    calc_id: str, index: int, count: int, leaves: Mapping[int, SumNode], log_root: bytes, reached: Opening
) -> None:
    if len(leaves) == count:
        return
    drawn = challenges(bytes.fromhex(calc_id), log_root, reached.root, SAMPLES)
    if not all(answered(reached, leaves, each) for each in drawn):
        raise Refusal("passport-sample", received=index)
