"""The waste programme: every kilogram followed, three flows apart, decay by `jasyl.emissions`, breaks, bad input."""

import copy
import json
from decimal import Decimal
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.circular.physical import programme_deviation, quantities_of
from jasyl.circular.waste import (
    COMPONENTS,
    ENDS,
    STARTER_PLACES,
    against_target,
    compare,
    comparison_columns,
    effects_of,
    ends_chart,
    gases_chart,
    parse_programme,
    programme_schema,
    published_series,
    run_programme,
    series_breaks,
    share_deviations,
    shares_chart,
    starter_programme,
    target_chart,
    with_meters,
)
from jasyl.emissions import decay_of, first_order_decay, practice_of
from jasyl.figures import Figure, Subject
from jasyl.figures.dependencies import store
from jasyl.papers import write_csv
from jasyl.registry.tables import facility
from jasyl.storage import METADATA
from jasyl.texts import LANGUAGES, Refusal

COMPOSITION = {"food": 0.4, "paper": 0.2, "plastics": 0.2, "glass": 0.1, "other": 0.1}
PROGRAMME = {
    "title": {"en": "A city", "ru": "Город"}, "place": "KZ-71", "first_year": 2024, "last_year": 2030,
    "composition": COMPOSITION, "gwp": "AR5",
    "members": [
        {"id": "city", "population": {"2024": 1000000, "2030": 1120000}, "rate": 1.0},
        {"id": "district", "generation": 50000000, "collected": 0.6, "dumped": 0.5, "burnt": 0.2},
    ],
    "collecting": {"separate": {"paper": 0.2, "food": {"2024": 0, "2030": 0.3}}, "rejected": 0.1},
    "facilities": [
        {"id": "sorting", "role": "sorting", "capacity": 200000000, "member": "city", "metered": {"2024": 150000000},
         "recovery": {"plastics": 0.3, "glass": 0.5}, "default_recovery": 0.02, "opex_per_tonne": 5000, "jobs": 90},
        {"id": "compost", "role": "composting", "capacity": 20000000, "member": "district", "default_recovery": 0.4},
        {"id": "plastics", "role": "recycling", "capacity": 9000000, "components": ["plastics"], "member": "district",
         "recovery": {"plastics": 0.8}},
    ],
    "exchanges": [
        {"id": "in", "direction": "import", "member": "city", "amount": 7000000},
        {"id": "out", "direction": "export", "member": "district", "amount": 1000000},
    ],
    "landfill": {"management": "unmanaged_deep_5_m_waste_or_high_water_table", "member": "district"},
    "targets": [{"id": "t", "definition": "recycled", "year": 2030, "value": 15},
                {"id": "l", "definition": "landfilled", "year": 2030, "value": 95},
                {"id": "late", "definition": "recycled", "year": 2040, "value": 15}],
    "scenarios": [
        {"id": "burn", "facilities": [{"id": "wte", "role": "incineration", "capacity": 250000000, "ash": 0.25,
         "first_year": 2027, "opex_per_tonne": 9000, "revenue_per_tonne": 2000}],
         "investments": [{"year": 2026, "amount": 90000000000}]},
        {"id": "all", "collected": {"district": 1.0}, "closed": ["sorting"], "gas_collected": 0.4},
    ],
}  # fmt: skip


def _document(**changes):
    return copy.deepcopy(PROGRAMME) | changes


def _parsed(document):
    return parse_programme(json.dumps(document).encode(), "w.json")


def _balance(run):
    ends = np.sum([run.flows[end] for end in (*ENDS, "exported")], axis=0)
    np.testing.assert_allclose(ends, run.flows["generated"] + run.flows["imported"], rtol=1e-9, atol=1e-3)
    assert all((flow >= -1e-3).all() for flow in run.flows.values())


@pytest.fixture(scope="module")
def programme():
    return _parsed(_document())


