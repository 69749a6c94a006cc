"""The construction chain: balances, the published list of Astana, the best use of aggregate, passports, bad input."""

import copy
import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import weibull_min

from jasyl.circular import weibull_of
from jasyl.circular.construction import (
    FATES,
    ORIGINS,
    Maker,
    Use,
    allocate,
    chain_columns,
    chain_deviation,
    chain_fate_chart,
    chain_schema,
    chain_stock_chart,
    material_name,
    material_passport,
    parse_chain,
    published_intensities,
    run_chain,
)
from jasyl.papers import write_csv
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import LANGUAGES, Refusal

LIFE = {"kind": "weibull", "mean": 60, "sd": 18}
CHAIN = {
    "title": "A city", "place": "KZ-71", "first_year": 2020, "last_year": 2040,
    "types": [
        {"id": "panel", "lifetime": LIFE, "construction": "concrete_frame", "site_loss": 0.05},
        {"id": "house", "lifetime": {"kind": "lognormal", "mean": 45, "sd": 20}, "intensities": [
            {"material": "brick", "value": 900, "cv": 0.3, "built_to": 1990},
            {"material": "brick", "value": 500, "cv": 0.2, "built_from": 1991},
            {"material": "wood", "value": 60, "cv": 0.5},
        ]},
    ],
    "floor_area": [
        {"type": "panel", "built_from": 1965, "built_to": 1989, "area": 2e6, "district": "Baikonur", "cv": 0.1},
        {"type": "panel", "built_from": 2000, "built_to": 2019, "area": 5e6, "district": "Yesil"},
        {"type": "house", "built_from": 1981, "built_to": 2000, "area": 4e5, "district": "Baikonur"},
    ],
    "new": [{"type": "panel", "district": "Yesil", "area": {"2020": 3e5, "2040": 1e5}, "between": "linear"}],
    "retrofits": [{"year": 2030, "area": 1e5, "removed": {"wood": 5}, "added": {"insulation": 12}}],
    "fates": {
        "concrete": {"recycle": 0.5, "backfill": 0.2, "landfill": 0.1},
        "brick": {"reuse": 0.1, "recycle": 0.6, "landfill": 0.3, "unknown": 0.0},
    },
    "makers": {"concrete": {"grade": 2, "loss": 0.1, "contamination": 0.05}, "brick": {"grade": 1, "loss": 0.2}},
    "uses": [
        {"id": "structural", "demand": 4e8, "grade": 2, "cap": 0.05},
        {"id": "road-base", "demand": 1e7, "grade": 1, "cap": 0.8},
    ],
    "buildings": [
        {"id": "b1", "title": "School 5", "type": "house", "built": 1985, "area": 3000, "measured": {"brick": 2.5e6},
         "hazards": ["asbestos sheets"], "reusable": ["doors"], "source": "survey of 2026"},
    ],
}  # fmt: skip


def _chain(**changes):
    return copy.deepcopy(CHAIN) | changes


def _parsed(document):
    return parse_chain(json.dumps(document).encode(), "c.json")


@pytest.fixture(scope="module")
def run():
    return run_chain(_parsed(_chain()))


def test_every_kilogram_that_enters_stays_or_leaves(run):
    for material in run.materials:
        change = np.diff(run.stock[material])
        balance = run.inflow[material] - run.waste_of(material)
        np.testing.assert_allclose(change, balance[1:], rtol=1e-9, atol=1e-3)
        fates = sum(run.fate(material, fate) for fate in FATES)
        np.testing.assert_allclose(fates, run.waste_of(material), rtol=1e-12)


def test_areas_and_masses_are_those_of_a_plain_loop(run):
    """Panel houses of Yesil: every year of building on its own, by scipy's distribution."""
    made = weibull_of(60, 18)
    life = weibull_min(float(made.second), scale=float(made.first))
    area = 0.0
    for built in range(2000, 2020):
        area += 5e6 / 20 * life.sf(2040 - built + 0.5) / life.sf(2019 - built + 0.5)
    for year in range(2020, 2041):
        area += (3e5 - (year - 2020) * 1e4) * life.sf(2040 - year + 0.5)
    masses = {(district, material): mass for district, _, material, mass in run.places}
    assert masses["Yesil", "concrete"][-1] == pytest.approx(966 * area, rel=1e-9)


