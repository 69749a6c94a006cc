"""Settlement points and what people write for them."""

import pytest

from jasyl.places import region, regions, settlement, settlements
from jasyl.texts import LANGUAGES, Refusal


def test_every_region_has_settlements_inside_the_country() -> None:
    assert {one.region for one in settlements()} == {one.iso for one in regions()}
    assert all(46 < one.place.lon < 88 and 40 < one.place.lat < 56 for one in settlements())
    assert len({one.geoname for one in settlements()}) == len(settlements()) > 300
    assert all("GeoNames" in one.source for one in settlements())


def test_missing_population_is_none_not_zero() -> None:
    assert all(one.population is None or one.population > 0 for one in settlements())
    assert any(one.population is None for one in settlements())


def test_names_are_filled_only_where_the_language_is_certain() -> None:
    for one in settlements():
        assert one.name_ru is None or not set(one.name_ru.lower()) & set("әғқңөұүһі")
        if one.name_kk and one.name_ru is None:
            assert set(one.name_kk.lower()) & set("ғқұ")
        assert all(one.name(language) for language in LANGUAGES)


def test_every_administrative_centre_is_known_by_its_three_names() -> None:
    for one in regions():
        for language in LANGUAGES:
            found = settlement(one.centre_names.of(language), one)
            assert found.region == one.iso
            assert abs(found.place.lon - one.centre.lon) < 0.15
            assert abs(found.place.lat - one.centre.lat) < 0.15
        assert found.name("ru") == one.centre_names.ru
        assert found.name("kk") == one.centre_names.kk


def test_spellings_find_the_same_place() -> None:
    assert settlement("Жетыбай") is settlement("Жетібай") is settlement("zhetybay", "KZ-47")
    assert settlement("Усть-Каменогорск", region("KZ-63")).name("kk") == "Өскемен"


def test_unknown_and_ambiguous_names_are_refused() -> None:
    with pytest.raises(Refusal) as unknown:
        settlement("Atlantis")
    assert unknown.value.code == "unknown-settlement"
    with pytest.raises(Refusal):
        settlement("Жетыбай", "KZ-11")
    with pytest.raises(Refusal) as ambiguous:
        settlement("Ақтоғай", "KZ-35")
    assert ambiguous.value.code == "settlement-ambiguous"
    assert "75.3" in ambiguous.value.text("en")
