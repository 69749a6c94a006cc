"""``jasyl emissions``: a report told, refused, kept; the template; the factors."""

import json

from jasyl.emissions.plants import example


def written(tmp_path, **more):
    file = tmp_path / "plant.json"
    file.write_text(json.dumps({**example().as_data(), **more}), encoding="utf-8")
    return file


def test_a_plant_is_told_in_each_language_and_as_json(jasyl, tmp_path):
    file = written(tmp_path)
    for language, word in (("kk", "Квота"), ("ru", "Остаток"), ("en", "Scope 1")):
        assert jasyl("emissions", "plant", file, "--data", tmp_path / "none", "--lang", language) == 0
        assert word in jasyl.out
    told = jasyl.json("emissions", "plant", file, "--data", tmp_path / "none")
    assert told["quota"]["left"] < 0
    assert {one["subject"] for one in told["sensitivity"]} == {"grid", "coal", "potentials"}
    assert jasyl.json("emissions", "example") == example().as_data()


def test_errors_end_with_one_and_name_the_row(jasyl, tmp_path):
    line = {"name": "coal", "fuel": "lignite", "amount": "10", "unit": "t"}
    file = written(tmp_path, fuels=[line], plan=None)
    assert jasyl("emissions", "plant", file, "--data", tmp_path / "none", "--lang", "en") == 1
    assert "ncv.kaz1990.lignite" in jasyl.err
    assert jasyl("emissions", "plant", tmp_path / "absent.json", "--lang", "en") == 1


def test_a_template_is_filled_and_read(jasyl, tmp_path):
    book = tmp_path / "plant.xlsx"
    assert jasyl("emissions", "template", "-o", book, "--lang", "kk") == 0
    assert jasyl("emissions", "plant", book, "--lang", "en") == 1
    assert jasyl("emissions", "template", "--example", "-o", book, "--lang", "kk") == 0
    told = jasyl.json("emissions", "plant", book, "--data", tmp_path / "none")
    assert told["plant"] == example().plant


def test_factors_are_listed_by_words(jasyl):
    found = jasyl.json("emissions", "factors", "natural gas", "--sector", "road")
    assert {one["gas"] for one in found} == {"CH4", "N2O"}
    assert jasyl("emissions", "factors", "t1.lime", "--lang", "en") == 0
    assert "not confirmed" in jasyl.out


def test_a_report_is_kept_with_its_figures(jasyl, data, tmp_path):
    assert jasyl("emissions", "plant", written(tmp_path), "--keep", "--data", data, "--lang", "en") == 1
    told = jasyl.json("emissions", "plant", written(tmp_path, training=False), "--keep", "--data", data)
    assert told["book"]["version"] == 1
    assert set(told["book"]["figures"]) == {
        "emissions.plant_scope1", "emissions.plant_scope2", "emissions.plant_scope2_market", "energy.plant_used",
    }  # fmt: skip
    found = jasyl.json("emissions", "activities", "KZ-71", 2024, "--data", data)
    assert {one["ref"]: one["calculation"]["inputs"] for one in found}["I.4.4"] == told["book"]["digest"]
    assert jasyl("emissions", "activities", "KZ-71", 2024, "--data", data, "--lang", "kk") == 0
    assert "I.4.4" in jasyl.out
    assert jasyl.json("emissions", "activities", "KZ-71", 2020, "--data", data) == []


def test_meters_of_a_registered_plant_feed_its_report(jasyl, data, tmp_path):
    """The reference plant of the starter: what its meter counted in 2016 is the power sent out."""
    series = jasyl.json("monitor", "series", "--data", data)
    facility = next(one["facility"] for one in series if one["quantity"] == "electricity_generated")
    power = {"heat": {"amount": "1", "unit": "Gcal"}, "power": {"meter": "electricity.generated"}}
    file = written(
        tmp_path, plant=facility, year=2016, training=False, stage="report", plan=None, verification=None,
        sent_out={**power, "allocation": "energy_content"},
    )  # fmt: skip
    told = jasyl.json("emissions", "plant", file, "--keep", "--data", data)
    assert told["energy"]["power"] > 0
    assert "plant-meter-incomplete" in {one["code"] for one in told["findings"]}
    made = jasyl.json("monitor", "figure", facility, "electricity.generated", "2016", "--data", data)
    assert told["energy"]["power"] == float(made["value"])