def test_buildings_of_an_era_are_made_of_what_that_era_used(run):
    bricks = [mass for district, kind, material, mass in run.places if (kind, material) == ("house", "brick")]
    assert len(bricks) == 1
    # Half of the rows' years lie before 1991: at the start the mean intensity is the mean of both.
    wood = next(mass for _, kind, material, mass in run.places if (kind, material) == ("house", "wood"))
    assert 60 * bricks[0][0] / wood[0] == pytest.approx(700, rel=0.01)


def test_an_uncertain_intensity_does_not_average_out_over_districts(run):
    alone = _chain(new=[], retrofits=[], types=CHAIN["types"][:1], floor_area=CHAIN["floor_area"][:2], buildings=[])
    found = run_chain(_parsed(alone))
    steel = found.stock["steel"]
    area_part = 49 * 0.1 * 2e6 * np.array(_surviving(found))
    np.testing.assert_allclose(found.stock_sd["steel"], np.hypot(0.4 * steel, area_part), rtol=1e-9)


def _surviving(found):
    old = next(mass for district, _, material, mass in found.places if (district, material) == ("Baikonur", "steel"))
    return old / (49 * 2e6)


def test_site_losses_are_waste_of_the_building_site(run):
    new = np.array([3e5 - at * 1e4 for at in range(21)])
    np.testing.assert_allclose(run.waste["construction"]["concrete"], new * 966 * 0.05, rtol=1e-12)
    np.testing.assert_allclose(run.inflow["concrete"], new * 966 * 1.05, rtol=1e-12)
    assert run.waste["retrofit"]["wood"][10] == 5e5
    assert run.inflow["insulation"][10] == 12e5
    assert set(run.waste) == set(ORIGINS)


def test_indicators_tell_backfilling_apart(run):
    found = run.indicators()
    last = -1
    waste = sum(run.waste_of(one)[last] for one in run.materials)
    strict = sum(run.fate(one, fate)[last] for one in run.materials for fate in ("reuse", "recycle"))
    filled = run.fate("concrete", "backfill")[last]
    assert found["con.rate_strict"][last] == pytest.approx(100 * strict / waste)
    assert found["con.rate"][last] == pytest.approx(100 * (strict + filled) / waste)
    assert 20 < found["con.life"][last] < 80
    assert found["con.mi"][0] == pytest.approx(1.05 * (966 + 234 + 49 + 15))
    assert found["con.sub"][last] == pytest.approx(100 * run.aggregate[last].substitution)


def test_soil_is_left_out_of_recovery_rates():
    listed = {"id": "x", "year": 2020, "masses": {"soil": 9e6, "concrete": 1e6}}
    document = _chain(demolition="list", demolitions=[listed], new=[], retrofits=[])
    assert run_chain(_parsed(document)).indicators()["con.rate"][0] == pytest.approx(70)


def test_the_published_list_of_astana():
    content = (files("jasyl.circular") / "data" / "astana_demolition.json").read_bytes()
    run = run_chain(parse_chain(content))
    total = sum(run.waste_of(one).sum() for one in run.materials)
    recoverable = sum(run.recoverable(one).sum() for one in run.materials)
    assert total == pytest.approx(2571.8e6, rel=1e-9)
    assert 100 * recoverable / total == pytest.approx(67.52, abs=0.005)
    assert run.recoverable("concrete")[0] == pytest.approx(162.42e6, rel=1e-6)
    assert all(run.fate(one, "unknown").sum() == pytest.approx(run.waste_of(one).sum()) for one in run.materials)
    # A list of demolitions says nothing of what stands or is built: no number, not nought.
    assert {(row["stock"], row["stock_sd"], row["inflow"]) for row in run.rows()} == {(None, None, None)}
    assert run.indicators()["con.stock"][0] is None
    assert run.indicators()["con.inflow"][0] is None
    # Concrete is 49 % of the list: between masonry (33 %) and concrete frame (76 %) by the published medians.
    share = run.waste_of("concrete").sum() / total
    ends = []
    for construction in ("masonry", "concrete_frame"):
        made = {one.material: one.kg_per_m2 for one in published_intensities(construction)}
        ends.append(made["concrete"] / sum(made.values()))
    assert ends[0] < share < ends[1]


