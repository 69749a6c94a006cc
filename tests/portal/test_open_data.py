"""Published statements as open data: complete, with proofs that hold, readable without the network."""

import base64
import csv
import io
import json

from jasyl.figures import statements_csv, statements_jsonld
from jasyl.figures.open_statements import COLUMNS
from jasyl.ledger import Log, check_passport
from jasyl.storage import open_folder


def test_every_statement_with_its_proof(browser, installation):
    got = browser.get("/data/statements.csv")
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(got.text)))
    listed = browser.get("/statements.json").json()["statements"]
    assert {row["statement"] for row in rows} >= {one["id"] for one in listed}
    row = next(one for one in rows if one["log_index"])
    assert row["kind"] in {"observed", "published", "modelled", "assumed", "training"}
    path = row["passport"].split("/", 3)[3]
    found = check_passport(browser.get(f"/{path}").content, Log(open_folder(installation)).policy)
    assert (found.record_id, found.index) == (row["record_id"], int(row["log_index"]))
    assert (found.statement.value or "", found.statement.unit) == (row["value"], row["unit"])


def test_json_ld_says_the_same_and_defines_its_terms(browser):
    got = browser.get("/data/statements.jsonld")
    assert got.headers["content-type"].startswith("application/ld+json")
    document = json.loads(got.text)
    rows = list(csv.DictReader(io.StringIO(browser.get("/data/statements.csv").text)))
    assert document["@type"] == "Dataset"
    assert len(document["hasPart"]) == len(rows)
    prefixes = {name for name in document["@context"] if not name.startswith("@")}
    for part, row in zip(document["hasPart"], rows, strict=True):
        used = {key.partition(":")[0] for key in part if ":" in key}
        assert used <= prefixes
        assert part.get("value", "") == row["value"]
        assert part["identifier"].removeprefix("ni:///sha-256;") == base64.urlsafe_b64encode(
            bytes.fromhex(row["record_id"])
        ).decode().rstrip("=")
    assert isinstance(document["@context"], dict)  # inline: nothing to fetch


def test_what_a_spreadsheet_would_run_is_only_text():
    row = dict.fromkeys(COLUMNS) | {
        "subject": "=HYPERLINK(1)",
        "value": "-5",
        "record_id": "00" * 32,
        "supersedes": "A",
    }
    cells = next(csv.DictReader(io.StringIO(statements_csv([row]).decode())))
    assert (cells["subject"], cells["value"], cells["uncertainty"]) == ("'=HYPERLINK(1)", "-5", "")
    part = json.loads(statements_jsonld([row], "name"))["hasPart"][0]
    assert part["prov:wasRevisionOf"] == "jasyl:statement:A"
    assert "subjectOf" not in part
