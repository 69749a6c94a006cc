"""The table of regions and what people write for them."""

import pytest

from jasyl.places import region, regions, resolve
from jasyl.texts import LANGUAGES, Refusal


def test_twenty_regions_in_stable_order() -> None:
    codes = [one.iso for one in regions()]
    assert codes == sorted(codes)
    assert len(codes) == 20
    assert [one.iso for one in regions() if one.kind == "city"] == ["KZ-71", "KZ-75", "KZ-79"]


def test_every_region_has_names_in_three_languages() -> None:
    for one in regions():
        assert all(one.name(language).strip() for language in LANGUAGES)
        assert all(one.centre_names.of(language).strip() for language in LANGUAGES)
    for language in LANGUAGES:
        assert len({one.name(language) for one in regions()}) == 20


def test_areas_and_populations_sum_to_the_country() -> None:
    # 2 724 902 km² is the area the Bureau of National Statistics gives; the rows are rounded to 100 km².
    assert sum(one.area_km2 for one in regions()) == pytest.approx(2_724_902, rel=1e-4)
    # Bureau of National Statistics: 20.4 million at the end of 2025.
    assert sum(one.population for one in regions()) == pytest.approx(20.45e6, rel=0.005)


def test_centres_lie_in_the_country() -> None:
    for one in regions():
        for lon, lat in (one.centre, one.centroid):
            assert 46 < lon < 88
            assert 40 < lat < 56


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("KZ-10", "KZ-10"),
        ("kz10", "KZ-10"),
        ("100000000", "KZ-10"),
        ("KZ-AKM", "KZ-11"),
        ("KZ-ZHT", "KZ-33"),
        ("Область Абай", "KZ-10"),
        ("Абайская обл.", "KZ-10"),
        ("область Жетісу", "KZ-33"),
        ("ұлытау облысы", "KZ-62"),
        ("Ulytau", "KZ-62"),
        ("Солтүстік Қазақстан", "KZ-59"),
        ("СЕВЕРО-КАЗАХСТАНСКАЯ ОБЛАСТЬ", "KZ-59"),
        ("Almaty Region", "KZ-19"),
        ("Алматинская", "KZ-19"),
        ("Алматы облысы", "KZ-19"),
        ("Almaty oblysy", "KZ-19"),
        ("Алматы", "KZ-75"),
        ("г.Алматы", "KZ-75"),
        ("Almaty (city)", "KZ-75"),
        ("Алма-Ата", "KZ-75"),
        ("Алматы қ.", "KZ-75"),
        ("Чимкент", "KZ-79"),
        ("Нур-Султан", "KZ-71"),
        ("Кзыл-Ординская область", "KZ-43"),
        ("Кустанайская", "KZ-39"),
        ("ВКО", "KZ-63"),
        ("East Kazakhstan", "KZ-63"),
        ("  Aqtöbe oblysy ", "KZ-15"),
    ],
)
def test_what_people_write(written: str, iso: str) -> None:
    assert resolve(written).iso == iso


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("KZ-ALM", ("KZ-19", "KZ-33")),
        ("KZ-KAR", ("KZ-35", "KZ-62")),
        ("KZ-VOS", ("KZ-10", "KZ-63")),
        ("KZ-YUZ", ("KZ-61", "KZ-79")),
        ("Южно-Казахстанская область", ("KZ-61", "KZ-79")),
        ("510000000", ("KZ-61", "KZ-79")),
    ],
)
def test_divided_regions_are_refused_with_their_successors(written: str, candidates: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as caught:
        resolve(written)
    assert caught.value.code == "region-divided"
    for language in LANGUAGES:
        said = caught.value.text(language)
        assert all(iso in said and region(iso).name(language) in said for iso in candidates)


@pytest.mark.parametrize("written", ["", "   ", "Ташкент", "KZ-99", "г. Актобе", "область", "x" * 10_000])
def test_unknown_regions_are_refused(written: str) -> None:
    with pytest.raises(Refusal, match="not a region") as caught:
        resolve(written)
    assert caught.value.code == "unknown-region"
    assert len(caught.value.text("kk")) < 600


def test_code_lookup_is_strict() -> None:
    assert region("KZ-75").kind == "city"
    with pytest.raises(Refusal):
        region("Almaty")


def test_every_own_name_and_code_finds_its_region() -> None:
    for one in regions():
        for written in (one.iso, one.kato, one.name_kk_latin, *(one.name(language) for language in LANGUAGES)):
            assert resolve(written) is one
