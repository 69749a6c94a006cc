"""What goes wrong in the training starter, on purpose: seeded faults and corrections, and the table that says where.

The table is the truth that detectors, tests and readers are measured by: every fault that was put in stands in it,
and nothing else in the readings is wrong. A meter has at most one entry.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.quantities import instant

from .training_meters import DAY, START, Course
from .training_weather import MICROSECONDS, Int

FaultKind = Literal["frozen", "factor-1000", "gap", "spike", "night-output", "late", "duplicate", "correction"]
HOUR = 3600 * MICROSECONDS
POWER = frozenset({"solar", "wind", "hydro", "biogas"})
_RUNNING = frozenset({"wind", "hydro", "heat", "gas", "leak"})
# Kind, how many, which models can have it (in a solar plant a frozen zero at night is no fault), hours it lasts.
_PLAN: tuple[tuple[FaultKind, int, frozenset[str], tuple[int, int]], ...] = (
    ("night-output", 2, frozenset({"solar"}), (5, 6)),
    ("spike", 3, POWER, (1, 1)),
    ("frozen", 3, _RUNNING, (9, 30)),
    ("factor-1000", 3, POWER | {"heat", "waste"}, (24, 24)),
    ("gap", 3, POWER | {"heat", "gas", "waste"}, (6, 40)),
    ("late", 2, POWER | {"heat", "waste"}, (8, 8)),
    ("duplicate", 2, POWER | {"heat", "leak"}, (24, 24)),
    ("correction", 3, POWER | {"heat"}, (24, 24)),
)
# Between the first days and the last delivery, so that what is late or doubled still comes within the time.
FIRST_DAY, LAST_DAY = 2, 42


@dataclass(frozen=True)
class Fault:
    """One line of the truth table.

    Intervals of ``series`` (its key) that start in [``start``, ``end``), µs UTC; ``readings`` is how many.
    ``sent`` is the sum of the integers first delivered for them, ``true`` the sum that a sound meter would have had;
    ``corrected`` says that a later revision brought the true values.
    """

    series: str
    kind: FaultKind
    start: int
    end: int
    readings: int
    sent: int
    true: int
    corrected: bool = False


@dataclass(frozen=True)
class Told:
    """What a meter delivers. ``first`` as it first comes, ``comes`` which of these come at all, ``late`` which
    come days after, ``doubled`` which come twice; ``revised`` are the values of a later correction, for the
    intervals marked ``corrected``."""

    course: Course
    first: Int
    comes: NDArray[np.bool_]
    late: NDArray[np.bool_]
    doubled: NDArray[np.bool_]
    corrected: NDArray[np.bool_]
    revised: Int


def with_faults(seed: int, courses: Sequence[Course]) -> tuple[tuple[Told, ...], tuple[Fault, ...]]:
    """The deliveries of all meters, and the truth table in the order of the kinds."""
    random = np.random.default_rng([seed, 3])
    told = [_sound(course) for course in courses]
    table: list[Fault] = []
    free = [at for at, course in enumerate(courses) if course.meter.kind != "counter" and _hourly(course)]
    for kind, count, models, hours in _PLAN:
        for nth in range(count):
            able = [at for at in free if courses[at].meter.model in models]
            at = int(random.choice(able))
            free.remove(at)
            fault = _put(kind, told[at], hours, nth, random)
            table.append(fault)
    return tuple(told), tuple(table)


def _hourly(course: Course) -> bool:
    return course.meter.interval_seconds <= 3600


def _sound(course: Course) -> Told:
    no = np.zeros(len(course.start), bool)
    return Told(course, course.value.copy(), ~no, no.copy(), no.copy(), no.copy(), course.value.copy())


def _put(kind: FaultKind, told: Told, hours: tuple[int, int], nth: int, random: np.random.Generator) -> Fault:
    """Write one fault into ``told``; places where it would not show are drawn again."""
    while True:
        rows = _stretch(kind, told.course, hours, random)
        true = told.course.value[rows]
        wrong = _WRONG[kind](told, rows, random)
        if wrong is not None:
            break
    told.first[rows] = wrong
    told.comes[rows] = kind != "gap"
    told.late[rows] = kind == "late"
    told.doubled[rows] = kind == "duplicate"
    # Of the thousandfold days somebody notices the first and sends it again.
    corrected = kind == "correction" or (kind == "factor-1000" and nth == 0)
    told.corrected[rows] = corrected
    start = told.course.start[rows]
    sent = int(wrong.sum()) if kind != "gap" else 0
    end = int(start[-1]) + told.course.meter.interval_seconds * MICROSECONDS
    return Fault(told.course.meter.key, kind, int(start[0]), end, len(rows), sent, int(true.sum()), corrected)


def _stretch(kind: FaultKind, course: Course, hours: tuple[int, int], random: np.random.Generator) -> NDArray[np.intp]:
    """Positions of the intervals concerned: whole civil days, nights from 22 h, or any stretch."""
    day = START + int(random.integers(FIRST_DAY, LAST_DAY)) * DAY
    length = int(random.integers(hours[0], hours[1] + 1)) * HOUR
    any_hour = int(random.integers(24))
    begins: dict[FaultKind, int] = {"night-output": 22, "late": 10, "spike": 12, "frozen": any_hour, "gap": any_hour}
    start = day + begins.get(kind, 0) * HOUR
    rows = np.flatnonzero((course.start >= start) & (course.start < start + length))
    return rows[:1] if kind == "spike" else rows


def _frozen(told: Told, rows: NDArray[np.intp], _random: np.random.Generator) -> Int | None:
    """The last value before it, again and again, while the world went on."""
    last = int(told.course.value[rows[0] - 1])
    true = told.course.value[rows]
    return None if last == 0 or np.ptp(true) == 0 else np.full(len(rows), last, np.int64)


def _thousandfold(told: Told, rows: NDArray[np.intp], _random: np.random.Generator) -> Int | None:
    """kWh taken for MWh, on a day on which something was counted."""
    true = told.course.value[rows]
    return true * 1000 if true.any() else None


def _spike(told: Told, rows: NDArray[np.intp], random: np.random.Generator) -> Int | None:
    """Three to nine times what nominal power gives in the interval."""
    return np.rint(told.course.meter.most * random.uniform(3, 9, len(rows))).astype(np.int64)


def _night_output(told: Told, rows: NDArray[np.intp], random: np.random.Generator) -> Int | None:
    """Some per cent of nominal power from a solar plant in the dark."""
    return np.rint(told.course.meter.most * random.uniform(0.02, 0.05, len(rows))).astype(np.int64)


def _too_low(told: Told, rows: NDArray[np.intp], _random: np.random.Generator) -> Int | None:
    """Before its correction the meter read two per cent low all day."""
    true = told.course.value[rows]
    return np.rint(true * 0.98).astype(np.int64) if true.sum() > 100 else None


def _as_it_was(told: Told, rows: NDArray[np.intp], _random: np.random.Generator) -> Int | None:
    true = told.course.value[rows]
    return true.copy() if true.any() else None


_WRONG: dict[FaultKind, Callable[[Told, NDArray[np.intp], np.random.Generator], Int | None]] = {
    "frozen": _frozen,
    "factor-1000": _thousandfold,
    "gap": _as_it_was,
    "spike": _spike,
    "night-output": _night_output,
    "late": _as_it_was,
    "duplicate": _as_it_was,
    "correction": _too_low,
}


def truth_csv(table: Sequence[Fault]) -> str:
    """The truth table as CSV, times in ISO 8601 UTC."""
    names = [field.name for field in fields(Fault)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for fault in table:
        row = {name: getattr(fault, name) for name in names}
        row |= {name: instant(row[name]).strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("start", "end")}
        writer.writerow([{True: "yes", False: "no"}[row[name]] if name == "corrected" else row[name] for name in names])
    return out.getvalue()
