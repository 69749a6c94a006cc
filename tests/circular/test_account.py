"""Accounts: what is refused, by name and place, and what reconciliation makes of one."""

import copy
import json

import numpy as np
import pytest
from tests.circular_accounts import WASTE

from jasyl.circular.account import Account, account_data, account_schema, parse_account
from jasyl.circular.account_checks import examine_account
from jasyl.circular.pedigree import Pedigree, PedigreeTable, coefficient_of_variation
from jasyl.circular.reconciled import Reconciled, reconcile_account, shown_in, what_if_left_out
from jasyl.texts import LANGUAGES, Refusal, write_number


def account(change=None) -> Account:
    document = copy.deepcopy(WASTE)
    if change:
        change(document)
    return parse_account(json.dumps(document).encode(), "demo.json")


def faults(change) -> list[Refusal]:
    try:
        return examine_account(account(change))
    except Refusal as refusal:
        return [refusal]


def set_in(*path, to):
    def change(document):
        held = document
        for step in path[:-1]:
            held = held[step]
        held[path[-1]] = to

    return change


def more(section, **part):
    return lambda document: document.setdefault(section, []).append(part)


def with_heat(kind, **relation):
    """A relation with a flow of energy in it."""

    def change(document):
        more("flows", id="heat", source="sorting", target="market", material="heat")(document)
        more("relations", id="r", type=kind, **relation)(document)

    return change


OBSERVED = {"of": "sold", "period": "2023", "unit": "t", "source": "x"}
BAD = [
    (set_in("flows", 0, "material", to="plastic"), "circular-unknown-code", "flows[0].material"),
    (set_in("flows", 0, "target", to="nowhere"), "circular-unknown-code", "flows[0].target"),
    (set_in("observations", 0, "of", to="unknown"), "circular-unknown-code", "observations[0].of"),
    (set_in("observations", 0, "period", to="2030"), "circular-unknown-code", "observations[0].period"),
    (set_in("processes", 1, "region", to="north"), "circular-unknown-code", "processes[1].region"),
    (set_in("materials", 0, "parent", to="msw"), "circular-parent-loop", "materials[0].parent"),
    (set_in("flows", 0, "target", to="city"), "circular-flow-to-itself", "flows[0].target"),
    (set_in("flows", 1, "id", to="collected"), "circular-twice", "flows[1].id"),
    (set_in("observations", 1, "id", to="a"), "circular-twice", "observations[1].id"),
    (set_in("periods", to=["2023", "2023"]), "circular-twice", "periods[0]"),
    (more("observations", **{**WASTE["observations"][0], "id": "c"}), "circular-twice", "observations[7].of"),
    (set_in("observations", 0, "unit", to="MWh"), "circular-unit", "observations[0].unit"),
    (set_in("observations", 0, "unit", to="furlong"), "unknown-unit", "observations[0].unit"),
    (set_in("observations", 0, "unit", to="m3"), "circular-density-missing", "observations[0].unit"),
    (set_in("observations", 3, "unit", to="t"), "circular-coefficient-unit", "observations[3].unit"),
    (set_in("observations", 0, "value", to="#NUM!"), "circular-number", "observations[0].value"),
    (set_in("observations", 0, "value", to="NaN"), "circular-number", "observations[0].value"),
    (set_in("observations", 0, "value", to=-5), "circular-negative", "observations[0].value"),
    (set_in("observations", 0, "value", to=None), "circular-value-missing", "observations[0].value"),
    (set_in("observations", 0, "sd", to=5), "circular-spread", "observations[0].sd"),
    (set_in("observations", 0, "cv", to=None), "circular-spread", "observations[0].sd"),
    (set_in("observations", 0, "cv", to=-0.1), "circular-spread-negative", "observations[0].cv"),
    (set_in("observations", 0, "distribution", to="exact"), "circular-spread-of-exact", "observations[0].cv"),
    (more("observations", **OBSERVED, value=0, cv=1, distribution="lognormal"), "circular-lognormal",
     "observations[7].value"),
    (more("observations", **OBSERVED, low=5, high=2, distribution="interval"), "circular-interval",
     "observations[7].low"),
    (more("observations", **OBSERVED, low=5, high=7, value=9, distribution="interval"), "circular-interval",
     "observations[7].value"),
    (more("observations", **OBSERVED, value=1, sd=1, quantity="level"), "circular-level-of-flow",
     "observations[7].quantity"),
    (set_in("observations", 3, "value", to=730), "circular-share-range", "observations[3].value"),
    (more("relations", id="r", type="equality"), "circular-relation-empty", "relations[2].terms"),
    (more("relations", id="r", type="share", of=["sold"]), "circular-relation-empty", "relations[2].results"),
    (more("relations", id="r", type="share", of=["sold"], results=["sold"]), "circular-relation-self",
     "relations[2].results"),
    (set_in("relations", 1, "results", to=["residue"]), "circular-concentration-layer", "relations[1].results"),
    (with_heat("share", results=["heat"], of=["sold"]), "circular-mixed-measures", "relations[2].results"),
    (with_heat("equality", terms=[{"of": "heat"}, {"of": "sold"}]), "circular-mixed-measures", "relations[2].terms"),
    (more("relations", id="r", type="equality", terms=[{"of": "sold"}], constant=1, unit="kWh"), "circular-unit",
     "relations[2].unit"),
    (more("relations", id="r", type="equality", terms=[{"of": "sold"}], constant=1), "unknown-unit",
     "relations[2].unit"),
    (set_in("observations", 0, "value", to="1e400"), "circular-number-large", "observations[0].value"),
    (set_in("unit", to="furlong"), "unknown-unit", "unit"),
    (set_in("unit", to="m3"), "circular-unit", "unit"),
    (more("correlations", id="g", members=["a"], rho=0.5), "circular-correlation-members", "correlations[0].members"),
    (more("correlations", id="g", members=["a", "z"], rho=0.5), "circular-unknown-code", "correlations[0].members"),
    (more("correlations", id="g", members=["a", "b"], rho=1.5), "circular-correlation", "correlations[0].rho"),
    (set_in("observations", 0, "valeu", to=3), "field-unknown", "observations[0]"),
    (set_in("observations", 0, "source", to=""), "circular-document", "observations[0].source"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "place"), BAD)
