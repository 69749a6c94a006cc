"""What a record costs: measured, kept over restarts, labelled."""

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jasyl.adviser import advise, assessment_of, energy_beside_others, published_energy
from jasyl.ledger import Keeper, Watts, log_energy, read_spent, set_watts
from jasyl.ledger.anchoring import AnchorTarget, transactions_a_day, write_target
from jasyl.texts import LANGUAGES, Refusal

from .chains import Calendar, served
from .test_command import data, refused, run

if TYPE_CHECKING:
    from .conftest import House

__all__ = ["data"]


def test_what_is_spent_adds_up_over_restarts(house: "House") -> None:
    assert read_spent(house.folder.log) is None
    assert log_energy(house.folder) is None
    house.fill(0, 100)
    first = read_spent(house.folder.log)
    assert first is not None
    assert first.records == 100
    assert first.cpu_seconds > 0
    house.fill(100, 150)  # a keeper of its own, as after a restart
    second = read_spent(house.folder.log)
    assert second is not None
    assert (second.records, second.since) == (150, first.since)
    assert second.cpu_seconds > first.cpu_seconds
    own = log_energy(house.folder, second.since + 7200)
    assert own is not None
    assert own.marginal == pytest.approx(second.cpu_seconds * 10 / 150)
    assert own.records_per_day == pytest.approx(150 * 12)
    assert own.always_on == pytest.approx(20 * 7200 / 150)
    early = log_energy(house.folder, second.since + 60)
    assert early is not None
    assert early.always_on is None  # a rate over a minute says nothing


def test_a_server_keeps_it_when_it_stops(house: "House") -> None:
    stop = threading.Event()
    keeper = Keeper(house.folder, house.database)
    thread = threading.Thread(target=keeper.run, args=(0.01, stop))
    thread.start()
    try:
        for start in (0, 10):
            house.enqueue(start, start + 10)
            while any(place is None for _, place in house.rows()):
                stop.wait(0.01)
    finally:
        stop.set()
        thread.join(20)
    spent = read_spent(house.folder.log)
    assert spent is not None
    assert spent.records == 20


def test_watts(house: "House") -> None:
    house.fill(0, 10)
    set_watts(house.folder, Watts(core=5, server=0, witness=1))
    own = log_energy(house.folder)
    assert own is not None
    assert own.marginal == pytest.approx(own.spent.cpu_seconds * 5 / 10)
    assert own.always_on_watts == 0
    with pytest.raises(Refusal) as caught:
        set_watts(house.folder, Watts(core=-1))
    assert caught.value.code == "energy-watts"
    (house.folder.log / "energy.json").write_text("damaged")
    assert read_spent(house.folder.log) is None


def test_beside_others(house: "House") -> None:
    house.fill(0, 10)
    spent = read_spent(house.folder.log)
    assert spent is not None
    own = log_energy(house.folder, spent.since + 86_400)
    rows = energy_beside_others(own, 1, "en")
    assert [row["system"] for row in rows[:3]] == ["own-marginal", "own-always-on", "own-anchors"]
    assert [row["kind"] for row in rows[:3]] == ["measured", "assumed", "published"]
    assert rows[2]["high"] == pytest.approx(2300)  # one Ethereum transaction over ten records
    assert [row["system"] for row in rows[3:]] == [one.id for one in published_energy()]
    assert len(energy_beside_others(None, 1, "en")) == len(published_energy())
    told = {language: {row["source"] for row in energy_beside_others(own, 1, language)} for language in LANGUAGES}
    assert not told["en"] & told["ru"] and not told["en"] & told["kk"] and not told["ru"] & told["kk"]
    assert own is not None
    advice = advise(
        assessment_of({"subject": "s", "authority": "a", "records_per_day": 10, "answers": {}}),
        marginal_joules=own.marginal,
    )
    assert advice.energy["log"].marginal == (own.marginal, own.marginal)


def test_commands(house: "House", data: Path) -> None:
    found = json.loads(run("energy", "--data", data, "--core", "4", "--json").stdout)
    assert (found["estimate"], found["measured"]["records"], found["measured"]["watts"]["core"]) == (True, 300, 4.0)
    shown = run("energy", "--data", data, "--lang", "en").stdout
    assert "one more record\tmeasured" in shown
    assert "An estimate" in shown
    assert refused("energy", "--data", data, "--core", "-1").code == "energy-watts"


def test_anchor_commands(house: "House", data: Path, tmp_path: Path) -> None:
    calendar = Calendar()
    with served(calendar.answer) as url:
        calendar.url = url
        assert "Anchored nowhere" in run("anchor", "list", "--data", data).stdout
        done = run("anchor", "add", "bitcoin", "opentimestamps", url, "--explorer", url, "--data", data)
        assert "not sent yet" in done.stdout
        assert run("anchor", "now", "--data", data).exit_code == 0
        calendar.ready = True
        listed = json.loads(run("anchor", "now", "bitcoin", "--data", data, "--json").stdout)["anchors"]
        assert (listed[0]["state"], listed[0]["confirmed_size"], listed[0]["host"]) == ("confirmed", 300, "127.0.0.1")
        held = json.loads(run("anchor", "status", "bitcoin", "--data", data, "--out", tmp_path / "head.ots").stdout)
        assert held["payload"]["height"] == calendar.height
        assert (tmp_path / "head.ots").read_bytes().startswith(b"\x00OpenTimestamps")
    assert run("anchor", "remove", "bitcoin", "--data", data).exit_code == 0
    for words in (("status", "x"), ("now", "x"), ("remove", "x")):
        assert refused("anchor", *words, "--data", data).code == "anchor-unknown"
    for words in (("a", "fax", url), ("a", "rfc3161", url), ("a b", "opentimestamps", url)):
        assert refused("anchor", "add", *words, "--data", data).code == "anchor-settings"
    empty = tmp_path / "roots.pem"
    empty.write_text("")
    assert refused("anchor", "add", "t", "rfc3161", url, "--roots", empty, "--data", data).code == "anchor-roots"
    dead = "http://127.0.0.1:9"
    run("anchor", "add", "dead", "opentimestamps", dead, "--data", data)
    assert run("anchor", "now", "--data", data).exit_code == 1


def test_an_account_is_made_and_a_contract_deployed(house: "House", data: Path) -> None:
    from eth_tester import EthereumTester, PyEVMBackend

    from jasyl.ledger.anchoring import adapter_of, read_targets
    from jasyl.ledger.anchoring.evm import Evm

    from .chains import Chain

    chain = Chain(EthereumTester(PyEVMBackend()))
    number = str(chain.tester.backend.chain.chain_id)
    with served(chain.answer) as url:
        assert run("anchor", "add", "chain", "evm", url, "--chain", number, "--data", data).exit_code == 0
        evm = adapter_of(house.folder, read_targets(house.folder)[0])
        assert isinstance(evm, Evm)
        rich = chain.tester.get_accounts()[0]
        chain.tester.send_transaction({"from": rich, "to": evm.address, "value": 10**18, "gas": 21000})
        words = ("anchor", "add", "chain", "evm", url, "--chain", number, "--deploy", "--depth", "1", "--data", data)
        assert run(*words).exit_code == 0
        assert run("anchor", "now", "--data", data).exit_code == 0
        found = json.loads(run("anchor", "now", "--data", data, "--json").stdout)["anchors"]
        assert found[0]["state"] == "confirmed"
    assert transactions_a_day(house.folder) == 1
    write_target(house.folder, AnchorTarget(name="x", kind="evm", urls=("https://x",), interval=43_200))
    assert transactions_a_day(house.folder) == 3