@pytest.mark.parametrize("scenario", [None, "burn", "all"])
def test_every_kilogram_is_followed_to_its_end(programme, scenario):
    _balance(run_programme(programme, scenario))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 3e8), min_size=1, max_size=4),
    st.lists(
        st.tuples(
            st.sampled_from(["sorting", "composting", "recycling", "incineration"]), st.floats(0, 2e8), st.floats(0, 1)
        ),
        max_size=6,
    ),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_mass_is_kept_in_any_programme(members, plants, collected, separate):
    document = _document(
        members=[{"id": f"m{n}", "generation": mass, "collected": collected} for n, mass in enumerate(members)],
        facilities=[
            {"id": f"p{n}", "role": role, "capacity": capacity, "default_recovery": share, "ash": share}
            for n, (role, capacity, share) in enumerate(plants)
        ],
        collecting={"separate": {"food": separate, "glass": separate}, "rejected": 1 - separate},
        exchanges=[], scenarios=[], targets=[], landfill={},
    )  # fmt: skip
    _balance(run_programme(_parsed(document)))


def test_sorted_handed_over_and_recycled_are_three_flows(programme):
    run = run_programme(programme)
    at = 0
    assert run.total("sorted")[at] == pytest.approx(150e6)  # as metered, not the capacity
    assert run.total("sorted")[1] == pytest.approx(200e6)
    assert run.total("sorted")[at] > run.total("handed_over")[at] > run.total("recycled")[at] > 0
    plastics = run.flows["handed_over"][:, COMPONENTS.index("plastics")].sum(axis=0)
    assert run.total("recycled")[at] == pytest.approx(0.8 * min(9e6, plastics[at]))
    both = run.total("recycled") + run.total("composted")
    np.testing.assert_allclose(run.share("recycled"), both / run.total("generated"))
    most = (both + run.total("handed_unknown")) / run.total("generated")
    np.testing.assert_allclose(run.share_at_most("recycled"), most)
    np.testing.assert_allclose(run.share_at_most("sorted"), run.share("sorted"))


def test_generation_counts_the_days_of_the_year(programme):
    city = run_programme(programme).flows["generated"][0].sum(axis=0)
    assert city[0] == pytest.approx(1e6 * 366)
    assert city[1] == pytest.approx(1.02e6 * 365)


def test_what_is_not_collected_is_dumped_burnt_or_unknown(programme):
    run = run_programme(programme)
    left = 50e6 * 0.4
    found = [run.total(name)[0] for name in ("dumped", "burnt", "uncollected_unknown")]
    assert found == pytest.approx([left * 0.5, left * 0.2, left * 0.3])


def test_districts_and_city_exchange_through_their_plants(programme):
    sums = run_programme(programme).between_members()
    exported, imported = (sum(sums[way].values()) for way in ("exported", "imported"))
    np.testing.assert_allclose(exported, imported)
    assert (sums["exported"]["city"] > sums["imported"]["city"]).all()  # the landfill lies in the district


def test_a_plant_metered_above_what_there_is_is_told(programme):
    document = _document()
    document["facilities"][0]["metered"] = {"2025": 900000000}
    run = run_programme(_parsed(document))
    assert {one.code for one in run.findings} == {"waste-more-than-there", "waste-over-capacity"}
    _balance(run)
    assert run_programme(programme).findings == ()


def test_landfill_methane_is_that_of_the_emissions_room(programme):
    run = run_programme(programme)
    found = effects_of(run)
    masses = run.flows["landfilled"].sum(axis=0)
    kinds = ("food", "paper")
    deposits = {kind: masses[COMPONENTS.index(kind)] for kind in kinds}
    practice = practice_of("unmanaged_deep_5_m_waste_or_high_water_table")
    direct = first_order_decay(deposits, 2024, practice, {kind: decay_of(kind) for kind in kinds})
    np.testing.assert_allclose(found.emissions["landfill"], direct.emitted * 28, rtol=1e-12)
    assert found.emissions["landfill"][0] == 0  # waste begins to decay the year after
    assert found.emissions["dumps"][-1] > 0
    assert found.emissions["open_burning"][0] > 0


def test_waste_of_earlier_years_still_decays(programme):
    document = _document()
    document["landfill"]["history"] = {"2010": 3e8, "2023": 3e8}
    later = effects_of(run_programme(_parsed(document)))
    assert later.emissions["landfill"][0] > 0
    assert (later.emissions["landfill"] > effects_of(run_programme(programme)).emissions["landfill"]).all()


