"""Commands in the database: all or nothing, once, one winner, and the log replayed to the same state."""

import random
import threading

import msgspec
import pytest
import sqlalchemy as sa

from jasyl.certificates import (
    Replayer,
    State,
    apply,
    carry_out,
    load,
    rebuild,
    recompute,
    record_of,
    replay,
    state_hash,
)  # fmt: skip
from jasyl.certificates.measured import measured_days
from jasyl.ledger import encode_record, enqueue, entry, parse_record
from jasyl.people import OPERATOR, Actor
from jasyl.quantities import canonical_json
from jasyl.storage import database_of
from jasyl.texts import Refusal

from .conftest import make_house
from .events import DAY, EXPIRES, HOUR, START, cancel, expire, export, import_, issue, retire, transfer


def rows(house):
    with house.database.reading() as connection:
        counts = [connection.execute(sa.text(f"select count(*) from {name}")).scalar() for name in TABLES]
        return counts, state_hash(connection)


TABLES = ("certificate", "certificate_piece", "certificate_event", "certificate_node", "outbox")


@pytest.fixture
def issued(house):
    (batch,) = house.measure()
    house.act(issue(batches=[batch]))
    return house


def test_a_life_in_the_database_is_replayed_from_the_log(issued):
    events = (
        transfer(100, 400), transfer(200, 300, owner="baker", to="miller"), retire(100, 150, owner="baker"),
        cancel(0, 10), export(400, 1000), import_(), import_("i-2", start=300, end=301), expire(),
    )  # fmt: skip
    for event in events:
        done = issued.act(event)[0]
        found = replay(issued.entries())
        assert found.ok, found.disagreement
        assert found.state == done.state == rows(issued)[1]
    memory = State()
    with issued.database.reading() as connection:
        for one in load(connection, ["c-1", "i-1", "i-2"]):
            memory.know([one])
            memory.tree.put(one.facts.id, one.leaf())
    assert memory.hash == found.state
    assert found.events == 9


def test_the_tables_are_made_again_from_the_records(issued):
    issued.act(transfer(100, 400), retire(100, 150, owner="baker"), cancel(0, 10), import_(), expire())
    before = contents(issued)
    with issued.database.writing() as connection:  # spoiled: somebody else holds everything
        connection.execute(sa.text("update certificate_piece set owner = 'thief'"))
        connection.execute(sa.text("delete from certificate_node"))
    assert contents(issued) != before
    assert rebuild(issued.database) == 6
    assert contents(issued) == before
    with issued.database.writing() as connection:
        connection.execute(sa.text("delete from outbox where seq = (select max(seq) - 1 from outbox)"))
    with pytest.raises(Refusal) as refused:
        rebuild(issued.database)
    assert refused.value.code == "certificate-rebuild"
    assert contents(issued) == before


@pytest.mark.parametrize(
    ("spoiled", "state_differs"),
    [
        ("update certificate_piece set owner = 'thief' where certificate = 'c-2' and owner = 'baker'", True),
        ("update certificate_piece set \"end\" = \"end\" + 1 where certificate = 'c-2' and owner = 'baker'", True),
        (
            "update certificate set record_id = (select record_id from certificate where id = 'c-1') where id = 'c-2'",
            True,
        ),
        ("update certificate set device = 'another' where id = 'c-2'", False),
        ("update certificate set leaf = (select leaf from certificate where id = 'c-1') where id = 'c-2'", False),
        ("delete from certificate_piece where certificate = 'c-2'", True),
    ],
)
def test_a_row_that_says_otherwise_than_the_log_is_named(house, spoiled, state_differs):
    first, second = house.measure(["4003", "4003"])
    house.act(
        issue(batches=[first]),
        issue("c-2", batches=[second], start=START + DAY, end=START + 2 * DAY),
        transfer(100, 400, certificate="c-2"),
    )
    replayer = Replayer()
    state = replayer.take_all(house.entries()).state
    with house.database.reading() as connection:
        whole = recompute(connection, replayer.leaves())
    assert whole.agrees(state)
    assert (whole.stored, whole.state, whole.differing) == (state, state, ())
    with house.database.writing() as connection:
        connection.execute(sa.text(spoiled))
        found = recompute(connection, replayer.leaves())
    assert found.differing == ("c-2",)
    assert not found.agrees(state)
    assert (found.stored, found.state != state) == (state, state_differs)


