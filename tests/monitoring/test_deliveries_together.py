"""Many deliveries in one transaction stand as if they had come one after another."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import Outcome, Source, append, append_all, read_readings
from jasyl.storage import create_folder

START = at("2025-06-01 00:00")
SERIES = {1: a_series(1), 2: a_series(2)}
READING = st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 2))


def _batch(rows, name):
    series, quarters, values = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return dataclasses.replace(a_batch(START + quarters * QUARTER, values, series), source=Source("push", name))


def _stored(database, folder):
    with database.reading() as connection:
        found = read_readings(connection, folder, None, 0, NOW, newest=False)
    return [getattr(found, name).tolist() for name in ("series", "start", "value", "revision", "source")]


@settings(max_examples=12)
@given(st.lists(st.lists(READING, min_size=1, max_size=6), min_size=1, max_size=4))
def test_together_is_one_after_another(tmp_path_factory, deliveries):
    homes = [create_folder(tmp_path_factory.mktemp("d") / "data", "real") for _ in range(2)]
    together, apart = (a_database(home) for home in homes)
    batches = [_batch(rows, str(place)) for place, rows in enumerate(deliveries)]
    one = append_all(together, homes[0], SERIES, batches, NOW)
    other = [append(apart, homes[1], SERIES, batch, NOW) for batch in batches]
    plain = [[(r.accepted, r.corrected, r.repeated, r.outdated, len(r.refused)) for r in made] for made in (one, other)]
    assert plain[0] == plain[1]
    assert [r.outcome.tolist() for r in one] == [r.outcome.tolist() for r in other]
    left, right = _stored(together, homes[0]), _stored(apart, homes[1])
    assert left[:4] == right[:4]  # numbers of deliveries may differ in order, not in what they brought
    together.close()
    apart.close()


def test_each_delivery_keeps_its_own_number_and_outcomes(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    database = a_database(folder)
    first, second = _batch([(1, 0, 5), (2, 0, 7)], "a"), _batch([(1, 1, 5), (9, 0, 7), (2, 1, 1)], "b")
    one, other = append_all(database, folder, SERIES, [first, second], NOW)
    assert one.outcome.tolist() == [Outcome.ACCEPTED] * 2
    assert other.outcome.tolist() == [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]
    assert [each.row for each in other.refused] == [1]
    assert set(_stored(database, folder)[4]) == {one.source, other.source}
    again = append_all(database, folder, SERIES, [first, _batch([(1, 0, 6)], "c"), first], NOW)
    assert [receipt.outcome.tolist() for receipt in again] == [
        [Outcome.REPEATED] * 2,
        [Outcome.CORRECTED],
        [Outcome.OUTDATED, Outcome.REPEATED],
    ]
    database.close()


def test_a_delivery_that_must_be_whole_leaves_no_trace(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    database = a_database(folder)
    batch = _batch([(1, 0, 5), (1, 0, 6), (1, 1, 6)], "twice")
    receipt = append(database, folder, SERIES, batch, NOW, partial=False)
    assert receipt.source is None and len(receipt.refused) == 2
    with database.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from reading_source").scalar() == 0
    database.close()
