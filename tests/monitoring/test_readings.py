"""Idempotence, corrections, refusals: a store of readings against a dictionary that keeps the same rules."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.monitoring.world import MINUTE, NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import segments
from jasyl.monitoring.delivery import LARGEST
from jasyl.monitoring.readings import append
from jasyl.storage import Database, DataFolder, create_folder

DAY = at("2024-05-01 00:00")
ONE = {1: a_series()}


def newest(database: Database, folder: DataFolder, **options: object) -> list[tuple[int, int, int]]:
    with database.reading() as connection:
        found = segments.read(connection, folder, None, 0, NOW, **options)  # type: ignore[arg-type]
    return list(zip(found.start.tolist(), found.value.tolist(), found.revision.tolist(), strict=True))


def counts(receipt: object) -> tuple[int, ...]:
    return tuple(getattr(receipt, name) for name in ("accepted", "corrected", "repeated", "outdated"))


def test_same_again_is_nothing_and_different_is_a_correction(database: Database, folder: DataFolder) -> None:
    first = append(database, folder, ONE, a_batch([DAY, DAY + QUARTER], [5, 6]), NOW)
    assert counts(first) == (2, 0, 0, 0)
    again = append(database, folder, ONE, a_batch([DAY, DAY + QUARTER], [5, 6]), NOW)
    assert counts(again) == (0, 0, 2, 0)
    assert again.source is None
    corrected = append(database, folder, ONE, a_batch([DAY], [7]), NOW)
    assert counts(corrected) == (0, 1, 0, 0)
    assert newest(database, folder) == [(DAY, 7, 2), (DAY + QUARTER, 6, 1)]
    assert newest(database, folder, newest=False) == [(DAY, 5, 1), (DAY, 7, 2), (DAY + QUARTER, 6, 1)]


def test_a_resent_spool_does_not_undo_a_correction(database: Database, folder: DataFolder) -> None:
    append(database, folder, ONE, a_batch([DAY], [5]), NOW)
    append(database, folder, ONE, a_batch([DAY], [7]), NOW)
    assert counts(append(database, folder, ONE, a_batch([DAY], [5]), NOW)) == (0, 0, 0, 1)
    assert newest(database, folder) == [(DAY, 7, 2)]
    # Somebody who means it says so by the revision.
    assert counts(append(database, folder, ONE, a_batch([DAY], [5], revision=3), NOW)) == (0, 1, 0, 0)
    assert newest(database, folder) == [(DAY, 5, 3)]


def test_a_taken_revision_is_refused(database: Database, folder: DataFolder) -> None:
    append(database, folder, ONE, a_batch([DAY], [5], revision=1), NOW)
    assert counts(append(database, folder, ONE, a_batch([DAY], [5], revision=1), NOW)) == (0, 0, 1, 0)
    receipt = append(database, folder, ONE, a_batch([DAY], [9], revision=1), NOW)
    assert [each.reason.code for each in receipt.refused] == ["revision-taken"]
    assert newest(database, folder) == [(DAY, 5, 1)]


def test_one_batch_may_repeat_itself_but_not_contradict_itself(database: Database, folder: DataFolder) -> None:
    receipt = append(
        database,
        folder,
        ONE,
        a_batch([DAY, DAY, DAY + QUARTER, DAY + QUARTER, DAY + 2 * QUARTER], [5, 5, 1, 2, 3]),
        NOW,
    )
    assert counts(receipt) == (2, 0, 1, 0)
    assert [(each.row, each.reason.code) for each in receipt.refused] == [
        (2, "reading-contradicts"),
        (3, "reading-contradicts"),
    ]
    assert newest(database, folder) == [(DAY, 5, 1), (DAY + 2 * QUARTER, 3, 1)]


@pytest.mark.parametrize(
    ("start", "value", "series", "code"),
    [
        (NOW, 1, 1, "reading-future"),
        (DAY + MINUTE, 1, 1, "reading-off-grid"),
        (DAY, LARGEST + 1, 1, "reading-too-large"),
        (DAY, 1, 2, "unknown-series"),
    ],
)
def test_refusals_name_the_row_in_three_languages(
    database: Database, folder: DataFolder, start: int, value: int, series: int, code: str
) -> None:
    batch = a_batch([DAY, start], [4, value], series=[1, series])
    receipt = append(database, folder, ONE, batch, NOW)
    # The first row is good unless the second contradicts it, which a different series or start does not.
    assert [(each.row, each.reason.code) for each in receipt.refused] == [(1, code)]
    assert len({receipt.refused[0].reason.text(language) for language in ("kk", "ru", "en")}) == 3
    assert newest(database, folder) == [(DAY, 4, 1)]


def test_whole_or_nothing(database: Database, folder: DataFolder) -> None:
    receipt = append(database, folder, ONE, a_batch([DAY, NOW], [4, 4]), NOW, partial=False)
    assert receipt.source is None
    assert [each.row for each in receipt.refused] == [1]
    receipt = append(database, folder, ONE, a_batch([DAY, DAY, DAY + QUARTER], [4, 5, 6]), NOW, partial=False)
    assert [each.row for each in receipt.refused] == [0, 1]
    assert newest(database, folder) == []


def test_the_record_of_an_import_commits_with_it_or_takes_it_down(database: Database, folder: DataFolder) -> None:
    seen: list[int] = []
    append(database, folder, ONE, a_batch([DAY], [4]), NOW, within=lambda _, receipt: seen.append(receipt.accepted))
    assert seen == [1]

    def fails(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        append(database, folder, ONE, a_batch([DAY], [5]), NOW, within=fails)
    assert newest(database, folder) == [(DAY, 4, 1)]


def test_daily_series_stand_on_local_midnight(database: Database, folder: DataFolder) -> None:
    daily = {1: a_series(interval_seconds=86_400)}
    # Almaty: midnight was 18:00 UTC until 2024-02-29 and is 19:00 UTC since 2024-03-01.
    good = [at("2024-02-28 18:00"), at("2024-02-29 19:00")]
    receipt = append(database, folder, daily, a_batch([*good, at("2024-02-29 18:00")], 1), NOW)
    assert (receipt.accepted, [each.row for each in receipt.refused]) == (2, [2])


def test_state_after_an_earlier_delivery(database: Database, folder: DataFolder) -> None:
    first = append(database, folder, ONE, a_batch([DAY, DAY + QUARTER], [5, 6]), NOW)
    append(database, folder, ONE, a_batch([DAY], [7]), NOW)
    assert newest(database, folder, until_source=first.source) == [(DAY, 5, 1), (DAY + QUARTER, 6, 1)]


deliveries = st.lists(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2), st.integers(-3, 3)), min_size=1, max_size=6),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries)
def test_store_agrees_with_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, given_deliveries: list[list[tuple[int, int, int]]]
) -> None:
    folder = create_folder(tmp_path_factory.mktemp("law") / "data", "real")
    database = a_database(folder)
    series = {1: a_series(1), 2: a_series(2)}
    model: dict[tuple[int, int], list[int]] = {}
    for delivery in given_deliveries:
        said: dict[tuple[int, int], set[int]] = {}
        for slot, number, value in delivery:
            said.setdefault((number, DAY + slot * QUARTER), set()).add(value)
        for key, values in said.items():
            if len(values) == 1 and (value := next(iter(values))) not in model.get(key, []):
                model.setdefault(key, []).append(value)
        slots, numbers, values = (np.array(column) for column in zip(*delivery, strict=True))
        receipt = append(database, folder, series, a_batch(DAY + slots * QUARTER, values, series=numbers), NOW)
        assert sum(counts(receipt)) + len(receipt.refused) == len(delivery)
    with database.reading() as connection:
        found = segments.read(connection, folder, [1, 2], DAY, DAY + 5 * QUARTER)
    stored = {
        (number, start): (value, revision)
        for number, start, value, revision in zip(
            found.series.tolist(), found.start.tolist(), found.value.tolist(), found.revision.tolist(), strict=True
        )
    }
    assert stored == {key: (values[-1], len(values)) for key, values in model.items()}
    database.close()


def test_what_a_segment_cannot_hold_is_told_not_cut(database: Database, folder: DataFolder) -> None:
    ones = np.ones(1, np.int64)
    rows = segments.Readings(ones, ones * DAY, ones, ones * 2**31, ones)
    with pytest.raises(OverflowError), database.writing() as connection:
        segments.add(connection, folder, rows, NOW)
    assert newest(database, folder) == []


def test_two_writers_cannot_spoil_a_store(database: Database, folder: DataFolder) -> None:
    """Both count revisions by looking at what is stored: without the lock two of them would take the same number."""
    values = range(8)

    def write(value: int) -> int | None:
        return append(database, folder, ONE, a_batch([DAY, DAY + QUARTER], value), NOW).source

    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(write, values))
    assert len(set(sources)) == len(values)
    every = newest(database, folder, newest=False)
    assert [revision for start, _, revision in every if start == DAY] == list(range(1, 9))
    assert sorted(value for start, value, _ in every if start == DAY) == list(values)
    # Each delivery took the same place for both of its readings.
    assert [value for start, value, _ in every if start == DAY] == [
        value for start, value, _ in every if start == DAY + QUARTER
    ]


@given(st.lists(st.tuples(st.integers(-3, 9), st.integers(0, 3000)), min_size=1, max_size=60), st.randoms())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_in_order_and_rows_in_any_order_are_stored_alike(rows: list[tuple[int, int]], random: Random) -> None:
    """Rows that stand in the order of a segment take a shorter way through the store."""
    rows = sorted(set(rows))
    mixed = random.sample(rows, len(rows))
    known = {number: a_series(number) for number in range(1, 8)}
    told: list[dict[tuple[int, int], int]] = []
    held: list[list[tuple[int, ...]]] = []
    for order in (rows, mixed):
        with tempfile.TemporaryDirectory() as home:
            folder = create_folder(Path(home) / "data", "real")
            database = a_database(folder)
            series, tick = np.array(order, np.int64).T
            # Three months: the batch becomes a segment for each.
            batch = a_batch(DAY + tick * 3 * QUARTER, series * 1000 + tick, series=series)
            for _ in range(2):
                receipt = append(database, folder, known, batch, NOW)
                told.append(dict(zip(order, receipt.outcome.tolist(), strict=True)))
            with database.reading() as connection:
                found = segments.read(connection, folder, None, 0, NOW)
                held.append(sorted(zip(*(getattr(found, name).tolist() for name in segments.COLUMNS), strict=True)))
            database.close()
    assert told[0] == told[2] and told[1] == told[3] and held[0] == held[1]
    assert {series for series, *_ in held[0]} == {series for series, _ in rows if series in known}
