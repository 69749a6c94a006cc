"""Water stress, supply, losses and saving: the definition, the package's facts, people's own tables."""

from decimal import Decimal

import pytest
from tests.atlas.water.test_water_files import refused
from tests.atlas.water.test_water_layers import run
from tests.atlas.working_folder import working_folder

from jasyl.atlas import load_areas, read_record
from jasyl.atlas.water.balance import build_water_indicators, keep_facts, read_water_table
from jasyl.atlas.water.indicators import Place, indicators, stress_class, water_stress
from jasyl.facts import load_facts


@pytest.fixture(scope="module")
def found():
    return indicators(load_facts())


def of(values, place):
    return next(value for value in values if value.place == place)


def test_definition_of_6_4_2():
    assert water_stress(Decimal(24), Decimal(100), Decimal(20)) == 30
    assert [stress_class(Decimal(value)) for value in (25, 26, 50, 75, 100, 101)] == [
        "none",
        "low",
        "low",
        "medium",
        "high",
        "critical",
    ]
    for numbers in ((1, 2, 2), (-1, 5, 1)):
        refused("water-balance", lambda numbers=numbers: water_stress(*map(Decimal, numbers)))


def test_kazakhstan_from_the_facts(found):
    """24.8 km³ of 2023; 99.63 surface and 35.87 ground less 29.77 counted twice; 29 stay in the rivers."""
    national = of(found["water.stress"], "KZ")
    assert national.value == Decimal("32.3")
    assert national.parts["renewable_km3"] == Decimal("105.73")
    assert (national.year, national.confidence, national.kind) == (2023, "medium", "modelled")
    losses = of(found["water.losses"], "KZ")
    assert (losses.value, losses.year) == (Decimal("13.7"), 2022)  # 3.4 of 24.9, not of another year's 24.8
    assert of(found["water.supply_rural"], "KZ-39").value == Decimal("91.3")
    assert of(found["water.supply_urban"], "KZ").year == 2025
    assert of(found["water.saving"], "KZ").parts == {"share_percent": Decimal(30)}
    assert of(found["water.saving"], "KZ-61").value == 114_000


def test_empty_where_no_fact_stands(found):
    basins = {value.place: value for value in found["water.stress"] if value.level == "basin"}
    assert len(basins) == 8
    assert all(value.value is None for value in basins.values())
    assert basins["Shu-Talas"].parts == {"renewable_km3": Decimal("4.092")}
    assert not basins["Yertis"].confirmed  # recalled, not read
    assert {value.place for value in found["water.supply_rural"]} == {"KZ", "KZ-39", "KZ-47"}


COLUMNS = ("metric", "place", "area", "period", "value", "source", "confidence")


def table(file, *rows, columns=COLUMNS):
    file.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    return file


def test_a_table_of_ones_own(tmp_path):
    folder = working_folder(tmp_path / "data")
    rows = (
        "water_withdrawal,,Shu-Talas,2024,1.9,ministry,high",
        "environmental_releases,,Shu-Talas,2024,0.9,ministry,medium",
        "access_to_water_supply_rural,KZ-33,,2026,96.5,akimat,high",
        "access_to_water_supply_rural,391600000,,2026,71,akimat,low",
    )
    own = read_water_table(table(tmp_path / "own.csv", *rows))
    keep_facts(folder, own)
    built = {layer.id: layer for layer in build_water_indicators(folder)}
    assert set(built) == {"water.stress", "water.supply_urban", "water.supply_rural", "water.losses", "water.saving"}
    basin = load_areas(folder, "water.stress").of("Shu-Talas")
    assert basin.value == Decimal("59.5")  # 1.9 / (4.092 - 0.9)
    assert basin.level == "basin"
    rural = load_areas(folder, "water.supply_rural")
    assert rural.of("391600000").level == "district"
    assert not rural.of("391600000").confirmed
    assert rural.of("KZ-33").source == "akimat"
    assert "ministry" in built["water.stress"].sources[1].name
    assert build_water_indicators(folder)[0] == built["water.stress"]  # building anew keeps what was loaded
    keep_facts(folder, [])
    alone = build_water_indicators(folder)
    assert alone[0].inputs != built["water.stress"].inputs
    assert len(alone[0].sources) == 1


