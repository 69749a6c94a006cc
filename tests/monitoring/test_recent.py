"""What is stored is found again: by what this process remembers, by files it never saw, and by DuckDB."""

import subprocess
import sys
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import Outcome, append, newest_known, recent
from jasyl.monitoring.grids import Grids, grids_of
from jasyl.monitoring.newest_known import NewestKnown
from jasyl.monitoring.segments import Readings
from jasyl.storage import create_folder

START = at("2025-05-31 22:00")  # 16 quarters reach into the next month
SERIES = {1: a_series(1), 2: a_series(2), 5_000_000: a_series(5_000_000)}
READING = st.tuples(st.sampled_from(sorted(SERIES)), st.integers(0, 15), st.integers(0, 2))
DELIVERIES = st.lists(st.lists(READING, min_size=1, max_size=6, unique_by=lambda each: each[:2]), max_size=6)


def expected(history, series, quarter, value):
    said = history.setdefault((series, quarter), [])
    if not said:
        became = Outcome.ACCEPTED
    elif value in said:
        became = Outcome.REPEATED if said[-1] == value else Outcome.OUTDATED
    else:
        became = Outcome.CORRECTED
    if became in {Outcome.ACCEPTED, Outcome.CORRECTED}:
        said.append(value)
    return became


@pytest.mark.parametrize("compared", [1, 1_000_000])
@settings(max_examples=8)
@given(DELIVERIES, st.integers(0, 3))
def test_whatever_is_remembered_the_outcome_is_the_same(tmp_path_factory, compared, deliveries, forgets):
    folder = create_folder(tmp_path_factory.mktemp("r") / "data", "real")
    database = a_database(folder)
    history = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recent, "COMPARED", compared)
        for place, rows in enumerate(deliveries):
            if place % 4 < forgets:  # another process stored the former ones
                newest_known._of.clear()
            if place == 3:
                recent.join_small(database, folder, NOW, most=2)
            series, quarters, values = (np.array(column, np.int64) for column in zip(*rows, strict=True))
            receipt = append(database, folder, SERIES, a_batch(START + quarters * QUARTER, values, series), NOW)
            assert receipt.outcome.tolist() == [expected(history, *row) for row in rows]
    database.close()


def test_marks_are_never_too_low():
    marks = NewestKnown()
    series, start = np.array([1, 1, 7, 3000, 2**40]), np.array([5, 9, 4, 2, 1])
    assert marks.newer(series, start).tolist() == [True, True, True, True, False]
    marks.see("a", series, start)
    marks.see("b", np.array([1]), np.array([3]))
    assert marks.newer(series, start).tolist() == [False] * 5
    assert marks.newer(series, start + 1).tolist() == [False, True, True, True, False]
    assert marks.has_seen("b") and not marks.has_seen("c")


def test_rows_beyond_the_limit_are_read_again():
    rows = Readings(*(np.arange(6) for _ in range(5)))
    kept = recent._Kept(10)
    for name in "ab":
        kept.put(name, rows)
    assert kept.get("a") is None and kept.get("b") is rows


def test_grids_follow_the_definitions():
    known = {3: a_series(3), 1: a_series(1, interval_seconds=3600)}
    assert grids_of(known) is grids_of(dict(known))
    kinds = grids_of(known)
    assert [kinds.kinds[place][0] // 60_000_000 for place in kinds.kind_of(np.array([1, 3]))] == [60, 15]
    assert kinds.kind_of(np.array([0, 2, 4])).tolist() == [-1, -1, -1]
    known[3] = a_series(3, interval_seconds=1800)
    assert {seconds for seconds, _ in grids_of(known).kinds} == {3_600_000_000, 1_800_000_000}
    view = MappingProxyType({number: a_series(number) for number in (4, 5, 6)})
    assert grids_of(view) is grids_of(view)
    assert grids_of(view).kind_of(np.array([3, 4, 6, 7, -(2**40), 2**40])).tolist() == [-1, 0, 0, -1, -1, -1]
    assert Grids.of({}).kind_of(np.array([1])).tolist() == [-1]


ANOTHER_PROCESS = """
import sys
from pathlib import Path
import subprocess
import sys
from types import MappingProxyType

import numpy as np
from jasyl.monitoring import recent, segments
from jasyl.storage import database_of, open_folder
folder = open_folder(Path(sys.argv[1]))
with database_of(folder).reading() as connection:
    found = segments.manifest(connection, None, 0, 2**62)
held = recent.stored_of(folder, found, np.array([1, 2]), np.array([0, 0]))
print(held.value.tolist(), "pandas" in sys.modules)
"""


def test_what_another_process_stored_is_read_without_pandas(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    database = a_database(folder)
    batch = a_batch(START + np.arange(3) * QUARTER, np.array([7, 8, 9]), np.array([1, 1, 2]))
    append(database, folder, SERIES, batch, NOW)
    database.close()
    script = ANOTHER_PROCESS.replace("np.array([0, 0])", f"np.array([{START}, {START + 2 * QUARTER}])")
    said = subprocess.run(
        [sys.executable, "-c", script, str(folder.path)], check=True, capture_output=True, text=True, timeout=60
    )
    assert said.stdout.strip() == "[7, 9] False"