def test_composting_and_incineration_by_the_factors_of_the_guidelines(programme):
    run = run_programme(programme, "burn")
    found = effects_of(run)
    composted, burnt = run.total("composted"), run.flows["incinerated"].sum(axis=0)
    np.testing.assert_allclose(found.emissions["composting"], composted * (4 * 28 + 0.24 * 265) / 1000, rtol=1e-12)
    carbon = {"paper": 0.9 * 0.46 * 0.01, "plastics": 0.75, "other": 0.9 * 0.03}
    fossil = sum(burnt[COMPONENTS.index(name)] * share for name, share in carbon.items()) * 44 / 12
    nitrous = burnt.sum(axis=0) * 50e-6 * 265
    np.testing.assert_allclose(found.emissions["incineration"], fossil + nitrous, rtol=1e-9)
    assert "waste.oxidation.incineration" in found.factors


def test_collected_gas_lowers_emissions(programme):
    without, with_gas = (effects_of(run_programme(programme, name)) for name in (None, "all"))
    assert with_gas.collected_methane[-1] > 0 == without.collected_methane[-1]
    assert with_gas.run.total("sorted").sum() == 0  # closed
    assert with_gas.run.total("dumped")[-1] == 0


def test_scenarios_beside_the_programme(programme):
    found = compare(programme)
    base, burn, _ = found.outcomes
    assert burn.operation[-1] == pytest.approx(base.operation[-1] + 250e3 * 9000)
    assert burn.revenue[-1] == pytest.approx(250e3 * 2000)
    assert burn.investment.tolist() == [0, 0, 90e9, 0, 0, 0, 0]
    assert base.jobs[-1] == 90
    saved = (base.total.sum() - burn.total.sum()) / 1000
    cost = found.cost_of_saving(burn)
    assert cost is None if saved <= 0 else cost == pytest.approx((burn.cost_now - base.cost_now) / saved)
    assert found.cost_of_saving(base) is None
    judged = {one.target.id: one.reached for one in found.targets(base)}
    assert (judged["l"], judged["late"]) == (True, None)
    assert found.targets(base)[0].value < found.targets(base)[0].at_most
    rows = list(found.rows())
    assert len(rows) == 3 * 7
    json.dumps(found.as_data())
    for language in LANGUAGES:
        assert b"".join(write_csv(comparison_columns(), rows, language)).count(b"\n") == 22
    with pytest.raises(KeyError):
        run_programme(programme, "nothing")


def test_a_target_between_known_and_unknown_is_neither_reached_nor_missed(programme):
    found = compare(programme)
    reached = found.targets(found.outcomes[0])[0]
    middle = (reached.value + reached.at_most) / 2
    values = {"low": reached.value - 1, "mid": middle, "high": reached.at_most + 1}
    wanted = [{"id": name, "definition": "recycled", "year": 2030, "value": each} for name, each in values.items()]
    again = compare(_parsed(_document(targets=wanted)))
    assert [one.reached for one in again.targets(again.outcomes[0])] == [True, None, False]


@pytest.mark.parametrize("place", STARTER_PLACES)
def test_the_programmes_that_ship_say_what_is_published(place):
    programme = starter_programme(place)
    run = run_programme(programme)
    _balance(run)
    assert run.findings == ()
    published = {one.year: one.value for one in published_series(place, "mass") if one.definition == "sorted"}
    for year in (2023, 2024):
        assert run.total("sorted")[year - 2023] == pytest.approx(published[year] * 1e6)
    rate = next(one for one in published_series(place, "rate") if one.year == 2024)
    assert 100 * run.share("handed_over")[1] == pytest.approx(rate.value, abs=0.01)
    assert starter_programme("KZ-10") is None


def test_series_break_where_the_definition_changes():
    found = {(one.place, one.before.year, one.after.year) for one in series_breaks(published_series())}
    assert found == {
        ("KZ", 2018, 2021), ("KZ", 2022, 2023), ("KZ-71", 2022, 2023), ("KZ-71", 2023, 2024), ("KZ-79", 2022, 2024),
    }  # fmt: skip


