"""From readings of several plants to a region's total, its statement and passport; days that a gateway signs."""

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.world import SOURCE, a_database, at

from jasyl import ledger
from jasyl.figures import in_force, passport_file, publish, weakest_level
from jasyl.ledger import (
    Batch as BatchRecord,
)
from jasyl.ledger import (
    Keeper,
    Key,
    Log,
    RecordSigner,
    check_passport,
    create_keys,
    day_root,
    day_signatures,
    log_origin,
    parse_record,
    series_key,
)
from jasyl.ledger.signing import ED25519, new_signer
from jasyl.monitoring import Batch, bring_up_to_date, definitions, make_figure, make_place_figure
from jasyl.monitoring.devices import DeviceBook, Signing
from jasyl.monitoring.readings import append
from jasyl.people import OPERATOR
from jasyl.quantities import canonical_json
from jasyl.registry import Provenance, Statement, add_series, facility_by_key, record
from jasyl.registry.tables import series as series_table
from jasyl.storage import create_folder
from jasyl.texts import Refusal

HOUR = 3_600_000_000
MARCH = at("2024-02-29 19:00")  # local midnight of 2024-03-01; the night in which Almaty's clock went back is behind
NOW = at("2024-05-01 00:00")
SAYS = Provenance("a test", "test", "high")


