"""Import, export, people, monitor, registry, ledger, doctor: as somebody at a terminal uses them."""

import datetime as dt
import json
import math

import pytest
import sqlalchemy as sa

from jasyl.cli.schemas import DOCUMENTS
from jasyl.ledger import Keeper
from jasyl.ledger.records import KINDS
from jasyl.monitoring import tables as readings_tables
from jasyl.portal import assets
from jasyl.registry import FILE_NAMES
from jasyl.storage import database_of, open_folder

PLANT = "reference-serf-east"
ROWS = "key;name;technology;status;capacity;capacity_unit;region;lon;lat\n"
GOOD = "new-1;Новая СЭС;RP.PV;operating;12,5;MW;KZ-61;69,1;43,7\n"
BAD = "new-2;Плохая;XX;operating;4;MW;KZ-61;69,1;43,7\n"
READINGS = "time;kW\n2016-11-01 00:00;1,5\n2016-11-01 00:15;2,25\n2016-07-20 12:00;0,5\n"


def _imports(data):
    with database_of(open_folder(data)).reading() as connection:
        return connection.execute(sa.text("select count(*) from outbox where kind = 'import'")).scalar_one()


def test_a_file_with_a_bad_row_goes_in_only_when_asked_for(jasyl, data, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text(ROWS + GOOD + BAD)
    before = _imports(data)
    assert jasyl("import", "facilities", file, "--data", data, "--lang", "ru") == 1
    assert "строка 3" in jasyl.err
    assert jasyl.json("import", "facilities", file, "--data", data, "--partial", "--dry-run")["applied"]
    assert jasyl("registry", "history", "new-1", "--data", data) == 1
    assert _imports(data) == before
    report = jasyl.json("import", "facilities", file, "--data", data, "--partial")
    assert (report["new"], report["problem_count"], report["dry_run"]) == (1, 1, False)
    assert _imports(data) == before + 1
    assert {row["field"] for row in jasyl.json("registry", "history", "new-1", "--data", data)} >= {"capacity", "lon"}
    assert jasyl("registry", "history", "new-1", "--data", data, "--lang", "ru") == 0
    assert "\tда\t" in jasyl.out


def test_no_such_file_is_a_refusal(jasyl, data):
    assert jasyl("import", "facilities", "nowhere.csv", "--data", data, "--json") == 1
    assert json.loads(jasyl.err)["refused"][0]["code"] == "file-missing"


@pytest.mark.parametrize(
    ("what", "form"),
    [("facilities", "csv"), ("facilities", "xlsx"), ("facilities", "geojson"), ("projects", "csv"),
     ("projects", "geojson"), ("enterprises", "xlsx")],
)  # fmt: skip
@pytest.mark.parametrize("language", ["kk", "en"])
def test_an_exported_file_comes_back_unchanged(jasyl, installation, tmp_path, what, form, language):
    file = tmp_path / f"{what}.{form}"
    assert jasyl("export", what, "--data", installation, "-o", file, "--all", "--lang", language) == 0
    report = jasyl.json("import", what, file, "--data", installation, "--dry-run")
    assert report["rows"] >= {"facilities": 300, "projects": 50, "enterprises": 100}[what]
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, report["rows"])


