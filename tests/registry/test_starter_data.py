"""The Kazakhstan starter: every row of the reference tables accounted for, nothing invented, doubt kept visible."""

import csv
import datetime as dt
import importlib.util
import itertools
import json
import os
import re
from collections import Counter
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from jasyl.quantities import UNITS
from jasyl.registry.taxonomy import MAP_FAMILIES, family_of, technology
from jasyl.texts import LANGUAGES

ROOT = Path(__file__).parents[2]
DATA = Path(str(files("jasyl.registry"))) / "data"
STATUSES = {
    "planned",
    "approved",
    "financing",
    "under_construction",
    "test_operation",
    "operating",
    "extension",
    "suspended",
    "closed",
    "completed",
    "unknown",
}
# UCUM codes the starter needs beyond those the program converts; counted things stand in braces.
FURTHER_UNITS = {"t/d", "t/h", "t/mo", "m3/h", "m3/a", "m/a", "L/mo", "km", "GW.h/a"}
ANNOTATED = re.compile(r"(t)?\{[a-z_]+\}(/a)?")
BROAD = {"WA", "HT", "EI"}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACILITIES = rows(DATA / "starter" / "facilities.csv")
ENTERPRISES = rows(DATA / "starter" / "enterprises.csv")
OWNERS = rows(DATA / "starter" / "owners.csv")
PROGRAMMES = rows(DATA / "starter" / "programmes.csv")
TARGETS = rows(DATA / "starter" / "targets.csv")
MEASURES = rows(DATA / "starter" / "support_measures.csv")
LEDGER = rows(ROOT / "scripts" / "starter_ledger.csv")
BY_KEY = {row["key"]: row for row in FACILITIES}


def reference_folder():
    """The shared reference tables, found by the environment or above the repository; None where they are absent."""
    named = os.environ.get("JASYL_SHARED_DATA")
    candidates = [Path(named).parent / "reference"] if named else []
    candidates += [parent / "shared" / "reference" for parent in ROOT.parents]
    return next((folder for folder in candidates if (folder / "kz_facilities.csv").is_file()), None)


REFERENCE = reference_folder()
needs_reference = pytest.mark.skipif(REFERENCE is None, reason="the shared reference tables are not on this machine")


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestLedger:
    def test_every_row_has_one_fate(self):
        identities = [(row["table"], row["row"]) for row in LEDGER]
        assert len(set(identities)) == len(identities)
        assert Counter(row["table"] for row in LEDGER) == {
            "kz_res_plants": 93,
            "kz_res_plants_more": 90,
            "kz_facilities": 187,
        }
        assert Counter((row["table"], row["fate"]) for row in LEDGER) == {
            ("kz_res_plants", "facility"): 92,
            ("kz_res_plants", "fact"): 1,
            ("kz_res_plants_more", "facility"): 34,
            ("kz_res_plants_more", "joined"): 46,
            ("kz_res_plants_more", "fact"): 10,
            ("kz_facilities", "facility"): 182,
            ("kz_facilities", "fact"): 5,
        }

    def test_facilities_and_ledger_name_each_other(self):
        targets = [row["target"] for row in LEDGER if row["fate"] == "facility"]
        assert sorted(targets) == sorted(BY_KEY)
        assert len(FACILITIES) == len(BY_KEY) == 308
        for row in LEDGER:
            if row["fate"] != "facility":
                assert row["reason"], row["name"]
            if row["fate"] == "fact":
                assert (Path(str(files("jasyl"))) / row["target"].replace("/", "/data/")).is_file()
            if row["fate"] == "joined":
                assert BY_KEY[row["target"]]["name_en"] == row["name"]

    @needs_reference
    def test_the_ledger_is_that_of_the_tables(self):
        for table in ("kz_res_plants", "kz_res_plants_more", "kz_facilities"):
            names = [row["name"] for row in rows(REFERENCE / f"{table}.csv")]
            assert [row["name"] for row in LEDGER if row["table"] == table] == names

    @needs_reference
    def test_the_scripts_make_these_very_bytes(self, tmp_path):
        script("build_starter").build(REFERENCE, tmp_path, tmp_path)
        script("build_programmes").build(REFERENCE, tmp_path)
        script("build_projects").build(tmp_path)
        assert (tmp_path / "starter_ledger.csv").read_bytes() == (ROOT / "scripts/starter_ledger.csv").read_bytes()
        made = {path.name for path in tmp_path.iterdir()} - {"starter_ledger.csv"}
        assert made == {path.name for path in (DATA / "starter").iterdir()}
        for name in made:
            assert (tmp_path / name).read_bytes() == (DATA / "starter" / name).read_bytes(), name

    @needs_reference
    def test_taxonomy_and_facts_are_made_by_their_scripts(self, tmp_path):
        script("build_taxonomy").build(REFERENCE, tmp_path)
        for name in ("technologies.csv", "performance_quantities.csv"):
            assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
        facts = tmp_path / "facts"
        facts.mkdir()
        left_out = script("build_facts").build(REFERENCE, facts)
        assert len(left_out) == 2
        for path in facts.iterdir():
            assert path.read_bytes() == (Path(str(files("jasyl.facts"))) / "data" / path.name).read_bytes()


