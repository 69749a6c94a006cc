"""A push read in one step gives what it gives reading by reading."""

import datetime as dt
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.monitoring.world import a_series

from jasyl.monitoring import Source
from jasyl.monitoring.known_series import Kept, SeriesIndex
from jasyl.monitoring.push import deliver, read_push
from jasyl.people import OPERATOR, Resource

SERIES = {number: a_series(number) for number in (1, 2, 3)}
SOURCE = Source("push", "test")
AT = 1_767_589_200_000_000
VALUES = st.one_of(
    st.floats(-1e13, 1e13, allow_nan=False), st.integers(-(2**40), 2**40), st.sampled_from([0.0005, 0.0015, 2.5e-4])
)
STARTS = st.one_of(
    st.integers(0, 2**61),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2060, 1, 1)).map(lambda each: f"{each.isoformat()}+05:00"),
)
READINGS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["W.h", "kW.h", None]), STARTS, VALUES), min_size=1
)


def index():
    return SeriesIndex(
        newest=1,
        named={"a": 1, "b": 2, "c": 3},
        definitions=SERIES,
        resources={number: Resource() for number in SERIES},
        keys={1: "a", 2: "b", 3: "c"},
    )


def made(readings, known):
    document = {"unit": "MW.h", "readings": readings}
    push, refused = read_push(json.dumps(document).encode())
    return deliver(push, refused, known, OPERATOR, SOURCE)


@given(READINGS)
def test_in_one_step_as_one_by_one(rows):
    readings = [dict(zip(("series", "unit", "start", "value"), row, strict=True)) for row in rows]
    known = index()
    at_once = made(readings, known)
    one_by_one = made([*readings, {"start": AT, "value": None, "series": "a"}], known)
    assert list(at_once.rows) == list(one_by_one.rows)
    assert at_once.rounded == one_by_one.rounded
    for name in ("series", "start", "value"):
        assert np.array_equal(getattr(at_once.batch, name), getattr(one_by_one.batch, name))
    again = made(readings, known)
    assert np.array_equal(again.batch.series, at_once.batch.series)


def test_what_is_remembered_of_documents_is_forgotten_when_it_grows_heavy():
    kept = Kept(10)
    for key in range(4):
        kept.put(key, key, 4)
    assert [kept.get(key) for key in range(4)] == [None, None, 2, 3]
    kept.put(9, 9, 11)
    assert kept.get(9) is None
