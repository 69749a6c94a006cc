"""``jasyl doctor``: looks at everything an installation rests on and says how to mend what is wrong."""

import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from jasyl.storage import Database, DataFolder, check_reachable, check_writable, database_of, open_folder, segment_store
from jasyl.texts import Language, Refusal, say

LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
State = Literal["well", "ill", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: message ``doctor-<name>``, what was found, and why it is ill (a refusal says the mend)."""

    name: str
    state: State
    found: str
    refusal: Refusal | None = None

    def text(self, language: Language) -> str:
        state = say(language, f"doctor-state-{self.state}")
        behind = f"\n    {self.refusal.text(language)}" if self.refusal else ""
        return f"{state}\t{say(language, f'doctor-{self.name}')}\t{self.found}{behind}"

    def as_data(self, language: Language) -> dict[str, object]:
        refused = self.refusal.as_data(language) if self.refusal else None
        return {"name": self.name, "state": self.state, "found": self.found, "refused": refused}


def examine(data: Path) -> Iterator[Finding]:
    """The findings, from the ground up; what rests on something ill is ``unknown``, not ill."""
    for name, look in (("python", _python), ("packages", _packages), ("browser", _browser)):
        yield _finding(name, look)
    folder = database = None
    first = _finding("folder", lambda: _folder(data))
    yield first
    if first.state == "well":
        folder, database = open_folder(data), database_of(open_folder(data))
    tables = yield from _look("tables", database and (lambda: _tables(database)))
    sound = database if tables.state == "well" else None
    yield from _look("log", folder and (lambda: _log(folder)))
    yield from _look("segments", folder and sound and (lambda: _segments(sound, folder)))
    yield from _look("sealed", folder and sound and (lambda: _sealed(sound, folder)))
    yield _finding("disk", lambda: _disk(data))
    if database is not None:
        database.close()


def _look(name: str, look: Callable[[], str] | None) -> Generator[Finding, None, Finding]:
    found = _finding(name, look) if look else Finding(name, "unknown", "—")
    yield found
    return found


def _finding(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "well", look())
    except Refusal as refusal:
        return Finding(name, "ill", str(refusal.arguments.get("received") or "—"), refusal)


def _python() -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        raise Refusal("doctor-python", received=found, expected=".".join(map(str, LEAST_PYTHON)))
    return found


def _packages() -> str:
    from packaging.requirements import Requirement  # noqa: PLC0415

    wrong: list[str] = []
    needed = [Requirement(line) for line in requires("jasyl") or ()]
    counted = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    for one in counted:
        try:
            if not one.specifier.contains(version(one.name), prereleases=True):
                wrong.append(f"{one.name} {version(one.name)} ({one.specifier})")
        except PackageNotFoundError:
            wrong.append(one.name)
    if wrong:
        raise Refusal("doctor-packages", received=", ".join(wrong))
    return str(len(counted))


def _browser() -> str:
    from importlib.resources import files  # noqa: PLC0415

    manifest = files("jasyl.portal") / "static" / "manifest.json"
    if not manifest.is_file():
        raise Refusal("doctor-browser", received="manifest.json")
    return "manifest.json"


def _folder(data: Path) -> str:
    folder = open_folder(data)
    kind = folder.settings["kind"]
    check_writable(folder)
    return f"{folder.path} ({kind})"


def _tables(database: Database) -> str:
    check_reachable(database)
    database.check_tables()
    return database.url.render_as_string(hide_password=True)


def _log(folder: DataFolder) -> str:
    from jasyl.ledger import verify_log  # noqa: PLC0415

    report = verify_log(folder.path)
    if not report.ok:
        named = [damage.file for damage in report.damages] + [refusal.code for refusal in report.refusals]
        raise Refusal("doctor-log", received=", ".join(named)[:200])
    return str(report.entries)


def _segments(database: Database, folder: DataFolder) -> str:
    from jasyl.monitoring import orphans, unfit  # noqa: PLC0415

    with database.reading() as connection:
        count, wrong = unfit(connection, folder)
        lost = orphans(connection, folder)
    if wrong:
        raise Refusal("doctor-segments", received=", ".join(wrong)[:200])
    where = segment_store(folder).where
    return f"{count} ({where})" + (f", {len(lost)} → jasyl monitor tidy" if lost else "")


def _sealed(database: Database, folder: DataFolder) -> str:
    from jasyl.monitoring import verify_folder  # noqa: PLC0415

    found = verify_folder(database, folder)
    if not found.ok:
        raise Refusal("doctor-sealed", received=len(found.mismatches), expected=len(found.lost))
    return str(found.days)


def _disk(data: Path) -> str:
    place = next(path for path in (data.absolute(), *data.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE_BYTES:
        raise Refusal("doctor-disk", received=round(free / 1e6), expected=round(LEAST_FREE_BYTES / 1e6))
    return f"{free / 1e9:.1f} GB"
