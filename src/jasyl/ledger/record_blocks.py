"""Records of a whole block checked at once: several times as fast as one by one, and as strict.

What costs most of reading a record is that every pattern of a text and every moment is checked by a call of its own. So
kinds are read here as subclasses without patterns, which are checked column by column.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .record_fields import Record
from .records import KINDS, AnyRecord

# The ends of every pattern of a field; the line feed stands there as itself or as an escape.
_WHOLE = re.compile(r"\^(.*)\$\(\?!(?:\n|\\n)\)", re.DOTALL)
_TAG = b'"type":"'
_TRUST_RESTS_ON = {b"key", b"device", b"batch"}
_MISSING = (type(None), UnsetType)
_ABSENT = {None, UNSET}
_ENCODER = msgspec.json.Encoder(order="sorted")
_Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True)
class BlockContents:
    """How many records of each kind a block holds, the logs they name, and by place the records on which trust rests:
    keys, meters, sealed days, and whatever is signed."""

    kinds: Counter[str]
    origins: frozenset[str]
    trusted: dict[int, AnyRecord]


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
    kinds, origins, trusted = Counter[str](), set[str](), dict[int, AnyRecord]()
    for tag, places in by_tag.items():
        part = _of_one_kind(tag, places, [entries[place] for place in places])
        if part is None:
            return None
        kinds += part.kinds
        origins |= part.origins
        trusted |= part.trusted
    return BlockContents(kinds, frozenset(origins), dict(sorted(trusted.items())))


def _tag_of(entry: bytes) -> bytes:
    """Where the kind most likely stands; a wrong guess fails when it is read."""
    return entry[entry.rfind(_TAG) + len(_TAG) :].partition(b'"')[0]


def _of_one_kind(tag: bytes, places: Sequence[int], entries: Sequence[bytes]) -> BlockContents | None:
    """The decoder of one kind is twice as fast as one that has to look for the kind in every entry first."""
    reader = _READERS.get(tag)
    records = reader.read(entries) if reader else None
    if records is None:
        return None
    resting = range(len(records)) if tag in _TRUST_RESTS_ON else _signed(records)
    trusted = {places[at]: records[at] for at in resting}
    origins = frozenset([record.log_origin for record in records])
    return BlockContents(Counter({tag.decode(): len(records)}), origins, trusted)


def _signed(records: Sequence[Any]) -> list[int]:
    return [at for at, record in enumerate(records) if record.sigs is not UNSET]


@dataclass(frozen=True)
class _Reader:
    """Reads lines that are records of one kind."""

    decoder: msgspec.json.Decoder[Any]
    patterns: _Patterns

    def read(self, entries: Sequence[bytes]) -> list[Any] | None:
        lines = b"\n".join(entries) + b"\n"
        if not lines.isascii() or b"\\" in lines:
            return None
        try:
            records = self.decoder.decode_lines(lines)
        except msgspec.DecodeError:
            return None
        whole = len(records) == len(entries) and _ENCODER.encode_lines(records) == lines
        return records if whole and _columns_hold(self.patterns, records) else None


def _columns_hold(patterns: _Patterns, records: Sequence[Any]) -> bool:
    for name, pattern in patterns:
        values = set(map(attrgetter(name), records)) - _ABSENT
        # No value holds a line feed: the lines read have none but those between them, and no escapes.
        if values and pattern.fullmatch("\n".join(values) + "\n") is None:
            return False
    try:
        for moment in set(map(attrgetter("issued"), records)):
            dt.datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def _reader(kind: type[Record]) -> _Reader:
    """The lighter type of a kind and its columns."""
    fields: list[Any] = []
    patterns: list[tuple[str, re.Pattern[str]]] = []
    for one in msgspec.structs.fields(kind):
        wanted, pattern = (Literal[kind.versions], None) if one.name == "schema" else _without_pattern(one.type)
        if pattern is not None:
            patterns.append((one.name, re.compile(f"(?:{pattern}\n)*")))
        if wanted != one.type:
            fields.append((one.name, wanted) if one.required else (one.name, wanted, one.default))
    config = kind.__struct_config__
    lighter = msgspec.defstruct(
        kind.__name__, fields, bases=(kind,), namespace={"__post_init__": kind.check_together}, kw_only=True,
        frozen=True, gc=False, forbid_unknown_fields=True, tag_field=config.tag_field, tag=config.tag,
    )  # fmt: skip
    return _Reader(msgspec.json.Decoder(lighter), tuple(patterns))


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
