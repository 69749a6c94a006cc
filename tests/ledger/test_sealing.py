from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jasyl.ledger import Readings, day_root, destroy_series_key, prove_reading, series_key, verify_reading
from jasyl.ledger.merkle import EMPTY_ROOT, leaf_hash, root_of
from jasyl.ledger.sealing import _entry, reading_salt
from jasyl.texts import Refusal

if TYPE_CHECKING:
    from .conftest import House

KEY = bytes(range(32))
MINUTE = 60_000_000


def day(count: int = 1440, seed: int = 1) -> Readings:
    start = 1_700_000_000_000_000 + MINUTE * np.arange(count, dtype=np.int64)
    value = np.random.default_rng(seed).integers(-(2**62), 2**62, count)
    return Readings(start, value, np.zeros(count, np.int64))


@given(
    st.integers(0, 40).flatmap(
        lambda count: st.tuples(
            arrays(np.int64, count, elements=st.integers(-(2**63), 2**63 - 1), unique=True),
            arrays(np.int64, count, elements=st.integers(-(2**63), 2**63 - 1)),
            arrays(np.int64, count, elements=st.integers(0, 5)),
        )
    ),
    st.text(max_size=20),
)
def test_root_is_the_definition(columns: tuple[np.ndarray, np.ndarray, np.ndarray], series: str) -> None:
    """The fast path with HMAC written out gives what the standard library's hmac and plain leaves give."""
    start = np.sort(columns[0])
    leaves = [
        leaf_hash(_entry(reading_salt(KEY, int(at), int(revision)), series, int(at), int(value), int(revision)))
        for at, value, revision in zip(start, columns[1], columns[2], strict=True)
    ]
    expected = root_of(leaves) if leaves else EMPTY_ROOT
    assert day_root(KEY, series, Readings(start, columns[1], columns[2])) == expected


def test_one_reading_is_proven_without_the_key() -> None:
    readings = day()
    root = day_root(KEY, "meter", readings)
    for index in (0, 700, 1439):
        proof = prove_reading(KEY, "meter", readings, index)
        assert verify_reading(proof, root)
        assert (proof.value, proof.count) == (int(readings.value[index]), 1440)
        wrong = [
            replace(proof, value=proof.value ^ 1),
            replace(proof, start=proof.start + 1),
            replace(proof, revision=1),
            replace(proof, series_id="other"),
            replace(proof, salt=bytes(32)),
            replace(proof, salt=b"short"),
            replace(proof, value=2**63),
            replace(proof, index=index + 1),
            replace(proof, path=proof.path[:-1]),
            replace(proof, path=(*proof.path, bytes(32))),
        ]
        assert not any(verify_reading(other, root) for other in wrong)
        assert not verify_reading(proof, bytes(32))


def test_a_correction_changes_the_root() -> None:
    readings = day(24)
    start = np.insert(readings.start, 6, readings.start[5])
    value = np.insert(readings.value, 6, 7)
    revision = np.insert(readings.revision, 6, 1)
    corrected = Readings(start, value, revision)
    assert day_root(KEY, "meter", corrected) != day_root(KEY, "meter", readings)
    assert verify_reading(prove_reading(KEY, "meter", corrected, 6), day_root(KEY, "meter", corrected))


def test_equal_readings_do_not_look_equal() -> None:
    """A stranger who knows the value cannot find the series: roots differ by key."""
    assert day_root(KEY, "meter", day()) != day_root(bytes(32), "meter", day())


def test_readings_that_cannot_be_sealed() -> None:
    good = day(3)
    for bad in (
        Readings(good.start[::-1], good.value, good.revision),
        Readings(good.start[[0, 0, 1]], good.value, good.revision),
        Readings(good.start[:2], good.value, good.revision),
        Readings(good.start.reshape(3, 1), good.value.reshape(3, 1), good.revision.reshape(3, 1)),
    ):
        with pytest.raises(Refusal, match="not in order"):
            day_root(KEY, "meter", bad)
    with pytest.raises(Refusal, match="series key"):
        day_root(b"short", "meter", good)
    with pytest.raises(Refusal, match="no entry"):
        prove_reading(KEY, "meter", good, 3)


def test_keys_are_made_once_and_destroyed_for_ever(house: "House") -> None:
    readings = day(24)
    with house.database.writing() as connection:
        key = series_key(connection, "meter")
        other = series_key(connection, "other")
        assert series_key(connection, "meter") == key != other
        assert len(key) == 32
    root, proof = day_root(key, "meter", readings), prove_reading(key, "meter", readings, 3)
    with house.database.writing() as connection:
        assert destroy_series_key(connection, "meter")
        assert not destroy_series_key(connection, "meter")
        assert not destroy_series_key(connection, "never")
        with pytest.raises(Refusal, match="destroyed"):
            series_key(connection, "meter")
        assert series_key(connection, "other") == other
    # The root stands; proofs given away before still hold; no other can be made.
    assert verify_reading(proof, root)