def test_a_target_is_held_only_against_what_counts_the_same():
    target = published_series("KZ", "target")[-1]
    found = against_target(published_series("KZ"), target)
    assert (found.year, found.value) == (2025, 28.6)  # not the 1.1 % turned into secondary material
    assert against_target(published_series("KZ-71"), target) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_mark_breaks_and_join_nothing_across_them(language, programme):
    picture = ElementTree.fromstring(target_chart(published_series("KZ"), "t", language))
    tag = "{http://www.w3.org/2000/svg}"
    dashed = [one for one in picture.iter(f"{tag}line") if one.get("stroke-dasharray") == "5 4"]
    assert len(dashed) == 2
    lines = [len(one.get("points").split()) for one in picture.iter(f"{tag}polyline")]
    assert lines == [3, 2, 3]  # 2016–2018, 2021–2022, 2023–2025
    found = compare(programme)
    for made in (
        ends_chart(found.outcomes[1], language),
        shares_chart(found.outcomes[1], language),
        gases_chart(found, language),
    ):
        ElementTree.fromstring(made)


def test_the_schema_takes_the_example():
    import jsonschema

    jsonschema.Draft202012Validator(programme_schema()).validate(PROGRAMME)


def _with(group, number, **changes):
    document = _document()
    document[group][number] = {k: v for k, v in (document[group][number] | changes).items() if v is not ...}
    return document


FAULTS = [
    (_document(composition={"food": 0.5, "paper": 0.4}), "circular-parts", "composition"),
    (_document(composition={"foot": 1}), "not-choice", "composition"),
    (_document(composition={}), "programme-composition", "members[0].composition"),
    (_with("members", 0, composition={"food": 1.2}), "circular-document", "members[0].composition.food"),
    (_with("members", 0, rate=...), "programme-generation", "members[0]"),
    (_with("members", 1, rate=0.5), "programme-generation", "members[1]"),
    (_with("members", 1, generation=-5), "circular-document", "members[1].generation"),
    (_with("members", 1, generation="#NUM!"), "circular-number", "members[1].generation"),
    (_with("members", 1, dumped=0.9), "circular-parts", "members[1].dumped"),
    (_with("members", 0, population={"2024": 5}), "stock-path", "members[0].population"),
    (_with("members", 1, id="city"), "circular-twice", "members[1].id"),
    (_with("facilities", 0, member="moon"), "circular-code", "facilities[0].member"),
    (_with("facilities", 0, role="sort"), "not-choice", "facilities[0].role"),
    (_with("facilities", 0, last_year=1700), "circular-document", "facilities[0].last_year"),
    (_with("facilities", 0, first_year=2030, last_year=2020), "circular-years", "facilities[0].last_year"),
    (_with("facilities", 1, id="sorting"), "circular-twice", "facilities[1].id"),
    (_with("exchanges", 0, member="moon"), "circular-code", "exchanges[0].member"),
    (_with("exchanges", 0, amount={"2024": 1}), "stock-path", "exchanges[0].amount"),
    (_with("scenarios", 0, investments=[{"year": 2050, "amount": 1}]), "circular-years",
     "scenarios[0].investments[0].year"),
    (_with("scenarios", 1, closed=["x"]), "circular-code", "scenarios[1].closed"),
    (_with("scenarios", 1, collected={"moon": 1}), "circular-code", "scenarios[1].collected"),
    (_with("scenarios", 1, collecting={"separate": {"food": {"2024": 1}}}), "stock-path",
     "scenarios[1].collecting.separate.food"),
    (_document(landfill={"member": "moon"}), "circular-code", "landfill.member"),
    (_document(landfill={"climate": "arctic"}), "circular-document", "landfill.climate"),
    (_document(landfill={"history": {"2024": 1}}), "circular-years", "landfill.history"),
    (_document(gwp="AR9"), "circular-document", "gwp"),
    (_document(last_year=2020), "circular-years", "last_year"),
    (_document(members=[]), "circular-document", "members"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "code", "field"), FAULTS)
def test_every_fault_is_named_with_its_place(document, code, field):
    with pytest.raises(Refusal) as refused:
        _parsed(document)
    assert (refused.value.code, refused.value.where.field) == (code, field)
    for language in LANGUAGES:
        assert "w.json" in refused.value.text(language)