def test_a_list_takes_down_what_it_names_and_nothing_else():
    listed = [
        {
            "id": "a",
            "type": "panel",
            "district": "Baikonur",
            "year": 2021,
            "last_year": 2022,
            "area": 1e5,
            "built": 1970,
        },
        {"id": "b", "year": 2021, "masses": {"steel": 7e3}},
    ]
    run = run_chain(_parsed(_chain(demolition="list", demolitions=listed, new=[], retrofits=[])))
    assert run.demolished_area.tolist() == [0, 5e4, 5e4, *[0] * 18]
    assert run.area[-1] == pytest.approx(7.4e6 - 1e5)
    assert run.waste["demolition"]["steel"][1] == pytest.approx(5e4 * 49 + 7e3)
    assert run.leaving_age[1:3].tolist() == [51, 52]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abc"), st.floats(0, 100), min_size=1),
    st.lists(st.tuples(st.floats(0, 80), st.integers(1, 4), st.floats(0, 1)), min_size=1, max_size=4),
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)),
)
def test_aggregate_replaces_as_much_as_a_linear_programme_can(recycled, wanted, grades):
    makers = {name: Maker(grade=grade, loss=0.1) for name, grade in zip("abc", grades, strict=True)}
    uses = [Use(id=f"u{n}", demand=demand, grade=grade, cap=cap) for n, (demand, grade, cap) in enumerate(wanted)]
    found = allocate(recycled, makers, uses)
    names = list(recycled)
    pairs = [(name, use) for name in names for use in uses]
    limits = [(0, None if makers[name].grade >= use.grade else 0) for name, use in pairs]
    by_source = [[float(pair[0] == name) for pair in pairs] for name in names]
    by_use = [[float(pair[1] is use) for pair in pairs] for use in uses]
    bounds = [recycled[name] * 0.9 for name in names] + [use.demand * use.cap for use in uses]
    best = linprog([-1.0] * len(pairs), A_ub=by_source + by_use, b_ub=bounds, bounds=limits)
    assert sum(found.used.values()) == pytest.approx(-best.fun, abs=1e-6)
    for use in uses:
        assert found.used[use.id] <= use.demand * use.cap + 1e-9
    kept = sum(found.used.values()) + found.surplus + found.lost + found.contamination
    assert kept == pytest.approx(sum(recycled.values()), abs=1e-6)


def test_the_passport_tells_measured_from_assumed():
    made = material_passport(_parsed(_chain()), "b1")
    brick, wood = made["materials"]
    assert (brick["kg"], brick["sd_kg"], brick["kind"]) == (2_500_000, None, "observed")
    assert (wood["kg"], wood["sd_kg"], wood["kind"]) == (180_000, 90_000, "assumed")
    assert (made["total_kg"], made["measured_kg"]) == (2_680_000, 2_500_000)
    body = {key: value for key, value in made.items() if key != "sha256"}
    assert made["sha256"] == sha256_hex(canonical_json(body))
    with pytest.raises(Refusal, match="b1"):
        material_passport(_parsed(_chain()), "b2")


def test_rows_and_pictures(run):
    rows = list(run.rows())
    assert len(rows) == 21 * len(run.materials)
    written = b"".join(write_csv(chain_columns(), rows, "ru")).decode()
    assert "судьба неизвестна, т" in written.splitlines()[0]
    for language in LANGUAGES:
        assert material_name("brick", language) in chain_stock_chart(run, language)
        assert material_name("straw", language) == "straw"
        assert "<polygon" in chain_fate_chart(run, language)
    json.dumps(run.as_data())


def test_the_schema_takes_the_example():
    import jsonschema

    jsonschema.Draft202012Validator(chain_schema()).validate(CHAIN)


def _with(group, number, **changes):
    document = _chain()
    document[group][number] = {k: v for k, v in (document[group][number] | changes).items() if v is not ...}
    return document


def _listed(**entry):
    return _chain(demolition="list", new=[], retrofits=[], demolitions=[{"id": "d", "year": 2025, **entry}])