class TestFacilities:
    def test_keys_are_slugs(self):
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in BY_KEY)

    def test_technologies_are_those_of_the_taxonomy(self):
        for row in FACILITIES:
            entry = technology(row["technology"])
            assert entry.level == 2 or row["technology"] in BROAD, row["key"]
            if entry.level == 1:
                assert "entered under" in row["note"], row["key"]
            assert family_of(row["technology"]) in MAP_FAMILIES

    def test_plants_carry_the_technology_of_their_size(self):
        """Small hydro ends at 35 MW."""
        for row in FACILITIES:
            if row["technology"] == "RP.HSM":
                assert Decimal(row["capacity"]) <= 35, row["key"]
            if row["technology"] == "RP.HLG":
                assert Decimal(row["capacity"]) > 35, row["key"]

    def test_statuses_and_flags(self):
        for row in FACILITIES:
            assert row["status"] in STATUSES, row["key"]
            assert row["status_certain"] in {"yes", "no"}
            assert row["confirmed"] in {"yes", "no"}
            assert row["confidence"] in {"high", "medium", "low"}
            assert row["source"], row["key"]
            assert row["place_precision"] in {"site", "settlement", "approximate", "none"}

    def test_doubt_stays_out_of_totals(self):
        """Low confidence, an uncertain status or a possible duplicate: visible, never counted."""
        for row in FACILITIES:
            doubtful = row["confidence"] == "low" or row["status_certain"] == "no" or row["possible_duplicate_of"]
            if doubtful or "doubtful" in row["note"]:
                assert row["confirmed"] == "no", row["key"]

    def test_duplicates_point_at_a_facility_that_is_not_one_itself(self):
        pairs = {row["key"]: row["possible_duplicate_of"] for row in FACILITIES if row["possible_duplicate_of"]}
        assert pairs == {
            "arshaly-wpp": "astana-expo-2017-wpp",
            "aktobe-wpp": "khromtau-1-wpp",
            "goldbeck-karaganda-spp": "akadyr-spp",
            "kazygurt-small-hpp": "keles-small-hpp",
            "zhuzimdik-spp": "shoktas-spp",
            "karaganda-unnamed-wpp": "osakarov-wpp",
        }
        assert not set(pairs.values()) & set(pairs)
        assert set(pairs.values()) <= set(BY_KEY)

    def test_capacities_have_units_that_mean_something(self):
        for row in FACILITIES:
            for value, unit in (("capacity", "capacity_unit"), ("second_measure", "second_unit")):
                assert bool(row[value]) == bool(row[unit]), row["key"]
                if row[value]:
                    assert Decimal(row[value]) > 0
                    known = row[unit] in UNITS or row[unit] in FURTHER_UNITS or ANNOTATED.fullmatch(row[unit])
                    assert known, (row["key"], row[unit])

    def test_places_are_longitude_then_latitude_inside_the_country(self):
        for row in FACILITIES:
            assert bool(row["lon"]) == bool(row["lat"]) == (row["place_precision"] != "none"), row["key"]
            if row["lon"]:
                assert 46 < float(row["lon"]) < 88, row["key"]
                assert 40 < float(row["lat"]) < 56, row["key"]
            assert re.fullmatch(r"(KZ-\d\d)?", row["region"]), row["key"]
            assert re.fullmatch(r"(KZ-\d\d(;KZ-\d\d)+)?", row["regions"]), row["key"]
            assert not (row["region"] and row["regions"])

    def test_dates_are_dates(self):
        for row in FACILITIES:
            assert re.fullmatch(r"(\d{4}(-\d{2}){0,2})?", row["status_date"]), row["key"]
            assert re.fullmatch(r"(\d{4}(-\d{2})?)?", row["commissioned"]), row["key"]
            assert re.fullmatch(r"(\d{4})?", row["expected"]), row["key"]
            if row["commissioned"]:
                assert row["status"] in {"operating", "extension", "completed", "test_operation"}, row["key"]

    def test_output_is_what_a_year_brought_never_a_design(self):
        with_output = {row["key"]: row for row in FACILITIES if row["annual_output"]}
        assert set(with_output) == {"erementau-wpp-1", "kagazy-recycling-network"}
        erementau = with_output["erementau-wpp-1"]
        assert (erementau["annual_output"], erementau["output_unit"], erementau["output_year"]) == (
            "166.4",
            "GW.h",
            "2017",
        )
        for row in FACILITIES:
            if row["annual_output"]:
                assert row["output_kind"].startswith("published-")
                assert re.fullmatch(r"\d{4}", row["output_year"])
            else:
                assert not (row["output_unit"] or row["output_year"] or row["output_kind"])
            assert not (row["annual_output"] and row["design_output"])
        assert BY_KEY["kapchagayskaya-hpp"]["design_output"] == "972"
        assert BY_KEY["zhanatas-wpp"]["design_output"] == "350"

    def test_names_are_given_or_left_empty(self):
        for row in FACILITIES:
            assert row["name_en"]
            for language in ("ru", "kk"):
                assert row[f"name_{language}"] == row[f"name_{language}"].strip()
        for language, least in (("ru", 0.98), ("kk", 0.95)):
            assert sum(bool(row[f"name_{language}"]) for row in FACILITIES) / len(FACILITIES) > least

    def test_additions_complete_and_conflicts_are_told(self):
        badamsha = BY_KEY["badamsha-wpp"]
        assert (badamsha["enterprise"], badamsha["commissioned"]) == ("arm-wind", "2018")
        assert "conflicting: commissioned 2018 in the base list, 2020" in badamsha["note"]
        assert BY_KEY["shymkent-spp"]["region"] == "KZ-79"
        assert BY_KEY["tasotkel-ges"]["cost"] == "1350000000"
        assert BY_KEY["mirny-wpp"]["second_measure"] == "600"
        assert BY_KEY["mirny-wpp"]["expected"] == "2028"

    def test_the_plants_add_up_to_what_the_tables_hold(self):
        power = Counter()
        for row in FACILITIES:
            if row["capacity_unit"] == "MW" and row["status"] == "operating" and row["confirmed"] == "yes":
                power[family_of(row["technology"])] += Decimal(row["capacity"])
        assert power["solar"] == Decimal("986.37")
        assert power["wind"] == Decimal("720.7")
        assert power["hydro"] == Decimal("2134") + Decimal("135.87")

    @needs_reference
    def test_operating_power_is_the_sum_of_the_tables_rows_in_good_standing(self):
        """The same totals from the tables themselves, by the rules of docs/starter.md."""
        plants, more = rows(REFERENCE / "kz_res_plants.csv"), rows(REFERENCE / "kz_res_plants_more.csv")
        raised = {"Shaulder SPP", "Badamsha-2 WPP", "Zhangiz Solar SPP"}
        held_back = {"Otar SPP", "Merke Hydro", "Arshaly WPP", "Unnamed wind farm, Karaganda oblast"}
        for words, codes in (
            ({"solar"}, {"RP.PV"}),
            ({"wind"}, {"RP.WON"}),
            ({"hydro_small"}, {"RP.HSM"}),
            ({"hydro_large"}, {"RP.HLG"}),
        ):
            standing = [
                row
                for row in plants + [row for row in more if row["record"] == "new_plant"]
                if row["technology"] in words
                and row["status"] == "operating"
                and (row["confidence"] != "low" or row["name"] in raised)
                and row["name"] not in held_back
            ]
            carried = [
                row
                for row in FACILITIES
                if row["technology"] in codes
                and row["status"] == "operating"
                and row["confirmed"] == "yes"
                and row["capacity_unit"] == "MW"
            ]
            assert sum(Decimal(row["capacity_mw"] or 0) for row in standing) == sum(
                Decimal(row["capacity"]) for row in carried
            )


