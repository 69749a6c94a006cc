"""``jasyl circular reconcile``, ``account`` and ``account-template`` as they are typed."""

import json

import msgspec
import pytest
import sqlalchemy as sa
from tests.circular_accounts import WASTE
from typer.testing import CliRunner

from jasyl.circular.account import read_account
from jasyl.cli.circular import app
from jasyl.ledger import create_keys
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.storage.database import revision_table
from jasyl.texts import Refusal


def typed(*arguments):
    found = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "waste.json"
    made.write_bytes(msgspec.json.encode(WASTE))
    return made


def test_reconciled_for_people_and_for_programs(file):
    said = typed("reconcile", file, "--lang", "en", "--what-if", "--draws", "2")
    assert "The data fit together: J = 1.34 with 2 degrees of freedom" in said
    assert "550,100" in said
    drawn = [line for line in said.splitlines() if line.count(" … ") == 2]
    assert [line.partition(" ")[0] for line in drawn if not line.endswith(" t")] == ["yield", "in-paper"]
    data = json.loads(typed("reconcile", file, "--json"))
    assert data["test"]["passed"] is True
    assert {row["status"] for row in data["rows"]} == {"observed", "reconciled", "modelled"}


@pytest.mark.parametrize(("name", "begins"), [("a.xlsx", b"PK"), ("a.csv", b"\xef\xbb\xbf"), ("a.svg", b"<svg"),
                                             ("a.sdmx.csv", b"STRUCTURE")])  # fmt: skip
def test_results_as_files(file, tmp_path, name, begins):
    typed("reconcile", file, "--out", tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("form", ["json", "xlsx", "zip"])
def test_an_account_in_another_form_gives_the_same(file, tmp_path, form):
    made = tmp_path / f"again.{form}"
    typed("account", file, "--out", made, "--lang", "ru")
    again = tmp_path / "end.json"
    typed("account", made, "--out", again)
    assert read_account(again) == read_account(file)


def test_values_as_sdmx_there_and_back(file, tmp_path):
    values, again = tmp_path / "values.sdmx.csv", tmp_path / "again.json"
    typed("reconcile", file, "--out", values)
    typed("account", file, "--values", values, "--out", again)
    assert read_account(again) == read_account(file)
    values.write_bytes(values.read_bytes().replace(b",412.6,", b",821.3,"))
    assert json.loads(typed("reconcile", file, "--values", values, "--json"))["test"]["passed"] is False


def test_flow_list_in_and_out(file, tmp_path):
    flows = tmp_path / "flows.csv"
    typed("account", file, "--out", flows, "--lang", "kk")
    assert "reconciled" in typed("reconcile", flows, "--json")


def test_templates(tmp_path):
    typed("account-template", "--out", tmp_path / "blank.xlsx", "--lang", "kk")
    assert (tmp_path / "blank.xlsx").read_bytes()[:2] == b"PK"
    typed("account-template", "--out", tmp_path / "blank")
    assert (tmp_path / "blank" / "flows.csv").is_file()


def test_kept_as_a_book(file, tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    create_keys(folder)
    database = database_of(folder)
    METADATA.create_all(database.engine)
    with database.writing(visible=False) as connection:
        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    said = typed("account", file, "--keep", "--data", folder.path, "--lang", "en")
    assert "Kept as version 1" in said
    assert json.loads(typed("account", file, "--keep", "--data", folder.path, "--json"))["book"]


def test_every_fault_is_told(file, capsys):
    broken = json.loads(file.read_text())
    broken["observations"][0]["unit"] = "MWh"
    broken["observations"][1]["sd"] = -3
    file.write_text(json.dumps(broken))
    with pytest.raises(Refusal) as caught:
        CliRunner().invoke(app, ["reconcile", str(file)], catch_exceptions=False)
    assert caught.value.code == "circular-unit"
    with pytest.raises(Refusal) as caught:
        CliRunner().invoke(app, ["reconcile", str(file.parent / "nothing.json")], catch_exceptions=False)
    assert caught.value.code == "circular-unreadable"
