"""The page of savings: a person chooses before, after and a temperature, sees the comparison, and publishes it."""

import datetime as dt
import re

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import DAY, HOUR, a_facility, a_meter, deliver
from tests.monitoring.world import a_database, at
from tests.portal.conftest import Browser

from jasyl.atlas.report import weather
from jasyl.ledger import create_keys
from jasyl.monitoring import bring_up_to_date, parse_span
from jasyl.monitoring.savings_figures import Comparison, compare
from jasyl.monitoring.stated_temperatures import stated_source, stated_temperatures
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES

WORD = "a long enough word"
PATH = "facilities/school/savings"
BEGIN, NOW = at("2023-12-31 18:00"), at("2026-02-01 00:00")  # midnight in Kazakhstan, UTC+6 until March 2024
DAYS = 731
ASKED = "before=2024&after=2025&step=day&temperature=school-air"


def the_truth():
    """Daily mean temperature, and the heat of a school in Wh: 40 % less above its base from 2025 on."""
    numbers = np.random.default_rng(11)
    days = np.arange(DAYS)
    cold = 5 - 20 * np.cos(2 * np.pi * (days - 15) / 365) + numbers.normal(0, 3, DAYS)
    heat = 50_000 + 9_000 * np.maximum(16 - cold, 0)
    used = np.where(days >= 366, 0.6, 1.0) * heat * numbers.normal(1, 0.03, DAYS)
    return cold, used, float((heat * 0.4)[366:].sum())


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("savings") / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    place = a_facility(database, "school", "EB.REN")
    zone = "Etc/GMT-5"
    meters = [
        a_meter(database, place, "school-heat", quantity="heat_consumed", interval_seconds=86_400, zone=zone),
        a_meter(
            database, place, "school-air", quantity="outdoor_temperature", unit="Cel", kind="mean", scale=1, zone=zone
        ),
    ]
    cold, used, saved = the_truth()
    first = at("2023-12-31 19:00")
    deliver(database, folder, meters[0], first + DAY * np.arange(DAYS), np.rint(used).astype(np.int64), now=NOW)
    hours = np.repeat(np.rint(cold * 10).astype(np.int64), 24)
    deliver(database, folder, meters[1], first + HOUR * np.arange(DAYS * 24), hours, now=NOW)
    bring_up_to_date(database, folder, NOW, author="test")
    with database.writing() as connection:
        create_account(connection, "duty", WORD, frozenset({"agency"}))
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    browser.database, browser.saved = database, saved
    yield browser
    database.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_offers_what_there_is(house, language):
    text = house.get(f"/{language}/{PATH}").text
    assert re.search(r'value="school-air"[^>]*>\s*(?!school-air)\w', text), (
        "by the name of its facility, not by its key"
    )
    assert ("-12.4" if language == "en" else "-12,4") in re.findall(r'placeholder="([^"]*)"', text)[-1]
    assert 'value="heat_consumed"' in text
    assert house.get("/facilities/nothing/savings").status_code == 404


def test_the_comparison_holds_the_truth(house):
    found = house.get(f"/{PATH}.json?{ASKED}").json()
    said = found["savings"]
    assert said["low"] <= house.saved <= said["high"]
    assert said["fraction"] == pytest.approx(0.4, abs=0.02)
    assert said["adequate"]
    assert found["periods"] == {"before": 366, "left_before": 0, "after": 365, "left_after": 0}
    page = house.get(f"/en/{PATH}?{ASKED}").text
    assert "Check" in page
    (bend,) = said["change_points"]
    assert f"more use below a heating limit (3PH), {bend:.1f} °C; periods: 366" in page


def test_months_do_as_well(house):
    said = house.get(f"/{PATH}.json?{ASKED.replace('step=day', 'step=month')}").json()["savings"]
    assert said["fraction"] == pytest.approx(0.4, abs=0.05)


def months_of(values):
    """Means of the months of the truth, as a station reports them."""
    first = dt.date(2024, 1, 1)
    of: dict[str, list[float]] = {}
    for number, value in enumerate(values):
        of.setdefault(f"{first + dt.timedelta(number):%Y-%m}", []).append(value)
    return of


def test_means_of_months_written_by_hand_do_as_a_thermometer_does(house):
    of = months_of(np.rint(the_truth()[0] * 10) / 10)
    means = "\n".join(f"{month}\t{np.mean(its):.2f}".replace(".", ",") for month, its in of.items())
    degree_days = "\n".join(f"{month} {(18 - np.mean(its)) * len(its):.1f}" for month, its in of.items())
    metered = house.get(f"/{PATH}.json?{ASKED.replace('step=day', 'step=month')}").json()["savings"]
    for kind, months in (("means", means), ("degree-days", degree_days)):
        asked = {"before": "2024", "after": "2025", "temperature": kind, "months": months}
        said = house.get(f"/{PATH}.json", params=asked).json()["savings"]
        assert said["avoided"] == pytest.approx(metered["avoided"], rel=0.002), kind