def test_bad_input_is_named_and_located(change, code, place):
    found = faults(change)
    assert (code, place) in [(one.code, one.where.field) for one in found]
    for language in LANGUAGES:
        text = next(one for one in found if one.code == code).text(language)
        assert "refusal" not in text
        assert len(text) > 40


def test_shares_must_make_up_one():
    def change(document, food=0.5):
        for name, share in (("food", food), ("rest", 0.46)):
            flow = {"id": name, "source": "market", "target": "city", "material": "msw"}
            document["flows"].append(flow)
            document["relations"].append(
                {"id": f"share-{name}", "type": "share", "results": [name], "of": ["collected"], "group": "composition"}
            )
            document["observations"].append(
                {"of": f"share-{name}", "period": "2023", "value": share, "unit": "1", "cv": 0.1, "source": "s"}
            )

    found = faults(change)
    assert [one.code for one in found] == ["circular-shares"]
    assert (found[0].where.field, found[0].arguments["expected"]) == ("observations[7].value", "composition 2023")
    for language in LANGUAGES:
        assert write_number(language, 0.96, 2) in found[0].text(language)
    assert faults(lambda document: change(document, 0.544)) == []

    def partly(document, rest):
        change(document, 0.3)
        document["observations"][-1]["value"] = rest
        document["relations"].append(
            {"id": "share-other", "type": "share", "results": ["direct"], "of": ["collected"], "group": "composition"}
        )

    def exactly(document, food):
        change(document, food)
        for one in document["observations"][-2:]:
            del one["cv"]
            one["distribution"] = "exact"

    assert [one.code for one in faults(lambda document: exactly(document, 0.541))] == ["circular-shares-exact"]
    assert faults(lambda document: exactly(document, 0.54)) == []
    assert faults(lambda document: partly(document, 0.6)) == []  # one share is not stated
    assert [one.code for one in faults(lambda document: partly(document, 0.8))] == ["circular-shares"]


def refused(change) -> Refusal:
    with pytest.raises(Refusal) as caught:
        reconcile_account(account(change))
    return caught.value


def test_nothing_measured_is_refused():
    assert refused(set_in("observations", to=[])).code == "circular-nothing-measured"

    def only_a_coefficient(document):
        document["observations"] = [one for one in document["observations"] if one["of"] == "yield"]

    assert refused(only_a_coefficient).code == "circular-nothing-measured"


def test_exact_values_that_contradict_are_named():
    def exact(document):
        document["observations"] = [
            {"of": name, "period": "2023", "value": value, "unit": "kt", "distribution": "exact", "source": "x"}
            for name, value in (("collected", 500), ("to-sorting", 400), ("direct", 150))
        ]

    refusal = refused(exact)
    assert refusal.code == "circular-contradiction"
    assert refusal.where.field == "collected 2023, to-sorting 2023, direct 2023"
    assert refusal.arguments["received"] == "50000 t"  # in the unit of the account
    assert refusal.arguments["expected"] == "collection 2023"


def test_relations_that_contradict_each_other_are_named():
    def apart(document):
        for name, constant in (("five", 5), ("seven", 7)):
            terms = [{"of": "collected", "factor": 2}, {"of": "direct", "factor": -1}]
            more("relations", id=name, type="equality", terms=terms, constant=constant, unit="kt")(document)

    refusal = refused(apart)
    assert (refusal.code, refusal.where.field) == ("circular-relations-apart", "relations")
    assert refusal.arguments["received"] == "2000 t"
    assert refusal.arguments["expected"] == "five 2023, seven 2023"