class TestEnterprises:
    def test_owners_join_known_facilities_and_enterprises(self):
        keys = {row["key"] for row in ENTERPRISES}
        assert len(keys) == len(ENTERPRISES)
        assert {row["facility"] for row in OWNERS} <= set(BY_KEY)
        assert {row["enterprise"] for row in OWNERS} == keys
        for row in FACILITIES:
            assert not row["enterprise"] or row["enterprise"] in keys

    def test_the_first_party_named_is_the_facilitys_enterprise(self):
        first = {}
        for row in OWNERS:
            first.setdefault(row["facility"], row["enterprise"])
        assert first == {row["key"]: row["enterprise"] for row in FACILITIES if row["enterprise"]}

    def test_co_owners_stand_apart(self):
        mirny = {row["enterprise"]: row for row in OWNERS if row["facility"] == "mirny-wpp"}
        assert set(mirny) == {"total-eren", "totalenergies", "kazmunaygas", "samruk-energy"}
        assert mirny["kazmunaygas"]["share_percent"] == "20"
        assert not any(re.search(r" / |%", row["name_en"]) for row in ENTERPRISES)

    def test_shares_stay_below_the_whole(self):
        shares = Counter()
        for row in OWNERS:
            shares[row["facility"]] += Decimal(row["share_percent"] or 0)
        assert all(0 <= share <= 100 for share in shares.values())

    def test_kinds_and_roles(self):
        kinds = {row["kind"] for row in ENTERPRISES}
        assert kinds == {"company", "farm", "cooperative", "authority", "institution", "person"}
        roles = {"named", "parent", "owner", "co-owner", "developer", "investor", "supplier"}
        assert {row["role"] for row in OWNERS} == roles


