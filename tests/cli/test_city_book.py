"""``jasyl city``: a template, a file in and out, and an evaluation, as somebody at a terminal uses them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import sqlalchemy as sa

from jasyl.cities import book_schema
from jasyl.cities.training_records import load_training_records
from jasyl.ledger import create_keys
from jasyl.storage import METADATA, create_folder, database_of, open_folder

MANUAL = Path(__file__).parents[2] / "docs" / "city-book.md"
CATEGORY = ("SC.SH.SA.6C", "SC.SH.SA.7C", "SC.SH.SA.8C", "SC.SH.SA.9C")


@pytest.fixture
def data(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    create_keys(folder)
    with database_of(folder).writing() as connection:
        METADATA.create_all(connection)
    return folder.path


@pytest.fixture
def example(tmp_path):
    """The book of the manual."""
    written = re.search(r"<<'END'\n(.*?)\nEND", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert written
    file = tmp_path / "astana.json"
    file.write_text(written[1], encoding="utf-8")
    return file


def test_the_example_of_the_manual_follows_the_schema_and_is_evaluated_without_a_data_folder(jasyl, example):
    jsonschema.Draft202012Validator(book_schema()).validate(json.loads(example.read_text()))
    assert jasyl("schema", "city-book") == 0
    assert json.loads(jasyl.out)["title"] == "city-book"
    made = jasyl.json("city", "evaluate", example, "--lang", "kk")
    points = {one["point"]: one for one in made["evaluation"]["points"]}
    assert (points["EC.ICT.ICT.1C"]["value"], points["EN.EN.AQ.1C.no2"]["value"]) == ("95", "38")
    assert len(points) == 112
    assert made["evaluation"]["benchmark_labels"] == ["EU", "Kazakhstan", "SDG", "UN-Habitat", "WHO", "house proposal"]
    assert {one["code"] for one in made["findings"]} == {"city-unit-converted", "city-many-missing"}
    none = jasyl.json("city", "evaluate", example, "--benchmarks", "none")
    assert none["evaluation"]["points"][0]["reason"] == "no_benchmark"
    assert jasyl("city", "evaluate", example, "--lang", "ru") == 0
    assert "95 % и более" in jasyl.out
    assert "× 1900" in jasyl.err


@pytest.mark.parametrize(("targets", "share"), [((100, 66, 50, 100), "0.5625"), ((66, 50, 75, None), "0.75")])
def test_the_published_scoring_examples_come_out_exactly(jasyl, tmp_path, targets, share):
    """Points 1, 3, 4, 1 are 9/16; points 3, 4, 2 with one missing are 9/12 (Kristiansund 2020, page 12)."""
    values = (10, 50, 50, 10) if None not in targets else (50, 50, 30, None)
    rows = [{"point": point, "numerator": value, "denominator": 100_000}
        for point, value in zip(CATEGORY, values, strict=True) if value is not None]  # fmt: skip
    head = {"format": "jasyl-city-book", "version": 1, "place": "KZ-71", "year": 2024}
    (tmp_path / "b.json").write_text(json.dumps(head | {"entries": rows}))
    lines = [f"{point},{target},x,higher" for point, target in zip(CATEGORY, targets, strict=True) if target]
    (tmp_path / "targets.csv").write_text("point,target,source,direction\n" + "\n".join(lines) + "\n")
    made = jasyl.json("city", "evaluate", tmp_path / "b.json", "--benchmarks", tmp_path / "targets.csv")
    group = next(one for one in made["evaluation"]["groups"] if one["group"].endswith("/safety"))
    assert (group["share"], group["scored"]) == (share, 4 if share == "0.5625" else 3)


def test_settings_are_shown_with_the_result(jasyl, example):
    made = jasyl.json("city", "evaluate", example, "--edge", "lower", "--lower-is-better", "linear", "--zero",
        "unscored", "--rounding", "1")  # fmt: skip
    rules = made["evaluation"]["rules"]
    assert (rules["edge_inclusive"], rules["lower_is_better"], rules["zero"], rules["rounding"]) == (
        "lower", "linear", "unscored", 1,
    )  # fmt: skip
    # 95 % of the target stands on an edge.
    assert made["evaluation"]["points"][0]["band"] == "66-95"


def test_a_book_goes_in_and_comes_back(jasyl, data, example, tmp_path):
    assert jasyl.json("city", "import", example, "--data", data, "--dry-run")["applied"] is False
    assert jasyl.json("city", "import", example, "--data", data)["written"] == 6
    for form in ("xlsx", "csv", "json"):
        out = tmp_path / f"back.{form}"
        at = ("--place", "KZ-71", "--year", "2024", "--data", data)
        assert jasyl("city", "export", *at, "--out", out, "--lang", "kk") == 0
        assert jasyl("city", "import", out, "--data", data) == 0
        assert "6" in jasyl.out
        with database_of(open_folder(data)).reading() as connection:
            assert connection.execute(sa.text("select count(*) from city_entry")).scalar_one() == 6
    assert jasyl("city", "template", "--place", "KZ-75", "--year", "2025", "--out", tmp_path / "t.xlsx") == 0
    assert jasyl("city", "import", tmp_path / "t.xlsx", "--data", data, "--json") == 1
    assert jasyl("city", "template", "--place", "Almaty", "--year", "2025") == 1
    assert "KZ-75" in jasyl.err


def test_questions_keep_a_file_out_until_somebody_says_otherwise(jasyl, data, tmp_path):
    head = {"format": "jasyl-city-book", "version": 1, "place": "KZ-71", "year": 2024}
    rows = [{"point": "base.population", "value": 1_200_000},
        {"point": "EC.I.WS.1C", "numerator": 1_100_000, "denominator": 1_200_000}]  # fmt: skip
    file = tmp_path / "b.json"
    file.write_text(json.dumps(head | {"entries": rows}))
    assert jasyl("city", "import", file, "--data", data, "--dry-run") == 1
    assert jasyl("city", "import", file, "--data", data) == 1
    assert "entries[1].denominator" in jasyl.err
    assert "--with-questions" in jasyl.err
    assert jasyl.json("city", "import", file, "--data", data, "--with-questions")["asked"] == 1
    file.write_text(json.dumps(head | {"entries": [{"point": "EC.I.WS.1C", "numerator": "#NUM!"}]}))
    assert jasyl("city", "evaluate", file) == 1
    assert "entries[0].numerator" in jasyl.err
    assert jasyl("city", "evaluate", file, "--json") == 1
    assert json.loads(jasyl.out)["evaluation"] is None
    assert jasyl("city", "evaluate", tmp_path / "none.csv", "--json") == 1
    assert json.loads(jasyl.err)["refused"][0]["code"] == "file-missing"


def test_what_the_system_proposes_is_told_to_programs_and_taken_over(jasyl, tmp_path):
    folder = create_folder(tmp_path / "training", "training")
    create_keys(folder)
    with database_of(folder).writing() as connection:
        METADATA.create_all(connection)
        load_training_records(connection)
    where = ("--place", "KZ-71", "--year", "2024", "--data", folder.path)
    offered = jasyl.json("city", "propose", *where)
    values = {row["id"]: row["value"] for row in offered["rows"] if row["figure"]}
    assert len(values) == offered["offered"] > 10
    assert values["EC.I.WS.3C"] == "17.63"  # decimals are texts
    taken = jasyl.json("city", "accept", "EC.I.WS.3C", *where)
    assert [(one["point"], one["origin"]) for one in taken["taken"]] == [("EC.I.WS.3C", "system")]
