"""From statistics to energy: known answers by hand, masses that add up, and nothing where nothing is published."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.atlas.biomass.checks import disagreements
from jasyl.atlas.biomass.crops import CROPS, GRAINS, crop, fed_share, residue, residues
from jasyl.atlas.biomass.factors import Ratio, factor, factors, find, single, spread
from jasyl.atlas.biomass.manure import ANIMALS, biogas_volume, manure, methane_energy
from jasyl.atlas.biomass.potential import (
    crop_values,
    manure_values,
    organics_values,
    places,
    sums,
    theoretical_values,
    wood_values,
)
from jasyl.atlas.biomass.statistics import Statistic, chosen, former_regions, package_statistics
from jasyl.atlas.bounds import NOTHING, Bounds, exact, total
from jasyl.atlas.waste.composition import Composition
from jasyl.atlas.waste.generation import Amount
from jasyl.places import regions

NO_FODDER = Ratio(NOTHING, ())
HECTARE = 10_000


def row(item: str, measure: str, value: float, place: str = "KZ-59", **other: object) -> Statistic:
    level = "country" if place == "KZ" else "region" if place.startswith("KZ") else "district"
    said = {"year": 2025, "confidence": "high", "confirmed": True, "note": "", "region": None} | other
    if level == "district":
        said["region"] = f"KZ-{place[:2]}"
    return Statistic(
        place=place, level=level, name=place, item=item, measure=measure, value=Decimal(str(value)), source="a table",
        **said,  # pyright: ignore
    )  # fmt: skip


def test_barley_by_hand():
    """1000 t on 400 ha: dry 890 t × 1.2 = 1068 t; left 1.787 t/ha × 400; burnt at 16.2 GJ/t of 13 % moisture."""
    found = residue("barley", row("barley", "production", 1e6), row("barley", "area", 400 * HECTARE), NO_FODDER)
    assert found.theoretical.central == pytest.approx(1_068_000)
    assert found.left is not None
    assert found.left.central == pytest.approx(714_800)
    assert found.technical is not None
    assert found.technical.central == pytest.approx(353_200)
    assert found.energy is not None
    assert found.energy.central == pytest.approx(353_200 * 16.2 / 0.87 / 0.0036)
    assert {"bf003", "bf004", "bf028", "bf029"} <= set(found.factors)


def test_where_little_grows_all_of_it_stays():
    """Wheat at 1 t/ha leaves 1.16 t/ha of straw; 2.96 t/ha must stay: nothing is technical, and that is a number."""
    found = residue("wheat", row("wheat", "production", 1e6), row("wheat", "area", 1000 * HECTARE), NO_FODDER)
    assert found.technical == NOTHING


def test_without_area_nobody_knows():
    found = residue("wheat", row("wheat", "production", 1e6), None, NO_FODDER)
    assert (found.technical, found.energy, found.left) == (None, None, None)
    assert found.theoretical.central > 0
    # Cotton stalks are all taken: no area is needed.
    assert residue("cotton (raw)", row("cotton (raw)", "production", 1e6), None, NO_FODDER).technical is not None


def test_straw_that_animals_get_is_not_counted():
    country = {
        ("straw", "fodder"): row("straw", "fodder", 4.8e9, "KZ"),
        (GRAINS, "production"): row(GRAINS, "production", 27.1e9, "KZ"),
    }
    share = fed_share(country, row("straw", "fodder", 5.1e9, "KZ", year=2024))
    assert share.bounds.central == pytest.approx(4.8 * 0.87 / (27.1 * 0.88 * 1.3))
    assert share.bounds.high == pytest.approx(5.1 / 4.8 * share.bounds.central)
    assert fed_share({}).bounds == NOTHING
    parts = (row("barley", "production", 1e6), row("barley", "area", 100 * HECTARE))
    with_all, without = residue("barley", *parts, NO_FODDER), residue("barley", *parts, share)
    assert with_all.technical is not None
    assert without.technical is not None
    assert with_all.technical.central - without.technical.central == pytest.approx(without.fed.central)
    sunflower = (row("sunflower", "production", 1e6), row("sunflower", "area", 100 * HECTARE))
    assert residue("sunflower", *sunflower, share).fed == NOTHING


def test_a_group_counts_beyond_its_crops_once():
    rows = {
        (GRAINS, "production"): row(GRAINS, "production", 10e6),
        (GRAINS, "area"): row(GRAINS, "area", 5000 * HECTARE),
        ("wheat", "production"): row("wheat", "production", 7e6),
        ("wheat", "area"): row("wheat", "area", 4000 * HECTARE),
        ("oats", "production"): row("oats", "production", 1e6),
    }
    found, remarks = residues(rows, NO_FODDER)
    assert [one.item for one in found] == [GRAINS, "wheat"]
    assert [float(one.rows[0].value) for one in found] == [3e6, 7e6]
    assert [float(one.rows[1].value) / HECTARE for one in found] == [1000, 4000]
    assert remarks == ()
    whole = {**rows, ("wheat", "production"): row("wheat", "production", 10e6)}
    assert [one.item for one in residues(whole, NO_FODDER)[0]] == ["wheat"]


def test_two_groupings_that_disagree_are_named():
    rows = {
        (GRAINS, "production"): row(GRAINS, "production", 10e6),
        ("wheat", "production"): row("wheat", "production", 12e6),
        ("wheat", "area"): row("wheat", "area", 100 * HECTARE),
    }
    found, remarks = residues(rows, NO_FODDER)
    assert [one.item for one in found] == ["wheat"]
    assert remarks == (f"{GRAINS}: its crops add up to more",)
    rows[GRAINS, "production"] = replace(rows[GRAINS, "production"], value=Decimal(20_000_000), provisional=True)
    assert "weighed otherwise" in residues(rows, NO_FODDER)[1][0]


@given(st.floats(1, 1e10), st.floats(1, 1e11), st.sampled_from(CROPS))
def test_no_more_is_taken_than_grows(harvest: float, area: float, item: str):
    found = residue(item, row(item, "production", harvest), row(item, "area", area), NO_FODDER)
    assert found.technical is not None
    for taken, grown in zip(
        (found.technical.low, found.technical.central, found.technical.high),
        (found.theoretical.low, found.theoretical.central, found.theoretical.high),
        strict=True,
    ):
        assert 0 <= taken <= grown


def test_manure_by_hand():
    """1000 cattle: 2.9564 kg VS a day each, B0 0.17 m³/kg, half of it collected; 33.77 MJ/m³."""
    (found,) = manure({("cattle", "heads"): row("cattle", "heads", 1000)})
    assert found.theoretical.central == pytest.approx(1000 * 2.9564 * 365 * 0.17)
    assert found.technical.central == pytest.approx(found.theoretical.central / 2)
    assert found.theoretical.low == pytest.approx(1000 * 2.9302 * 365 * 0.13)
    assert found.theoretical.high == pytest.approx(1000 * 3.685 * 365 * 0.24)
    assert methane_energy().bounds.central * 0.0036 == pytest.approx(0.67 * 50.4)
    volume = biogas_volume(exact(60))
    assert (volume.low, volume.central, volume.high) == pytest.approx((60 / 0.65, 100, 120))


def test_pasture_animals_leave_nothing_to_collect():
    found = {one.item: one for one in manure({(animal, "heads"): row(animal, "heads", 100) for animal in ANIMALS})}
    assert "sheep" not in found  # with sheep and goats in one number of the same year
    assert {name for name, one in found.items() if one.technical.central == 0} == {
        "sheep and goats",
        "horses",
        "camels",
    }
    newer = {("sheep", "heads"): row("sheep", "heads", 100, year=2026)} | {
        ("sheep and goats", "heads"): row("sheep and goats", "heads", 100)
    }
    assert [one.item for one in manure(newer)] == ["sheep"]


def test_the_best_row_is_chosen():
    rows = [
        row("wheat", "production", 1, year=2024),
        row("wheat", "production", 2, provisional=True),
        row("wheat", "production", 3, year=2023, origin="own.csv"),
        row("wheat", "production", 4, confirmed=False, confidence="low"),
        row("barley", "production", 5, confidence="medium"),
        row("barley", "production", 6),
    ]
    best = chosen(rows)
    assert best["KZ-59", "wheat", "production"].value == 3
    assert chosen(rows[:2])["KZ-59", "wheat", "production"].value == 1
    assert best["KZ-59", "barley", "production"].value == 6
    assert chosen(rows[3:4]) == {}


def test_no_statistic_no_value():
    assert crop_values([]) == manure_values([]) == wood_values([]) == ()
    assert crop_values([row("wheat", "production", 1, confirmed=False, confidence="low")]) == ()
    (horses,) = manure_values([row("horses", "heads", 1000)])
    assert horses.value is None
    assert horses.parts["theoretical_gwh"] > 0


def test_a_region_is_its_districts_when_they_hold_its_harvest():
    """What must stay depends on each district's yield, so the sum over districts is not that of the mean yield."""
    rich = [row("barley", "production", 4e6, "591000000"), row("barley", "area", 1000 * HECTARE, "591000000")]
    poor = [row("barley", "production", 1e6, "592000000"), row("barley", "area", 1000 * HECTARE, "592000000")]
    region = [row("barley", "production", 5e6), row("barley", "area", 2000 * HECTARE)]
    values = {value.place: value for value in crop_values([*rich, *poor, *region])}
    assert values["592000000"].value == 0
    assert values["KZ-59"].value == values["591000000"].value
    assert "sum of 2 districts" in values["KZ-59"].note
    alone = crop_values([*rich, *region])[1]
    assert "sum of" not in alone.note


