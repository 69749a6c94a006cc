"""The taxonomy of green technologies: complete, structured, and understood the way people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.registry.taxonomy import (
    MAP_FAMILIES,
    SECTORS,
    accepted_names,
    family_name,
    family_of,
    resolve_technology,
    technologies,
    technology,
)
from jasyl.texts import LANGUAGES, Refusal

CODES = [entry.code for entry in technologies()]


def test_it_holds_the_whole_table():
    assert len(technologies()) == 147
    assert len(technologies(level=1)) == len(SECTORS) == 13
    assert len(technologies(level=2)) == 134
    assert len(set(CODES)) == 147


@pytest.mark.parametrize("entry", technologies(), ids=lambda entry: entry.code)
def test_every_technology_is_complete(entry):
    assert all(entry.name(language).strip() for language in LANGUAGES)
    assert entry.quantities
    assert entry.source
    assert entry.confidence in {"high", "medium", "low"}
    assert entry.sector in SECTORS
    assert (entry.parent is None) == (entry.level == 1)
    if entry.parent:
        assert entry.code.startswith(f"{entry.parent}.")
        assert technology(entry.parent).sector == entry.sector


def test_quantities_are_parsed_into_key_unit_and_formula():
    quantities = {quantity.key: quantity for quantity in technology("RP.PV").quantities}
    assert list(quantities) == ["specific_yield", "capacity_factor", "performance_ratio", "land_use"]
    assert quantities["capacity_factor"].unit == "1"
    assert quantities["capacity_factor"].formula == "E/(P_ac*8760)"
    assert quantities["specific_yield"].unit == "kW.h/kW{p}"
    assert quantities["specific_yield"].unit_written == "kWh/kWp"
    removal = next(quantity for quantity in technology("NA.AFF").quantities if quantity.key == "removal")
    assert (removal.unit, removal.formula) == ("t{CO2}/har/a", "dB*CF*44/12")
    firm = next(quantity for quantity in technology("RP.HYB").quantities if quantity.key == "firm_power")
    assert (firm.formula, firm.condition) == ("", "at 95 % of hours")


def test_units_are_ucum():
    """No blank, balanced braces, and none of the spellings people use in place of a code."""
    for entry in technologies():
        for quantity in entry.quantities:
            assert quantity.unit
            assert " " not in quantity.unit
            assert quantity.unit.count("{") == quantity.unit.count("}")
            assert quantity.unit not in {"MWh", "kWh", "Gcal", "ha", "degC", "years", "tCO2e", "m3/ha"}


def test_keys_are_unique_within_a_technology():
    for entry in technologies():
        keys = [quantity.key for quantity in entry.quantities]
        assert len(set(keys)) == len(keys), entry.code


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("RP.PV", "solar"),
        ("RP.CSP", "solar"),
        ("RP.WON", "wind"),
        ("RP.HSM", "hydro"),
        ("RP.HLG", "hydro"),
        ("RP.BGS", "bioenergy"),
        ("HT.BIO", "bioenergy"),
        ("HT.GEO", "geothermal"),
        ("RP.BAT", "storage"),
        ("RP.LFG", "waste"),
        ("RP.WTE", "waste"),
        ("EB.LED", "buildings"),
        ("WA.WWT", "water"),
        ("TR.EBU", "transport"),
    ],
)
def test_the_map_family_follows_what_people_look_for(code, family):
    assert family_of(code) == family


def test_every_technology_of_level_two_has_a_map_family_and_every_family_is_used():
    used = {family_of(entry.code) for entry in technologies(level=2)}
    assert used == set(MAP_FAMILIES)
    assert len(MAP_FAMILIES) <= 18


def test_renewable_power_as_a_whole_has_no_one_family():
    with pytest.raises(Refusal) as caught:
        family_of("RP")
    assert caught.value.code == "technology-too-broad"
    assert "RP.WON" in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_families_have_names(language):
    names = [family_name(family, language) for family in MAP_FAMILIES]
    assert len(set(names)) == len(MAP_FAMILIES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("solar", "RP.PV"),
        ("wind", "RP.WON"),
        ("hydro_small", "RP.HSM"),
        ("hydro_large", "RP.HLG"),
        ("Hydro-Large", "RP.HLG"),
        ("biogas", "RP.BGS"),
        ("rp.won", "RP.WON"),
        ("  Onshore  wind FARM ", "RP.WON"),
        ("ВЭС", "RP.WON"),
        ("Наземная солнечная фотоэлектрическая станция", "RP.PV"),
        ("жел", "RP.WON"),
    ],
)
def test_technologies_are_found_as_people_write_them(text, code):
    assert resolve_technology(text).code == code


@given(st.sampled_from(CODES), st.sampled_from(LANGUAGES), st.booleans())
def test_every_name_in_every_language_leads_back(code, language, upper):
    name = technology(code).name(language)
    assert resolve_technology(name.upper() if upper else name).code == code


def test_no_accepted_word_is_ambiguous():
    """A short word never hides a code or a name: each is accepted for exactly the technology that bears it."""
    for entry in technologies():
        for text in (entry.code, *entry.names.values()):
            assert resolve_technology(text).code == entry.code
    assert set(accepted_names().values()) == set(CODES)


def test_an_unknown_technology_is_refused_with_near_matches():
    with pytest.raises(Refusal) as caught:
        resolve_technology("solr")
    assert caught.value.code == "unknown-technology"
    assert "RP.PV" in str(caught.value)
    for language in LANGUAGES:
        assert "solr" in caught.value.text(language)
        near = technology("RP.PV").name(language)
        assert near in caught.value.text(language) and near in caught.value.as_data(language)["arguments"]["expected"]


def test_a_word_far_from_everything_names_the_sectors():
    with pytest.raises(Refusal) as caught:
        technology("???")
    assert "WA" in str(caught.value)


def test_hydro_alone_is_refused_because_size_decides():
    with pytest.raises(Refusal) as caught:
        resolve_technology("hydro")
    assert "RP.HSM" in str(caught.value)
    assert "RP.HLG" in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quantity_has_a_name(language):
    names = {one.key: one.name(language) for entry in technologies() for one in entry.quantities}
    assert len(names) > 300
    assert (
        names["capacity_factor"]
        == {
            "kk": "белгіленген қуатты пайдалану коэффициенті",
            "ru": "коэффициент использования установленной мощности",
            "en": "capacity factor",
        }[language]
    )
