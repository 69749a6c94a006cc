"""The adviser's page: a form, advice from the address, faults, the rules as data."""

import csv
import io

import pytest

from jasyl.adviser import rules
from jasyl.texts import LANGUAGES, say

CITY = "public-verifiability=yes&tamper-evidence=yes&trusted-party=no&partner-witness=yes&records_per_day=100000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_asks_every_question(browser, language):
    page = browser.get(f"/{language}/advise").text
    for one in rules().criteria:
        assert say(language, f"adviser-ask-{one.id}") in page
        assert f'name="{one.id}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_in_the_address_give_the_advice(browser, language):
    page = browser.get(f"/{language}/advise?{CITY}").text
    option = say(language, "adviser-option-witnessed-log-name")
    assert say(language, "adviser-advised-no", option=option) in page
    assert '<option value="no" selected>' in page


def test_the_same_as_data(browser):
    answer = browser.get(f"/advise.json?{CITY}").json()
    assert answer["advice"]["advised"] == "witnessed-log"
    assert answer["form"]["records_per_day"] == 100_000
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/en/advise.csv?{CITY}").content.decode("utf-8-sig"))))
    assert len(rows) == len(rules().options)
    assert "advice" not in browser.get("/advise.json").json()


def test_the_rules_are_served_as_they_stand(browser):
    served = browser.get("/advise/rules.json").json()
    assert served["version"] == rules().version
    assert len(served["frameworks"]) == len(rules().frameworks)


@pytest.mark.parametrize("query", ["trusted-party=perhaps", "trusted-party=no&records_per_day=many"])
def test_faults_are_told(browser, query):
    answer = browser.get(f"/advise.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["refused"][0]["code"] == "adviser-form"
