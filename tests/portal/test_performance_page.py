"""The page of performance, and publishing a figure from it."""

import re
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from tests.monitoring.quality.plant import BEGIN, HOUR, PLACE, a_meter
from tests.monitoring.test_performance_figures import DAYS, Plant, a_sky, expectation
from tests.portal.conftest import Browser

from jasyl.atlas.report import weather
from jasyl.monitoring.quality.observation import sun_over
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.portal.statements import amount_text
from jasyl.texts import LANGUAGES, write_number

WORD = "a long enough word"
PATH = "facilities/sunny/performance"


class House(Browser):
    def __init__(self, plant):
        super().__init__(create_app(plant.folder, ["127.0.0.1"]))
        self.plant = plant

    def signed_in(self, name):
        answer = self.post("/en/sign-in", data={"name": name, "password": WORD})
        return {"cookie": "jasyl_session=" + re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"]).group(1)}

    def publish(self, headers, **form):
        page = self.get(f"/en/{PATH}", headers=headers).text
        key = re.search(r'name="csrf_token" value="([^"]+)"', page)
        said = {"subject": "sunny", "period": "2025-06", **form, "csrf_token": key.group(1) if key else ""}
        return self.post("/en/publish", headers=headers, data=said)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    plant = Plant(tmp_path_factory.mktemp("performance") / "data")
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    plant.bring(start, np.rint(sun_over(start, HOUR, *PLACE).clear * 800).astype(np.int64))
    with plant.database.writing() as connection:
        create_account(connection, "duty", WORD, frozenset({"agency"}))
        create_account(connection, "visitor", WORD, frozenset({"investor"}))
    yield House(plant)
    plant.database.close()


@pytest.fixture
def sky(monkeypatch):
    source = a_sky()
    monkeypatch.setattr(weather, "store_at", lambda *_: (source, None))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bound_is_told_as_a_bound(house, monkeypatch, language):
    monkeypatch.setattr(weather, "store_at", lambda *_: None)
    text = house.get(f"/{language}/{PATH}?year=2025&without=weather").text
    assert {"kk": "Бұлтсыз аспан шегі", "ru": "Граница безоблачного неба", "en": "Bound of a cloudless sky"}[
        language
    ] in text
    assert {"kk": "Атлас күтетін мән", "ru": "Ожидание атласа", "en": "Expected by the atlas"}[language] not in text
    found = house.get(f"/{PATH}.json?year=2025&without=weather").json()
    assert found["basis"] == "clear_sky"
    assert found["whole"]["expected_wh"] is None
    assert found["whole"]["clear_sky_bound_wh"] > float(found["whole"]["energy_wh"])


def test_with_weather_the_page_compares_the_same_hours(house, sky):
    found = house.get(f"/{PATH}.json?year=2025&with=weather").json()
    expected = expectation(house.plant)
    assert found["basis"] == "weather"
    (june,) = (one for one in found["months"] if one["period"] == "2025-06")
    assert june["performance_index"] == pytest.approx(float(june["energy_wh"]) / expected.energy.sum(), rel=1e-6)
    assert found["settings"]["panel"] == "CSi"
    text = house.get(f"/en/{PATH}?year=2025&with=weather").text
    assert "Metered / expected" in text
    assert house.get(f"/en/{PATH}.csv?year=2025&with=weather").text.count("\n") == 3


@pytest.mark.parametrize(("language", "told"), [
    ("kk", ("кристалды кремний", "шығын: 3,5 %", "г/кВт·сағ")),
    ("ru", ("кристаллический кремний", "потери: 3,5 %", "г/кВт·ч")),
    ("en", ("crystalline silicon", "losses: 3.5 %", "g/kWh")),
])  # fmt: skip
def test_what_was_assumed_is_told_in_words(house, sky, language, told):
    text = house.get(f"/{language}/{PATH}?year=2025&with=words").text
    for each in told:
        assert each in text
    assert "latitude_optimal" not in text


def test_a_change_of_a_year_is_told_in_percent():
    visit = SimpleNamespace(number=lambda value, digits: write_number("ru", value, digits), language="ru")
    assert amount_text(visit, Decimal("-0.002359"), "/a") == "-0,24 %/год"


def test_avoided_emissions_stand_with_every_baseline_and_apart_from_inventories(house):
    found = house.get(f"/{PATH}.json?year=2025").json()["avoided"]
    assert [one["usual"] for one in found].count(True) == 1
    assert {one["key"] for one in found} >= {"cm_variable", "om", "mix_2022"}
    energy = sum(float(one["energy_wh"]) for one in house.get(f"/{PATH}.json?year=2025").json()["months"])
    usual = next(one for one in found if one["usual"])
    assert float(usual["avoided_kg"]) == pytest.approx(energy * 698e-6, rel=1e-6)
    assert "stands in no inventory" in house.get(f"/en/{PATH}?year=2025").text


def test_a_number_of_the_page_becomes_a_statement(house, sky):
    duty = house.signed_in("duty")
    answer = house.publish(duty, indicator="emissions.avoided.cm_variable")
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    assert re.fullmatch(r"/en/statements/\w+", address)
    text = house.get(address).text
    assert "Combined margin for solar and wind" in text
    said = house.get(address.removeprefix("/en") + ".json").json()
    assert said["record"]["figure_kind"] == "modelled"
    assert said["record"]["method"]["parameters"]["factor"] == "cm_variable"
    assert house.publish(duty, indicator="performance_index").status_code == 303
    assert "published" in house.get(f"/en/{PATH}?year=2025").text


def test_only_those_who_may_publish_are_offered_it_and_heard(house):
    visitor = house.signed_in("visitor")
    assert "/publish" not in house.get(f"/en/{PATH}").text
    assert "/publish" not in house.get(f"/en/{PATH}", headers=visitor).text
    assert house.publish(visitor, indicator="yield.specific").status_code == 403
    duty = house.signed_in("duty")
    assert house.post("/en/publish", headers=duty, data={"subject": "sunny"}).status_code == 403  # no key of the form
    assert house.publish(duty, indicator="wishes").status_code == 400
    assert house.publish(duty, indicator="yield.specific", subject="nothing").status_code == 404


def test_there_is_no_performance_of_what_nobody_meters(house):
    assert house.get("/facilities/nothing/performance").status_code == 404


def test_a_closed_meter_enters_nothing_that_anybody_sees(house):
    import sqlalchemy as sa

    plant = house.plant
    hidden = a_meter(plant.database, plant.facility_id, "hidden")
    with plant.database.writing() as connection:
        connection.execute(sa.text("update series set level = 'closed' where number = :n"), {"n": hidden.number})
    before = house.get(f"/{PATH}.json?year=2025&n=1").json()["whole"]["energy_wh"]
    start = BEGIN + HOUR * np.arange(24)
    plant.bring(start, np.full(24, 5_000), hidden)
    house.app.app.app.state.house.revision.forget()
    assert house.get(f"/{PATH}.json?year=2025&n=2").json()["whole"]["energy_wh"] == before


def test_the_page_of_the_facility_tells_what_it_avoided(house):
    text = house.get("/en/facilities/sunny").text
    assert "Combined margin for solar and wind" in text
    assert "stands in no inventory" in text
