"""Waste of places: nothing counted twice, nothing invented, distances as the ellipsoid has them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.atlas.bounds import exact
from jasyl.atlas.sites import SiteValue
from jasyl.atlas.waste.collection import DETOUR, collection, destinations, great_circle
from jasyl.atlas.waste.composition import Composition, composition_of, compositions
from jasyl.atlas.waste.facilities import Facility, facilities_hash, starter
from jasyl.atlas.waste.generation import Amount, generation, national, per_person, published
from jasyl.atlas.waste.landfill_gas import COLLECTION, Filling, fillings, landfill_gas, methane
from jasyl.atlas.waste.landfills import register
from jasyl.atlas.waste.recyclables import recyclables_values
from jasyl.emissions import decay_of, first_order_decay, practice_of
from jasyl.facts import Fact, load_facts
from jasyl.places import LonLat, Settlement, region, regions

FACTS = tuple(load_facts())


def fact(metric: str, place: str, value: str | None, unit: str, **other: object) -> Fact:
    said = {
        "area": "", "object": "", "technology": "", "period": "2024", "low": None, "high": None, "basis": "published",
        "source": "a page", "source_date": "", "confidence": "high", "confirmed": True, "note": "",
    } | other  # fmt: skip
    number = None if value is None else Decimal(value)
    return Fact(metric=metric, place=place, value=number, unit=unit, **said)  # pyright: ignore


def test_regions_add_up_to_the_national_amount():
    """4.6 Mt of 2024: three regions as published, the others by population, not one tonne twice."""
    found = generation(FACTS, regions())
    whole = national(FACTS)
    assert whole is not None
    assert (whole.tonnes.low, whole.tonnes.central, whole.tonnes.high) == (4_500_000, 4_600_000, 4_800_000)
    assert len(found) == 20
    assert sum(amount.tonnes.central for amount in found) == pytest.approx(4_600_000)
    assert sum(amount.tonnes.low for amount in found) == pytest.approx(4_500_000)
    own = {amount.place: amount.tonnes.central for amount in found if not amount.allocated}
    assert own == {"KZ-75": 547_500, "KZ-71": 550_000, "KZ-43": pytest.approx(230_715 * 12 / 11)}
    rest = {amount.place: amount for amount in found if amount.allocated}
    heads = {per_person(amount, region(place).population) for place, amount in rest.items()}
    assert len(heads) == 1
    assert all(amount.as_area().kind == "allocated" for amount in rest.values())
    assert next(amount for amount in found if amount.place == "KZ-75").as_area().kind == "published"


@given(st.integers(1, 10**7), st.integers(0, 10**6), st.integers(0, 10**6))
def test_allocation_never_makes_or_loses_waste(whole: int, one: int, other: int):
    facts = [
        fact("municipal_waste_collected", "KZ", str(whole), "t"),
        fact("generation", "KZ-71", str(one), "t/a"),
        fact("generation", "KZ-75", str(other), "t/a"),
    ]
    found = generation(facts, regions())
    if one + other < whole:
        assert sum(amount.tonnes.central for amount in found) == pytest.approx(whole)
        assert all(amount.tonnes.central >= 0 for amount in found)
    else:
        assert {amount.place for amount in found} == {"KZ-71", "KZ-75"}


def test_what_is_not_confirmed_is_not_used():
    doubtful = [
        fact("municipal_waste_collected", "KZ", "5", "Mt", confidence="low", confirmed=False),
        fact("generation", "KZ-71", "5", "kt/a", confidence="low", confirmed=False),
        fact("generation", "KZ-75", "5", "bags"),
        fact("generation", "KZ-79", None, "kt/a", low=Decimal(1)),
    ]
    assert national(doubtful) is None
    assert published(doubtful) == {}
    assert generation([*doubtful, fact("generation", "KZ-55", "5", "kt/a")], regions())[0].place == "KZ-55"


def test_compositions_are_of_one_place_and_year():
    found = compositions([*FACTS, fact("composition_food", "KZ-75", "30", "%", period="2010")])
    assert set(found) == {"KZ", "KZ-71", "KZ-75"}
    assert found["KZ-75"].shares["food"] == pytest.approx(0.475)
    assert found["KZ"].organics == pytest.approx(0.243)
    assert found["KZ-71"].decaying == {"food": pytest.approx(0.472), "paper": pytest.approx(0.125)}
    assert composition_of("KZ-10", found) is found["KZ"]
    assert composition_of("KZ-10", {}) is None


def test_recyclables_name_what_the_composition_leaves_out():
    amounts = [
        Amount("KZ-71", exact(1000), 2024, False, "a city", ""),
        Amount("KZ-10", exact(100), 2024, True, "x", ""),
    ]
    astana, abai = recyclables_values(amounts, compositions(FACTS))
    assert astana.parts == {"paper_t": Decimal(125), "plastics_t": Decimal(154)}
    assert "glass, metal, textiles" in astana.note
    assert abai.value == Decimal("63.6")
    assert recyclables_values(amounts, {}) == ()


def test_the_register_names_each_landfill_once():
    found = {site.id: site for site in register(FACTS, starter())}
    assert found["severny-landfill"].value == 1_381_831
    assert found["severny-landfill"].longitude is not None
    assert found["uralsk-landfill"].value is None
    assert found["uralsk-landfill"].parts["waste_accumulated_m3"] == 1_800_000
    assert found["alatau-landfill"].longitude is None
    assert "astana-engineered-landfill" not in found
    assert "astana-municipal-landfill" in found
    assert found["taldykorgan-landfill"].note == "status: planned"
    assert "north-kazakhstan-landfill-and-sorting-complex" not in found


def test_landfill_gas_by_hand():
    """Severny: 1.38 Mt over 27 years; the year after, by the decay of the emissions room."""
    made_of = compositions(FACTS)
    filling = fillings(FACTS)["severny-landfill"]
    assert (filling.first_year, len(filling.tonnes)) == (1999, 27)
    assert sum(filling.tonnes) == pytest.approx(1_381_831)
    bounds, used = methane(filling, made_of["KZ"])
    shares = {"food": 0.215, "garden": 0.028, "paper": 0.265, "textiles": 0.07}
    gas = first_order_decay(
        {kind: [share * 1_381_831_000 / 27] * 27 for kind, share in shares.items()},
        1999,
        practice_of("uncategorised"),
        {kind: decay_of(kind) for kind in shares},
        years=28,
    )
    assert bounds.central == pytest.approx(gas.of(2026)[0] / 1000)
    assert bounds.low < bounds.central < bounds.high
    assert "fod.mcf.uncategorised" in used
    rows = {site.id: site for site in landfill_gas(register(FACTS, starter()), fillings(FACTS), made_of, 0.4)}
    severny = rows["severny-landfill"]
    assert float(severny.value or 0) == pytest.approx(bounds.central * 1000 * COLLECTION.central * 14e3 / 1e9, rel=1e-5)
    assert (severny.year, severny.confirmed) == (2026, True)
    assert float(severny.parts["electricity_gwh"]) == pytest.approx(float(severny.value or 0) * 0.4, rel=1e-4)
    assert not rows["astana-municipal-landfill"].confirmed
    assert rows["uralsk-landfill"].value is None
    assert landfill_gas([severny], fillings(FACTS), {}, 0.4)[0].value is None


def test_only_published_years_are_filled():
    found = fillings([fact("generation", "KZ-71", "300", "kt/a", period="2018")])
    assert found == {}
    astana = fillings(FACTS)["astana-municipal-landfill"]
    assert astana.tonnes[0] == 300_000
    assert astana.tonnes[-1] == pytest.approx(550_000)
    assert not astana.confirmed
    with_nothing = Filling(2000, (0.0,), "x", "", ("uncategorised",) * 3, True)
    assert methane(with_nothing, Composition("KZ", 2019, {"food": 0.2}, "x"))[0].high == 0


@given(st.floats(46, 88), st.floats(40, 56), st.floats(46, 88), st.floats(40, 56))
def test_great_circle_beside_the_ellipsoid(west: float, south: float, east: float, north: float):
    from pyproj import Geod

    metres = Geod(ellps="WGS84").inv(west, south, east, north)[2]
    assert great_circle((west, south), (east, north)) == pytest.approx(metres / 1000, rel=0.006, abs=1e-6)


def place(name: str, lon: float, lat: float, population: int | None) -> Settlement:
    return Settlement(len(name), name, None, None, "KZ-39", LonLat(lon, lat), population, (), "a list")


def goal(identifier: str, lon: float, lat: float) -> SiteValue:
    return SiteValue(
        id=identifier, name=identifier, longitude=Decimal(str(lon)), latitude=Decimal(str(lat)), kind="published",
        source="x", confidence="high",
    )  # fmt: skip


def test_waste_goes_to_the_nearest():
    goals = [goal("far", 70, 53), goal("near", 64, 53)]
    amount = Amount("KZ-39", exact(1000), 2024, True, "x", "")
    one, empty = collection([place("a", 63, 53, 500), place("bb", 69, 53, None)], goals, [amount], {"KZ-39": 1000})
    assert "near" in one.note
    assert "far" in empty.note
    distance = great_circle((63, 53), (64, 53))
    assert float(one.value or 0) == pytest.approx(distance * DETOUR.central, rel=1e-5)
    assert one.parts["waste_t"] == 500
    assert "waste_t" not in empty.parts
    assert collection([place("a", 63, 53, 500)], [], [amount], {}) == ()


def test_destinations_are_at_work_and_placed():
    known = starter()
    found = {site.id for site in destinations(known, register(FACTS, known))}
    assert {"green-recycle-sorting", "severny-landfill", "astana-municipal-landfill"} <= found
    assert not found & {"taldykorgan-landfill", "alatau-landfill", "karasai-landfill-gas", "pavlodar-sorting"}
    assert facilities_hash(known) != facilities_hash(known[1:])
    assert all(isinstance(one, Facility) for one in known)
