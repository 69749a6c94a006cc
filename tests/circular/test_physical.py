"""Physical tables, EW-MFA and indicators over a reconciled account: identities, definitions, what is missing."""

import copy
import json

import numpy as np
import pytest
from scipy.sparse import csr_array

from jasyl.circular.account import parse_account
from jasyl.circular.construction import parse_chain, run_chain
from jasyl.circular.documents import convert_document
from jasyl.circular.physical import (
    DRIVERS,
    FORMULAS,
    IndicatorInputs,
    deviation_in,
    economy_flows,
    examine_inputs,
    indicator_columns,
    indicators_of,
    inputs_schema,
    quantities_of,
    reconciled_table,
    table_columns,
)
from jasyl.circular.reconciled import reconcile_account
from jasyl.circular.waste import run_programme, starter_programme
from jasyl.indicators import catalogue
from jasyl.papers import write_csv
from jasyl.texts import LANGUAGES, Refusal


def _flow(name, source, target, material):
    return {"id": name, "source": source, "target": target, "material": material}


def _seen(of, value, sd, **more):
    return {"of": of, "period": "2024", "value": value, "unit": "kt", "sd": sd, "source": "an example", **more}


WASTE_CODE = {"scheme": "EWC", "value": "20 03 01"}
CITY = {
    "id": "town", "title": "A town", "place": "KZ-71", "periods": ["2024"],
    "processes": [
        {"id": "nature", "sector": "environment", "balance": False},
        {"id": "abroad", "sector": "rest_of_world", "balance": False},
        {"id": "industry", "sector": "F"}, {"id": "homes", "sector": "households"},
        {"id": "recyclers", "sector": "recycling"}, {"id": "landfill", "sector": "landfill"},
    ],
    "materials": [
        {"id": "stone", "code": {"scheme": "EW-MFA", "value": "MF.3.8"}}, {"id": "fuel"}, {"id": "goods"},
        {"id": "oxygen", "code": {"scheme": "EW-MFA", "value": "MF.8.1.1"}}, {"id": "secondary"},
        {"id": "exhaust", "code": {"scheme": "EW-MFA", "value": "MF.7.1"}}, {"id": "waste", "code": WASTE_CODE},
        {"id": "carbon", "layer": "substance"},
    ],
    "flows": [
        _flow("quarried", "nature", "industry", "stone"), _flow("fuel-in", "abroad", "industry", "fuel"),
        _flow("air", "nature", "industry", "oxygen"), _flow("exhaust", "industry", "nature", "exhaust"),
        _flow("sold", "industry", "homes", "goods"), _flow("shipped", "industry", "abroad", "goods"),
        _flow("bought", "abroad", "homes", "goods"), _flow("scrap", "homes", "recyclers", "waste"),
        _flow("rubbish", "homes", "landfill", "waste"), _flow("scrap-in", "abroad", "recyclers", "waste"),
        _flow("scrap-out", "homes", "abroad", "waste"), _flow("secondary", "recyclers", "industry", "secondary"),
        _flow("carbon", "industry", "homes", "carbon"),
    ],
    "stocks": [{"id": "houses", "process": "homes"}, {"id": "heap", "process": "landfill"}],
    "observations": [
        _seen("quarried", 400, 40), _seen("fuel-in", 100, 5), _seen("air", 250, 25), _seen("exhaust", 340, 20),
        _seen("sold", 380, 30), _seen("shipped", 90, 9), _seen("bought", 120, 12), _seen("scrap", 60, 6),
        _seen("rubbish", 150, 15), _seen("scrap-in", 10, 1), _seen("scrap-out", 5, 0.5), _seen("secondary", 66, 6),
        _seen("carbon", 30, 3),
    ],
}  # fmt: skip


def _account(change=None):
    document = copy.deepcopy(CITY)
    if change:
        change(document)
    return parse_account(json.dumps(document).encode())


@pytest.fixture(scope="module")
def table():
    return reconciled_table(reconcile_account(_account()), "2024")


def test_identities_hold_after_reconciliation_to_a_millionth(table):
    found = (*table.identities(), economy_flows(table).identity())
    assert {one.kind for one in found} == {"material", "process", "economy"}
    assert len([one for one in found if one.kind == "process"]) == 4
    assert max(one.apart for one in found) < 1e-6
    assert all(one.holds for one in found)
    observed = {one["of"]: one["value"] for one in CITY["observations"]}
    moved = [one for one in table.flows if abs(one.kg / 1e6 - observed[one.flow]) > 1e-3]
    assert len(moved) > 5  # the statements alone do not balance


def test_substances_stand_in_no_table_of_mass(table):
    assert "carbon" not in table.materials
    assert np.isfinite(table.supply()).all()
    np.testing.assert_allclose(table.supply().sum(), table.use().sum())


