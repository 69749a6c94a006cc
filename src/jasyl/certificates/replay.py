"""The independent replayer: reads nothing but entries of the log, applies the rules a second time in its own way, and
must come to the state hash that each record carries.

It shares no code with ``state``, ``certificate`` and ``state_tree``: an error in one of them shows as a disagreement.
A certificate is kept here as edges between pieces and the fate to the right of each; the tree as flat levels of bytes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any

import msgspec

from jasyl.quantities import canonical_json

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_SIZES = {"W": 3600, "W/m2": 3600, "kg/s": 1}
_GENERATION = ("electricity_generated", "heat_supplied")
_METERS = {
    "electricity": (_GENERATION[:1], ("W", "W.h"), "1"),
    "heat": (_GENERATION[1:], ("W", "W.h"), "1"),
    "carbon": (_GENERATION, ("W", "W.h"), None),
    "recycled": (("waste_recycled",), ("kg", "kg/s"), "1000"),
}
_EVENTS = ("issue", "transfer", "retire", "cancel", "expire", "export", "import")
_Fate = str  # ``standing owner note``, as the leaf of a certificate spells it


class _BrokenError(Exception):
    """A rule that a logged event does not keep."""


@dataclass(frozen=True)
class Disagreement:
    """The first event in which log and replayer part: its number, and which rule, or ``state``."""

    number: int
    certificate: str
    reason: str


@dataclass
class Replayed:
    """How many events agreed, the state hash after them, and where it ended if not at the end."""

    events: int = 0
    state: str = "0" * 64
    disagreement: Disagreement | None = None
    corrected: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        return self.disagreement is None


class _Entry(msgspec.Struct, gc=False):
    """What every record says of its kind, and what those of certificates say beside it."""

    type: str
    event: str = ""
    certificate: str = ""
    command: str = ""
    payload: Any = None  # of other kinds it is something else


@dataclass(slots=True)
class _Kept:
    attribute: str
    device: str
    start: int
    end: int
    usable: int
    expires: int
    head: bytes
    metered: Fraction
    batches: list[str]
    foreign: tuple[str, str, int, int] | None
    edges: list[int]
    fates: list[_Fate]
    digest: bytes
    place: int


class Replayer:
    """Takes entries in the order of the log; ``found`` is what came out so far."""

    def __init__(self) -> None:
        self.found = Replayed()
        self._kept: dict[str, _Kept] = {}
        self._commands: set[str] = set()
        self._times: dict[tuple[str, str, int], list[str]] = {}
        self._imported: dict[tuple[str, str], list[str]] = {}
        self._pairs: dict[str, str] = {}
        self._devices: dict[str, dict[str, Any]] = {}
        self._days: dict[str, dict[str, Any]] = {}
        self._used: dict[str, list[str]] = {}
        self._replaced: set[str] = set()
        self._leaves: dict[int, dict[bytes, bytes]] = {}
        # By level, from below: a block for every node, the sign of a node and its sixteen children, as it is hashed.
        self._levels = [[bytearray(b"\x03" + bytes(512)) for _ in range(16**depth)] for depth in (3, 2, 1, 0)]
        self._decoder = msgspec.json.Decoder(_Entry)

    def take(self, entry: bytes) -> None:
        """One entry; those that are nothing to do with certificates are passed over."""
        if not self.found.ok:
            return
        record = self._decoder.decode(entry)
        if record.type == "certificate":
            self._certificate(record)
        elif record.type == "device":
            self._devices[sha256(entry).hexdigest()] = msgspec.json.decode(entry)
        elif record.type == "batch":
            batch = msgspec.json.decode(entry)
            self._days[sha256(entry).hexdigest()] = batch
            self._replaced.add(batch.get("supersedes"))
            self._correct(self._used.get(batch.get("supersedes"), ()))

    def take_all(self, entries: Iterable[bytes]) -> Replayed:
        """Many entries, in the order of the log; gives ``found``."""
        for entry in entries:
            self.take(entry)
        return self.found

    def leaves(self) -> dict[str, bytes]:
        """The leaf hash of every certificate after the events taken, by id."""
        return {name: self._leaves[one.place][one.digest] for name, one in self._kept.items()}

    def _correct(self, names: Iterable[str]) -> None:
        self.found.corrected += [one for one in names if one not in self.found.corrected]

    def _certificate(self, event: _Entry) -> None:
        said: dict[str, Any] = event.payload if isinstance(event.payload, dict) else {}
        number = self.found.events + 1
        reason = None
        if said.get("number") != number:
            reason = "number"
        elif event.command in self._commands or event.event not in _EVENTS:
            reason = "command"
        else:
            try:
                getattr(self, f"_{event.event}")(event.certificate, said)
            except (_BrokenError, KeyError, ValueError, AttributeError) as error:
                reason = str(error) or type(error).__name__
        if reason is None:
            self._commands.add(event.command)
            reason = None if self._hash(event.certificate) == said["state"] else "state"
        if reason is not None:
            self.found.disagreement = Disagreement(number, event.certificate, reason)
            return
        self.found.events, self.found.state = number, said["state"]

    def _issue(self, name: str, said: Mapping[str, Any]) -> None:
        quantities, units, factor = _METERS[said["attribute"]]
        _demand(name not in self._kept, "taken")
        start, end, days = said["start"], said["end"], [self._days[one] for one in said["batches"]]
        devices = [self._devices[one["device"]] for one in days]
        _demand(all(one["series"] == said["series"] for one in days), "batch")
        _demand(all(one["quantity"] in quantities for one in devices), "batch")
        _demand(all(one["unit"] in units for one in days), "batch")
        _demand(all(a["day_end"] == b["day_start"] for a, b in pairwise(days)), "batch")
        first, last = days[0]["day_start"], days[-1]["day_end"]
        _demand(start < end and start % _HOUR == 0 == end % _HOUR, "interval")
        _demand((start, end) == (first, last) or (len(days) == 1 and first <= start and end <= last), "interval")
        for one, other in ((said["device"], "series " + said["series"]), ("series " + said["series"], said["device"])):
            _demand(self._pairs.setdefault(one, other) == other, "device")
        _demand(not self._meeting(said["attribute"], said["device"], start, end), "issued-twice")
        measured = sum((_amount(*pair) for pair in zip(days, devices, strict=True)), Fraction(0))
        metered = Fraction(said["metered"])
        if len(days) == 1:
            near = self._meeting(said["attribute"], said["device"], first, last)
            measured -= sum((one.metered for one in near), Fraction(0))
            _demand(metered <= measured, "above-measured")
        else:
            _demand(metered == measured, "above-measured")
        _demand((factor is None) == bool(said["factor_source"]) and factor in {None, said["factor"]}, "factor")
        exact = metered * Fraction(said["factor"])
        _demand(said["amount"] == exact.numerator // exact.denominator >= 1, "above-measured")
        _demand(Fraction(said["remainder"]) + said["amount"] == exact, "above-measured")
        described = sha256(canonical_json(said["about"])).hexdigest()
        for one in said["batches"]:
            self._used.setdefault(one, []).append(name)
        if not self._replaced.isdisjoint(said["batches"]):  # issued from what a later seal had replaced already
            self._correct([name])
        span, source = (start, end, said["amount"]), (metered, said["batches"], None)
        self._begin(name, said, span, source, said["series"], described)

    def _import(self, name: str, said: Mapping[str, Any]) -> None:
        _demand(name not in self._kept and said["attribute"] in _METERS, "taken")
        start, end = said["start"], said["end"]
        _demand(0 <= start < end, "range")
        _demand(said["at"] < said["usable_until"], "too-late")
        foreign = (said["registry"], said["foreign"], start, end)
        for other in self._imported.get(foreign[:2], ()):
            there = self._kept[other].foreign
            _demand(there is None or there[3] <= start or end <= there[2], "imported-twice")
        begin, until = said["interval_start"], said["interval_end"]
        _demand(begin < until and begin % _HOUR == 0 == until % _HOUR, "interval")
        near = self._meeting(said["attribute"], said["device"], begin, until)
        _demand(all(one.foreign is not None and one.foreign[:2] == foreign[:2] for one in near), "sold-twice")
        self._imported.setdefault(foreign[:2], []).append(name)
        self._begin(name, said, (begin, until, end - start), (Fraction(0), [], foreign), "-", "-")

    def _begin(
        self,
        name: str,
        said: Mapping[str, Any],
        span: tuple[int, int, int],
        source: tuple[Fraction, list[str], tuple[str, str, int, int] | None],
        series: str,
        described: str,
    ) -> None:
        start, end, amount = span
        metered, batches, foreign = source
        facts = {
            "id": name,
            "attribute": said["attribute"],
            "device": said["device"],
            "series": series,
            "start": start,
            "end": end,
            "amount": amount,
            "usable_until": said["usable_until"],
            "expires_at": said["expires_at"],
            "batches": batches,
            "metered": str(metered),
            "origin": list(foreign) if foreign else None,
            "described": described,
        }
        _demand(0 < said["usable_until"] <= said["expires_at"], "times")
        digest = sha256(name.encode()).digest()
        head = b"jasyl-certificate/1\n" + sha256(canonical_json(facts)).digest()
        self._kept[name] = _Kept(
            said["attribute"], said["device"], start, end, said["usable_until"], said["expires_at"], head, metered,
            batches, foreign, [0, amount], [f"held {said['owner']} -"], digest, int.from_bytes(digest[:2]),
        )  # fmt: skip
        for day in range(start // _DAY, -(-end // _DAY)):
            self._times.setdefault((said["attribute"], said["device"], day), []).append(name)

    def _meeting(self, attribute: str, device: str, start: int, end: int) -> list[_Kept]:
        days = range(start // _DAY, -(-end // _DAY))
        names = {one for day in days for one in self._times.get((attribute, device, day), ())}
        return [self._kept[one] for one in names if self._kept[one].start < end and start < self._kept[one].end]

    def _transfer(self, name: str, said: Mapping[str, Any]) -> None:
        _demand(said["to"] != said["owner"], "to-self")
        _demand(said["at"] < self._kept[name].usable, "too-late")
        self._give(name, said, f"held {said['to']} -")

    def _retire(self, name: str, said: Mapping[str, Any]) -> None:
        _demand(said["at"] < self._kept[name].expires, "too-late")
        note = _digest(said["beneficiary"], said["purpose"], said["period"])
        self._give(name, said, f"retired {said['owner']} {note}")

    def _cancel(self, name: str, said: Mapping[str, Any]) -> None:
        self._give(name, said, f"cancelled {said['owner']} {_digest(said['reason'])}")

    def _export(self, name: str, said: Mapping[str, Any]) -> None:
        _demand(said["at"] < self._kept[name].usable, "too-late")
        self._give(name, said, f"exported {said['owner']} {_digest(said['registry'], said['account'])}")

    def _expire(self, name: str, said: Mapping[str, Any]) -> None:
        kept = self._kept[name]
        _demand(said["at"] >= kept.expires, "too-early")
        _demand(any(fate.startswith("held ") for fate in kept.fates), "gone")
        kept.fates = ["expired" + fate[4:] if fate.startswith("held ") else fate for fate in kept.fates]
        self._join(kept, 0, len(kept.fates))

    def _give(self, name: str, said: Mapping[str, Any], fate: _Fate) -> None:
        """Cut at both ends, look at what lies between, write the new fate over it, and mend the seams."""
        kept = self._kept[name]
        edges, fates = kept.edges, kept.fates
        start, end = said["start"], said["end"]
        _demand(0 <= start < end <= edges[-1], "range")
        low, high = bisect_right(edges, start) - 1, bisect_left(edges, end)
        mine = f"held {said['owner']} -"
        _demand(all(one == mine for one in fates[low:high]), "not-held")
        before = [mine] if edges[low] < start else []
        after = [mine] if end < edges[high] else []
        between = [edges[low]] if before else []
        edges[low : high + 1] = [*between, start, end, *([edges[high]] if after else [])]
        fates[low:high] = [*before, fate, *after]
        self._join(kept, max(low - 1, 0), min(low + 4, len(fates)))

    @staticmethod
    def _join(kept: _Kept, low: int, high: int) -> None:
        for place in range(min(high, len(kept.fates)) - 1, low, -1):
            if kept.fates[place] == kept.fates[place - 1]:
                del kept.fates[place]
                del kept.edges[place]

    def _hash(self, name: str) -> str:
        kept = self._kept[name]
        edges, digest, place = kept.edges, kept.digest, kept.place
        lines = [f"{a} {b} {fate}\n" for a, b, fate in zip(edges, edges[1:], kept.fates, strict=False)]
        there = self._leaves.setdefault(place, {})
        there[digest] = sha256(kept.head + "".join(lines).encode()).digest()
        parts = [key + there[key] for key in sorted(there)] if len(there) > 1 else [digest, there[digest]]
        value = sha256(b"\x02" + b"".join(parts)).digest()
        for level in self._levels:
            at = 1 + 32 * (place & 15)
            place >>= 4
            block = level[place]
            block[at : at + 32] = value
            value = sha256(block).digest()
        return value.hex()


def replay(entries: Iterable[bytes]) -> Replayed:
    """Replay the entries of a log, in their order."""
    return Replayer().take_all(entries)


def _amount(batch: Mapping[str, Any], device: Mapping[str, Any]) -> Fraction:
    value = int(batch["sum"]) * Fraction(10) ** batch["scale"]
    _demand(device["series_kind"] != "counter", "batch")
    if device["series_kind"] == "amount":
        return value
    return value * Fraction(device["interval_seconds"], _SIZES[batch["unit"]])


def _digest(*words: str) -> str:
    return sha256(canonical_json(list(words))).hexdigest()


def _demand(holds: bool, rule: str) -> None:
    if not holds:
        raise _BrokenError(rule)
