import datetime as dt
import itertools
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from jasyl.ledger import (
    Anchor,
    Batch,
    Calc,
    Certificate,
    CheckpointSeen,
    Column,
    Decision,
    Device,
    Erase,
    Evidence,
    Import,
    InputsRoot,
    Key,
    Method,
    Record,
    Signature,
    Supersede,
    composed,
    encode_record,
    inputs_root,
    issued_now,
    parse_record,
    record_schema,
)
from jasyl.ledger.confidential_records import FieldsRoot, Sealed, Title
from jasyl.ledger.merkle import leaf_hash, root_of
from jasyl.ledger.record_blocks import BlockContents, block_contents
from jasyl.ledger.records import KINDS, moment_of
from jasyl.ledger.wording import record_kind_name
from jasyl.texts import LANGUAGES, Refusal

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
        "device": HASH,
    }
    return Batch(**HEAD, **(fields | changes))  # pyright: ignore


def device(**changes: object) -> Device:
    fields: dict[str, object] = {
        "series": "01JD",
        "facility": "01JF",
        "quantity": "electricity_generated",
        "series_kind": "mean",
        "unit": "W",
        "scale": -3,
        "interval_seconds": 900,
        "trust": "operator-entered",
    }
    return Device(**HEAD, **(fields | changes))  # pyright: ignore


def calc(**changes: object) -> Calc:
    fields: dict[str, object] = {
        "indicator": "output.yearly",
        "figure_kind": "observed",
        "subject_kind": "facility",
        "subject": "01JF",
        "period": "2025",
        "unit": "Wh",
        "value": "12345.5",
        "completeness": "0.998",
        "method": Method(id="monitoring.output", version="1.0.0", parameters={"gap": "none", "days": 365}),
        "inputs": [HASH],
    }
    return Calc(**HEAD, **(fields | changes))  # pyright: ignore


SIG = Signature(key=HASH, sig="AAAA")
ACTOR = {"actor": "account:2"}
RECORDS: list[Record] = [
    Import(**HEAD, what="facilities", file_name="a.csv", sha256=HASH, rows=3, source="с", licence="CC0", actor="a"),
    device(),
    device(trust="gateway-signed", key=HASH, facility=None, accuracy_class="0.5S", calibration_sha256=HASH),
    batch(),
    batch(trust="gateway-signed", day_sigs=[SIG]),
    batch(count=0, min=None, max=None, sum="0", sigs=[SIG, SIG]),
    batch(schema=1, device=UNSET, trust="gateway-signed"),
    calc(),
    calc(divisor="4000"),
    calc(inputs=InputsRoot(root=HASH, count=365_000), value=None, supersedes=HASH),
    calc(inputs=InputsRoot(root=HASH, count=365_000, columns=[Column(name="plus", sum="9" * 38)]), divisor="1"),
    calc(schema=1, figure_kind=UNSET, subject_kind=UNSET, subject=UNSET, place="KZ-71", facility=None),
    Supersede(**HEAD, superseded=HASH, replacement=None, reason="withdrawn", actor="account:2"),
    Erase(**HEAD, subject="01JS", destroyed="series-key", reason="asked", authority="court", records=[HASH], **ACTOR),
    Key(
        **HEAD, vkey="a+b+c", holder="agency", purpose="checkpoints", valid_from=HEAD["issued"],
        valid_to=None, status="active", authorised_by=None,
    ),
    Key(
        **HEAD, schema=2, vkey="former.example/log+b+c", holder="former.example/log", purpose="log",
        valid_from=HEAD["issued"], valid_to=HEAD["issued"], status="revoked", authorised_by=None, former_size=7,
    ),
    Certificate(**HEAD, event="issue", certificate="01JC", command="c1", payload={"ranges": [["0", "9"], ["2", 3]]}),
    Evidence(**HEAD, sha256=HASH, size=9, media_type="application/pdf", title="audit", custodian="city", **ACTOR),
    Decision(**HEAD, subject="land titles", rules="fit", rules_version="1", payload={"a": {"b": True}}, **ACTOR),
    Anchor(**HEAD, target="evm:1", size=5, root=HASH, state="pending", receipt="", payload={}),
    CheckpointSeen(**HEAD, origin="other.example/log", size=7, root=HASH, checkpoint="AAAA"),
    Sealed(**HEAD, subject="01JS", sort="contract", commitment=HASH, fields=FieldsRoot(root=HASH, count=8)),
    Sealed(**HEAD, subject="01JS", sort="scan", commitment=HASH, fields=None, supersedes=HASH),
    Title(
        **HEAD, event="register", title="01JT", object_class="land", object_mark=HASH, payload=HASH, owner=[HASH],
        previous=None,
    ),
]  # fmt: skip


