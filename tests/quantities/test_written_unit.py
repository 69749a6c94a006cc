"""Units as readers see them: every code that the package's data use has words in all three languages."""

import csv
import re
from importlib.resources import files

import pytest

from jasyl.facts import load_facts
from jasyl.quantities import UNITS, written_unit
from jasyl.registry import technologies
from jasyl.texts import LANGUAGES


@pytest.mark.parametrize(
    ("code", "en", "ru", "kk"),
    [
        ("MW", "MW", "МВт", "МВт"),
        ("t{slag}/a", "t slag/year", "т шлака/год", "т қож/жыл"),
        ("10*6.Gcal_IT", "million Gcal", "млн Гкал", "млн Гкал"),
        ("1000.m3/km2/a", "1000 m³/km²/year", "1000 м³/км²/год", "1000 м³/км²/жыл"),
        ("{KZT}/(kW.h)", "KZT/kWh", "тенге/кВт·ч", "теңге/кВт·сағ"),
        ("W/(m2.K)", "W/(m²·K)", "Вт/(м²·К)", "Вт/(м²·К)"),
        ("K/(100.m)", "K/(100 m)", "К/(100 м)", "К/(100 м)"),
        ("kW.h/(1000.{tkm})", "kWh/(1000 tonne-km)", "кВт·ч/(1000 т-км)", "кВт·сағ/(1000 т-км)"),
        ("%{wet_mass}", "% of wet mass", "% сырой массы", "% ылғал масса"),
        ("/km", "/km", "/км", "/км"),
        ("{buses}", "buses", "автобусов", "автобус"),
        ("1", "", "", ""),
    ],
)
def test_how_a_code_is_written(code, en, ru, kk):
    assert (written_unit(code, "en"), written_unit(code, "ru"), written_unit(code, "kk")) == (en, ru, kk)


def test_every_known_unit_is_written_by_its_short_form():
    for code, unit in UNITS.items():
        assert [written_unit(code, language) for language in LANGUAGES] == [unit.written(each) for each in LANGUAGES]


def test_no_unit_of_the_package_data_is_shown_raw():
    codes = {fact.unit for fact in load_facts() if fact.unit}
    codes |= {quantity.unit for one in technologies() for quantity in one.quantities if quantity.unit}
    for file in (files("jasyl.registry") / "data" / "starter").iterdir():
        if file.name.endswith(".csv"):
            rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
            codes |= {row[name] for row in rows for name in ("capacity_unit", "unit") if row.get(name)}
    assert len(codes) > 100
    raw = re.compile(r"[{}*_]|[A-Za-z]{2,}")
    latin = {"CO₂", "CO", "KZT", "CH₄", "°C"}
    for code in codes:
        for language in ("ru", "kk"):
            shown = written_unit(code, language)
            for name in latin:
                shown = shown.replace(name, "")
            assert not raw.search(shown), (code, language, shown)


def test_a_text_that_is_no_unit_comes_back_as_it_is():
    assert written_unit("per {rooms_let} ★", "en") == "per rooms let ★"
    assert written_unit("furlong/{fortnight}", "en") == "furlong/fortnight"
