"""Quality control: what each check finds of seeded faults, what it tells of sound readings, and how fast it judges.

Peer: pvanalytics, where it is installed, on the same readings (frozen values).
"""

import tempfile
import time
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from jasyl.monitoring.quality import checks, find_check, inspect
from jasyl.monitoring.quality.findings import mask_of
from jasyl.monitoring.quality.trial import sound_series, trial
from jasyl.monitoring.training import load_training
from jasyl.monitoring.training_meters import DAY, END
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.database import revision_table

SEEDS = tuple(range(1, 11))


def figures() -> None:
    """Detection and false alarms over ten seeds."""
    print("| check | faults | detected | sound readings | told wrongly |\n| --- | --- | --- | --- | --- |")
    for each in trial(SEEDS, each=8):
        share = f"{100 * each.detection:.1f} %"
        print(f"| {each.check} | {each.faults} | {share} | {each.judged:,} | {100 * each.false_alarms:.4f} % |")


def speed() -> None:
    """Readings judged a second by all checks together, and by each."""
    seen = list(sound_series(1, 4))
    count = sum(len(each) for each in seen)
    begun = time.perf_counter()
    for each in seen:
        for check in checks():
            check.ask(each)
    print(f"all checks over {count:,} readings: {count / (time.perf_counter() - begun) / 1e6:.2f} M readings/s")
    slow: list[tuple[float, str]] = []
    for check in checks():
        begun = time.perf_counter()
        for each in seen:
            check.ask(each)
        slow.append((time.perf_counter() - begun, check.id))
    print("slowest: " + ", ".join(f"{name} {spent * 1e3:.0f} ms" for spent, name in sorted(slow, reverse=True)[:5]))


def training() -> None:
    """The training starter with its faults: one run over everything, and one after ten thousand more readings."""
    from jasyl.ledger import create_keys

    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "training")
        create_keys(folder)
        database = database_of(folder)
        METADATA.create_all(database.engine)
        with database.writing(visible=False) as connection:
            connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
        summary = load_training(folder, database)
        for name in ("first run", "again, all of it"):
            begun = time.perf_counter()
            done = inspect(database, folder, END + 6 * DAY, start=None if name == "first run" else 0)
            spent = time.perf_counter() - begun
            print(
                f"training starter, {name}: {done.readings:,} readings in {spent:.2f} s, {len(done.added)} verdicts,"
                f" {len(done.opened)} alerts; {len(summary.faults)} faults in the truth table"
            )
        database.close()


def peer() -> None:
    """Frozen values by pvanalytics on the same series."""
    try:
        import pandas as pd
        from pvanalytics.quality.gaps import stale_values_round
    except ImportError:
        print("pvanalytics is not installed: no comparison")
        return
    check = find_check("frozen")
    spent = {"ours": 0.0, "pvanalytics": 0.0}
    told = {"ours": 0, "pvanalytics": 0}
    for seen in sound_series(3, 2):
        begun = time.perf_counter()
        told["ours"] += int(mask_of(check.ask(seen), len(seen)).sum())
        spent["ours"] += time.perf_counter() - begun
        values = pd.Series(seen.rate, pd.to_datetime(seen.start, unit="us", utc=True))
        begun = time.perf_counter()
        stale = stale_values_round(values, window=6, decimals=3, mark="all").to_numpy() & (seen.rate > 0)
        spent["pvanalytics"] += time.perf_counter() - begun
        told["pvanalytics"] += int(np.count_nonzero(stale))
    for name, seconds in spent.items():
        print(f"frozen, sound series: {name} tells {told[name]} readings wrongly, {seconds:.2f} s")


def run() -> None:
    """Prints figures; judges nothing."""
    figures()
    speed()
    training()
    peer()


if __name__ == "__main__":
    run()