class TestProgrammes:
    def test_every_target_belongs_to_a_programme(self):
        keys = [row["key"] for row in PROGRAMMES]
        assert len(set(keys)) == len(keys)
        assert all(row[f"name_{language}"] for row in PROGRAMMES for language in LANGUAGES)
        assert {row["programme"] for row in TARGETS} == set(keys)
        assert len(TARGETS) == 117

    def test_targets_are_numbers_with_a_unit_or_texts(self):
        for row in TARGETS:
            if row["target_value"]:
                Decimal(row["target_value"])
                assert row["unit"], row
            assert not (row["target_value"] and row["target_text"])
            assert re.fullmatch(r"(\d{4})?", row["target_from"])
            if row["target_from"] and row["target_to"]:
                assert row["target_from"] <= row["target_to"]
            if row["confidence"] == "low" or "recalled: verify" in row["source"]:
                assert row["confirmed"] == "no"

    def test_known_targets(self):
        share = next(
            row
            for row in TARGETS
            if row["programme"] == "renewables-targets" and row["target_year"] == "2030" and row["unit"] == "%"
        )
        assert (share["target_value"], share["base_value"]) == ("15", "3")
        budget = next(row for row in TARGETS if row["target_year"] == "2031+")
        assert (budget["target_from"], budget["target_to"]) == ("2031", "")

    def test_support_measures(self):
        assert len({row["key"] for row in MEASURES}) == len(MEASURES) == 57
        assert all(row["kind"] and row["source"] and row["confirmed"] in {"yes", "no"} for row in MEASURES)

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_targets_and_measures_are_told_in_every_language(self, language):
        for row in TARGETS:
            for column in ("indicator", "qualifier", "target_text"):
                assert bool(row[column]) == bool(row[f"{column}_{language}"]), row[column]
        for row in MEASURES:
            assert re.search(r"[\u0400-\u04ff]", row[f"name_{language}"]), row["name_en"]
            for column in ("kind", "who", "size"):
                assert bool(row[column]) == bool(row[f"{column}_{language}"]), row[column]

    def test_a_text_without_translation_stops_the_build(self, monkeypatch, tmp_path):
        module = script("build_programmes")
        monkeypatch.setattr(module, "TEXTS", tmp_path / "texts.csv")
        (tmp_path / "texts.csv").write_text("text_en,text_ru,text_kk\nwheat yield,a,b\n", encoding="utf-8")
        assert module.translated([{"indicator": "wheat yield"}], ("indicator",)) == [
            {"indicator": "wheat yield", "indicator_ru": "a", "indicator_kk": "b"}
        ]
        with pytest.raises(SystemExit, match="lacks: oats"):
            module.translated([{"indicator": "oats"}], ("indicator",))