def test_exports_respect_levels_and_time(jasyl, data, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text((ROWS + GOOD).replace(";lat", ";lat;level").replace("43,7", "43,7;closed"))
    assert jasyl("import", "facilities", file, "--data", data) == 0
    assert jasyl("export", "facilities", "--data", data) == 0
    assert "new-1" not in jasyl.out
    assert jasyl("export", "facilities", "--data", data, "--all") == 0
    assert "new-1" in jasyl.out
    assert jasyl("export", "facilities", "--data", data, "--format", "json", "--as-of", "2001-01-01") == 0
    assert json.loads(jasyl.out)["rows"] == []
    assert (
        jasyl("export", "facilities", "--data", data, "--format", "json", "--as-of", "2100-01-01T00:00:00+05:00") == 0
    )
    rows = json.loads(jasyl.out)["rows"]
    assert len(rows) > 300
    assert all(row["key"] != "new-1" for row in rows)
    assert jasyl("export", "facilities", "--data", data, "--as-of", "soon") == 2
    assert jasyl("export", "facilities", "--data", data, "--format", "pdf") == 2
    assert jasyl("export", "facilities", "--data", data, "-o", tmp_path / "no" / "where.csv") == 1


def test_units_of_a_facility_go_in_and_out(jasyl, data, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text(f"facility;unit_no;maker;capacity;capacity_unit;status\n{PLANT};1;SMA;30;kW;operating\n")
    assert jasyl("import", "installations", file, "--data", data) == 0
    assert jasyl("export", "installations", "--data", data) == 0
    assert f"{PLANT},1" in jasyl.out
    assert jasyl("export", "enterprises", "--data", data, "--format", "geojson") == 2


def test_training_data_say_so_in_every_format(jasyl, data):
    open_folder(data).settings_file.write_text('{"kind": "training"}')
    for form in ("csv", "json", "geojson"):
        assert jasyl("export", "facilities", "--data", data, "--format", form, "--lang", "en") == 0
        assert "Training data" in jasyl.out


def test_templates_and_schemas(jasyl, tmp_path):
    assert jasyl("export", "template", "facilities", "--lang", "kk", "-o", tmp_path / "t.xlsx") == 0
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    kinds = [f"record-{kind}" for kind in KINDS]
    assert jasyl.json("schema") == [*FILE_NAMES, *DOCUMENTS, "biomass-statistics", "material-stocks", *kinds]
    for name in DOCUMENTS:
        assert {"$ref", "properties"} & jasyl.json("schema", name).keys()
    for kind in kinds:
        assert "log_origin" in next(iter(jasyl.json("schema", kind)["$defs"].values()))["properties"]
    for name in FILE_NAMES[1:]:
        assert jasyl.json("schema", name)["title"] == name
        assert jasyl("export", "template", name, "-o", tmp_path / f"{name}.xlsx") == 0
    assert jasyl("export", "template", "facilities", "--lang", "ru", "-o", tmp_path / "t.csv") == 0
    assert (tmp_path / "t.csv").read_text("utf-8-sig").startswith("Ключ,Название,")
    assert jasyl.json("schema", "facilities")["required"] == ["name", "technology", "status"]
    assert len(jasyl.json("schema", "biomass-statistics")["required"]) == 7
    assert jasyl("schema", "nothing") == 1


def test_a_correction_names_the_statement_it_outdates(jasyl, data, tmp_path):
    file = tmp_path / "readings.csv"
    file.write_text(READINGS)
    asked = ("import", "readings", file, "--facility", PLANT, "--unit", "kW", "--data", data)
    report = jasyl.json(*asked)
    assert (report["accepted"], report["corrected"]) == (2, 1)
    assert len(report["sealed_days"]) == 2
    (outdated,) = report["outdated_statements"]
    assert "|2016-07|" in outdated["key"]
    made = jasyl.json("monitor", "publish", PLANT, "electricity.generated", "2016-07", "--data", data)
    assert made["supersedes"] == outdated["id"]
    assert jasyl("monitor", "publish", "a", "b", "--data", data) == 2
    assert jasyl(*asked, "--stamp", "middle") == 2
    assert jasyl(*asked, "--value", "MW") == 1
    assert jasyl(*asked, "--series", "another") == 1


def test_a_metering_sheet_is_confirmed_once_and_names_the_statement_it_changes(jasyl, data, tmp_path):
    sheet = tmp_path / "sheet.csv"
    asked = ("import", "readings", sheet, "--facility", PLANT, "--data", data)
    sheet.write_text("Дата и время;Ввод, кВт\n20.07.2016 12:00;0,5\n20.07.2016 12:15;0,75\n")
    assert jasyl(*asked, "--mapping", "auto") == 1
    assert "confirm" in jasyl.err
    assert jasyl(*asked, "--mapping", "confirm", "--lang", "en") == 0, jasyl.err
    assert "(Electricity generated, 2016-07)" in jasyl.out
    assert ".000000" not in jasyl.out
    sheet.write_text("Дата и время;Ввод, кВт\n21.07.2016 12:00;0,25\n21.07.2016 12:15;0,125\n")
    report = jasyl.json(*asked, "--mapping", "auto")
    assert (report["corrected"], len(report["outdated_statements"])) == (2, 1)


def test_monitoring(jasyl, data):
    (series,) = jasyl.json("monitor", "series", "--data", data)
    assert series["facility"] == PLANT
    made = jasyl.json(
        "monitor",
        "add-series",
        PLANT,
        "heat",
        "--quantity",
        "heat",
        "--unit",
        "W.h",
        "--kind",
        "amount",
        "--data",
        data,
    )
    assert made["kind"] == "amount"
    bad = ("monitor", "add-series", PLANT, "x", "--quantity", "heat", "--data", data)
    assert jasyl(*bad, "--unit", "kW") == 1
    adds_up = ("monitor", "add-series", PLANT, "x", "--quantity", "electricity_generated", "--kind", "amount")
    assert jasyl(*adds_up, "--unit", "kg", "--data", data) == 1
    assert len(jasyl.json("monitor", "series", "--data", data)) == 2
    assert jasyl.json("monitor", "rollup", "--rebuild", "--data", data)["periods"] > 100
    assert jasyl.json("monitor", "seal", "--data", data)["sealed_days"] == []
    assert jasyl.json("monitor", "check", "--data", data)["ok"]
    figure = jasyl.json("monitor", "figure", PLANT, "capacity_factor", "2016-07", "--data", data)
    assert 0 < float(figure["value"]) < 1
    assert jasyl("monitor", "figure", PLANT, "luck", "2016-07", "--data", data) == 1
    found = jasyl.json("monitor", "dynamics", "--by", "region", "--data", data)
    assert {row["group"] for row in found["rows"]} >= {"KZ-61"}
    assert jasyl("monitor", "dynamics", "--by", "luck", "--data", data) == 2
    assert jasyl.json("monitor", "tidy", "--data", data)["removed_files"] == 0


def test_people(jasyl, data):
    assert jasyl.json("people", "add", "anna", "--role", "agency", "--data", data)["password"]
    assert jasyl("people", "add", "anna", "--role", "agency", "--data", data) == 1
    assert jasyl("people", "add", "bek", "--role", "enterprise", "--data", data) == 1
    assert jasyl("people", "add", "bek", "--role", "boss", "--data", data) == 2
    assert jasyl.json("people", "add", "city", "--role", "akimat", "--region", "KZ-61", "--data", data)["id"]
    made = jasyl.json("people", "token", "anna", "--label", "gate", "--action", "write_registry", "--data", data)
    assert made["token"].startswith("jasyl_")
    listed = {one["name"]: one for one in jasyl.json("people", "list", "--data", data)}
    assert listed["anna"]["tokens"] == ["gate"]
    meter = "reference-serf-east-power"
    narrowed = ("--label", "meter", "--action", "write_readings", "--series", meter)
    assert jasyl.json("people", "token", "anna", *narrowed, "--data", data)["token"]
    held = jasyl.json("people", "tokens", "--data", data)
    assert [(one["account"], one["label"], one["last_used_at"]) for one in held] == [
        ("anna", "gate", None),
        ("anna", "meter", None),
    ]
    assert [one["label"] for one in jasyl.json("people", "tokens", "--series", meter, "--data", data)] == ["meter"]
    assert jasyl("people", "tokens", "anna", "--data", data) == 0
    assert jasyl.out.splitlines()[1].endswith(f"\t—\t{meter}")
    assert jasyl("people", "tokens", "--series", "nothing", "--data", data) == 1
    assert jasyl("people", "disable", "anna", "--data", data) == 0
    listed = {one["name"]: one for one in jasyl.json("people", "list", "--data", data)}
    assert (listed["anna"]["disabled"], listed["anna"]["tokens"]) == (True, [])
    assert len(jasyl.json("people", "password", "anna", "--data", data)["password"]) >= 12
    assert jasyl("people", "password", "nobody", "--data", data) == 1


def test_merging_is_undone_on_request(jasyl, data):
    pair = jasyl.json("registry", "duplicates", "--data", data)[0]
    assert jasyl("registry", "merge", pair["one"], pair["other"], "--data", data) == 0
    assert pair not in jasyl.json("registry", "duplicates", "--data", data)
    assert jasyl("registry", "unmerge", pair["one"], "--data", data) == 0
    assert pair in jasyl.json("registry", "duplicates", "--data", data)
    assert jasyl("registry", "unmerge", pair["one"], "--data", data) == 1
    assert jasyl.json("registry", "rebuild", "--data", data)["facility"] > 300


def test_verify_finds_a_changed_reading_and_a_changed_statement(jasyl, data):
    folder = open_folder(data)
    assert jasyl.json("ledger", "verify", "--data", data)["folder"]["statements"] == 8
    with database_of(folder).writing() as connection:
        day = readings_tables.sealed_day
        one = connection.execute(sa.select(day.c.record_id)).scalars().first()
        connection.execute(sa.update(day).where(day.c.record_id == one).values(root="00" * 32))
        connection.execute(sa.text("update statement set document = x'00' where number = 1"))
    assert jasyl("ledger", "verify", "--data", data, "--json") == 1
    found = json.loads(jasyl.out)
    assert not found["ok"]
    assert not found["damages"]
    assert (len(found["folder"]["mismatches"]), len(found["folder"]["lost_statements"])) == (1, 1)
    assert jasyl("monitor", "check", "--data", data, "--lang", "kk") == 1
    assert jasyl("ledger", "verify", "--data", data, "--lang", "kk") == 1
    assert "журнал бүтін, бірақ қасында жатқан деректер оның жазбаларына сәйкес ЕМЕС" in jasyl.err


def test_a_statement_that_waits_for_the_keeper_is_not_lost(jasyl, data, tmp_path):
    assert jasyl("monitor", "publish", PLANT, "capacity_factor", "2016-07", "--data", data) == 0
    assert len(jasyl.json("monitor", "check", "--data", data)["waiting_statements"]) == 1
    folder = open_folder(data)
    with Keeper(folder, database_of(folder)) as keeper:
        keeper.drain()
    assert jasyl.json("monitor", "check", "--data", data)["waiting_statements"] == []


def test_doctor(jasyl, data, tmp_path):
    jasyl("doctor", "--data", data, "--json")
    found = {one["name"]: one["state"] for one in json.loads(jasyl.out)["findings"]}
    assert {found[name] for name in ("python", "packages", "folder", "tables", "log", "sealed", "disk")} == {"well"}
    assert found["browser"] == ("well" if (assets.STATIC / "manifest.json").is_file() else "ill")
    assert jasyl("doctor", "--data", tmp_path / "no", "--lang", "ru") == 1
    assert "не проверено" in jasyl.out


def test_dynamics_forecast_targets_regions(jasyl, data):
    found = jasyl.json("monitor", "dynamics", "--by", "region,size", "--data", data)
    assert {"region", "size"} <= set(found["rows"][0])
    ahead = jasyl.json("monitor", "forecast", "--family", "solar", "--years", 3, "--data", data)
    assert [one["model"] for one in ahead["curves"]] == ["logistic", "gompertz", "bass"]
    assert jasyl("monitor", "forecast", "--measure", "luck", "--data", data) == 2
    won = ahead["best"] is not None
    next_year = ahead["first"] + len(ahead["additions"])
    forecast = ("monitor", "publish", "KZ", "forecast.capacity.solar", next_year)
    assert (jasyl(*forecast, "--data", data) == 0) == won, jasyl.err
    targets = jasyl.json("monitor", "targets", "--data", data)
    assert any(one["state"] == "behind" for one in targets)
    assert jasyl("monitor", "targets", "--data", data, "--lang", "ru") == 0
    assert "площадь с водосберегающими технологиями\tKZ\t1 300 × 1000 га\t2030" in jasyl.out.replace("\xa0", " ")
    ranked = jasyl.json("monitor", "regions", "--per", "area", "--family", "wind", "--data", data)
    assert len(ranked) == 20
    assert jasyl("monitor", "regions", "--per", "luck", "--data", data) == 2
    for language in ("kk", "ru", "en"):
        for words in (("forecast", "--measure", "facilities"), ("targets",), ("regions",)):
            assert jasyl("monitor", *words, "--data", data, "--lang", language) == 0
            assert jasyl.out


def test_a_number_of_dynamics_is_published_and_shown(jasyl, data):
    made = jasyl.json("monitor", "figure", "KZ-31", "dynamics.facilities.solar", 2023, "--data", data)
    assert (made["subject"], made["kind"]) == ({"kind": "region", "id": "KZ-31"}, "published")
    statement = jasyl.json("monitor", "publish", "KZ", "dynamics.capacity", 2023, "--data", data)
    assert statement["key"] == "dynamics.capacity|country|KZ|2023|published"
    again = jasyl.json("monitor", "publish", "KZ", "dynamics.capacity", 2023, "--data", data)
    assert again["statement"] == statement["statement"]
    assert jasyl("monitor", "publish", "KZ", "dynamics.luck", 2023, "--data", data) == 1


def test_savings_of_a_facility(jasyl, data, tmp_path):
    """Two years of daily gas that follow the cold exactly; a quarter less in the second."""
    meter = ("--quantity", "gas_consumed", "--unit", "m3", "--kind", "amount", "--interval", 86400, "--scale", 3)
    assert jasyl("monitor", "add-series", PLANT, "gas", *meter, "--data", data) == 0, jasyl.err
    days = [dt.date(2022, 1, 1) + dt.timedelta(days=n) for n in range(730)]
    cold = [round(5 - 17 * math.cos(2 * math.pi * n / 365) + 4 * math.sin(n * 2.3), 2) for n in range(730)]
    gas = [(40 + 6 * max(14 - t, 0)) * (1 if n < 365 else 0.75) for n, t in enumerate(cold)]
    readings, temperatures = tmp_path / "gas.csv", tmp_path / "cold.csv"
    readings.write_text("time,gas\n" + "".join(f"{d},{g:.3f}\n" for d, g in zip(days, gas, strict=True)))
    temperatures.write_text("date,temperature\n" + "".join(f"{d},{t}\n" for d, t in zip(days, cold, strict=True)))
    asked = ("import", "readings", readings, "--facility", PLANT, "--series", "gas", "--unit", "m3", "--data", data)
    assert jasyl(*asked) == 0, jasyl.err
    spans = ("--before", "2022", "--after", "2023", "--temperature", temperatures, "--typical", temperatures)
    found = jasyl.json("monitor", "savings", PLANT, *spans, "--data", data)
    assert (found["quantity"], found["unit"], found["periods"]) == ("gas_consumed", "m3", {"before": 12, "after": 12})
    assert found["fraction"] == pytest.approx(0.25, abs=0.02)
    daily = jasyl.json("monitor", "savings", PLANT, *spans, "--step", "day", "--data", data)
    assert daily["fraction"] == pytest.approx(0.25, abs=1e-3)
    assert daily["normalised"]["saved"] == pytest.approx(2 * daily["avoided"], rel=0.01)
    for language in ("kk", "ru", "en"):
        assert jasyl("monitor", "savings", PLANT, *spans, "--data", data, "--lang", language) == 0
        assert "3PH" in jasyl.out
        assert {"kk": "кезең саны: 12", "ru": "периодов: 12", "en": "periods: 12"}[language] in jasyl.out
    assert jasyl("monitor", "savings", PLANT, *spans, "--step", "week", "--data", data) == 2
    turned = ("--before", "2023", "--after", "2022", "--temperature", temperatures)
    assert jasyl("monitor", "savings", PLANT, *turned, "--data", data, "--lang", "en") == 1
    assert "begins before the time before them" in jasyl.err


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_answer_in_words(jasyl, data, tmp_path, language):
    rows, readings = tmp_path / "new.csv", tmp_path / "readings.csv"
    rows.write_text(ROWS + GOOD + GOOD.replace("new-1", "new-3"))
    readings.write_text(READINGS)
    for words in (
        ("import", "facilities", rows),
        ("import", "readings", readings, "--facility", PLANT, "--unit", "kW"),
        ("registry", "duplicates"),
        ("registry", "merge", "new-3", "new-1"),
        ("registry", "unmerge", "new-3"),
        ("registry", "rebuild"),
        ("registry", "history", PLANT),
        ("people", "add", "city", "--role", "akimat", "--region", "KZ-61"),
        ("people", "token", "city", "--label", "x", "--action", "read"),
        ("people", "password", "city"),
        ("people", "disable", "city"),
        ("people", "list"),
        ("monitor", "series"),
        ("monitor", "add-series", PLANT, "heat", "--quantity", "heat", "--unit", "W.h", "--kind", "amount"),
        ("monitor", "rollup"),
        ("monitor", "seal"),
        ("monitor", "check"),
        ("monitor", "figure", PLANT, "electricity.generated", "2016-08"),
        ("monitor", "publish", PLANT, "electricity.generated", "2016-07"),
        ("monitor", "dynamics"),
        ("monitor", "tidy"),
        ("ledger", "verify"),
    ):
        assert jasyl(*words, "--data", data, "--lang", language) == 0, (words, jasyl.err)
        assert jasyl.out.strip()
