"""Energy of a record, from what this log really spent: an estimate, from measured processor time and configured watts.

The keeper measures the processor time of its own thread while it takes records in (hashing, journal, tiles, signing,
marking rows) and adds it to ``log/energy.json``, under the keeper's lock, so that it lasts over restarts and over
commands. Not in it: reading and checking what is recorded, disks, network, cooling, making the machine.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .keys import log_policy
from .witnessing import witness_addresses

ENERGY = "energy.json"
DAY_SECONDS = 86_400
# A busy core of a server draws 3 to 5 W; 10 is a deliberate upper value. Shares that burn always: assumed.
CORE_WATTS, SERVER_WATTS, WITNESS_WATTS = 10.0, 20.0, 5.0
_KEPT_EVERY = 60.0


class Watts(msgspec.Struct, frozen=True, kw_only=True):
    """What is assumed to be drawn: by a busy core; always, by the log's share of its server and by each witness."""

    core: float = CORE_WATTS
    server: float = SERVER_WATTS
    witness: float = WITNESS_WATTS


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured since ``since`` (POSIX seconds): records taken in and processor seconds; the watts assumed."""

    since: float
    records: int = 0
    cpu_seconds: float = 0.0
    watts: Watts = Watts()


@dataclass(frozen=True)
class LogEnergy:
    """Joules per record: ``marginal`` of one more record (None before any was metered); ``always_on`` shared by the
    day's records at the rate seen so far (None within the first hour). An estimate."""

    spent: Spent
    seconds: float
    witnesses: int

    @property
    def marginal(self) -> float | None:
        spent = self.spent
        return spent.cpu_seconds * spent.watts.core / spent.records if spent.records else None

    @property
    def always_on_watts(self) -> float:
        return self.spent.watts.server + self.witnesses * self.spent.watts.witness

    @property
    def records_per_day(self) -> float | None:
        return self.spent.records / self.seconds * DAY_SECONDS if self.seconds >= 3600 else None

    @property
    def always_on(self) -> float | None:
        rate = self.records_per_day
        return self.always_on_watts * DAY_SECONDS / rate if rate else None


def read_spent(log: Path) -> Spent | None:
    """What was measured, None before anything was."""
    try:
        return msgspec.json.decode((log / ENERGY).read_bytes(), type=Spent)
    except (OSError, msgspec.DecodeError):
        return None


def log_energy(folder: DataFolder, now: float | None = None) -> LogEnergy | None:
    """The energy of a data folder's log and its witnesses; None before anything was measured."""
    spent = read_spent(folder.log)
    if spent is None:
        return None
    try:
        witnesses = len(witness_addresses(log_policy(folder.log)))
    except Refusal:
        witnesses = 0
    moment = time.time() if now is None else now
    return LogEnergy(spent, max(0.0, moment - spent.since), witnesses)


def set_watts(folder: DataFolder, watts: Watts) -> Spent:
    """Assume other watts from now on, for all that was measured. Raises Refusal ``energy-watts``.

    To be called under the keeper's lock, which guards the file.
    """
    for value in (watts.core, watts.server, watts.witness):
        if not 0 <= value <= 1e6:
            raise Refusal("energy-watts", received=value, expected="0 … 1000000")
    spent = read_spent(folder.log) or Spent(since=time.time())
    return _write(folder.log, msgspec.structs.replace(spent, watts=watts))


class EnergyMeter:
    """Adds up what a keeper spends; ``keep`` writes it down, at most once a minute unless ``now``.

    Holding the keeper's lock, so that two processes never add to the same number at once.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        self._records, self._cpu, self._kept, self._first = 0, 0.0, 0.0, time.time()

    def add(self, records: int, cpu_seconds: float) -> None:
        """Count records and the processor seconds they took."""
        self._records += records
        self._cpu += cpu_seconds

    def keep(self, *, now: bool = False) -> None:
        """Add what was counted to the file."""
        moment = time.monotonic()
        if not self._records or (not now and self._kept and moment - self._kept < _KEPT_EVERY):
            return
        spent = read_spent(self.log) or Spent(since=self._first)
        total = {"records": spent.records + self._records, "cpu_seconds": spent.cpu_seconds + self._cpu}
        _write(self.log, msgspec.structs.replace(spent, **total))
        self._records, self._cpu, self._kept = 0, 0.0, moment


def _write(log: Path, spent: Spent) -> Spent:
    write_durably(log / ENERGY, msgspec.json.format(msgspec.json.encode(spent)))
    return spent