def test_wood_by_its_calorific_value():
    (value,) = wood_values([row("wood", "residues", 1_000_000, "KZ-63")])
    assert value.value == Decimal("4.33333")  # 1000 t × 15.6 GJ/t
    assert value.factors == ("bf298",)


def test_organics_by_hand():
    amounts = [Amount("KZ-75", exact(1000), 2025, False, "a city", "")]
    mix = {
        "KZ": Composition("KZ", 2019, {"food": 0.2, "garden": 0.05}, "a table"),
        "KZ-75": Composition("KZ-75", 2025, {"organics": 0.5}, "a study"),
    }
    (own,) = organics_values(amounts, mix)
    assert own.parts["collected_t"] == 200
    assert own.parts["methane_m3"] == 200 * 60
    (other,) = organics_values([replace(amounts[0], place="KZ-10")], mix)
    assert other.parts["organics_t"] == 250
    assert other.parts["methane_m3"] == Decimal(6900)  # 100 t; four fifths food at 60, one fifth garden at 105 m³/t
    assert other.high is not None
    assert other.high > (other.value or 0)
    everywhere = organics_values([replace(amounts[0], place=region.iso) for region in regions()], mix)
    country = everywhere[-1]
    assert (country.place, country.parts["collected_t"]) == ("KZ", Decimal(19 * 100 + 200))
    assert organics_values(amounts, {}) == ()


