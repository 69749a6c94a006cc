"""A forecast becomes a statement where its curve wins; the register changes it or takes its number away."""

import datetime as dt
import json
import re
from decimal import Decimal

import numpy as np
import pytest
from tests.monitoring.world import NOW, a_database
from tests.portal.conftest import Browser

from jasyl.figures import Outcome, find
from jasyl.ledger import create_keys
from jasyl.monitoring import bring_up_to_date
from jasyl.monitoring.diffusion import curve_additions
from jasyl.monitoring.diffusion_report import History, curves
from jasyl.monitoring.dynamics_figures import FAMILIES
from jasyl.monitoring.forecast_figures import (
    FORECAST_INDICATORS,
    FORECASTABLE,
    Ahead,
    Fitted,
    make_forecast_figure,
    winning_curve,
)
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.quantities import LOCAL_TIME
from jasyl.registry import Provenance, Statement, record
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES, Refusal, say

WORD = "a long enough word"
LAST = dt.datetime.now(LOCAL_TIME).year - 1
YEARS = 22
PATH = "dynamics/forecast?measure=capacity&family=wind"


def additions():
    """MW that come as Bass' curve has it, nearly."""
    chance = np.random.default_rng(4)
    exact = curve_additions("bass", np.log([1000, 0.01, 0.45]), np.arange(YEARS, dtype=float))
    return np.rint(exact + chance.normal(0, 1, YEARS)).astype(int).tolist()


def plants(values):
    """A wind farm for each year."""
    fields = {
        "technology": "RP.WON",
        "status": "operating",
        "capacity_unit": "MW",
        "region": "KZ-11",
        "confirmed": True,
    }
    told = Provenance("a newspaper", "test", "high")
    return [
        Statement(
            f"farm-{year}", {**fields, "name_en": f"Farm {year}", "commissioned": str(year), "capacity": mw}, told
        )
        for year, mw in zip(range(LAST - YEARS + 1, LAST + 1), map(Decimal, values), strict=True)
    ]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("forecast") / "data", "real")
    create_keys(folder)
    database = a_database(folder)
    with database.writing() as connection:
        record(connection, "facility", plants(additions()))
        create_account(connection, "duty", WORD, frozenset({"agency"}))
    browser = Browser(create_app(folder, ["127.0.0.1"]))
    browser.database, browser.folder = database, folder
    yield browser
    database.close()


def test_every_indicator_has_a_name():
    assert len(FORECAST_INDICATORS) == len(FORECASTABLE) * len(FAMILIES)
    assert all(say(language, f"indicator-forecast-{one}") for one in FORECASTABLE for language in LANGUAGES)


def test_what_the_page_shows_is_published_with_its_uncertainty_and_made_again(house):
    answer = house.post("/en/sign-in", data={"name": "duty", "password": WORD})
    signed = {"cookie": f"jasyl_session={re.search(r'jasyl_session=([^;]+)', answer.headers['set-cookie']).group(1)}"}
    assert "/publish" not in house.get(f"/en/{PATH}").text
    page = house.get(f"/en/{PATH}", headers=signed).text
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index('action="/en/publish"') :])
    )
    shown = house.get(f"/{PATH.replace('?', '.json?')}").json()
    with house.database.reading() as connection:
        assert winning_curve(connection, "KZ", "forecast.capacity.wind", LAST) == Fitted(shown["best"], LAST)
    best = next(one for one in shown["curves"] if one["model"] == shown["best"])
    answer = house.post("/en/publish", headers=signed, data={**form, "period": str(LAST + 2)})
    assert answer.status_code == 303, answer.text[-1000:]
    address = answer.headers["location"]
    assert "Forecast of capacity at the end of the year: " in house.get(address).text
    record_ = house.get(f"/statements/{address.rsplit('/', 1)[1]}.json").json()["record"]
    row = best["forecast"][1]
    assert row["year"] == LAST + 2
    assert float(record_["value"]) == pytest.approx(row["value"], abs=500)
    assert float(record_["uncertainty"]) == pytest.approx((row["high"] - row["low"]) / 2 / 1.645, abs=500)
    assert record_["method"]["parameters"] == {"model": shown["best"], "until": LAST}
    late = house.post("/en/publish", headers=signed, data={**form, "period": str(LAST + 6)})
    assert late.status_code == 400
    assert (
        house.post("/en/publish", headers=signed, data={**form, "until": str(LAST + 1), "period": "2050"}).status_code
        == 400
    )

    with house.database.writing() as connection:
        record(connection, "facility", plants([*additions()[:-1], additions()[-1] + 2]))
    done = bring_up_to_date(house.database, house.folder, NOW + 1, author="test")
    assert [json.loads(each.document)["indicator"] for each in done.statements] == ["forecast.capacity.wind"]


def test_a_curve_that_loses_is_not_published_and_has_no_number(house):
    jumps = History(LAST - 11, (0.0, 0.0, 500.0, 0.0, 0.0, 0.0, 30.0, 0.0, 0.0, 700.0, 0.0, 0.0), 1230.0)
    losing = next(one for one in curves(jumps, 5) if one.backtest is None or not one.backtest.wins)
    found = find("forecast.capacity").compute(Fitted(losing.model, LAST), Ahead(jumps, LAST + 1))
    assert found == Outcome(None)
    with house.database.reading() as connection, pytest.raises(Refusal) as none:
        winning_curve(connection, "KZ-75", "forecast.capacity", LAST)
    assert none.value.code == "forecast-none-wins"
    with house.database.writing() as connection, pytest.raises(Refusal):
        make_forecast_figure(
            connection, "KZ-75", "forecast.capacity", str(LAST + 1), Fitted("bass", LAST), "modelled", NOW
        )
    with house.database.writing() as connection, pytest.raises(Refusal) as refused:
        make_forecast_figure(
            connection, "KZ", "forecast.capacity", str(LAST + 1), Fitted("moon", LAST), "modelled", NOW
        )
    assert refused.value.code == "forecast-loses"
