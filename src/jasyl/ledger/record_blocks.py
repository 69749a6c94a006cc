"""Records of a whole block checked at once: several times as fast as one by one, and as strict.

What costs most of reading a record is that every pattern, every moment and what fields demand of one another is checked
by a call of its own. So kinds are read here as types that check only each field by itself, with the fields in the order
in which they are written; the rest is checked column by column.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .record_fields import Record
from .records import KINDS

# The ends of every pattern of a field; the line feed stands there as itself or as an escape.
_WHOLE = re.compile(r"\^(.*)\$\(\?!(?:\n|\\n)\)", re.DOTALL)
_TAG = b'"type":"'
_DAY = b"batch"
_TRUST_RESTS_ON = {b"key", b"device"}
_MISSING = (type(None), UnsetType)
_ABSENT = {None, UNSET}
# Writes fields as they are declared, a quarter faster than if it had to sort them: here and in ``Method`` and the like
# they are declared in the order of the one spelling.
_ENCODER = msgspec.json.Encoder(order="deterministic")
Columns = Mapping[str, Sequence[Any]]
_Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True)
class BlockContents:
    """How many records of each kind a block holds, the logs they name, and on what trust rests.

    ``days``: the sealed days, field by field, which stand at ``day_places``; ``trusted``: the places of keys, of meters
    and of whatever else is signed.
    """

    kinds: Counter[str]
    origins: frozenset[str]
    trusted: Sequence[int] = ()
    days: Columns = field(default_factory=dict[str, Sequence[Any]])
    day_places: Sequence[int] = ()


def block_contents(entries: Sequence[bytes]) -> BlockContents | None:
    """What is in ``entries`` if every one of them is a record in canonical form and plain ASCII; else None.

    None says nothing about which entry is at fault, or whether any is: ``parse_record`` does. Entries of a kind are
    read as lines and written again as lines. No canonical record holds a line feed, so that as many lines as entries,
    equal byte by byte, mean that each entry is one record in its one spelling.
    """
    found = _of_one_kind(_tag_of(entries[0]), range(len(entries)), entries) if entries else None
    if found is not None:
        return found
    by_tag: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        by_tag[_tag_of(entry)].append(place)
    whole = BlockContents(Counter(), frozenset())
    for tag, places in by_tag.items():
        part = _of_one_kind(tag, places, [entries[place] for place in places])
        if part is None:
            return None
        days = part if part.days else whole
        trusted = sorted([*whole.trusted, *part.trusted])
        origins = whole.origins | part.origins
        whole = BlockContents(whole.kinds + part.kinds, origins, trusted, days.days, days.day_places)
    return whole


def _tag_of(entry: bytes) -> bytes:
    """Where the kind most likely stands; a wrong guess fails when it is read."""
    return entry[entry.rfind(_TAG) + len(_TAG) :].partition(b'"')[0]


def _of_one_kind(tag: bytes, places: Sequence[int], entries: Sequence[bytes]) -> BlockContents | None:
    """The decoder of one kind is twice as fast as one that has to look for the kind in every entry first."""
    reader = _READERS.get(tag)
    columns = reader.read(entries) if reader else None
    if columns is None:
        return None
    kinds, origins = Counter({tag.decode(): len(entries)}), frozenset(columns["log_origin"])
    if tag == _DAY:
        return BlockContents(kinds, origins, (), columns, places)
    if tag in _TRUST_RESTS_ON:
        return BlockContents(kinds, origins, list(places))
    sigs = columns["sigs"]
    signed = [] if sigs.count(UNSET) == len(sigs) else [at for at, one in enumerate(sigs) if one is not UNSET]
    return BlockContents(kinds, origins, [places[at] for at in signed])


@dataclass(frozen=True)
class _Reader:
    """Reads lines that are records of one kind."""

    kind: type[Record]
    decoder: msgspec.json.Decoder[Any]
    names: tuple[str, ...]
    patterns: _Patterns

    def read(self, entries: Sequence[bytes]) -> Columns | None:
        """The fields of all records, each as a column; None where one is not a record in its one spelling."""
        lines = b"\n".join(entries) + b"\n"
        if not lines.isascii() or b"\\" in lines:
            return None
        try:
            records = self.decoder.decode_lines(lines)
        except msgspec.DecodeError:
            return None
        if len(records) != len(entries) or _ENCODER.encode_lines(records) != lines:
            return None
        columns = dict(zip(self.names, zip(*map(msgspec.structs.astuple, records), strict=True), strict=True))
        return columns if self._hold(columns, records) else None

    def _hold(self, columns: Columns, records: Sequence[Any]) -> bool:
        for name, pattern in self.patterns:
            values = set(columns[name])
            values -= _ABSENT
            # No value holds a line feed: the lines read have none but those between them, and no escapes.
            if values and pattern.fullmatch("\n".join(values) + "\n") is None:
                return False
        try:
            for moment in set(columns["issued"]):
                dt.datetime.fromisoformat(moment)
            if not self.kind.hold_together(columns):
                for record in records:
                    self.kind.check_together(record)
        except ValueError:
            return False
        return True


def _reader(kind: type[Record]) -> _Reader:
    """The lighter type of a kind and its columns."""
    tag = str(kind.__struct_config__.tag)
    fields: dict[str, Any] = {"type": ("type", Literal[tag])}
    patterns: list[tuple[str, re.Pattern[str]]] = []
    for one in msgspec.structs.fields(kind):
        wanted, pattern = (Literal[kind.versions], None) if one.name == "schema" else _without_pattern(one.type)
        if pattern is not None:
            patterns.append((one.name, re.compile(f"(?:{pattern}\n)*+")))
        fields[one.name] = (one.name, wanted) if one.required else (one.name, wanted, one.default)
    names = tuple(sorted(fields))
    lighter = msgspec.defstruct(
        kind.__name__, [fields[name] for name in names], kw_only=True, gc=False, forbid_unknown_fields=True
    )
    return _Reader(kind, msgspec.json.Decoder(lighter), names, tuple(patterns))


def _without_pattern(wanted: Any) -> tuple[Any, str | None]:
    """A text, or a text that may be missing, without its pattern, and the pattern without its ends; anything else as it
    is."""
    missing = [one for one in get_args(wanted) if one in _MISSING]
    if missing:
        text, pattern = _without_pattern(reduce(or_, [one for one in get_args(wanted) if one not in _MISSING]))
        return reduce(or_, missing, text), pattern
    if get_origin(wanted) is not Annotated or get_args(wanted)[0] is not str:
        return wanted, None
    metas = [one for one in get_args(wanted)[1:] if isinstance(one, Meta)]
    pattern = metas[0].pattern if len(metas) == 1 else None
    whole = _WHOLE.fullmatch(pattern) if pattern else None
    if whole is None:
        return wanted, None
    bounds = Meta(min_length=metas[0].min_length, max_length=metas[0].max_length)
    return Annotated[str, bounds], whole[1]


_READERS = {tag.encode(): _reader(kind) for tag, kind in KINDS.items()}
