"""Pathways: closed forms, nothing counted twice, the order recorded, targets, every fault with its place."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.emissions.inventory import evaluate
from jasyl.emissions.inventory.training import training_inventory
from jasyl.emissions.pathway import (
    Measure,
    Pathway,
    Scenario,
    Segment,
    Target,
    courses,
    examine,
    pathway_of,
    pathway_schema,
    reached,
    read_pathway,
    standing,
)
from jasyl.emissions.pathway.paper import pathway_data, pathway_paper, yearly_rows
from jasyl.emissions.pathway.training import training_pathway
from jasyl.emissions.pathway.wedges import wedges_svg
from jasyl.texts import LANGUAGES, Refusal

replace = msgspec.structs.replace


def measure(identifier="a", **said):
    return Measure(**{"id": identifier, "name": identifier, "segment": "s", "start": 2025, "full": 2025, "source": "t",
                      "share": Decimal("0.5"), **said})  # fmt: skip


def segment(identifier="s", base="100", refs=("I.1.1",), growth="0"):
    return Segment(id=identifier, name=identifier, refs=refs, base=Decimal(base), growth=Decimal(growth), source="t")


def plan(*measures, **said):
    order = tuple(one.id for one in measures)
    return Pathway(**{
        "form": "ghg-pathway/1", "place": "KZ-71", "base_year": 2024, "total": "basic", "until": 2026, "author": "a",
        "segments": (segment(),), "measures": measures, "scenarios": (Scenario(id="x", name="x", measures=order),),
        **said,
    })  # fmt: skip


def test_two_halves_leave_a_quarter_and_the_order_says_whose():
    two = plan(measure("a"), measure("b"))
    (course,) = courses(two)
    assert course.left == (100, 25, 25)
    assert (course.abated["a"], course.abated["b"]) == ((0, 50, 50), (0, 25, 25))
    first, second = standing(two, course)
    assert (first.placed, first.alone, first.last, first.cumulated) == (50, 50, 25, 100)
    assert (second.placed, second.alone, second.last) == (25, 50, 25)
    turned = plan(measure("a"), measure("b"), scenarios=(Scenario(id="x", name="x", measures=("b", "a")),))
    assert courses(turned)[0].abated["b"] == (0, 50, 50)
    assert courses(turned)[0].left == course.left


def test_a_measure_grows_evenly_and_the_baseline_grows_by_itself():
    slow = plan(measure(start=2025, full=2028), until=2029, segments=(segment(growth="0.1"),))
    (course,) = courses(slow)
    assert course.baseline[2] == Decimal("121.00")
    shares = [taken / base for taken, base in zip(course.abated["a"], course.baseline, strict=True)]
    assert shares == [0, Decimal("0.125"), Decimal("0.25"), Decimal("0.375"), Decimal("0.5"), Decimal("0.5")]


def test_an_amount_takes_no_more_than_is_left():
    (course,) = courses(plan(measure("a"), measure("b", share=None, amount=Decimal(70))))
    assert course.left[-1] == 0
    assert course.abated["b"][-1] == 50
    assert course.capped == ("b",)


def test_ranges_of_measures_bound_what_is_left():
    (course,) = courses(plan(measure(low=Decimal("0.2"), high=Decimal("0.9"))))
    assert (course.low[-1], course.left[-1], course.high[-1]) == (10, 50, 80)


def test_targets_by_share_and_by_value():
    targets = (
        Target(name="half", year=2025, share=Decimal("0.5"), source="t"),
        Target(name="zero", year=2026, value=Decimal(0), source="t"),
    )
    wanted = plan(measure(), targets=targets)
    half, zero = reached(wanted, courses(wanted)[0])
    assert (half.gap, half.year) == (0, 2025)
    assert (zero.gap, zero.year) == (50, None)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("st"), st.decimals(0, 1, places=3), st.integers(2025, 2030), st.integers(0, 9)),
        max_size=7,
    )
)
def test_abatements_and_what_is_left_always_sum_to_the_baseline(drawn):
    measures = tuple(
        measure(f"m{number}", segment=where, share=share, start=start, full=start + more)
        for number, (where, share, start, more) in enumerate(drawn)
    )
    segments = (segment("s", "100", growth="0.02"), segment("t", "40", ("II.1.1",), "-0.01"))
    (course,) = courses(plan(*measures, segments=segments, until=2035))
    for at in range(len(course.years)):
        total = course.left[at] + sum(values[at] for values in course.abated.values())
        assert abs(total - course.baseline[at]) < Decimal("1e-20")
        assert course.left[at] >= 0


FAULTS = {
    "cell twice": (plan(segments=(segment(), segment("t", refs=("I.1.1",)))), "pathway-cell-twice"),
    "cell of another total": (plan(segments=(segment(refs=("I.4.4",)),)), "pathway-foreign-cell"),
    "no cell": (plan(segments=(segment(refs=("I.99",)),)), "inventory-ref"),
    "growth without end": (plan(segments=(segment(growth="-1"),)), "pathway-number"),
    "segment twice": (plan(segments=(segment(), segment(refs=("I.2.1",)))), "inventory-twice"),
    "unknown segment": (plan(measure(segment="nowhere")), "pathway-unknown"),
    "share and amount": (plan(measure(amount=Decimal(1))), "pathway-share-or-amount"),
    "share over one": (plan(measure(share=Decimal("1.1"))), "pathway-number"),
    "share that is no number": (plan(measure(share=Decimal("NaN"))), "pathway-number"),
    "range upside down": (plan(measure(low=Decimal("0.9"))), "pathway-range"),
    "ends before it starts": (plan(measure(start=2026, full=2025)), "pathway-years"),
    "measure twice": (plan(measure(), scenarios=(Scenario(id="x", name="x", measures=("a", "a")),)),
                      "pathway-measure-twice"),
    "unknown measure": (plan(measure(), scenarios=(Scenario(id="x", name="x", measures=("z",)),)), "pathway-unknown"),
    "two measures of one id": (plan(measure(), measure(), scenarios=()), "inventory-twice"),
    "target without value": (plan(targets=(Target(name="t", year=2025, source="t"),)), "pathway-share-or-amount"),
    "target too late": (plan(targets=(Target(name="t", year=2050, source="t", value=Decimal(1)),)), "pathway-years"),
    "ends before it begins": (plan(until=2020), "pathway-years"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_with_its_place(fault):
    wrong, code = FAULTS[fault]
    found = examine(wrong)
    assert [one.code for one in found] == [code]
    assert all(found[0].text(language) for language in LANGUAGES)
    with pytest.raises(Refusal):
        courses(wrong)


def test_the_base_is_that_of_the_inventory():
    result = evaluate(training_inventory())
    good = training_pathway(result)
    assert examine(good, result) == []
    assert good.inventory == result.inventory.digest
    assert float(good.base) == pytest.approx(float(result.totals["basic"].co2e), rel=1e-3)
    changed = replace(good, segments=(replace(good.segments[0], base=Decimal(5)), *good.segments[1:]))
    assert [one.code for one in examine(changed, result)] == ["pathway-base"]


def test_the_document_comes_back_and_is_told_in_three_languages():
    made = training_pathway()
    assert pathway_of(made.as_data()) == made
    assert read_pathway(msgspec.json.encode(made.as_data())).digest == made.digest
    assert "Measure" in pathway_schema()["$defs"]
    data = pathway_data(made)
    assert [one["id"] for one in data["scenarios"]] == ["none", "decided", "deep"]
    assert data["scenarios"][2]["order"][0] == "retrofit"
    assert len(yearly_rows(made)) == 37 * (3 + 4 + 9)
    deep = courses(made)[2]
    for language in LANGUAGES:
        paper = pathway_paper(made, "Astana", language, day=dt.date(2026, 1, 1))
        assert len(paper.blocks) > 10
        own = {one.text for one in made.words if one.of(language) != one.text}
        assert bool(own) == (language != "ru")
        assert not [text for text in own if f"'{text}'" in repr(paper.blocks)]
        svg = wedges_svg(made, deep, language, "left")
        assert svg.count("<path") == 10
        assert svg.count("<circle") == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "json-unreadable"), (b'{"form": "x"}', "not-choice"), (b" " * (2**20 + 1), "json-large")],
)
def test_bad_files_are_refused(content, code):
    with pytest.raises(Refusal) as refusal:
        read_pathway(content, "x.json")
    assert refusal.value.code == code