def test_sums_name_what_is_missing():
    crops = crop_values([row("barley", "production", 4e6), row("barley", "area", 1000 * HECTARE)])
    dung = manure_values([row("cattle", "heads", 1e5), row("cattle", "heads", 1e5, "KZ-10")])
    both = {value.place: value for value in sums({"crop residues": crops, "manure": dung}, least=2)}
    assert both["KZ-59"].value == pytest.approx(crops[0].value + dung[1].value, rel=Decimal("1e-5"))  # pyright: ignore
    assert both["KZ-59"].note == ""
    assert both["KZ-10"].value is None
    assert both["KZ-10"].note == "not known here: crop residues"
    assert both["KZ-10"].parts["manure_gwh"] == dung[0].value
    all_of_it = {value.place: value for value in theoretical_values(crops, dung)}
    assert all_of_it["KZ-59"].value == pytest.approx(
        crops[0].parts["theoretical_gwh"] + dung[1].parts["theoretical_gwh"], rel=Decimal("1e-5")
    )


def test_every_factor_of_every_value_exists_and_is_confirmed():
    values = [*crop_values(package_statistics()), *manure_values(package_statistics())]
    used = {identifier for value in values for identifier in value.factors}
    assert len(used) > 60
    assert all(factor(identifier).confirmed and factor(identifier).source for identifier in used)
    assert all(value.factors and value.source for value in values)
    for item in CROPS:
        assert crop(item).energy.bounds.central > 1000
    with pytest.raises(LookupError):
        spread("residue-to-product ratio", "moonflower")
    with pytest.raises(KeyError):
        factor("bf999")
    assert not any(one.id == "bf117" for one in find("residue-to-product ratio", "maize", places=("tropics",)))
    assert (single("bf296") * 2.0).bounds == Bounds(100, 120, 130)
    assert len({one.id for one in factors()}) == len(factors())