def test_what_a_statement_rests_on_is_written_in_it(house):
    lines = "\n".join(f"{month} {np.mean(its):.2f}" for month, its in months_of(the_truth()[0]).items())
    said = stated_source("means", lines)
    assert said.startswith("means:2024-01=-")
    assert stated_source("means", said.removeprefix("means:").replace(" ", "\n")) == said
    july = stated_temperatures("degree-days:2024-07=62")
    assert len(july) == 31
    assert july[dt.date(2024, 7, 31)] == 16
    with house.database.reading() as connection:
        facility = connection.execute(sa.text("select * from facility where key = 'school'")).mappings().one()
        asked = Comparison("2024", "month", said)
        found = compare(connection, None, facility, asked, parse_span("2025"), known=[])
    assert [one.kind for one in found.inputs].count("stated_temperatures") == 1


@pytest.mark.parametrize(
    ("months", "code"),
    [
        ("", "temperatures-none"),
        ("2024-01 cold", "temperature-line"),
        ("2024-13 -4", "temperature-line"),
        ("2024-01 -4\n2024-01 -5", "temperature-twice"),
        (
            "\n".join(f"{year}-{month:02} {month}" for year in (2024, 2025) for month in range(1, 13)),
            "temperature-normals",
        ),
        ("2024-01 -4\n" * 400, "temperatures-many"),
    ],
)
def test_written_temperatures_that_cannot_be_meant(house, months, code):
    asked = {"before": "2024", "after": "2025", "temperature": "means", "months": months}
    assert house.get(f"/{PATH}.json", params=asked).json()["refused"][0]["code"] == code


def test_means_of_months_are_no_temperatures_of_days(house):
    asked = {"before": "2024", "after": "2025", "temperature": "means", "months": "2024-01 -4", "step": "day"}
    assert house.get(f"/{PATH}.json", params=asked).json()["refused"][0]["code"] == "temperature-monthly"


def test_what_cannot_be_compared_is_told(house, monkeypatch):
    monkeypatch.setattr(weather, "store_at", lambda *_: None)
    codes = {
        "before=2024&after=2025&temperature=store": "no-temperature",
        "before=2024&after=2025&temperature=moon": "no-temperature",
        "before=2025&after=2024": "savings-order",
        "before=2024&after=2024-12..2025": "savings-order",
        "before=2025..2024&after=2025": "span-order",
        "before=2024&after=2025&step=week": "query-choice",
        "before=2024&after=yesterday": "unknown-period",
        "before=2019&after=2020": "savings-nothing-after",
    }
    for query, code in codes.items():
        answer = house.get(f"/{PATH}.json?{query}")
        assert answer.status_code == 400
        assert answer.json()["refused"][0]["code"] == code, query


def test_a_saving_becomes_a_statement_with_its_uncertainty(house):
    answer = house.post("/en/sign-in", data={"name": "duty", "password": WORD})
    session = re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"]).group(1)
    signed = {"cookie": f"jasyl_session={session}"}
    page = house.get(f"/en/{PATH}?{ASKED}", headers=signed).text
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index('action="/en/publish"') :])
    )
    answer = house.post("/en/publish", headers=signed, data=form)
    assert answer.status_code == 303, answer.text[-2000:]
    address = answer.headers["location"]
    assert "Savings: Heat consumed" in house.get(address).text
    record = house.get(f"/statements/{address.rsplit('/', 1)[1]}.json").json()["record"]
    assert record["method"]["parameters"]["before"] == "2024"
    assert abs(float(record["value"]) - house.saved) < 3 * float(record["uncertainty"])
    assert record["method"]["id"] == "savings.heat_consumed"


def test_the_facility_leads_there(house):
    assert "/facilities/school/savings" in house.get("/en/facilities/school").text


def test_a_thermometer_that_is_closed_is_offered_to_nobody_else(house):
    with house.database.writing() as connection:
        connection.execute(sa.text("update series set level = 'closed' where key = 'school-air'"))
    try:
        house.app.app.app.state.house.revision.forget()
        assert "school-air" not in house.get(f"/en/{PATH}?n=1").text
        refused = house.get(f"/{PATH}.json?{ASKED}&n=1").json()["refused"]
        assert refused[0]["code"] == "no-temperature"
    finally:
        with house.database.writing() as connection:
            connection.execute(sa.text("update series set level = 'public' where key = 'school-air'"))


def test_temperatures_of_the_store_are_means_of_civil_days(house, monkeypatch):
    from tests.monitoring.test_performance_figures import a_sky

    from jasyl.monitoring.outdoor_temperature import store_temperatures
    from jasyl.monitoring.savings_readings import Span

    monkeypatch.setattr(weather, "store_at", lambda *_: (a_sky(3), None))
    place = {"lon": 71.4, "lat": 51.1}
    days, inputs = store_temperatures(None, place, Span(dt.date(2025, 5, 30), dt.date(2025, 6, 2)))
    assert list(days) == [dt.date(2025, 6, 1), dt.date(2025, 6, 2)]
    assert days[dt.date(2025, 6, 1)] == pytest.approx(20, abs=1e-4)
    assert inputs[0].kind == "weather_store"