class TestReferencePlant:
    ABOUT = json.loads((DATA / "reference_plant" / "about.json").read_text(encoding="utf-8"))
    READINGS = rows(DATA / "reference_plant" / "readings.csv")

    def test_it_is_one_unbroken_run_of_quarters_of_an_hour(self):
        starts = [dt.datetime.fromisoformat(row["start"]) for row in self.READINGS]
        assert len(starts) == self.ABOUT["series"]["count"] == 10_000
        assert {later - earlier for earlier, later in itertools.pairwise(starts)} == {dt.timedelta(minutes=15)}
        assert starts[0] == dt.datetime.fromisoformat(self.ABOUT["series"]["first_start"])
        assert starts[-1] == dt.datetime.fromisoformat(self.ABOUT["series"]["last_start"])

    def test_power_is_that_of_a_roof_of_six_kilowatts(self):
        power = [int(row["power_milliwatt"]) for row in self.READINGS]
        assert max(power) == 5_426_400
        assert min(power) == -6_353
        assert max(power) <= Decimal(self.ABOUT["capacity"]) * 1_000_000
        # 2,938 kWh in 104 days of summer: 28 kWh a day.
        assert sum(power) // 4 // 1000 == 2_938_355

    # pvlib 0.16 still uses a name that pandas 3.1 renames.
    @pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear")
    def test_stamps_fit_the_start_of_the_interval(self):
        """On clear days the readings follow pvlib's clear sky best at the middle of the interval the stamp begins."""
        import numpy as np
        import pandas as pd
        from pvlib.irradiance import get_total_irradiance
        from pvlib.location import Location

        site = Location(self.ABOUT["lat"], self.ABOUT["lon"], altitude=1830)
        tilt, azimuth = float(self.ABOUT["tilt_degrees"]), float(self.ABOUT["azimuth_degrees"])
        starts = pd.to_datetime([row["start"] for row in self.READINGS], utc=True)
        power = np.array([int(row["power_milliwatt"]) for row in self.READINGS])
        best = []
        for day in ("2016-07-07", "2016-07-12", "2016-08-14", "2016-08-31", "2016-09-16", "2016-09-28", "2016-10-07"):
            chosen = (starts - pd.Timedelta(hours=7)).strftime("%Y-%m-%d") == day
            fits = {}
            for minutes in range(-24, 25, 3):
                times = starts[chosen] + pd.Timedelta(minutes=minutes)
                sky, sun = site.get_clearsky(times), site.get_solarposition(times)
                plane = get_total_irradiance(
                    tilt, azimuth, sun.apparent_zenith, sun.azimuth, sky.dni, sky.ghi, sky.dhi
                ).poa_global.to_numpy()
                fits[float(np.corrcoef(plane[plane > 150], power[chosen][plane > 150])[0, 1])] = minutes
            best.append(fits[max(fits)])
        # Had the stamps marked the end, the middle would lie 7.5 minutes before them.
        assert -3 <= float(np.median(best)) <= 9

    def test_it_says_what_it_is(self):
        assert set(self.ABOUT["names"]) == set(self.ABOUT["role"]) == set(LANGUAGES)
        assert self.ABOUT["in_national_totals"] is False
        assert self.ABOUT["licence"] == "MIT"
        assert family_of(self.ABOUT["technology"]) == "solar"
        assert "does not say" in self.ABOUT["stamps"]


class TestManual:
    TEXT = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")

    def test_its_counts_are_those_of_the_data(self):
        table = dict(re.findall(r"^\| (\w+) \| (\d+ \| \d+) \|$", self.TEXT, re.MULTILINE))
        every = Counter(family_of(row["technology"]) for row in FACILITIES)
        doubtful = Counter(family_of(row["technology"]) for row in FACILITIES if row["confirmed"] == "no")
        assert table == {family: f"{every[family]} | {doubtful[family]}" for family in MAP_FAMILIES if every[family]}
        for key, target in ((row["key"], row["possible_duplicate_of"]) for row in FACILITIES):
            if target:
                assert f"`{key}`" in self.TEXT
        for path, count in re.findall(r"^\| `(registry[\w/]+\.csv)` \| (\d+) \|", self.TEXT, re.MULTILINE):
            assert len(rows(Path(str(files("jasyl"))) / path)) == int(count), path

    def test_its_example_runs(self, capsys):
        example = re.search(r"```python\n(.*?)```", self.TEXT, re.DOTALL)
        exec(example[1], {})
        assert "RP.WON" in capsys.readouterr().out