def test_every_kind_has_an_example_here_and_in_the_manual() -> None:
    assert {record.kind for record in RECORDS} == set(KINDS)
    manual = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
    examples = [json.loads(line) for line in manual.splitlines() if line.startswith('{"')]
    assert {each["type"] for each in examples} == set(KINDS)
    for each in examples:
        assert parse_record(rfc8785.dumps(each)).kind == each["type"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_records_read_as_written(record: Record) -> None:
    entry = encode_record(record)
    assert parse_record(entry) == record
    document = json.loads(entry)
    assert document["type"] == record.kind
    assert document["schema"] == record.schema
    assert entry == rfc8785.dumps(document)
    jsonschema.validate(document, record_schema(record.kind))


# Written by the first version of the ledger; such entries stand in logs for ever.
OLD = [
    b'{"author":"agency","count":24,"day_end":1700086400000000,"day_start":1700000000000000,"issued":"2026-11-21T08:15:30Z",'
    b'"log_origin":"city.example/log","max":"9","min":"-5","root":"' + b"ab" * 32 + b'","scale":0,"schema":1,'
    b'"series":"01JD","sum":"123","supersedes":null,"trust":"gateway-signed","type":"batch","unit":"Wh"}',
    b'{"author":"agency","completeness":"0.998","facility":"01JF","indicator":"output.yearly","inputs":["'
    + b"ab" * 32
    + b'"],"issued":"2026-11-21T08:15:30Z","log_origin":"city.example/log","method":{"id":"monitoring.output",'
    b'"parameters":{"figure.kind":"observed","figure.subject":"facility"},"version":"1.0.0"},"period":"2025",'
    b'"place":null,"schema":1,"supersedes":null,"type":"calc","uncertainty":null,"unit":"Wh","value":"12345.5"}',
]


@pytest.mark.parametrize("entry", OLD)
def test_entries_of_the_first_version_keep_their_spelling(entry: bytes) -> None:
    record = parse_record(entry)
    assert encode_record(record) == entry
    if isinstance(record, Calc):
        assert (record.about, record.number_kind) == (("facility", "01JF"), "observed")


def test_a_version_has_the_fields_of_that_version() -> None:
    for changes in (
        {"schema": 1}, {"device": UNSET}, {"schema": 1, "device": UNSET, "day_sigs": [SIG]},
        {"day_sigs": [SIG]}, {"trust": "gateway-signed"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"day_sigs|device"):
            batch(**changes)
    for changes in (
        {"schema": 1}, {"place": "KZ"}, {"subject": UNSET}, {"divisor": "0"}, {"divisor": "1", "value": None},
        {"inputs": InputsRoot(root=HASH, count=1, columns=[Column(name="plus", sum="1")])},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"schema|divisor"):
            calc(**changes)
    with pytest.raises(ValueError, match="version"):
        Supersede(**HEAD, superseded=HASH, replacement=None, reason="r", actor="a", schema=2)
    for changes in ({"key": HASH}, {"trust": "device-signed"}):
        with pytest.raises(ValueError, match="key"):
            device(**changes)
    with pytest.raises(Refusal) as caught:
        record_schema("nothing")
    assert caught.value.code == "record-kind"


def test_free_payloads_hold_no_fractions_no_huge_numbers_and_one_spelling_of_a_letter() -> None:
    made = dict(HEAD, event="issue", certificate="01JC", command="c1")
    for payload in ({"a": 0.5}, {"a": 2**60}, {"a": {"b": {"c": {"d": 1}}}}, {"a": "e\u0301"}, {"a": [1.0]}):
        with pytest.raises(Refusal) as caught:
            encode_record(Certificate(**made, payload=payload))  # pyright: ignore
        assert caught.value.code in {"record-malformed", "not-canonical"}
    for old, new in ((b"1", b"1.5"), (b"1", b"1e0"), (b"1", b"9007199254740993"), (b"1", b"-0"), (b"1", b"true ")):
        entry = encode_record(Certificate(**made, payload={"z": 1})).replace(b'"z":' + old, b'"z":' + new)
        with pytest.raises(Refusal) as caught:
            parse_record(entry)
        assert caught.value.code == "record-malformed"


def test_unicode_twins_are_refused() -> None:
    """é in one code point and in two looks the same and is not."""
    with pytest.raises(Refusal) as caught:
        encode_record(calc(indicator="cafe\u0301"))
    assert caught.value.code == "record-malformed"
    entry = rfc8785.dumps(json.loads(encode_record(calc(indicator="caf\u00e9"))) | {"indicator": "cafe\u0301"})
    with pytest.raises(Refusal):
        parse_record(entry)
    assert composed("cafe\u0301") == "caf\u00e9"


def test_large_records_are_refused_at_the_door() -> None:
    large = calc(inputs=[f"{number:064x}" for number in range(1000)])
    with pytest.raises(Refusal) as caught:
        encode_record(large)
    assert caught.value.code == "record-too-large"
    with pytest.raises(Refusal) as caught:
        parse_record(b"{" + b" " * 65_535)
    assert caught.value.code == "record-too-large"


@given(st.dictionaries(
    st.text(max_size=8).map(composed),
    st.one_of(st.text(max_size=8).map(composed), st.integers(-(2**53) + 1, 2**53 - 1)),
))  # fmt: skip
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
    lambda entry: entry.replace(b'"schema":2,', b""),
    lambda entry: entry.replace(b'"schema":2', b'"schema":3'),
    lambda entry: entry.replace(b'"schema":2', b'"schema":2.0'),
    lambda entry: entry.replace(b'"schema":2', b'"schema":2e0'),
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
    assert caught.value.code in {"record-malformed", "record-too-large"}


@pytest.mark.parametrize(
    "record",
    [
        lambda: batch(count=-1),
        lambda: batch(sum=5),
        lambda: batch(sum="5\n"),
        lambda: calc(value="1.5\n"),
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


def test_a_block_is_read_as_its_records_one_by_one() -> None:
    """Also where entries are cut or joined so that together they would read as the right number of records."""
    good = [encode_record(calc(period=f"2025-{month:02d}")) for month in range(1, 13)]
    assert block_contents(good) == BlockContents(Counter(calc=12), frozenset({parse_record(good[0]).log_origin}), [])
    first, second, third = good[:3]
    at = first.index(b'"period":"') + 12
    bad = [
        [first[:at], first[at:], second + b"\n" + third],
        [first, second + b"\n" + third],
        [first + b"\n", second],
        [first, b"", second],
        [b" " + first],
        [first.replace(b":", b": ", 1)],
        [first.replace(b'"period"', b'"periods"')],
        [first.replace(b"2025", "２０２５".encode())],
        [first.replace(b"2025", b"202\\u0035")],
        [first.replace(b'"period":"2025', b'"period":"2025\n')],
        [first, b"nonsense"],
    ]
    for entries in bad:
        assert block_contents(entries) is None


def test_a_block_of_days_is_as_strict_as_its_days() -> None:
    """What the fields of a sealed day demand of one another, in every combination, alone and beside a good one."""
    choices = {
        "schema": [1, 2], "device": [None, HASH], "day_sigs": [None, [msgspec.to_builtins(SIG)]],
        "trust": ["operator-entered", "gateway-signed"], "count": [0, 1], "min": [None, "1"], "max": [None, "1"],
        "day_end": [1_699_999_999_999_999, 1_700_000_000_000_000, 1_700_000_000_000_001],
    }  # fmt: skip
    good, day = encode_record(batch()), msgspec.to_builtins(batch())
    allowed = 0
    for values in itertools.product(*choices.values()):
        said = day | dict(zip(choices, values, strict=True))
        for name in ("device", "day_sigs"):
            if said[name] is None:
                del said[name]
        entry = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        try:
            parse_record(entry)
            right = True
        except Refusal:
            right = False
        allowed += right
        assert (block_contents([entry]) is not None) == (block_contents([good, entry]) is not None) == right, said
    # Of schema 1 under any trust, of schema 2 signed by a gateway or entered unsigned; with readings, or without.
    assert allowed == (2 + 2) * 2


def test_every_kind_has_a_name_for_people() -> None:
    for language in LANGUAGES:
        names = [record_kind_name(kind, language) for kind in KINDS]
        assert not {*names} & KINDS.keys()
        assert len({*names}) == len(KINDS)
    assert record_kind_name("of another version", "kk") == "of another version"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.kind)
def test_records_of_every_kind_are_read_as_a_block(record: Record) -> None:
    """What stands inside of fields is declared in the order in which it is written, or it would be read one by one."""
    entry = encode_record(record)
    assert (block_contents([entry]) is not None) == (entry.isascii() and b"\\" not in entry)


def test_a_block_is_as_strict_as_its_records() -> None:
    """Of several kinds, too: what one record by itself is refused for, the block is not read with either."""
    head = {"log_origin": "city.example/log", "issued": "2026-11-21T08:15:30Z", "author": "agency"}
    made = Import(
        **head, what="readings", file_name="m.csv", sha256=f"{1:064x}", rows=1, source="a test", licence="CC0-1.0",
        actor="account:1",
    )  # fmt: skip
    plain = encode_record(made)
    other = [encode_record(msgspec.structs.replace(made, rows=2)), encode_record(calc())]
    found = block_contents([plain, *other])
    assert found is not None
    assert found.kinds == Counter({"import": 2, "calc": 1})
    assert found.origins == {parse_record(entry).log_origin for entry in (plain, *other)}
    assert not found.trusted
    assert not found.days
    told = next(one for one in RECORDS if one.kind == "key")
    resting = [encode_record(one) for one in (msgspec.structs.replace(made, sigs=[SIG]), told, batch())]
    found = block_contents([plain, resting[0], *other, *resting[1:]])
    assert found is not None
    assert (found.trusted, found.day_places) == ([1, 4], [5])
    day = msgspec.to_builtins(batch())
    assert {name: one for name, (one,) in found.days.items() if one not in (None, msgspec.UNSET)} == {
        name: one for name, one in day.items() if one is not None
    }
    for spoiled in (
        plain.replace(b"2026-11-21T08:15:30Z", b"2026-02-30T08:15:30Z"),
        plain.replace(b"T08:15:30Z", b"T25:15:30Z"),
        plain.replace(b"T08:15:30Z", b"T08:15:30"),
        plain.replace(b'"schema":1', b'"schema":2'),
        plain.replace(f"{1:064x}".encode(), f"{1:064x}".upper().replace("0", "A").encode()),
        plain.replace(f"{1:064x}".encode(), f"{1:063x}".encode()),
        plain.replace(b'"rows":1', b'"rows":-1'),
        plain.replace(b'"source":"a test"', b'"source":""'),
        plain.replace(b'"type":"import"', b'"type":"device"'),
    ):
        assert spoiled != plain
        with pytest.raises(Refusal):
            parse_record(spoiled)
        assert block_contents([plain, spoiled]) is None
        assert block_contents([*other, spoiled]) is None
