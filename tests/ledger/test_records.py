import datetime as dt
import json
from collections.abc import Callable

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger import (
    Batch,
    Calc,
    Import,
    InputsRoot,
    Key,
    Method,
    Record,
    Supersede,
    encode_record,
    inputs_root,
    issued_now,
    parse_record,
)
from jasyl.ledger.merkle import leaf_hash, root_of
from jasyl.ledger.records import moment_of
from jasyl.texts import Refusal

HEAD = {"log_origin": "city.example/log", "issued": "2026-11-21T08:15:30Z", "author": "agency"}
HASH = "ab" * 32


def batch(**changes: object) -> Batch:
    fields: dict[str, object] = {
        "series": "01JD",
        "day_start": 1_700_000_000_000_000,
        "day_end": 1_700_086_400_000_000,
        "count": 24,
        "unit": "Wh",
        "scale": 0,
        "sum": "123456789012345678901234567890",
        "min": "-5",
        "max": "9",
        "root": HASH,
        "trust": "operator-entered",
    }
    return Batch(**HEAD, **(fields | changes))  # pyright: ignore


def calc(**changes: object) -> Calc:
    fields: dict[str, object] = {
        "indicator": "output.yearly",
        "place": None,
        "facility": "01JF",
        "period": "2025",
        "unit": "Wh",
        "value": "12345.5",
        "completeness": "0.998",
        "method": Method(id="monitoring.output", version="1.0.0", parameters={"gap": "none", "days": 365}),
        "inputs": [HASH],
    }
    return Calc(**HEAD, **(fields | changes))  # pyright: ignore


RECORDS: list[Record] = [
    Import(**HEAD, what="facilities", file_name="a.csv", sha256=HASH, rows=3, source="с", licence="CC0", actor="a"),
    batch(),
    batch(count=0, min=None, max=None, sum="0"),
    calc(),
    calc(inputs=InputsRoot(root=HASH, count=365_000), value=None, supersedes=HASH),
    Supersede(**HEAD, superseded=HASH, replacement=None, reason="withdrawn", actor="account:2"),
    Key(
        **HEAD, vkey="a+b+c", holder="agency", purpose="checkpoints", valid_from=HEAD["issued"],
        valid_to=None, status="active", authorised_by=None,
    ),
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_records_read_as_written(record: Record) -> None:
    entry = encode_record(record)
    assert parse_record(entry) == record
    document = json.loads(entry)
    assert document["type"] == record.kind
    assert document["schema"] == 1
    assert entry == rfc8785.dumps(document)


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=8), st.integers(-(2**53) + 1, 2**53 - 1))))
def test_parameters_of_any_text_keep_one_spelling(parameters: dict[str, str | int]) -> None:
    """The fast check of canonical form accepts exactly what the reference implementation writes."""
    record = calc(method=Method(id="m", version="1", parameters=dict(parameters)))
    entry = encode_record(record)
    assert entry == rfc8785.dumps(msgspec.to_builtins(record))
    assert parse_record(entry) == record


