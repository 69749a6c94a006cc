"""``jasyl certificates``: every command typed, what it does, what it refuses, and its answer to programs."""

import shutil

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.world import SOURCE, a_database, at

from jasyl import certificates as _tables  # noqa: F401  (its tables are made with the others)
from jasyl import ledger
from jasyl.monitoring import Batch, append, bring_up_to_date, definitions
from jasyl.people import OPERATOR
from jasyl.registry import Provenance, Statement, add_series, facility_by_key, record
from jasyl.storage import create_folder, database_of, open_folder

SAYS = Provenance("a test", "test", "high")
HOUR = 3_600_000_000
BEGINNING = at("2024-03-02 19:00")
NOW = at("2024-05-01 00:00")
HERE, ABROAD = "city.example/log", "abroad.example/log"


def metered(path, origin):
    """A data folder whose plant ``p`` has two sealed days of 100 W, hour by hour, and a scale on which 400 g, 0.5 g and
    2 kg were recycled in three hours of the first day, and nothing in the second."""
    folder = create_folder(path, "real")
    database = a_database(folder)
    ledger.create_keys(folder, origin)
    with database.writing() as connection:
        record(
            connection, "facility", [Statement("p", {"name": "p", "technology": "RP.PV", "status": "operating"}, SAYS)]
        )
        plant = facility_by_key(connection, "p", OPERATOR)
        add_series(
            connection, "meter", SAYS, facility_id=plant["id"], quantity="electricity_generated", unit="W",
            interval_seconds=3600, kind="mean",
        )  # fmt: skip
        add_series(
            connection, "scale", SAYS, facility_id=plant["id"], quantity="waste_recycled", unit="kg", scale=4,
            interval_seconds=3600, kind="amount",
        )  # fmt: skip
        add_series(
            connection, "register", SAYS, facility_id=plant["id"], quantity="electricity_generated", unit="W.h",
            interval_seconds=3600, kind="counter",
        )  # fmt: skip
        defined = definitions(connection)
    hours = BEGINNING + np.arange(48) * HOUR
    given = Batch(np.ones(48, np.int64), hours, np.full(48, 100), SOURCE, None)
    append(database, folder, defined, given, NOW)
    recycled = np.zeros(48, np.int64)
    recycled[:3] = 4000, 5, 20_000
    append(database, folder, defined, Batch(np.full(48, 2), hours, recycled, SOURCE, None), NOW)
    bring_up_to_date(database, folder, NOW, author="operator")
    database.close()


@pytest.fixture(scope="module")
def registries(tmp_path_factory):
    path = tmp_path_factory.mktemp("registries")
    metered(path / "here", HERE)
    metered(path / "abroad", ABROAD)
    return path


@pytest.fixture
def here(registries, tmp_path):
    return shutil.copytree(registries / "here", tmp_path / "here")


def logged(data):
    """What the server does by itself: records that wait go into the signed log."""
    folder = open_folder(data)
    with ledger.Keeper(folder, database_of(folder)) as keeper:
        keeper.drain()


class Desk:
    """The commands over one data folder."""

    def __init__(self, jasyl, data):
        self.jasyl, self.data = jasyl, data

    def __call__(self, *words):
        return self.jasyl.json("certificates", *words, "--data", self.data)

    def refused(self, *words, named=""):
        assert self.jasyl("certificates", *words, "--data", self.data, "--lang", "en") == 1, self.jasyl.out
        assert named in self.jasyl.err, self.jasyl.err

    def issue(self, *more, months=("--usable-months", 120, "--expire-months", 120)):
        day = ("--period", "2024-03-03", "--owner", "solar", "--source", "solar")
        return self("issue", "meter", *day, *months, *more)


@pytest.fixture
def desk(jasyl, here):
    return Desk(jasyl, here)


def held(desk, owner=None):
    rows = desk("list", *(["--owner", owner] if owner else []))
    return {(row["owner"], row["units"], row["standing"]) for row in rows}


