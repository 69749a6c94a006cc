"""Quality control on the command line, over a folder with one plant."""

import pytest
from tests.monitoring.quality.plant import a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database

from jasyl.ledger import create_keys
from jasyl.storage import create_folder


@pytest.fixture
def plant(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    place = a_facility(database)
    main, part = a_meter(database, place, "main"), a_meter(database, place, "part")
    start, value = clear_days(12)
    spoiled = value.copy()
    spoiled[5 * 24 + 12] = 3_000_000
    deliver(database, folder, main, start, spoiled)
    deliver(database, folder, part, start, value // 2)
    database.close()
    return folder.path


def test_judging_deciding_and_alerts(jasyl, plant):
    found = jasyl.json("monitor", "quality", "--data", plant)
    assert (found["series"], found["readings"]) == (2, 576)
    (verdict,) = found["verdicts"]
    assert (verdict["series"], verdict["check"], verdict["verdict"]) == ("main", "capacity@1.0.0", "wrong")
    (alert,) = jasyl.json("monitor", "alerts", "--data", plant)
    assert (alert["number"], alert["facility"], alert["state"]) == (1, "sunny", "open")
    assert jasyl.json("monitor", "acknowledge", 1, "--note", "looking", "--data", plant)["state"] == "acknowledged"
    assert jasyl("monitor", "acknowledge", 1, "--data", plant) == 1
    assert jasyl("monitor", "alerts", "--data", plant, "--lang", "en") == 0
    assert "Acknowledged" in jasyl.out
    span = ("--from", "2025-06-05", "--to", "2025-06-07", "--data", plant)
    assert jasyl("monitor", "judge", "main", "cleared", "--note", "a test load", *span, "--lang", "en") == 0, jasyl.err
    assert jasyl.json("monitor", "alerts", "--data", plant) == []
    assert [one["state"] for one in jasyl.json("monitor", "alerts", "--all", "--data", plant)] == ["closed"]
    assert jasyl("monitor", "close", 1, "--data", plant) == 1
    assert jasyl("monitor", "quality", "--series", "main", "--from", "2025-06-01", "--data", plant, "--lang", "ru") == 0
    assert jasyl("monitor", "quality", "--from", "yesterday", "--data", plant) == 1
    (row,) = jasyl.json("monitor", "judge", "main", "wrong", "--note", "meter removed", *span)
    assert (row["verdict"], row["check"], row["note"]) == ("wrong", "person@1.0.0", "meter removed")


def test_close_and_the_list_of_verdicts_for_people(jasyl, plant):
    assert jasyl("monitor", "quality", "--data", plant, "--lang", "kk") == 0
    assert "Номиналды қуат" in jasyl.out
    assert "\t2025-06-06 12:00\t2025-06-06 13:00\t" in jasyl.out, "noon of the meter, five hours ahead of UTC"
    assert jasyl("monitor", "close", 1, "--note", "done", "--data", plant, "--lang", "en") == 0
    assert "Closed" in jasyl.out


def test_parts_of_a_main_meter(jasyl, plant):
    assert jasyl.json("monitor", "parts", "main", "part", "--data", plant) == {"whole": "main", "parts": ["part"]}
    assert jasyl("monitor", "parts", "main", "main", "--data", plant) == 1
    assert jasyl("monitor", "parts", "main", "--data", plant, "--lang", "en") == 0


def test_the_catalogue(jasyl):
    listed = jasyl.json("monitor", "checks")
    assert {"capacity", "frozen", "time-shift"} <= {one["id"] for one in listed}
    assert jasyl("monitor", "checks", "--lang", "en") == 0
    assert "Value stands still" in jasyl.out


def test_a_figure_says_how_much_is_in_doubt_and_can_leave_it_out(jasyl, plant):
    jasyl.json("monitor", "quality", "--data", plant)
    jasyl.json("monitor", "seal", "--data", plant)
    asked = ("monitor", "figure", "sunny", "electricity.generated", "2025-06", "--data", plant)
    plain, sound = jasyl.json(*asked), jasyl.json(*asked, "--sound")
    assert plain["readings"] == {"readings": 576, "suspect": 0, "wrong": 1}
    assert float(plain["value"]) - float(sound["value"]) == 3_000_000
    assert sound["method"]["id"] == "electricity.generated.sound"
    assert {one["kind"] for one in sound["inputs"]} == {"sealed_day", "verdict"}
    assert jasyl(*asked, "--lang", "en") == 0
    assert "wrong: 1" in jasyl.err