CHANGES: list[Callable[[bytes], bytes]] = [
    lambda entry: entry.replace(b'"author":', b'"author" :'),
    lambda entry: entry.replace(b'"author":"agency",', b"") + b"",
    lambda entry: entry.replace(b'"author":"agency"', b'"author":"agency","author":"agency"'),
    lambda entry: entry.replace(b'"author":"agency"', b'"author":"other","author":"agency"'),
    lambda entry: entry.replace(b'"author":"agency"', b'"author":"agenc\\u0079"'),
    lambda entry: entry.replace(b'"author":"agency"', b'"extra":1,"author":"agency"'),
    lambda entry: entry.replace(b'"schema":1,', b""),
    lambda entry: entry.replace(b'"schema":1', b'"schema":2'),
    lambda entry: entry.replace(b'"schema":1', b'"schema":1.0'),
    lambda entry: entry.replace(b'"schema":1', b'"schema":1e0'),
    lambda entry: entry.replace(b'"count":24', b'"count":24.0'),
    lambda entry: entry.replace(b'"count":24', b'"count":"24"'),
    lambda entry: entry.replace(b'"count":24', b'"count":NaN'),
    lambda entry: entry.replace(b'"count":24', b'"count":9007199254740993'),
    lambda entry: entry.replace(b'"count":24', b'"count":1e400'),
    lambda entry: entry.replace(b'"count":24', b'"count":-1'),
    lambda entry: entry.replace(b'"scale":0', b'"scale":-0'),
    lambda entry: entry.replace(b'"type":"batch"', b'"type":"erasure"'),
    lambda entry: entry.replace(b'"type":"batch"', b'"type":null'),
    lambda entry: entry.replace(b'"type":"batch",', b""),
    lambda entry: entry.replace(b'"min":"-5"', b'"min":"-05"'),
    lambda entry: entry.replace(b'"min":"-5"', b'"min":"-5.0"'),
    lambda entry: entry.replace(b'"min":"-5"', b'"min":null'),
    lambda entry: entry.replace(b"08:15:30Z", b"08:15:30+00:00"),
    lambda entry: entry.replace(b"2026-11-21", b"2026-02-30"),
    lambda entry: entry.replace(b"operator-entered", b"trust-me"),
    lambda entry: entry.replace(b'"Wh"', b'"W\xff"'),
    lambda entry: entry + b"\n",
    lambda entry: b"\xef\xbb\xbf" + entry,
    lambda entry: b"[" * 100_000,
    lambda entry: entry[:-1],
    lambda entry: b"",
]


@pytest.mark.parametrize("change", CHANGES)
def test_ambiguous_encodings_are_refused(change: Callable[[bytes], bytes]) -> None:
    entry = encode_record(batch())
    changed = change(entry)
    assert changed != entry
    with pytest.raises(Refusal) as caught:
        parse_record(changed)
    assert caught.value.code == "record-malformed"


@pytest.mark.parametrize(
    "record",
    [
        lambda: batch(count=-1),
        lambda: batch(sum=5),
        lambda: batch(root="AB" * 32),
        lambda: batch(series=""),
        lambda: batch(scale=19),
        lambda: calc(value="1.50"),
        lambda: calc(value=1.5),
        lambda: calc(value="NaN"),
        lambda: calc(value="1e3"),
        lambda: calc(inputs=["short"]),
        lambda: calc(method=Method(id="m", version="1", parameters={"rate": 0.5})),  # pyright: ignore
    ],
)
def test_values_outside_their_limits_are_refused(record: Callable[[], Record]) -> None:
    with pytest.raises(Refusal) as caught:
        encode_record(record())
    assert caught.value.code == "record-malformed"


def test_batches_that_make_no_sense() -> None:
    for changes in ({"day_end": 0}, {"count": 0}, {"min": None, "max": None}, {"max": None}):
        with pytest.raises(ValueError, match="day_end"):
            batch(**changes)


def test_moments() -> None:
    moment = dt.datetime(2026, 11, 21, 13, 15, 30, 250_000, dt.timezone(dt.timedelta(hours=5)))
    assert issued_now(moment) == "2026-11-21T08:15:30.250000Z"
    assert moment_of("2026-11-21T08:15:30.25Z") == moment
    assert moment_of(issued_now()).tzinfo is not None
    with pytest.raises(ValueError, match="time zone"):
        issued_now(dt.datetime(2026, 11, 21))


def test_inputs_root_is_a_merkle_root() -> None:
    ids = ["00" * 32, "ff" * 32, HASH]
    expected = root_of([leaf_hash(bytes.fromhex(identity)) for identity in ids])
    assert inputs_root(ids) == InputsRoot(root=expected.hex(), count=3)
    assert inputs_root([]).count == 0
