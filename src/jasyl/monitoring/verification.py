"""What the database of a data folder says, held against its log and its readings; nothing leaves the machine."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from jasyl.figures import Statement, newest_statements
from jasyl.jobs import Progress, Silent
from jasyl.ledger import Log, position
from jasyl.registry import every_series
from jasyl.storage import Database, DataFolder
from jasyl.texts import Language, Refusal, say

from .seals import Mismatch, check_sealed, dropped_days, erased, portions, sealed_days
from .signed_deliveries import BrokenDelivery, broken_deliveries

_ALWAYS = (-(2**62), 2**62)
_EVERY = 2**31 - 1


@dataclass(frozen=True)
class FolderReport:
    """``days`` sealed and ``statements`` published that were checked; what does not agree, and what only waits.

    ``mismatches`` are sealed days whose root does not follow from the stored readings; ``lost`` statements whose
    document does not stand in the log where the outbox says; ``waiting`` those the keeper has not taken yet.
    Not among the ``days`` are those held against nothing any more: ``dropped`` (their readings were dropped) and
    ``erased`` (the key of their series was destroyed).
    ``unproven`` of the signed ``deliveries`` are those whose kept bytes do not prove any more who said them.
    """

    days: int
    statements: int
    mismatches: tuple[Mismatch, ...]
    lost: tuple[Statement, ...]
    waiting: tuple[Statement, ...]
    deliveries: int = 0
    dropped: int = 0
    unproven: tuple[BrokenDelivery, ...] = ()
    erased: int = 0

    @property
    def ok(self) -> bool:
        return not self.mismatches and not self.lost and not self.unproven

    def lines(self, language: Language) -> list[str]:
        """Totals, then each disagreement in a sentence; of sealed days one for a series."""
        said = [say(language, "folder-checked", days=self.days, statements=self.statements)]
        if self.deliveries:
            said.append(say(language, "folder-deliveries", deliveries=self.deliveries))
        if self.dropped:
            said.append(say(language, "folder-dropped", days=self.dropped))
        if self.erased:
            said.append(say(language, "folder-erased", days=self.erased))
        if self.waiting:
            said.append(say(language, "folder-waiting", statements=len(self.waiting)))
        days = defaultdict[str, list[str]](list)
        for each in self.mismatches:
            days[each.day.series_id].append(each.day.day)
        said += [say(language, "sealed-mismatch", series=series, day=", ".join(days[series])) for series in days]
        for each in self.unproven:
            why = say(language, f"delivery-{each.reason}")
            said.append(say(language, "delivery-unproven", number=each.source, gateway=each.gateway, why=why))
        return said + [say(language, "statement-lost", id=each.id, record=each.record_id) for each in self.lost]

    def as_data(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "ok": self.ok,
            "sealed_days": self.days,
            "statements": self.statements,
            "mismatches": [
                {"series": each.day.series_id, "day": each.day.day, "sealed": each.day.root, "found": each.found}
                for each in self.mismatches
            ],
            "dropped_days": self.dropped,
            "erased_days": self.erased,
            "signed_deliveries": self.deliveries,
            "unproven_deliveries": [
                {"delivery": each.source, "gateway": each.gateway, "reason": each.reason} for each in self.unproven
            ],
            "lost_statements": [{"id": each.id, "record": each.record_id} for each in self.lost],
            "waiting_statements": [each.id for each in self.waiting],
        }


def verify_folder(database: Database, folder: DataFolder, progress: Progress | None = None) -> FolderReport:
    """Compute the root of every sealed day, superseded ones too, and look up every statement's bytes in the log."""
    seen = progress or Silent()
    mismatches: list[Mismatch] = []
    lost: list[Statement] = []
    waiting: list[Statement] = []
    with database.reading() as connection:
        numbers = [one.number for one in every_series(connection)]
        days = sealed_days(connection, numbers, *_ALWAYS, superseded=True)
        checked = gone = keyless = 0
        for some in portions(days):
            seen.step("monitor-step-check", checked, len(days))
            checked += len(some)
            if erased(connection, some[0].series_id):
                keyless += len(some)
                continue
            gone += len(dropped_days(connection, some))
            mismatches += check_sealed(connection, folder, some)
        statements = newest_statements(connection, _EVERY)
        log = Log(folder)
        for place, each in enumerate(statements):
            seen.step("verify-step-statements", place, len(statements))
            index = position(connection, each.record_id)
            if index is None:
                waiting.append(each)
            elif not _stands(log, index, each):
                lost.append(each)
        walked = list(broken_deliveries(connection, folder))
    unproven = tuple(each for each in walked if each is not None)
    return FolderReport(
        len(days) - gone - keyless, len(statements), tuple(mismatches), tuple(lost), tuple(waiting), len(walked), gone,
        unproven, keyless,
    )  # fmt: skip


def _stands(log: Log, index: int, statement: Statement) -> bool:
    try:
        return log.entry(index) == bytes(statement.document)
    except Refusal:
        return False