@pytest.fixture
def world(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    database = a_database(folder)
    create_keys(folder, "city.example/log")
    yield folder, database
    database.close()


def plants(database, places, trust="operator-entered", level="public"):
    """A plant with one hourly meter in each place; gives the series by number."""
    with database.writing() as connection:
        for number, place in enumerate(places):
            fields = {"name": f"p{number}", "technology": "RP.PV", "status": "operating", "region": place,
                      "enterprise": f"e{number}"}  # fmt: skip
            record(connection, "facility", [Statement(f"p{number}", fields, SAYS)])
            facility = facility_by_key(connection, f"p{number}", OPERATOR)
            add_series(
                connection, f"m{number}", SAYS, facility_id=facility["id"], quantity="electricity_generated",
                unit="W.h", interval_seconds=3600, kind="amount", trust=trust,
            )  # fmt: skip
        connection.execute(sa.update(series_table).values(level=level))
        return definitions(connection)


def fill(folder, database, defined, days=31):
    hours = MARCH + np.arange(days * 24) * HOUR
    for number in defined:
        batch = Batch(np.full(len(hours), number), hours, np.full(len(hours), 1000 + number), SOURCE, None)
        append(database, folder, defined, batch, NOW)


def drain(folder, database):
    with Keeper(folder, database) as keeper:
        keeper.drain()


def published(database, folder, figure):
    with database.writing() as connection:
        made = publish(connection, figure.id, "analyst", NOW, log_origin=log_origin(folder), signers=())
    drain(folder, database)
    with database.reading() as connection:
        return made, check_passport(passport_file(connection, Log(folder), made.id), Log(folder).policy)


def test_the_total_of_a_region_is_proven_to_each_meter(world):
    folder, database = world
    defined = plants(database, ["KZ-71", "KZ-71", "KZ-71", "KZ-75"])
    fill(folder, database, defined)
    bring_up_to_date(database, folder, NOW, author="operator")
    with database.writing() as connection:
        region = make_place_figure(connection, "KZ-71", "electricity.generated", "2024-03", "observed", NOW)
        country = make_place_figure(connection, "KZ", "electricity.generated", "2024-03", "observed", NOW)
    hours = 31 * 24
    assert region.figure.value == hours * (1001 + 1002 + 1003)
    assert country.figure.value == hours * (1001 + 1002 + 1003 + 1004)
    made, found = published(database, folder, region)
    assert (found.inputs.count, found.inputs.committed, found.weakest) == (3 * 31, 1, "operator-entered")
    assert found.statement.about == ("region", "KZ-71")
    with database.reading() as connection:
        assert weakest_level(connection, made.id) == "operator-entered"
        # One more meter's day is opened when somebody asks for it: its share is inside the total.
        wanted = ledger.records_of_kind(connection, "batch")
        identity = next(one for one, batch in wanted if batch.series == defined[2].id)
        shown = check_passport(passport_file(connection, Log(folder), made.id, [identity]))
    assert shown.inputs.shown >= found.inputs.shown
    assert any(batch.series == defined[2].id for _, batch in shown.records if isinstance(batch, BatchRecord))

    # A correction makes the total again, and the old statement is no longer the current number.
    late = Batch(np.array([1]), np.array([MARCH]), np.array([5]), SOURCE, np.array([2]))
    append(database, folder, defined, late, NOW + 1)
    done = bring_up_to_date(database, folder, NOW + 2 * HOUR, author="operator")
    assert [each.id for each in done.statements] == [made.id]
    newer = next(each.after for each in done.changed if each.after.figure.subject.id == "KZ-71")
    again, proven = published(database, folder, newer)
    assert proven.statement.value == str(hours * (1001 + 1002 + 1003) - 996)
    with database.reading() as connection:
        assert in_force(connection, [region.figure.key])[0].id == again.id
        old = check_passport(passport_file(connection, Log(folder), made.id))
    assert (old.superseded, proven.superseded) == (True, False)


def test_totals_hide_what_is_not_public(world):
    folder, database = world
    defined = plants(database, ["KZ-71", "KZ-71"], level="aggregated")
    fill(folder, database, defined, days=1)
    bring_up_to_date(database, folder, NOW, author="operator")
    with database.writing() as connection:
        with pytest.raises(Refusal) as caught:
            make_place_figure(connection, "KZ-71", "electricity.generated", "2024-03", "observed", NOW)
        assert caught.value.code == "no-series"
        for wrong in ("capacity_factor", "nothing"):
            with pytest.raises(Refusal, match=wrong):
                make_place_figure(connection, "KZ-71", wrong, "2024-03", "observed", NOW)
        # A device record of a series that is not public does not name its facility.
        devices = [one for _, one in ledger.records_of_kind(connection, "device")]
    assert [one.facility for one in devices] == [None, None]


def test_a_statement_on_a_statement_has_one_passport(world):
    folder, database = world
    defined = plants(database, ["KZ-71"])
    with database.writing() as connection:
        more = {"capacity": 2, "capacity_unit": "kW"}
        record(connection, "facility", [Statement("p0", more, SAYS)])
    fill(folder, database, defined)
    bring_up_to_date(database, folder, NOW, author="operator")
    with database.writing() as connection:
        facility = facility_by_key(connection, "p0", OPERATOR)
        factor = make_figure(connection, facility, "capacity_factor", "2024-03", "observed", NOW)
    _, found = published(database, folder, factor)
    assert found.statement.value == "0.5005"
    assert (found.inputs.count, found.inputs.recomputed, found.weakest) == (32, 1, "operator-entered")


def a_key(folder, database, status="active"):
    signer = new_signer("gateway.example/1", ED25519)
    key = Key(
        log_origin=log_origin(folder), issued="2024-01-01T00:00:00Z", author="agency", vkey=signer.verifier.vkey,
        holder="plant", purpose="gateway", valid_from="2024-01-01T00:00:00Z", valid_to=None, status=status,
        authorised_by=None,
    )  # fmt: skip
    with database.writing() as connection:
        return RecordSigner(signer, ledger.enqueue(connection, key))


def as_the_gateway_saw_it(database, one, day, change=0):
    """What a gateway that was given the series key computes from its own readings."""
    start = MARCH + np.arange(day * 24, day * 24 + 24) * HOUR
    value = np.full(24, 1000 + one.number + change)
    with database.writing() as connection:
        key = series_key(connection, one.id)
    root = day_root(key, one.id, ledger.Readings(start, value, np.ones(24, np.int64)))
    return {
        "series": one.id, "day_start": int(start[0]), "day_end": int(start[-1] + HOUR), "count": 24, "unit": "W.h",
        "scale": 0, "sum": str(int(value.sum())), "min": str(value[0]), "max": str(value[0]), "root": root.hex(),
    }  # fmt: skip


def test_days_that_a_gateway_signed_are_gateway_signed(world):
    folder, database = world
    defined = plants(database, ["KZ-71"], trust="gateway-signed")
    (one,) = defined.values()
    fill(folder, database, defined, days=4)
    signer, other = a_key(folder, database), a_key(folder, database)
    signing = Signing(log_origin(folder), "operator", NOW)
    with database.writing() as connection:
        DeviceBook(connection, folder, signing).bind(one, signer.key_record)

    def deliver(day, by=signer, change=0, **changes):
        measured = as_the_gateway_saw_it(database, one, day, change)
        signatures = day_signatures(measured, [by])
        document = {"measured": measured | changes, "signatures": msgspec.to_builtins(signatures)}
        with database.writing() as connection:
            DeviceBook(connection, folder, signing).take(one, canonical_json(document))

    deliver(0)
    deliver(1)
    deliver(2, change=5)  # another number than the one that was stored
    for changes in ({"sum": "1"}, {"series": "x"}, {"day_start": "1"}):
        with pytest.raises(Refusal, match="signature"):
            deliver(3, **changes)
    with pytest.raises(Refusal, match="signature"):
        deliver(3, by=other)
    with database.writing() as connection, pytest.raises(Refusal) as caught:
        DeviceBook(connection, folder, signing).take(one, b"{}")
    assert caught.value.code == "day-malformed"

    bring_up_to_date(database, folder, NOW, author="operator")
    with database.writing() as connection:
        facility = facility_by_key(connection, "p0", OPERATOR)
        batches = [batch for _, batch in ledger.records_of_kind(connection, "batch")]
        figure = make_figure(connection, facility, "electricity.generated", "2024-03", "observed", NOW)
    assert [batch.trust for batch in batches] == [
        "gateway-signed",
        "gateway-signed",
        "operator-entered",
        "operator-entered",
    ]
    _, found = published(database, folder, figure)
    assert found.inputs.levels == {"gateway-signed": 2, "operator-entered": 2}
    assert found.weakest == "operator-entered"
    with database.writing() as connection:
        day = make_figure(connection, facility, "electricity.generated", "2024-03-01", "observed", NOW)
    assert published(database, folder, day)[1].weakest == "gateway-signed"


def test_who_may_sign_for_a_series(world):
    folder, database = world
    (entered,) = plants(database, ["KZ-71"]).values()
    signing = Signing(log_origin(folder), "operator", NOW)
    good, retired = a_key(folder, database), a_key(folder, database, "retired")
    with database.writing() as connection:
        book = DeviceBook(connection, folder, signing)
        for key, code in (
            (good.key_record, "device-trust"),
            (retired.key_record, "device-key"),
            ("ab" * 32, "device-key"),
        ):
            with pytest.raises(Refusal) as caught:
                book.bind(entered, key)
            assert caught.value.code == code
        first = book.record_of(entered)
        assert book.record_of(entered) == first
        assert parse_record(ledger.entry(connection, first)).key is None
    with database.reading() as connection:
        assert DeviceBook(connection, folder, signing).record_of(entered) == first
