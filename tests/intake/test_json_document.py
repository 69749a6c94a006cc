"""JSON is read exactly and strictly: nothing is dropped, rounded or guessed."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.intake import read_json
from jasyl.texts import Refusal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_json_writes_is_read_back(value):
    assert read_json(json.dumps(value).encode()) == value


def test_numbers_stay_exact():
    assert read_json("\ufeff[0.1, 1e-7, 123456789012345678901.5]".encode()) == [
        Decimal("0.1"),
        Decimal("1e-7"),
        Decimal("123456789012345678901.5"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        (b"", "json-unreadable", None),
        (b"{", "json-unreadable", None),
        (b"\xff\xfe{\x00}\x00", "json-unreadable", None),
        (b"[" * 100_000, "json-unreadable", None),
        (b"1" * 5000, "json-unreadable", None),
        (b'{"a": {"year": 1, "year": 2}}', "json-twice", "year"),
        (b'{"a": NaN}', "json-number", "NaN"),
        (b"[-Infinity]", "json-number", "-Infinity"),
        (b"[1, 2, 3, 4, 5, 6, 7, 8]", "json-large", None),
    ],
)
def test_what_is_no_document_is_refused(content, code, field):
    with pytest.raises(Refusal) as refused:
        read_json(content, "book.json", largest=20 if code == "json-large" else 200_000)
    assert (refused.value.code, refused.value.where.file, refused.value.where.field) == (code, "book.json", field)