def test_sums_of_the_economy_are_those_of_the_handbook(table):
    kg = {one.flow: one.kg for one in table.flows}
    found = economy_flows(table)
    assert pytest.approx(kg["quarried"]) == found.DE  # oxygen is a balancing item
    assert found.BI_in == pytest.approx(kg["air"])
    assert pytest.approx(kg["fuel-in"] + kg["bought"] + kg["scrap-in"]) == found.IMP
    assert pytest.approx(kg["shipped"] + kg["scrap-out"]) == found.EXP
    assert pytest.approx(kg["exhaust"]) == found.DPO  # the landfill keeps its waste within the economy
    assert pytest.approx(found.DE + found.IMP - found.EXP) == found.DMC
    assert pytest.approx(found.IMP - found.EXP) == found.PTB
    assert pytest.approx(kg["scrap"] + kg["scrap-in"] - kg["scrap-in"] + kg["scrap-out"]) == found.U
    assert pytest.approx(kg["secondary"]) == found.SM
    assert found.waste == pytest.approx(kg["scrap"] + kg["rubbish"] + kg["scrap-out"])


def test_an_account_that_begins_within_the_economy_gives_no_such_sums():
    def opened(document):
        document["processes"][0].pop("sector")

    table = reconciled_table(reconcile_account(_account(opened)), "2024")
    found = economy_flows(table)
    assert table.open == ("nature",)
    assert (found.DMI, found.NAS) == (None, None)
    assert found.waste is not None
    assert economy_flows(table).identity().holds is None


def test_what_is_not_determined_is_never_zero():
    def unseen(document):
        document["observations"] = [one for one in document["observations"] if one["of"] not in ("shipped", "sold")]
        document["stocks"].append({"id": "store", "process": "industry"})

    table = reconciled_table(reconcile_account(_account(unseen)), "2024")
    found = economy_flows(table)
    assert found.EXP is None
    assert found.DMC is None
    assert found.IMP is not None
    values = {one.id: one for one in indicators_of(quantities_of(2024, table=table))}
    assert values["mfa.DMC"].value is None
    assert values["mfa.DMC"].missing == ("DMC",)


def _inputs(**changes):
    drivers = {"population": {"value": 1e6, "source": "s"}, "gdp": {"value": 2e12, "source": "s"},
               "gva": {"value": 1.8e12, "source": "s"}, "energy_input": {"value": 3e9, "source": "s"},
               "inflow_base": {"value": 5e8, "source": "s"}, "gva_base": {"value": 1.5e12, "source": "s"}}  # fmt: skip
    document = {"drivers": drivers, "content": {"bought": {"recycled": 0.25}}} | changes
    return convert_document(document, IndicatorInputs)


def test_indicators_say_value_and_inputs_or_what_is_missing(table):
    given = _inputs()
    examine_inputs(given, _account())
    economy, kg = economy_flows(table), {one.flow: one.kg for one in table.flows}
    found = {one.id: one for one in indicators_of(quantities_of(2024, table=table, inputs=given))}
    assert found["eu.1b"].value == pytest.approx(2e12 / economy.DMC)
    assert found["eu.6a"].value == pytest.approx(100 * economy.U / (economy.DMC + economy.U))
    assert found["eu.11a"].value == pytest.approx(100 * economy.IMP / economy.DMI)
    assert found["mfa.DMC"].value == pytest.approx(economy.DMC / 1000)
    assert found["iso.in.recycled"].value == pytest.approx(25 * kg["bought"] / economy.DMI)
    assert found["iso.eco.intensity"].value == pytest.approx((economy.DMI / 5e8) / (1.8 / 1.5))
    assert found["eu.8b"].missing == ("circular_jobs", "employment")
    assert found["eu.6a"].used == {"U": economy.U, "DMC_and_U": pytest.approx(economy.DMC + economy.U)}