def test_a_certificate_that_only_the_log_knows_is_named(issued):
    replayer = Replayer()
    replayer.take_all(issued.entries())
    with issued.database.writing() as connection:
        for table in TABLES[1:3]:
            connection.execute(sa.text(f"delete from {table}"))
        connection.execute(sa.text("delete from certificate"))
        assert recompute(connection, replayer.leaves()).differing == ("c-1",)


def contents(house):
    with house.database.reading() as connection:
        return [sorted(map(tuple, connection.execute(sa.text(f"select * from {name}")))) for name in TABLES[:4]]


def test_a_command_again_gives_what_it_gave_and_writes_nothing(issued):
    first = issued.act(transfer(0, 10))[0]
    before = rows(issued)
    again = issued.act(transfer(0, 10))[0]
    assert (again.record_id, again.number, again.state) == (first.record_id, first.number, first.state)
    assert again.repeated
    assert rows(issued) == before
    with pytest.raises(Refusal, match="something else"):
        issued.act(transfer(10, 20, command="t-solar-baker-0-10"))
    assert rows(issued) == before


def test_one_refusal_among_many_commands_undoes_all(issued):
    before = rows(issued)
    with pytest.raises(Refusal, match="does not hold"):
        issued.act(transfer(0, 10), transfer(5, 15, to="miller"))
    assert rows(issued) == before


def test_issuing_twice_and_above_what_was_measured_over_several_commands(house):
    (batch,) = house.measure()
    for hour in range(4):
        at = {"start": START + hour * HOUR, "end": START + (hour + 1) * HOUR, "batches": [batch]}
        house.act(issue(f"h-{hour}", **at, metered="250", amount=250, remainder="0"))
    before = rows(house)
    for change, said in (
        (
            {"start": START + 5 * HOUR, "end": START + 6 * HOUR, "metered": "1", "amount": 1, "remainder": "0"},
            "measured",
        ),
        ({"start": START, "end": START + HOUR, "metered": "1/2"}, "exists"),
        ({"device": "KZ-PLANT-2"}, "do not belong"),
        ({"batches": ["00" * 32]}, "no sealed day"),
    ):
        with pytest.raises(Refusal, match=said):
            house.act(issue("h-9", **{"batches": [batch], **change}))
    assert rows(house) == before
    assert replay(house.entries()).ok


def test_of_two_transfers_at_the_same_time_exactly_one_wins(issued):
    """Two connections that know nothing of each other, all starting together: one owner, one event a range."""
    buyers, barrier, outcome = [f"buyer-{number}" for number in range(6)], threading.Barrier(6), {}

    def buy(buyer):
        database = database_of(issued.folder)
        barrier.wait()
        try:
            carry_out(database, issued.origin, OPERATOR, [transfer(0, 600, to=buyer)])
            outcome[buyer] = "won"
        except Refusal as refusal:
            outcome[buyer] = refusal.code
        finally:
            database.close()

    threads = [threading.Thread(target=buy, args=(buyer,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcome.values()) == ["certificate-not-held"] * 5 + ["won"]
    winner = next(buyer for buyer, how in outcome.items() if how == "won")
    with issued.database.reading() as connection:
        (one,) = load(connection, ["c-1"])
    assert [(piece.start, piece.end, piece.owner) for piece in one.pieces] == [(0, 600, winner), (600, 1000, "solar")]
    found = replay(issued.entries())
    assert found.ok
    assert found.events == 2
    assert found.state == rows(issued)[1]


def test_who_may_do_what(issued):
    owner = Actor(id="a", roles=frozenset({"enterprise"}), enterprise_id="solar")
    issued.act(transfer(0, 10), actor=owner)
    for event in (transfer(0, 5, owner="baker", to="solar"), cancel(20, 30), expire(at=EXPIRES), import_()):
        with pytest.raises(Refusal, match="no right"):
            issued.act(event, actor=owner)
    with pytest.raises(Refusal, match="no right"):
        issued.act(transfer(20, 30), actor=Actor())


@pytest.mark.parametrize(
    "event",
    [
        retire(0, 10, beneficiary="IIN 850101300123"),
        transfer(0, 10, to="aigul@mail.example"),
        msgspec.structs.replace(cancel(0, 10), reason="asked by +77011234567"),
        export(0, 10, account="850101300123"),
    ],
)
def test_nobody_is_named_by_a_number_or_an_address(issued, event):
    before = rows(issued)
    with pytest.raises(Refusal) as caught:
        issued.act(event)
    assert caught.value.code == "certificate-personal"
    assert rows(issued) == before


def test_an_organisation_may_be_named_by_its_number(issued):
    (done,) = issued.act(retire(0, 10, beneficiary="ТОО «Нан», БИН 060640004748"))
    assert done.certificate.units("retired") == 10


@pytest.mark.parametrize(
    ("registry", "code"), [("city.example/log", "certificate-home"), ("training.jasyl/ab", "certificate-training")]
)
def test_units_are_not_sent_where_they_could_not_come_in(issued, registry, code):
    before = rows(issued)
    with pytest.raises(Refusal) as caught:
        issued.act(export(0, 10, registry=registry))
    assert caught.value.code == code
    assert rows(issued) == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": 7}, "number"),
        ({"state": "0" * 64}, "state"),
        ({"owner": "miller"}, "not-held"),
        ({"to": "solar"}, "to-self"),
        ({"start": -1}, "range"),
        ({"end": 10_000}, "range"),
        ({"at": EXPIRES}, "too-late"),
    ],
)
def test_the_replayer_finds_what_was_logged_against_the_rules(tmp_path, change, reason):
    """What a faulty or dishonest server logged: every rule is checked a second time."""
    house = make_house(tmp_path / "data")
    (batch,) = house.measure()
    house.act(issue(batches=[batch]), transfer(0, 10))
    *rest, last = house.entries()
    record = msgspec.json.decode(last)
    record["payload"].update(change)
    found = replay([*rest, canonical_json(record)])
    assert not found.ok
    assert (found.disagreement.number, found.disagreement.reason, found.events) == (2, reason, 1)
    house.database.close()


