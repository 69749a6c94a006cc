"""Trials of the checks: seeded faults put into sound series, and what each check finds of them.

A fault alters known readings. A check has detected it when it tells at least half of them; a false alarm is a reading
of an untouched series that a check tells. The faults are those of the incidents in the stories of the checks, drawn in
size, length and place beyond what a check says it is blind to. Everything here is generated: no real plant is shown.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .catalogue import checks
from .findings import mask_of
from .observation import Observed
from .trial_courses import MAKERS, Maker, a_neighbour, what_parts_say
from .trial_faults import FAULTS, Faulty


@dataclass(frozen=True)
class Figures:
    """What trials gave for one check: faults put in and detected, sound readings judged and told wrongly."""

    check: str
    faults: int
    detected: int
    judged: int
    false: int

    @property
    def detection(self) -> float:
        return self.detected / self.faults if self.faults else float("nan")

    @property
    def false_alarms(self) -> float:
        return self.false / self.judged if self.judged else 0.0


def trial(seeds: Iterable[int], each: int = 8) -> list[Figures]:
    """Figures of every check over ``seeds``: ``each`` faults of each kind and seed, and as many sound series."""
    counts = {check.id: [0, 0, 0, 0] for check in checks()}
    for seed in seeds:
        for check in checks():
            for nth in range(each):
                faulty = faulty_series(check.id, seed, nth)
                told = mask_of(check.ask(faulty.seen), len(faulty.seen))
                counts[check.id][0] += 1
                counts[check.id][1] += bool(2 * np.count_nonzero(told & faulty.altered) >= faulty.altered.sum())
        for seen in sound_series(seed, each):
            for check in checks():
                if check.applies(seen):
                    counts[check.id][2] += int(seen.there.sum())
                    counts[check.id][3] += int(mask_of(check.ask(seen), len(seen)).sum())
    return [Figures(name, *numbers) for name, numbers in counts.items()]


def sound_series(seed: int, each: int) -> Iterable[Observed]:
    """Series without faults: every model, by hours and quarter hours, as amounts, means and counters."""
    maker = Maker(seed)
    for nth in range(each):
        for name, make in MAKERS.items():
            electric = name in {"solar", "wind", "hydro", "biogas"}
            kind = ("amount", "mean" if electric else "amount", "counter", "amount")[nth % 4]
            seen = make(maker, (3600, 900)[nth // 2 % 2], kind)
            yield replace(
                seen, parts=what_parts_say(seen, np.random.default_rng([seed, 13, nth])), twins=a_neighbour(maker, seen)
            )


def faulty_series(check: str, seed: int, nth: int) -> Faulty:
    """Fault number ``nth`` of the kind that ``check`` is there for."""
    models, put = FAULTS[check]
    random = np.random.default_rng([seed, 12, nth, zlib.crc32(check.encode())])
    maker = Maker(int(random.integers(2**31)))
    interval = (3600, 900)[nth % 2]
    kind = "counter" if check.startswith("counter") else "amount"
    seen = MAKERS[models[nth % len(models)]](maker, interval, kind)
    while True:
        made = put(seen, random)
        if made is not None:
            return made