def test_units_are_issued_moved_and_ended(desk):
    (made,) = desk.issue()
    one = made["certificate"]
    assert (made["event"], made["number"], made["repeated"]) == ("issue", 1, False)
    assert held(desk) == {("solar", "0:2400", "held")}
    (moved,) = desk("transfer", one, "--owner", "solar", "--to", "baker", "--units", "0:500", "--command", "t-1")
    assert moved["pieces"][0] == {"start": 0, "end": 500, "standing": "held", "owner": "baker", "note": "-"}
    (again,) = desk("transfer", one, "--owner", "solar", "--to", "baker", "--units", "0:500", "--command", "t-1")
    assert (again["repeated"], again["number"], again["state"]) == (True, moved["number"], moved["state"])
    used = ("--beneficiary", "Bakery", "--purpose", "scope 2", "--period", "2024-03")
    assert desk("retire", one, "--owner", "baker", *used)[0]["event"] == "retire"  # all that the account holds
    assert desk("cancel", one, "--owner", "solar", "--units", "500:600", "--reason", "an error")[0]["number"] == 4
    desk("export", one, "--owner", "solar", "--units", "600:700", "--registry", ABROAD, "--account", "baker")
    assert held(desk) == {
        ("baker", "0:500", "retired"), ("solar", "500:600", "cancelled"), ("solar", "600:700", "exported"),
        ("solar", "700:2400", "held"),
    }  # fmt: skip
    assert held(desk, "baker") == {("baker", "0:500", "retired")}
    verified = desk("verify")
    assert (verified["ok"], verified["events"], verified["kept"]) == (True, 5, verified["state"])
    assert desk("rebuild") == {"events": 5, "state": verified["state"]}


def test_what_was_done_stands_in_the_log_where_its_keys_lie(desk, here, tmp_path):
    folder = open_folder(here)

    def place(record_id):
        with database_of(folder).reading() as connection:
            return ledger.position(connection, record_id)

    (made,) = desk.issue()
    assert ledger.parse_record(ledger.Log(folder).entry(place(made["record"]))).certificate == made["certificate"]
    folder.keys.rename(tmp_path / "keys elsewhere")
    folder.keys.mkdir()
    words = ("--owner", "solar", "--units", "0:10", "--reason", "an error")
    (waits,) = desk("cancel", made["certificate"], *words)
    assert place(waits["record"]) is None


def test_a_certificate_is_divided_at_once_and_shown(desk):
    one = desk.issue()[0]["certificate"]
    made = desk("split", one, "--owner", "solar", "--part", "0:500=baker", "--part", "500:900=school")
    assert [each["number"] for each in made] == [2, 3]
    parts = ("--part", "900:1000=baker", "--part", "800:950=clinic")  # of the second a part is gone: none goes over
    desk.refused("split", one, "--owner", "solar", *parts, named="800:950")
    desk.refused("split", one, "--owner", "solar", "--part", "900:1000", named="name")
    desk.refused("show", "0" * 24, named="no certificate")
    shown = desk("show", one)
    assert [(each["owner"], each["units"]) for each in shown["pieces"]] == [
        ("baker", "0:500"), ("school", "500:900"), ("solar", "900:2400"),
    ]  # fmt: skip
    assert [each["event"] for each in shown["events"]] == ["transfer", "transfer", "issue"]
    assert shown["energytag"]["device_technology_type"] == "RP.PV"  # as the register publishes it
    assert len(shown["attribute_hashes"]) == 24
    assert desk.jasyl("certificates", "show", one, "--data", desk.data, "--lang", "kk") == 0
    assert "берілді" in desk.jasyl.out.lower()


def test_every_hour_has_its_certificate_and_the_same_hour_none_twice(desk):
    made = desk.issue("--hourly")
    assert len({one["certificate"] for one in made}) == 24
    assert {row["units"] for row in desk("list")} == {"0:100"}
    assert all(one["repeated"] for one in desk.issue("--hourly"))
    desk.refused("issue", "meter", "--period", "2024-03-03", "--owner", "solar", named="issued once")


def test_a_source_that_is_not_the_plants_is_refused(desk):
    day = ("issue", "meter", "--period", "2024-03-03", "--owner", "solar", "--hourly")
    desk.refused(*day, "--source", "wind", named="source “solar”, not “wind”")
    assert desk("list") == []
    assert len(desk(*day, "--source", "solar")) == 24