def test_indicators_carry_the_covariance_of_the_reconciled_flows():
    found = reconcile_account(_account())
    table = reconciled_table(found, "2024")
    economy = economy_flows(table)
    ids = [one.flow for one in table.flows]
    every = np.zeros((len(ids), len(found.network.variables)))
    for at, flow in enumerate(ids):
        every[at, found.network.variable("flow", flow, "2024")] = 1.0
    covariance = found.linear.covariance(csr_array(every))
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), [found.value("flow", one, "2024")[1] for one in ids])
    known = quantities_of(2024, table=table, inputs=_inputs())
    values = {one.id: one for one in indicators_of(known, deviation_in(found, "2024", economy))}
    sums = {name: np.array([(economy.flows_of(name) or {}).get(one, 0.0) for one in ids]) for name in ("DMC", "DMI")}
    assert values["mfa.DMC"].deviation == pytest.approx(np.sqrt(sums["DMC"] @ covariance @ sums["DMC"]) / 1000)
    # Imports over DMI move together: the slope of the ratio, not two errors side by side.
    imports = np.array([(economy.flows_of("IMP") or {}).get(one, 0.0) for one in ids])
    slope = 100 * (imports - economy.IMP / economy.DMI * sums["DMI"]) / economy.DMI
    assert values["eu.11a"].deviation == pytest.approx(np.sqrt(slope @ covariance @ slope))
    alone = np.sqrt(sums["DMC"] ** 2 @ np.diag(covariance)) / 1000
    assert values["mfa.DMC"].deviation < 0.97 * alone  # the balances have tied the errors of its flows
    assert values["eu.1b"].deviation / values["eu.1b"].value == pytest.approx(
        values["mfa.DMC"].deviation / values["mfa.DMC"].value
    )
    assert values["met.eff.energy"].deviation is None  # drivers alone
    assert values["iso.in.recycled"].deviation is None  # a stated share of a flow


def test_a_share_of_what_it_is_a_part_of_has_the_slope_of_both():
    # diverted = (municipal - landfilled) / municipal: municipal is the numerator and the denominator
    slopes = {}
    indicators_of(
        {"municipal": 200.0, "municipal_landfilled": 150.0},
        lambda weights: slopes.update(weights) or 1.0,
        [one for one in FORMULAS if one.id == "oecd.env.diverted"],
    )
    assert slopes == pytest.approx({"municipal": 100 * 150 / 200**2, "municipal_landfilled": -100 / 200})


def test_resources_are_told_apart_and_never_added(table):
    found = {one.id: one for one in indicators_of(quantities_of(2024, table=table, inputs=_inputs()))}
    assert found["met.eff.material"].unit != found["met.eff.energy"].unit
    assert found["met.eff.energy"].value == pytest.approx(600)
    assert found["met.eff.water"].value is None
    assert "met.eff" not in found


def test_municipal_waste_and_construction_come_from_their_own_models():
    waste = run_programme(starter_programme("KZ-71"))
    chain = {"title": "c", "place": "KZ-71", "first_year": 2023, "last_year": 2025, "demolition": "list",
             "demolitions": [{"id": "d", "year": 2024, "masses": {"concrete": 1e6}}],
             "fates": {"concrete": {"recycle": 0.4, "backfill": 0.3}}}  # fmt: skip
    run = run_chain(parse_chain(json.dumps(chain).encode()))
    found = {
        one.id: one for one in indicators_of(quantities_of(2024, waste=waste, chain=run, inputs=_inputs(content={})))
    }
    assert found["eu.3c"].value == pytest.approx(550)
    assert (found["eu.4a"].value, found["eu.4a"].most) == (0, pytest.approx(17, abs=0.01))
    assert (found["con.rate"].value, found["con.rate_strict"].value) == (pytest.approx(70), pytest.approx(40))
    assert found["oecd.env.cdw"].value == pytest.approx(70)
    assert found["mfa.DMC"].missing == ("DMC",)


def test_every_formula_is_of_the_catalogue_and_none_stands_twice():
    ids = [one.id for one in FORMULAS]
    assert len(ids) == len(set(ids))
    assert all(map(catalogue("circular").has, ids))
    assert {name for one in FORMULAS for name in (one.numerator, one.denominator, one.less)} & set(DRIVERS)


def test_tables_and_indicators_as_files(table):
    rows = list(table.rows())
    found = [one.as_row("KZ-71", "2024") for one in indicators_of(quantities_of(2024, table=table))]
    for language in LANGUAGES:
        assert b"".join(write_csv(table_columns(), rows, language)).count(b"\n") == len(rows) + 1
        assert b"".join(write_csv(indicator_columns(), found, language)).count(b"\n") == len(FORMULAS) + 1
    json.dumps(table.as_data())
    assert inputs_schema()["$schema"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"drivers": {"people": {"value": 1, "source": "s"}}}, "circular-code", "drivers.people"),
        ({"drivers": {"gdp": {"value": -1, "source": "s"}}}, "circular-document", "drivers.gdp.value"),
        ({"drivers": {"gdp": {"value": 1}}}, "field-missing", "drivers.gdp"),
        ({"content": {"moon": {"recycled": 0.1}}}, "circular-code", "content.moon"),
        ({"content": {"bought": {"recycled": 0.6, "reused": 0.6}}}, "circular-parts", "content.bought"),
        ({"content": {"bought": {"recycled": 1.6}}}, "circular-document", "content.bought.recycled"),
    ],
)
def test_inputs_that_cannot_be_are_refused(changes, code, field):
    with pytest.raises(Refusal) as refused:
        examine_inputs(_inputs(**changes), _account())
    assert (refused.value.code, refused.value.where.field) == (code, field)