def test_a_cycle_of_coefficients_that_passes_everything_on_is_singular():
    def loop(document):
        document["flows"] += [
            {"id": "forth", "source": "collection", "target": "sorting", "material": "msw"},
            {"id": "back", "source": "sorting", "target": "collection", "material": "msw"},
        ]
        document["flows"] = [one for one in document["flows"] if one["id"] in ("forth", "back")]
        document["stocks"], document["relations"] = (
            [],
            [
                {"id": "all-forth", "type": "transfer", "results": ["forth"], "of": ["back"]},
                {"id": "all-back", "type": "transfer", "results": ["back"], "of": ["forth"]},
            ],
        )
        document["observations"] = [
            {"of": name, "period": "2023", "value": 1, "unit": "1", "distribution": "exact", "source": "x"}
            for name in ("all-forth", "all-back")
        ]

    assert refused(loop).code == "circular-relation-singular"


def row(found: Reconciled, status: str, of: str, period: str = "2023"):
    every = [one for one in found.rows if (one.status, one.of, one.period) == (status, of, period)]
    return shown_in(every[0], found.account)


def test_an_account_reconciled():
    found = reconcile_account(account())
    assert found.test.freedom == 2
    assert found.test.passed
    # 500 - 412.6 - 150 = -62.6 is spread by variance: 2500, 400, 225 of 3125
    assert row(found, "observed", "collected").value == pytest.approx(500_000)
    assert row(found, "reconciled", "collected").value == pytest.approx(500_000 + 62_600 * 2500 / 3125)
    assert row(found, "reconciled", "direct").value == pytest.approx(150_000 - 62_600 * 225 / 3125)
    sold = row(found, "modelled", "sold")
    assert sold.value == pytest.approx(0.073 * row(found, "reconciled", "to-sorting").value)
    assert sold.standing == "observable"
    assert row(found, "modelled", "carbon-sold").value == pytest.approx(0.4 * sold.value)
    assert row(found, "modelled", "direct", "2024").value is None
    assert row(found, "modelled", "direct", "2024").standing == "unobservable"
    # two sources of one value: the mean weighted by precision
    spread = np.array([540 * 0.068, 56.0])
    mean = (np.array([540, 560]) / spread**2).sum() / (1 / spread**2).sum()
    assert row(found, "reconciled", "collected", "2024").value == pytest.approx(mean * 1000)
    assert {one.status for one in found.rows} == {"observed", "reconciled", "modelled"}


def test_correlated_data_move_together():
    alone = reconcile_account(account())
    together = reconcile_account(account(more("correlations", id="scale", members=["a", "b"], rho=0.9)))
    assert together.test.objective > alone.test.objective
    assert together.network.pairs


def test_suspects_are_ranked_and_nothing_is_deleted():
    def wrong(document):
        document["observations"][2] |= {"value": 400, "cv": 0.05}
        document["observations"].append(
            {"of": "residue", "period": "2023", "value": 380, "unit": "kt", "cv": 0.05, "source": "F"}
        )
        document["observations"].append(
            {"of": "heap", "period": "2023", "value": 470, "unit": "kt", "cv": 0.1, "source": "F"}
        )

    found = reconcile_account(account(wrong))
    assert found.test.passed is False
    assert found.suspects[0].of == "direct"
    assert row(found, "observed", "direct").value == 400_000
    steps = what_if_left_out(found.account)
    assert steps[0].left_out == "direct"
    assert steps[-1].p > 0.05
    assert len(found.account.observations) == 9


def test_a_bound_that_binds_is_listed():
    def negative(document):
        document["observations"] = [
            {"of": name, "period": "2023", "value": value, "unit": "kt", "sd": 10, "source": "x"}
            for name, value in (("collected", 400), ("to-sorting", 450))
        ]

    found = reconcile_account(account(negative))
    assert row(found, "modelled", "direct").bound == "lower"
    assert row(found, "modelled", "direct").value == pytest.approx(0, abs=1e-6)
    assert row(found, "reconciled", "collected").value == pytest.approx(425_000)


def test_levels_of_a_stock_tie_the_years():
    def levels(document):
        for period, value in (("2023", 3000), ("2024", 3500)):
            document["observations"].append(
                {"of": "heap", "period": period, "value": value, "unit": "kt", "sd": 1, "quantity": "level",
                 "source": "survey"}
            )  # fmt: skip

    found = reconcile_account(account(levels))
    change = row(found, "modelled", "heap", "2024")
    assert change.value == pytest.approx(500_000, rel=0.02)


def test_pedigree_is_a_product_of_errors():
    scores = Pedigree(reliability=2, completeness=3)
    expected = np.sqrt((1 + 0.068**2) * (1 + 0.068**2) - 1)
    assert coefficient_of_variation(scores, PedigreeTable()) == pytest.approx(expected)
    assert coefficient_of_variation(Pedigree(reliability=1), PedigreeTable()) == pytest.approx(0.023)


def test_the_document_comes_back_as_it_was():
    one = account()
    again = parse_account(json.dumps(account_data(one)).encode())
    assert again == one
    assert account_schema()["$defs"]["Observation"]["properties"]["distribution"]
