"""Units between two registries: by the proof of the export in the other's log, and by nothing else."""

from fractions import Fraction

import pytest

from jasyl import ledger
from jasyl.certificates import Command, Part, Request, export_of, import_of, issue_of_days, load, replay, store
from jasyl.ledger import Keeper, Log
from jasyl.texts import Refusal

from .conftest import make_house
from .events import AT, HOUR, START, retire, transfer

ABROAD = "abroad.example/log"
MINE = Command("operator", AT, "solar", "")


@pytest.fixture
def registries(tmp_path):
    pair = make_house(tmp_path / "abroad", origin=ABROAD), make_house(tmp_path / "here")
    yield pair
    for one in pair:
        one.database.close()


def issued(house):
    records = house.measure(["4003", "7"])
    with house.database.reading() as connection:
        event = issue_of_days(connection, records[:1], Request("electricity", "UZ-PLANT-9"), MINE)
    house.act(event)
    return event, records


def proof(house, record):
    with Keeper(house.folder, house.database) as keeper:
        keeper.drain()
    with house.database.reading() as connection:
        return Log(house.folder).proof_file(ledger.position(connection, record))


def policy(house):
    return ledger.demand_all([one.verifier for one in ledger.load_keys(house.folder).signers])


def test_from_registry_to_registry(registries):
    there, here = registries
    event, _ = issued(there)
    with there.database.reading() as connection:
        (held,) = load(connection, [event.certificate])
    asked = Command("operator", AT, "solar", "x-1")
    done = there.act(export_of(held, 100, 400, asked, here.origin, "baker"))[0]
    file = proof(there, done.record_id)
    taken = import_of(file, policy(there), here.origin, Command("operator", AT, "baker", ""))
    (one,) = here.act(taken)
    assert one.certificate.units("held", "baker") == 300
    assert here.act(import_of(file, policy(there), here.origin, Command("operator", AT, "baker", "")))[0].repeated
    with pytest.raises(Refusal, match="imported before"):
        here.act(import_of(file, policy(there), here.origin, Command("operator", AT, "baker", "another")))
    assert replay(here.entries()).ok
    assert replay(there.entries()).ok
    with pytest.raises(Refusal):
        there.act(transfer(100, 200, certificate=event.certificate))


def test_what_was_not_cancelled_abroad_does_not_come_in(registries, monkeypatch):
    # The other registry need not keep our rule on where units are sent.
    monkeypatch.setattr(store, "_check_registry", lambda registry, log_origin: None)
    there, here = registries
    event, _ = issued(there)
    with there.database.reading() as connection:
        (held,) = load(connection, [event.certificate])
    asked = Command("operator", AT, "solar", "x-1")
    elsewhere = there.act(export_of(held, 0, 10, asked, "third.example/log", "baker"))[0].record_id
    retired = there.act(retire(20, 30, certificate=event.certificate))[0].record_id
    good = there.act(export_of(held, 40, 50, Command("operator", AT, "solar", "x-2"), here.origin, "b"))[0].record_id
    for record in (elsewhere, retired):
        with pytest.raises(Refusal) as caught:
            import_of(proof(there, record), policy(there), here.origin, MINE)
        assert caught.value.code == "certificate-not-cancelled"
    lesson = "training.jasyl/1"
    to_training = there.act(export_of(held, 60, 70, Command("operator", AT, "solar", "x-3"), lesson, "b"))[0].record_id
    with pytest.raises(Refusal) as caught:
        import_of(proof(there, to_training), policy(there), lesson, MINE)
    assert caught.value.code == "certificate-training"
    file = proof(there, good)
    with pytest.raises(Refusal):
        import_of(file, policy(here), here.origin, MINE)  # signed by somebody we do not trust
    with pytest.raises(Refusal):
        import_of(file[:300] + bytes([file[300] ^ 1]) + file[301:], policy(there), here.origin, MINE)


def test_issuing_rounds_down_and_says_what_is_left(registries):
    house = registries[1]
    event, records = issued(house)
    assert (event.amount, event.remainder, event.metered, event.trust) == (1000, "3/4", "4003/4", "operator-entered")
    with house.database.reading() as connection:
        asked = Request("electricity", "UZ-PLANT-9")
        again = issue_of_days(connection, records[:1], asked, MINE)
        assert (again.certificate, again.command) == (event.certificate, event.command)
        part = issue_of_days(connection, records[1:], asked, MINE, Part(START, START + HOUR, event.at // event.at))
        assert part.amount == 1
        assert issue_of_days(connection, records[1:], asked, MINE, Part(START, START + HOUR, Fraction(1, 2))) is None
        for ids, wanted, code in (
            (["00" * 32], asked, "certificate-batch"),
            ([], asked, "certificate-batch"),
            (records[:1], Request("carbon", "UZ-PLANT-9"), "certificate-factor-missing"),
            (records[:1], Request("carbon", "UZ-PLANT-9", Fraction(-1), "a source"), "certificate-factor-unread"),
            (records[:1], Request("carbon", "UZ-PLANT-9", Fraction(1, 2)), "certificate-factor-source"),
            (records[:1], Request("electricity", "UZ-PLANT-9", Fraction(2)), "certificate-factor"),
            (records[:1], Request("recycled", "UZ-PLANT-9"), "certificate-quantity"),
            (records[:1], Request("electricity", "UZ-PLANT-9", expire_months=3), "certificate-months"),
        ):
            with pytest.raises(Refusal) as caught:
                issue_of_days(connection, ids, wanted, MINE)
            assert caught.value.code == code
    assert house.act(again)[0].repeated