def test_national_numbers_beside_a_published_total():
    """Askarova et al. 2022: 466.74 PJ, 61.02 % animal, 38.34 % crops, at 12.5 GJ/t.

    Their animal part, 22.8 Mt, is dung as it is burnt; volatile solids must be less, and more than half of it. Their
    crop part, 14.3 Mt, is straw that is left; all above-ground residue must be more.
    """
    dung = next(value for value in manure_values(package_statistics()) if value.place == "KZ")
    crops = next(value for value in crop_values(package_statistics()) if value.place == "KZ")
    theirs = factor("bf300").value * 1e6
    assert 0.5 * 0.6102 * theirs < dung.parts["volatile_solids_t"] < 0.6102 * theirs
    assert 0.3834 * theirs < crops.parts["theoretical_t_dm"] < 4 * 0.3834 * theirs
    assert crops.value is None  # area is published for wheat alone
    assert former_regions() == ("KZ-ALM", "KZ-KAR", "KZ-VOS", "KZ-YUZ")


def test_districts_of_the_package_carry_the_codes_of_the_classifier(shared_data: Path):
    document = json.loads((shared_data / "kz_adm2_2024.geojson").read_text(encoding="utf-8"))
    names = {feature["properties"]["KATO"]: feature["properties"]["ADM1_PCODE"] for feature in document["features"]}
    districts = [place for place in places(package_statistics()) if place.level == "district"]
    assert len(districts) > 50
    for place in districts:
        assert names[place.code] == (place.region or "").replace("-", "")


def test_disagreements():
    rows = [
        row("wheat", "production", 100),
        row("wheat", "production", 60, "591000000"),
        row("wheat", "production", 30, "592000000"),
        row("barley", "production", 100),
        row("barley", "production", 120, "591000000"),
        row("oats", "production", 10),
        replace(row("oats", "production", 11), source="another"),
        row(GRAINS, "production", 150),
        row("rye", "production", 5, confirmed=False, confidence="low"),
    ]
    found = {(one.kind, one.item): one for one in disagreements(rows)}
    assert set(found) == {
        ("districts-below-region", "wheat"),
        ("districts-above-region", "barley"),
        ("sources-differ", "oats"),
        ("members-above-group", GRAINS),
    }
    assert found["districts-below-region", "wheat"].share == Decimal("-0.1")
    assert found["members-above-group", GRAINS].one == 211
    assert found["sources-differ", "oats"].as_data()["share"] == "0.1000"
    assert disagreements([*rows[:2], row("wheat", "production", 40, "592000000")]) == ()


def test_bounds():
    assert total([]) == NOTHING
    assert (Bounds(1, 2, 3) + exact(1)) * 2.0 == Bounds(4, 6, 8)
    with pytest.raises(ValueError, match="order"):
        Bounds(2, 1, 3)