def test_the_replayer_agrees_with_the_machine_on_random_lives(tmp_path):
    """Two implementations, many events: the same hash after each."""
    house = make_house(tmp_path / "data")
    batches = house.measure([str(4 * 1000 + place) for place in range(20)])
    with house.database.reading() as connection:
        state = State(measured=measured_days(connection, batches))
    chance, entries, number = random.Random(7), house.entries(), 0
    for step in range(1500):
        name = f"c-{chance.randrange(20)}"
        start, owner, command = chance.randrange(900), chance.choice("abc"), f"k-{step}"
        end = start + chance.randrange(1, 200)
        place = int(name[2:])
        begin, until = START + place * 24 * HOUR, START + (place + 1) * 24 * HOUR
        metered = f"{4000 + place}/4" if place % 4 else str((4000 + place) // 4)
        event = chance.choice(
            [
                issue(name, start=begin, end=until, batches=[batches[place]], metered=metered, owner=owner,
                      amount=(4000 + place) // 4, remainder=["0", "1/4", "1/2", "3/4"][place % 4], command=command),
                *[transfer(start, end, owner, chance.choice("abc"), command, certificate=name) for _ in range(6)],
                retire(start, end, owner, command, certificate=name),
                cancel(start, end, owner, command, certificate=name),
            ]
        )  # fmt: skip
        try:
            apply(state, event)
        except (Refusal, ValueError):
            continue
        number += 1
        entries.append(encode_record(record_of(event, house.origin, number, state.hash)))
    found = replay(entries)
    assert found.ok, found.disagreement
    assert found.events == number > 100
    assert found.state == state.hash
    house.database.close()


def test_records_of_other_kinds_are_passed_over(issued):
    """Whatever else a log holds, in fields of the same names too, is nothing to certificates."""
    others = [
        canonical_json({"type": "title", "event": "register", "payload": "ab" * 32}),
        canonical_json({"type": "decision", "payload": {"number": 1}}),
        canonical_json({"type": "import", "rows": 3}),
    ]
    entries = issued.entries()
    assert replay([*others, *entries, *others]) == replay(entries)


def test_every_hour_of_a_day_that_was_sealed_again_is_named(tmp_path):
    """Before the second seal or after it: what was issued from a day that is no longer in force is told."""
    house = make_house(tmp_path / "data")
    (batch,) = house.measure()
    hours = [{"start": START + hour * HOUR, "end": START + (hour + 1) * HOUR} for hour in range(3)]
    parts = [
        issue(f"h-{place}", **at, batches=[batch], metered="250", amount=250, remainder="0")
        for place, at in enumerate(hours)
    ]
    house.act(*parts[:2])
    assert replay(house.entries()).corrected == []
    with house.database.writing() as connection:
        sealed = parse_record(entry(connection, batch))
        enqueue(connection, msgspec.structs.replace(sealed, sum="3000", supersedes=batch))
    assert replay(house.entries()).corrected == ["h-0", "h-1"]
    house.act(parts[2])
    found = replay(house.entries())
    assert found.ok
    assert found.corrected == ["h-0", "h-1", "h-2"]
    house.database.close()