FAULTS = [
    (_with("types", 0, construction=...), "construction-intensities", "types[0]"),
    (_with("types", 0, intensities=[{"material": "x", "value": 1}]), "construction-intensities", "types[0]"),
    (_with("types", 0, lifetime={"kind": "normal", "mean": 4}), "stock-lifetime-given", "types[0].lifetime.sd"),
    (_with("types", 1, intensities=[{"material": "x", "value": 1}] * 2), "circular-twice", "types[1].intensities[1]"),
    (
        _with("types", 1, intensities=[{"material": "x", "value": -1}]),
        "circular-document",
        "types[1].intensities[0].value",
    ),
    (_with("types", 1, id="panel"), "circular-twice", "types[1].id"),
    (_with("floor_area", 0, type="tower"), "circular-code", "floor_area[0].type"),
    (_with("floor_area", 0, built_to=2020), "circular-years", "floor_area[0].built_to"),
    (_with("new", 0, between="given"), "stock-year-missing", "new[0].area"),
    (_with("new", 0, area={"2020": 1}), "stock-path", "new[0].area"),
    (_with("retrofits", 0, year=2050), "circular-years", "retrofits[0].year"),
    (_with("retrofits", 0, removed={"wood": 1e9}), "construction-removed-more", "retrofits[0].removed"),
    (_with("retrofits", 0, area=1e9), "construction-retrofit-area", "retrofits[0].area"),
    (_with("retrofits", 0, type="nothing"), "circular-code", "retrofits[0].type"),
    (_with("buildings", 0, type="tower"), "circular-code", "buildings[0].type"),
    (_chain(fates={"wood": {"recycle": 0.7, "landfill": 0.4}}), "circular-parts", "fates.wood"),
    (_chain(fates={"concret": {"recycle": 0.7}}), "circular-code", "fates.concret"),
    (_chain(fates={"wood": {"recycle": 0.7, "unknown": 0.1}}), "circular-parts", "fates.wood"),
    (_chain(makers={"brick": {"grade": 1, "loss": 0.7, "contamination": 0.5}}), "circular-parts", "makers.brick"),
    (_chain(last_year=2019), "circular-years", "last_year"),
    (_chain(demolitions=[{"id": "d", "year": 2025, "masses": {"x": 1}}]), "construction-list-unused", "demolitions"),
    (_listed(), "construction-demolition", "demolitions[0]"),
    (_listed(area=5), "construction-demolition", "demolitions[0]"),
    (_listed(masses={"x": 1}, last_year=2060), "circular-years", "demolitions[0].year"),
    (_listed(type="house", area=5), "construction-built", "demolitions[0].built"),
    (_listed(type="house", area=5e6, built=1985, district="Baikonur"), "construction-demolished-more", "demolitions"),
]


@pytest.mark.parametrize(("document", "code", "field"), FAULTS)
def test_every_fault_is_named_with_its_place(document, code, field):
    with pytest.raises(Refusal) as refused:
        run_chain(_parsed(document), "c.json")
    assert (refused.value.code, refused.value.where.field, refused.value.where.file) == (code, field, "c.json")
    for language in LANGUAGES:
        assert refused.value.text(language)


def test_shares_within_rounding_are_taken_as_one():
    run = run_chain(_parsed(_chain(fates={"concrete": {"recycle": 0.668, "landfill": 0.335}})))
    waste = run.waste_of("concrete")
    np.testing.assert_allclose(sum(run.fate("concrete", fate) for fate in FATES), waste, rtol=1e-12)


def test_a_chain_without_buildings_is_empty_not_wrong():
    run = run_chain(_parsed({"title": "t", "place": "KZ-71", "first_year": 2020, "last_year": 2021}))
    assert run.materials == ()
    assert run.indicators()["con.rate"] == [None, None]


RENEWED = _chain(
    new=[*CHAIN["new"], {"type": "house", "area": {"2020": 2e4, "2040": 2e4}, "between": "linear"}],
    retrofits=[
        {"year": 2024, "area": 2e5, "type": "panel", "district": "Baikonur", "built_to": 1975, "cv": 0.2,
         "removed": {"steel": 1.5}, "added": {"insulation": 12}},
        {"year": 2030, "area": 1e5, "type": "house", "removed": {"wood": 20}, "added": {"insulation": 8, "wood": 5}},
        {"year": 2036, "area": 5e4, "type": "panel", "district": "Baikonur", "built_to": 1975,
         "removed": {"insulation": 1}},
    ],
)  # fmt: skip
LISTED = RENEWED | {"demolition": "list", "demolitions": [
    {"id": "a", "year": 2026, "last_year": 2038, "type": "panel", "built": 1970, "area": 8e5, "district": "Baikonur"},
    {"id": "b", "year": 2035, "type": "panel", "built": 2010, "area": 6e5, "district": "Yesil", "cv": 0.3},
]}  # fmt: skip