def test_carbon_takes_a_factor_with_its_source(desk):
    carbon = ("--attribute", "carbon", "--device", "KZ-PLANT-1")
    factor = ("--factor", "0.636", "--factor-source", "a factor of a test")
    assert desk.issue(*carbon, *factor)[0]["event"] == "issue"
    (row,) = desk("list")
    assert (row["units"], row["unit"], row["device"]) == ("0:1526", "g", "KZ-PLANT-1")
    day = ("issue", "meter", "--period", "2024-03-04", "--owner", "solar", *carbon)
    desk.refused(*day, named="factor")
    desk.refused(*day, "--factor", "much", "--factor-source", "x", named="much")
    desk.refused(*day, "--factor", "0,6", "--factor-source", "x", named="0.636")
    desk.refused(*day, "--factor", "0.6", named="no source")
    desk.refused(*day, "--factor=-1", "--factor-source", "x", named="above zero")


def test_recycled_grams_are_issued_by_the_hour_and_days_without_any_are_left_out(desk):
    recycled = ("--owner", "plant", "--attribute", "recycled")
    made = desk("issue", "scale", "--period", "2024-03-03", *recycled, "--hourly")
    assert [one["pieces"][0]["end"] for one in made] == [400, 2000]
    desk.refused("issue", "scale", "--period", "2024-03-04", *recycled, named="less than one unit")
    desk.refused("issue", "scale", "--period", "2024-03-03", *recycled, named="issued once")
    desk.refused("issue", "scale", "--period", "2024-03-03", "--owner", "plant", named="waste_recycled")
    desk.refused("issue", "register", "--period", "2024-03-03", "--owner", "plant", named="running register")


def test_a_month_is_issued_but_for_its_days_without_a_unit(desk):
    month = ("issue", "scale", "--period", "2024-03", "--owner", "plant", "--attribute", "recycled")
    assert desk.jasyl("certificates", *month, "--data", desk.data, "--lang", "en") == 0, desk.jasyl.err
    assert "2,400 g" in desk.jasyl.out
    assert "one of the days" in desk.jasyl.out
    assert {row["units"] for row in desk("list")} == {"0:2400"}


def test_what_cannot_be_is_refused_and_changes_nothing(desk):
    one = desk.issue()[0]["certificate"]
    before = desk("verify")["state"]
    baker = ("--owner", "solar", "--to", "baker")
    desk.refused("issue", "nobody", "--period", "2024-03-03", "--owner", "solar", named="nobody")
    desk.refused("issue", "meter", "--period", "2023-03", "--owner", "solar", named="no sealed day")
    desk.refused("issue", "meter", "--period", "2024-03-03", "--owner", "a b", named="no name")
    desk.refused("issue", "meter", "--period", "2024-03-03", "--owner", "o", "--attribute", "joy", named="joy")
    desk.refused("transfer", "nothing", *baker, named="no certificate nothing")
    desk.refused("transfer", one, "--owner", "thief", "--to", "baker", named="thief holds no units")
    desk.refused("transfer", one, "--owner", "thief", "--to", "b", "--units", "0:9", named="does not hold")
    desk.refused("transfer", one, "--owner", "solar", "--to", "solar", named="to itself")
    for units in ("5", "-1:5", "5:5", "0:2401"):
        desk.refused("transfer", one, *baker, f"--units={units}")
    used = ("--owner", "solar", "--beneficiary", "b", "--purpose", "p")
    desk.refused("retire", one, *used, "--period", "someday", named="someday")
    desk.refused("retire", one, *used[:-1], " ", "--period", "2024-03", named="The purpose has 0 signs")
    desk.refused("retire", one, *used, "--period", "2024", "--units", "9000:9001")
    desk.refused("cancel", one, "--owner", "baker", "--reason", "envy", "--units", "0:9", named="baker")
    desk.refused("export", one, "--owner", "baker", "--registry", ABROAD, "--account", "b", "--units", "0:9")
    assert held(desk) == {("solar", "0:2400", "held")}
    assert desk("verify")["state"] == before


def test_words_that_are_missing_are_wrong_usage(jasyl, here):
    for words in (("issue", "meter"), ("transfer", "c"), ("retire", "c"), ("cancel", "c"), ("import", "f"), ("burn",)):
        assert jasyl("certificates", *words) == 2
    assert jasyl("certificates", "issue", "m", "--period", "2024", "--owner", "o", "--usable-months", 0) == 2


def test_what_is_over_expires(desk):
    assert desk("expire") == []
    one = desk.issue(months=("--usable-months", 1, "--expire-months", 2))[0]["certificate"]
    desk.refused("transfer", one, "--owner", "solar", "--to", "baker", named="is over")
    assert [each["event"] for each in desk("expire")] == ["expire"]
    assert desk("expire") == []
    assert held(desk) == {("solar", "0:2400", "expired")}