def test_meters_of_registered_plants_stand_in_place_of_expected_tonnes():
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    plant = {"id": "01H0000000000000000000PLNT", "key": "sorting-1", "family": "waste", "name_ru": "Завод"}
    programme = msgspec.structs.replace(
        starter_programme("KZ-71"),
        facilities=tuple(
            msgspec.structs.replace(one, id=key, register=key, metered={2023: 1.0, 2024: 2.0})
            for one, key in zip(starter_programme("KZ-71").facilities * 2, ("sorting-1", "nothing"), strict=True)
        ),
    )
    with engine.begin() as connection:
        needed = {
            one.name: False if one.type.python_type is bool else ""
            for one in facility.c
            if not one.nullable and one.default is None
        }
        connection.execute(sa.insert(facility).values({**needed, **plant, "level": "public"}))
        for year, value, share in (("2024", "15000000", "0.99"), ("2025", "7", "0.5"), ("2026", "8", None)):
            store(
                connection,
                Figure("waste.received", Subject("facility", plant["id"]), year, int(year), int(year) + 1, "kg",
                       Decimal(value), None, share and Decimal(share), "observed", "m", "1.0.0", {}, ()),
                (), 1,
            )  # fmt: skip
        made = with_meters(connection, programme)
    assert [one.metered for one in made.facilities] == [
        {2023: 1.0, 2024: 15_000_000.0, 2026: 8.0}, {2023: 1.0, 2024: 2.0},
    ]  # fmt: skip
    assert float(run_programme(made).intake["sorting-1"][1]) == 15_000_000
    engine.dispose()


def test_deviations_of_a_programme_are_those_of_random_inputs():
    """Generation, composition, tonnes and recovery drawn at random: what is stated to first order is seen."""
    programme = starter_programme("KZ-75")
    sorting = msgspec.structs.replace(programme.facilities[0], cv=0.03, recovery_cv=0.06)
    small = msgspec.structs.replace(
        programme, composition_cv=0.05, facilities=(sorting,),
        members=(msgspec.structs.replace(programme.members[0], cv=0.04), *programme.members[1:]),
    )  # fmt: skip
    run = run_programme(small)
    stated = programme_deviation(run, 2024)
    random, draws = np.random.default_rng(5), []
    names = ("municipal", "municipal_food", "municipal_recycled_most", "municipal_landfilled")
    for _ in range(90):
        z = random.standard_normal(3 + len(small.composition)).tolist()
        parts = {each: share * (1 + 0.05 * z[3 + at]) for at, (each, share) in enumerate(small.composition.items())}
        plant = msgspec.structs.replace(
            sorting, metered={year: mass * (1 + 0.03 * z[0]) for year, mass in sorting.metered.items()},
            default_recovery=sorting.default_recovery * (1 + 0.06 * z[1]),
        )  # fmt: skip
        city = msgspec.structs.replace(small.members[0], generation=547_500_000 * (1 + 0.04 * z[2]))
        drawn = msgspec.structs.replace(
            small, composition=parts, facilities=(plant,), members=(city, *small.members[1:])
        )  # fmt: skip
        found = quantities_of(2024, waste=run_programme(drawn))
        draws.append([found[name] for name in names])
    np.testing.assert_allclose([stated({name: 1.0}) for name in names], np.std(draws, axis=0), rtol=0.3)
    assert stated({"con.stock": 1.0}) is None
    assert share_deviations(run)["sorted"][0] == pytest.approx(0.05 * run.share("sorted")[0], rel=0.02)


def test_a_programme_that_tells_no_uncertainty_states_none():
    programme = starter_programme("KZ-71")
    plants = tuple(msgspec.structs.replace(one, cv=0.0, recovery_cv=0.0) for one in programme.facilities)
    members = tuple(msgspec.structs.replace(one, cv=0.0) for one in programme.members)
    bare = msgspec.structs.replace(programme, composition_cv=0.0, facilities=plants, members=members)
    assert share_deviations(run_programme(bare)) == {}
    assert programme_deviation(run_programme(bare), 2024)({"municipal": 1.0}) is None
    assert next(compare(bare).rows())["recycled_share_sd"] is None


def test_every_note_of_a_published_number_is_told_in_every_language():
    for one in published_series():
        assert len({bool(text) for text in one.note.values()}) == 1
        assert not one.note["en"] or len(set(one.note.values())) == 3
