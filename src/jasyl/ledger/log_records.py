"""The records in the entries of a whole log: each in its one spelling, under a name of the log, its signatures good,
its anchors those of this very tree."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jasyl.texts import Refusal

from .anchors_told import is_of_tree, newest
from .checkpoint import Checkpoint
from .event_records import Anchor
from .log import Log
from .log_names import NamesOfAll
from .log_trust import LogTrust
from .record_blocks import block_contents
from .records import AnyRecord, parse_record
from .report import Report
from .tile_files import read_tile
from .tiles import ENTRIES, WIDTH, TilePath, decode_bundle, tile_width


class LogRecords:
    """Takes in the entries of a log, block after block, and reports records that do not hold.

    ``trust``: what the signatures so far are worth; None once an entry is not known: it may have told a key or a name.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.trust: LogTrust | None = LogTrust()
        self.names = NamesOfAll()
        self.anchors: dict[int, Anchor] = {}

    def lose(self) -> None:
        """The entries of a block are not known."""
        self.trust = None

    def take(self, first: int, entries: list[bytes]) -> None:
        """Check the entries of the block that starts at ``first``."""
        found = block_contents(entries)
        if found is None or len(found.origins) > 1:
            self._take_each(first, entries)
            return
        self.report.kinds.update(found.kinds)
        self.names.take(first, first + len(entries), *found.origins)
        if found.kinds["anchor"]:
            read = (parse_record(entry) if b'"type":"anchor"' in entry else None for entry in entries)
            self.anchors |= {first + place: one for place, one in enumerate(read) if isinstance(one, Anchor)}
        if self.trust is not None:
            days = [found.day_places[at] for at in self.trust.take_unsigned_days(found.days)]
            for place in sorted([*found.trusted, *days]):
                self._trust(first, entries, place, parse_record(entries[place]))

    def check_names(self, log: Path, head: Checkpoint) -> None:
        """That every record stands under a name that the log had at its place, after all entries were taken in."""
        strangers = self.names.strangers(head) if self.trust is not None else ()
        self._report_all(log, head, strangers, "origin")

    def check_anchors(self, log: Path, head: Checkpoint) -> None:
        """That the heads which anchor records tell of are beginnings of this tree, where all else holds."""
        if self.report.damages:
            return
        tree = Log(log)
        false = [place for place, one in self.anchors.items() if not is_of_tree(tree, place, one)]
        self._report_all(log, head, false, "anchor")
        self.report.anchors = newest(list(self.anchors.values()))

    def _take_each(self, first: int, entries: list[bytes]) -> None:
        for place, entry in enumerate(entries):
            try:
                record = parse_record(entry)
            except Refusal:
                self._report(first, entries, place, "record")
                continue
            self.report.kinds[record.kind] += 1
            self.names.take(first + place, first + place + 1, record.log_origin)
            if isinstance(record, Anchor):
                self.anchors[first + place] = record
            self._trust(first, entries, place, record)

    def _trust(self, first: int, entries: list[bytes], place: int, record: AnyRecord) -> None:
        if self.trust is None:
            return
        self.names.tell(first + place, record)
        try:
            self.trust.take(first + place, entries[place], record)
        except Refusal as refusal:
            self._report(first, entries, place, refusal.code.replace("passport", "record"))

    def _report_all(self, log: Path, head: Checkpoint, places: Iterable[int], problem: str) -> None:
        """Report records that were passed by before it was known that they do not hold."""
        for block, its in groupby(places, lambda place: place // WIDTH):
            width = tile_width(0, block, head.size)
            entries = decode_bundle(read_tile(log, TilePath(ENTRIES, block, width)) or b"")
            if entries is not None and len(entries) == width:  # else the file is named already
                for place in its:
                    self._report(block * WIDTH, entries, place % WIDTH, problem)

    def _report(self, first: int, entries: list[bytes], place: int, problem: str) -> None:
        start = sum(2 + len(entry) for entry in entries[:place]) + 2
        path = str(TilePath(ENTRIES, first // WIDTH, len(entries)))
        self.report.damage(path, start, start + len(entries[place]), problem)