def test_command(tmp_path):
    folder = working_folder(tmp_path / "data")
    assert "Водный стресс" in run("water", "--data", folder.path, "--lang", "ru")
    assert read_record(folder, "water.stress").state == "built"
    rows = table(tmp_path / "own.csv", "water_withdrawal,KZ,,2025,25.1,ministry,high")
    run("water", "--table", rows, "--data", folder.path, "--json")
    assert load_areas(folder, "water.stress").of("KZ").year == 2025
    run("water", "--data", folder.path)
    assert load_areas(folder, "water.stress").of("KZ").year == 2025
    run("water", "--forget", "--data", folder.path)
    assert load_areas(folder, "water.stress").of("KZ").year != 2025
    (folder.atlas / "water-facts.json").write_bytes(b"[{}]")
    refused("water-facts-damaged", lambda: build_water_indicators(folder))


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("water-metric", "rain,KZ,,2024,1,x,high"),
        ("not-number", "water_withdrawal,KZ,,2024,many,x,high"),
        ("water-number", "access_to_water_supply_urban,KZ,,2024,101,x,high"),
        ("water-number", "water_withdrawal,KZ,,2024,-1,x,high"),
        ("water-provenance", "water_withdrawal,KZ,,2024,1,x,sure"),
        ("cell-required", "water_withdrawal,KZ,,2024,1,,high"),
        ("sheet-place", "water_withdrawal,KZ-99,,2024,1,x,high"),
        ("sheet-place", "water_withdrawal,Atlantis,,2024,1,x,high"),
        ("sheet-place", "water_withdrawal,993600000,,2024,1,x,high"),
        ("sheet-missing", "water_withdrawal,,,2024,1,x,high"),
    ],
)
def test_wrong_rows(tmp_path, code, row):
    told = refused(code, lambda: read_water_table(table(tmp_path / "t.csv", row)))
    assert told.where.row == 2


def test_a_number_out_of_bounds_is_told_in_the_readers_units(tmp_path):
    told = refused(
        "water-number", lambda: read_water_table(table(tmp_path / "t.csv", "water_withdrawal,KZ,,2024,-1,x,high"))
    )
    assert "0–10\N{NO-BREAK SPACE}000 км³/жыл" in told.text("kk")
    assert "0–10,000 km³/year" in told.text("en")


def test_wrong_tables(tmp_path):
    refused("columns-missing", lambda: read_water_table(table(tmp_path / "t.csv", columns=("metric", "value"))))
    refused("file-missing", lambda: read_water_table(tmp_path / "none.csv"))


def test_a_table_as_a_district_has_it(tmp_path):
    """Written by a spreadsheet: Russian headings and names, semicolons, decimal commas, cp1251."""
    lines = (
        "Показатель;Место;Год;Значение;Источник",
        "Водозабор;Атырауская область;2024;1,2;Комитет по водным ресурсам",
        "renewable_freshwater;233600000;2024;0,5;Комитет по водным ресурсам",
        "water_withdrawal;233600000;2024;0,12;Комитет по водным ресурсам",
        "environmental_releases;233600000;2024;0,1;Комитет по водным ресурсам",
        "access_to_water_supply_rural;233600000;2024;91,5;акимат",
    )
    file = tmp_path / "вода.csv"
    file.write_bytes("\r\n".join(lines).encode("cp1251"))
    folder = working_folder(tmp_path / "data")
    own = read_water_table(file, folder)
    assert [fact.place for fact in own] == ["KZ-23", *["233600000"] * 4]
    assert {fact.confidence for fact in own} == {"medium"}
    keep_facts(folder, own)
    build_water_indicators(folder)
    stress = load_areas(folder, "water.stress").of("233600000")
    assert (stress.level, stress.value, stress.year) == ("district", Decimal(30), 2024)  # 0.12 / (0.5 - 0.1)
    assert load_areas(folder, "water.supply_rural").of("233600000").value == Decimal("91.5")


def test_places_of_facts():
    def fact(place, area="", thing=""):
        return next(iter(load_facts())).__class__(
            "m", place, area, thing, "", "2024", Decimal(1), None, None, "km3/a", "published", "s", "", "high", True, ""
        )

    assert Place.of(fact("KZ")) == Place("country", "KZ")
    assert Place.of(fact(None, "Yesil")) == Place("basin", "Yesil")
    assert Place.of(fact("KZ", "Yesil, Tobol-Torgai and Nura-Sarysu together")) is None
    assert Place.of(fact("KZ-33", "Koksu")) is None
    assert Place.of(fact("KZ-33", thing="a canal")) is None