def test_units_come_in_by_the_proof_of_their_export(desk, jasyl, registries, tmp_path):
    abroad = Desk(jasyl, shutil.copytree(registries / "abroad", tmp_path / "abroad"))
    one = abroad.issue("--device", "UZ-PLANT-9")[0]["certificate"]
    there = ("--registry", HERE, "--account", "baker")
    (left,) = abroad("export", one, "--owner", "solar", "--units", "0:400", *there)
    proof, policy = tmp_path / "left.tlog-proof", abroad.data / "log" / "policy"
    logged(abroad.data)
    assert jasyl("ledger", "prove", left["record"], "--out", proof, "--data", abroad.data) == 0, jasyl.err
    taken = ("import", proof, "--policy", policy, "--owner", "baker")
    assert desk(*taken)[0]["event"] == "import"
    assert held(desk) == {("baker", "0:400", "held")}
    desk.refused(*taken, "--command", "another", named="were imported before")
    desk.refused("import", tmp_path / "none", "--policy", policy, "--owner", "baker", named="none")
    desk.refused("import", proof, "--policy", desk.data / "log" / "policy", "--owner", "baker")
    assert desk("verify")["ok"]


def test_a_copy_of_the_log_is_replayed(desk, jasyl, tmp_path):
    desk.issue()
    logged(desk.data)
    assert jasyl("ledger", "export", tmp_path / "copy", "--data", desk.data) == 0, jasyl.err
    verified = desk("verify", tmp_path / "copy")
    assert (verified["ok"], verified["kept"], verified["events"]) == (True, None, 1)
    assert verified["state"] == desk("verify")["state"]


def test_tables_that_part_from_the_log_are_found_and_made_again(desk, here):
    desk.issue()
    good = desk("verify")["state"]
    with database_of(open_folder(here)).writing() as connection:
        connection.execute(sa.text("update certificate_node set hash = :other where path = ''"), {"other": bytes(32)})
    assert desk.jasyl("certificates", "verify", "--data", here, "--lang", "en") == 1
    assert bytes(32).hex() in desk.jasyl.out
    assert good in desk.jasyl.out
    assert desk("rebuild")["state"] == good
    assert held(desk) == {("solar", "0:2400", "held")}


def test_the_residual_mix(desk, tmp_path):
    desk.issue()
    file = tmp_path / "generation.csv"
    file.write_text("source,wh\nsolar,10000\ncoal,30000\n", encoding="utf-8")
    rest = {row["source"]: row["residual"] for row in desk("residual", file, "--period", "2024-03")}
    assert rest == {"solar": 7600, "coal": 30000}
    file.write_text("source,wh\nsolar,2399\n", encoding="utf-8")
    desk.refused("residual", file, "--period", "2024-03", named="2")
    file.write_text("source,wh\nsolar,10000\n,500\n", encoding="utf-8")
    assert {row["source"]: row["residual"] for row in desk("residual", file, "--period", "2024-03")}[""] == 500
    desk("issue", "meter", "--period", "2024-03-04", "--owner", "solar")
    desk.refused("residual", file, "--period", "2024-03", named="without a named source")
    file.write_text("source,kwh\nsolar,1\n", encoding="utf-8")
    desk.refused("residual", file, "--period", "2024-03", named="generation.csv")
    desk.refused("residual", tmp_path / "none.csv", "--period", "2024-03")


def test_people_are_told_in_their_language(desk, here, tmp_path):
    """In Kazakh; the other commands here are typed in English and as programs do."""

    def said(*words):
        assert desk.jasyl("certificates", *words, "--data", here, "--lang", "kk") == 0, desk.jasyl.err
        return desk.jasyl.out

    assert "Сертификаттар жоқ" in said("list")
    issued = ("issue", "meter", "--period", "2024-03-03", "--owner", "solar")
    assert "Шығарылды" in said(*issued)
    assert "Шығарылды" in said(*issued)  # carried out before
    assert "иелікте" in said("list")
    assert "1" in said("verify")
    file = tmp_path / "generation.csv"
    file.write_text("source,wh\nsolar,10000\n,2400\n", encoding="utf-8")
    assert "100" in said("residual", file, "--period", "2024-03")