@pytest.mark.parametrize("document", [RENEWED, LISTED])
def test_what_retrofits_put_in_comes_down_with_its_buildings(document):
    run = run_chain(_parsed(document))
    for material in run.materials:
        stock = run.stock[material]
        size = 1e-9 * (1 + stock.max())
        np.testing.assert_allclose(np.diff(stock), (run.inflow[material] - run.waste_of(material))[1:], atol=size)
        by_cohort = sum(mass for (_, held), mass in run.built.items() if held == material)
        np.testing.assert_allclose(by_cohort, stock, atol=size)
        by_place = sum(mass for *_, held, mass in run.places if held == material)
        np.testing.assert_allclose(by_place, stock, atol=size)
    assert (run.waste["demolition"]["insulation"][5:] > 0).sum() > 5
    assert {built for built, material in run.built if material == "insulation"} <= set(range(1965, 2031))
    assert (2031, "insulation") not in run.built


def test_insulation_leaves_as_the_area_it_lies_in():
    """One year of building, renewed once: what is left of it is the share of the area that is left."""
    area = [{"type": "panel", "built_from": 1970, "built_to": 1970, "area": 1e6, "cv": 0.1}]
    renewal = [{"year": 2022, "area": 3e5, "added": {"insulation": 10}, "cv": 0.5}]
    run = run_chain(_parsed(_chain(floor_area=area, new=[], retrofits=renewal, types=CHAIN["types"][:1], buildings=[])))
    left = run.area / run.area[2]
    np.testing.assert_allclose(run.stock["insulation"][2:], 3e6 * left[2:], rtol=1e-12)
    np.testing.assert_allclose(run.waste["demolition"]["insulation"][3:], -3e6 * np.diff(left[2:]), rtol=1e-9)
    np.testing.assert_allclose(run.stock_sd["insulation"], 0.5 * run.stock["insulation"], rtol=1e-12)


def test_deviations_of_indicators_are_those_of_random_inputs():
    """Intensities, floor area, masses of a list and fates drawn at random: what is stated to first order is seen."""
    document = _chain(
        demolition="list", retrofits=[], buildings=[], uses=[{"id": "road", "demand": 1e10, "grade": 1, "cap": 0.8}],
        demolitions=[{"id": "s", "year": 2025, "masses": {"concrete": 3e8, "brick": 2e8}, "cv": 0.06},
                     {"id": "p", "year": 2025, "type": "panel", "built": 1970, "area": 3e5, "district": "Baikonur"}],
        types=[{"id": "panel", "lifetime": LIFE, "site_loss": 0.05, "intensities": [
                   {"material": "concrete", "value": 900, "cv": 0.05}, {"material": "steel", "value": 50, "cv": 0.1}]},
               {"id": "house", "lifetime": LIFE, "intensities": [{"material": "brick", "value": 700, "cv": 0.1}]}],
    )  # fmt: skip
    document["fates"]["concrete"]["cv"] = 0.04
    known = run_chain(_parsed(document))
    stated = chain_deviation(known, 2025)
    random, draws = np.random.default_rng(3), []
    for _ in range(120):
        drawn = copy.deepcopy(document)
        for kind in drawn["types"]:
            for one in kind["intensities"]:
                one["value"] *= 1 + one["cv"] * random.standard_normal()
        for one in drawn["floor_area"]:
            one["area"] *= 1 + one.get("cv", 0) * random.standard_normal()
        factor = 1 + 0.06 * random.standard_normal()
        drawn["demolitions"][0]["masses"] = {
            key: factor * mass for key, mass in document["demolitions"][0]["masses"].items()
        }
        told = 1 + 0.04 * random.standard_normal()
        for fate in ("recycle", "backfill"):
            drawn["fates"]["concrete"][fate] *= told
        found = run_chain(_parsed(drawn)).indicators()
        draws.append([found[name][5] for name in _UNCERTAIN])
    seen = np.std(draws, axis=0)
    np.testing.assert_allclose([stated({name: 1.0}) for name in _UNCERTAIN], seen, rtol=0.3)
    assert stated({"con.stock": 1e-3}) == pytest.approx(stated({"con.stock": 1.0}) / 1e3)
    assert stated({"con.life": 1.0}) is None
    assert stated({"municipal": 1.0}) is None


_UNCERTAIN = ("con.stock", "con.inflow", "con.demolition", "con.rate", "con.rate_strict", "con.mi", "con.sub")
