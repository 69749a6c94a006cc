"""Pages of certificates: what everybody sees, what only an owner sees, in every form and language."""

import csv
import io
import shutil

import pytest
from tests.certificates.conftest import House
from tests.certificates.events import HOUR, START, issue, retire, transfer
from tests.conftest import need

from jasyl.certificates import scheme_fields
from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import METADATA, database_of, open_folder

from .conftest import Browser


@pytest.fixture(scope="module")
def portal(installation, tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = open_folder(shutil.copytree(installation, tmp_path_factory.mktemp("certificates") / "data"))
    database = database_of(folder)
    METADATA.create_all(database.engine)
    house = House(folder, database)
    batch, later = house.measure(["4003", "40000000"])
    hour = {"start": START + 24 * HOUR, "end": START + 25 * HOUR, "metered": "600", "amount": 600, "remainder": "0"}
    house.act(
        issue(batches=[batch], about={"source": "solar"}), transfer(0, 400), retire(0, 100, owner="baker"),
        issue("h-1", batches=[later], **hour), transfer(100, 400, certificate="h-1"),
    )  # fmt: skip
    with database.writing() as connection:
        tokens = {}
        for name, role, enterprise in (
            ("o", "enterprise", "solar"),
            ("a", "agency", None),
            ("x", "enterprise", "other"),
        ):
            who = create_account(connection, name, "a long password", frozenset({role}), enterprise_id=enterprise)
            tokens[name] = new_token(connection, who, "test", frozenset({"read"}))
    database.close()
    return Browser(create_app(folder, ["127.0.0.1"])), tokens


def as_json(portal, path, who=None):
    browser, tokens = portal
    headers = {"authorization": f"Bearer {tokens[who]}"} if who else {}
    answered = browser.get(path, headers=headers)
    assert answered.status_code == 200, answered.text
    return answered.json()


def test_everybody_sees_totals_and_retirements_only(portal):
    found = as_json(portal, "/certificates.json")
    assert found["totals"][0] == {
        "attribute": "electricity", "issued": 1600, "held": 1500, "retired": 100, "cancelled": 0, "expired": 0,
        "exported": 0, "unit": "W.h",
    }  # fmt: skip
    assert found["retirements"][0]["beneficiary"] == "bakery"
    assert found["certificates"] == []
    one = as_json(portal, "/certificates/c-1.json")
    assert {piece["owner"] for piece in one["pieces"]} == {None}
    assert len(one["attribute_hashes"]) == 24
    assert 'solar"' not in str(one["events"])


@pytest.mark.parametrize(("who", "seen"), [("o", {"solar", None}), ("a", {"solar", "baker"}), ("x", {None})])
def test_owners_see_theirs(portal, who, seen):
    one = as_json(portal, "/certificates/c-1.json", who)
    assert {piece["owner"] for piece in one["pieces"]} == seen
    listed = as_json(portal, "/certificates.json", who)["certificates"]
    assert bool(listed) == (who != "x")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", ["/certificates", "/certificates/c-1"])
def test_pages_in_every_language_and_form(portal, language, path):
    browser, _ = portal
    html = browser.get(f"/{language}{path}")
    assert html.status_code == 200
    assert f'lang="{language}"' in html.text
    assert "bakery" in html.text
    assert browser.get(f"/{language}{path}.csv").status_code == 200


def test_an_unknown_certificate(portal):
    assert portal[0].get("/certificates/nothing").status_code == 404
    assert portal[0].get("/certificates/schemes/nothing").status_code == 404


@pytest.mark.parametrize(("who", "ranges"), [(None, []), ("o", [0, 400]), ("a", [0, 100, 400]), ("x", [])])
def test_whoever_owns_hands_over_theirs_in_the_fields_of_a_scheme(portal, who, ranges):
    found = as_json(portal, "/certificates/schemes/energytag.json", who)
    assert [row["bundle_id_range_start"] for row in found["rows"]] == ranges
    assert found["left_out"] == {None: 0, "o": 1, "a": 3, "x": 0}[who]  # a day is no bundle
    assert not as_json(portal, "/certificates/schemes/cad-trust.json", who)["rows"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_file_of_a_scheme_has_its_fields_and_the_page_what_is_missing(portal, language):
    browser, tokens = portal
    headers = {"authorization": f"Bearer {tokens['o']}"}
    text = browser.get(f"/{language}/certificates/schemes/energytag.csv", headers=headers).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == [field.name for field in scheme_fields("energytag")]
    assert {row["account_id"] for row in rows} == {"solar"}
    html = browser.get(f"/{language}/certificates/schemes/energytag", headers=headers).text
    assert "country_of_issuance" in html
    assert "h-1" in html
    assert "Refusal" not in html
    assert (
        f"/{language}/certificates/schemes/cad-trust" in browser.get(f"/{language}/certificates", headers=headers).text
    )
