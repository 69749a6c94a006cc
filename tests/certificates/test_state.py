"""The rules: what goes through, what is refused by name, and that a refusal changes nothing."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.certificates import STANDINGS, Certificate, apply
from jasyl.texts import Refusal

from .events import (
    AT,
    BATCH,
    DAY,
    EXPIRES,
    HOUR,
    START,
    USABLE,
    cancel,
    day,
    expire,
    export,
    import_,
    issue,
    retire,
    state,
    transfer,
)  # fmt: skip


def refused(held, event):
    """The code of the refusal; the loser must not have changed anything."""
    before = held.hash
    with pytest.raises(Refusal) as caught:
        apply(held, event)
    assert held.hash == before
    for language in ("kk", "ru", "en"):
        assert "refusal-" not in caught.value.text(language)
    return caught.value.code


def pieces(certificate):
    return [(one.start, one.end, one.standing, one.owner) for one in certificate.pieces]


def issued(*events):
    held = state()
    for event in (issue(), *events):
        apply(held, event)
    return held


def test_a_life():
    held = issued(transfer(100, 400), transfer(200, 300, owner="baker", to="miller"), retire(100, 150, owner="baker"))
    assert pieces(held.get("c-1")) == [
        (0, 100, "held", "solar"),
        (100, 150, "retired", "baker"),
        (150, 200, "held", "baker"),
        (200, 300, "held", "miller"),
        (300, 400, "held", "baker"),
        (400, 1000, "held", "solar"),
    ]
    apply(held, cancel(0, 10))
    apply(held, export(400, 1000))
    apply(held, expire())
    one = held.get("c-1")
    assert {standing: one.units(standing) for standing in STANDINGS} == {
        "held": 0, "retired": 50, "cancelled": 10, "expired": 340, "exported": 600,
    }  # fmt: skip


def test_ranges_below_above_and_empty_are_refused():
    held = issued()
    for start, end in ((-1, 10), (10, 10), (20, 10), (0, 1001), (1000, 1001), (-5, -1)):
        assert refused(held, transfer(start, end)) == "certificate-range"
        assert refused(held, retire(start, end)) == "certificate-range"
        assert refused(held, cancel(start, end)) == "certificate-range"
        assert refused(held, export(start, end)) == "certificate-range"


def test_double_spend_and_overlap_are_refused():
    held = issued(transfer(100, 400))
    assert refused(held, transfer(100, 400, to="miller")) == "certificate-not-held"
    assert refused(held, transfer(399, 401, to="miller")) == "certificate-not-held"
    assert refused(held, retire(0, 101)) == "certificate-not-held"


def test_what_is_over_cannot_move():
    held = issued(retire(0, 100), export(100, 200), cancel(200, 300))
    for start, end in ((0, 100), (99, 101), (100, 200), (250, 350)):
        assert refused(held, transfer(start, end)) == "certificate-gone"
        assert refused(held, retire(start, end, command="again")) == "certificate-gone"
    apply(held, expire())
    assert refused(held, retire(300, 400, at=EXPIRES - 1)) == "certificate-gone"
    assert refused(held, expire(command="e-2")) == "certificate-gone"


def test_transfer_to_self_is_refused():
    assert refused(issued(), transfer(0, 10, to="solar")) == "certificate-to-self"


def test_a_replayed_command_happens_once_and_a_reused_key_is_refused():
    held = issued(transfer(0, 10))
    before = held.hash
    apply(held, transfer(0, 10, at=AT + 5))
    apply(held, issue())
    assert held.hash == before
    assert refused(held, transfer(10, 20, command="t-solar-baker-0-10")) == "certificate-command-reused"


def test_names_that_could_be_mistaken_are_refused():
    held = issued()
    for name in ("", "two words", "line\nfeed", "ә", "x" * 65, "-"):
        assert refused(held, transfer(0, 10, to=name, command="c")) == "certificate-name"
        assert refused(held, transfer(0, 10, command=name or " ")) == "certificate-name"


def test_time_limits():
    held = issued()
    assert refused(held, transfer(0, 10, at=USABLE)) == "certificate-too-late"
    assert refused(held, export(0, 10, at=USABLE)) == "certificate-too-late"
    assert refused(held, expire(at=EXPIRES - 1)) == "certificate-too-early"
    assert refused(held, retire(0, 10, at=EXPIRES)) == "certificate-too-late"
    apply(held, retire(0, 10, at=EXPIRES - 1))
    assert refused(held, transfer(0, 1, certificate="nothing")) == "certificate-unknown"


def test_nothing_is_issued_above_what_was_measured():
    held = state()
    for wrong in (
        {"amount": 1001, "remainder": "0"},
        {"amount": 1000, "remainder": "0"},
        {"amount": 999, "remainder": "7/4"},
        {"metered": "4004/4", "amount": 1001, "remainder": "0"},
        {"metered": "1/2", "amount": 0, "remainder": "1/2"},
    ):
        assert refused(held, issue(**wrong)) == "certificate-above-measured"
    apply(held, issue())


def test_hours_of_a_day_together_stay_within_it():
    held = state()
    for hour in range(4):
        at = {"start": START + hour * HOUR, "end": START + (hour + 1) * HOUR}
        apply(held, issue(f"h-{hour}", **at, metered="250", amount=250, remainder="0"))
    at = {"start": START + 4 * HOUR, "end": START + 5 * HOUR}
    assert refused(held, issue("h-4", **at, metered="1", amount=1, remainder="0")) == "certificate-above-measured"
    at = {"start": START + 3 * HOUR, "end": START + 4 * HOUR}
    assert refused(held, issue("h-5", **at, metered="1/4", amount=1)) == "certificate-issued-twice"


def test_the_same_device_interval_and_attribute_once():
    other = "cd" * 32
    held = state(**{BATCH: day(), other: day(number=1)})
    apply(held, issue())
    assert refused(held, issue("c-2")) == "certificate-issued-twice"
    assert refused(held, issue("c-1", command="other")) == "certificate-issued-twice"
    later = {"start": START + DAY, "end": START + 2 * DAY, "batches": [other]}
    assert refused(held, issue("c-1", command="other", **later)) == "certificate-taken"
    assert refused(held, issue("c-2", device="KZ-PLANT-2")) == "certificate-device"
    carbon = {"attribute": "carbon", "factor": "1/2", "factor_source": "a published factor"}
    apply(held, issue("c-2", **carbon, amount=500, remainder="3/8"))
    assert refused(held, issue("c-3", **carbon, amount=500, remainder="3/8")) == "certificate-issued-twice"


def test_another_series_behind_the_same_device_is_refused():
    other = "cd" * 32
    held = state(**{BATCH: day(), other: day(number=1, series="meter-2")})
    apply(held, issue())
    at = {"start": START + DAY, "end": START + 2 * DAY, "batches": [other]}
    assert refused(held, issue("c-2", series="meter-2", **at)) == "certificate-device"


def test_batches_must_fit():
    strange = {"ee" * 32: day(quantity="electricity_consumed"), "ff" * 32: day(unit="kg"), "dd" * 32: day(number=5)}
    held = state(**{BATCH: day(), **strange})
    for batches in (["00" * 32], ["ee" * 32], ["ff" * 32], [BATCH, "dd" * 32], [BATCH, BATCH]):
        assert refused(held, issue(batches=batches)) == "certificate-batch"
    assert refused(held, issue(series="meter-7")) == "certificate-batch"
    for start, end in ((START, START), (START + 1, START + DAY), (START - HOUR, START + DAY), (START, START + 2 * DAY)):
        assert refused(held, issue(start=start, end=end)) == "certificate-interval"


def test_many_days_are_issued_whole():
    other = "cd" * 32
    held = state(**{BATCH: day(), other: day("999/4", number=1)})
    whole = {"batches": [BATCH, other], "end": START + 2 * DAY}
    assert refused(held, issue(**whole, metered="1250", amount=1250, remainder="0")) == "certificate-above-measured"
    apply(held, issue(**whole, metered="2501/2", amount=1250, remainder="1/2"))


def test_factors_belong_to_carbon_and_have_a_source():
    held = state()
    assert refused(held, issue(attribute="gold")) == "certificate-attribute"
    assert refused(held, issue(factor="2", amount=2001, remainder="1/2")) == "certificate-factor"
    assert refused(held, issue(factor_source="somebody")) == "certificate-factor"
    assert refused(held, issue(attribute="carbon", factor="1/2", amount=500, remainder="3/8")) == "certificate-factor"


def test_recycled_material_is_counted_in_grams():
    held = state(**{BATCH: day("12345/10000", quantity="waste_recycled", unit="kg")})
    one = apply(held, issue(attribute="recycled", metered="2469/2000", factor="1000", amount=1234, remainder="1/2"))
    assert one.facts.amount == 1234


def test_imports_once_and_never_what_was_sold_here():
    held = issued()
    one = apply(held, import_())
    assert one.units("held", "baker") == 200
    assert refused(held, import_("i-2")) == "certificate-imported-twice"
    assert refused(held, import_("i-2", start=299, end=301)) == "certificate-imported-twice"
    apply(held, import_("i-2", start=300, end=301))
    assert refused(held, import_("i-3", foreign="f-2")) == "certificate-sold-twice"
    assert refused(held, import_("i-3", registry="third.example/log")) == "certificate-sold-twice"
    assert refused(held, import_("i-3", foreign="f-2", device="KZ-PLANT-1")) == "certificate-sold-twice"
    assert refused(held, import_("i-3", foreign="f-2", device="UZ-PLANT-8", start=5, end=5)) == "certificate-range"
    assert refused(held, import_("i-3", device="UZ-PLANT-8", foreign="f-3", at=USABLE)) == "certificate-too-late"
    limits = {"usable_until": 5, "expires_at": 4}
    assert refused(held, import_("i-3", device="UZ-PLANT-8", **limits)) == "certificate-malformed"


def test_an_export_repeats_the_facts():
    assert refused(issued(), export(0, 10, device="KZ-PLANT-2")) == "certificate-malformed"


def test_a_certificate_is_not_cut_to_dust():
    held = state(**{BATCH: day("5000")})
    apply(held, issue(metered="5000", amount=5000, remainder="0"))
    for place in range(499):
        apply(held, transfer(2 * place + 1, 2 * place + 2))
    assert len(held.get("c-1").pieces) == 999
    apply(held, transfer(4999, 5000))
    assert refused(held, transfer(1001, 1002)) == "certificate-too-split"


def some_event(kind, start, end, owner, command):
    match kind:
        case "transfer":
            return transfer(start, end, owner=owner, to="b", command=command)
        case "retire":
            return retire(start, end, owner=owner, command=command)
        case "cancel":
            return cancel(start, end, owner=owner, command=command)
        case "export":
            return export(start, end, owner=owner, command=command)
    return expire(command=command, at=EXPIRES if start > 100 else AT)


KINDS = st.sampled_from(["transfer", "transfer", "retire", "cancel", "export", "expire"])


@settings(max_examples=60)
@given(st.lists(st.tuples(KINDS, st.integers(-3, 120), st.integers(-3, 120), st.sampled_from("abc"))))
def test_units_are_conserved_whatever_happens(steps):
    """Issued = held + retired + expired + cancelled + exported; pieces cover the whole without gap or overlap."""
    held = state(**{BATCH: day("100")})
    apply(held, issue(metered="100", amount=100, remainder="0", owner="a"))
    for number, (kind, start, end, owner) in enumerate(steps):
        command, before = f"k-{number}", held.hash
        made = some_event(kind, start, end, owner, command)
        try:
            apply(held, made)
        except Refusal:
            assert held.hash == before
        one = held.get("c-1")
        assert sum(one.units(standing) for standing in STANDINGS) == 100
        edges = [edge for piece in one.pieces for edge in (piece.start, piece.end)]
        assert edges[0] == 0
        assert edges[-1] == 100
        assert edges[1:-1:2] == edges[2:-1:2]
        assert Certificate.fresh(one.facts, "a").facts_digest == one.facts_digest


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_the_state_hash_does_not_depend_on_the_path(order):
    """Six moves of six parts in any order, and one move of the whole after a detour, end in one hash."""
    held = issued()
    for part in order:
        apply(held, transfer(part * 100, (part + 1) * 100))
    straight = issued(transfer(0, 600))
    detour = issued(transfer(0, 1000, to="miller"), transfer(600, 1000, owner="miller", to="solar"))
    apply(detour, transfer(0, 600, owner="miller", to="baker"))
    assert held.hash == straight.hash == detour.hash != issued().hash
    assert pieces(held.get("c-1")) == [(0, 600, "held", "baker"), (600, 1000, "held", "solar")]


@settings(max_examples=15)
@given(st.permutations(range(30)))
def test_the_order_of_certificates_does_not_matter_either(order):
    days = {f"{number:064x}": day("5", number) for number in range(30)}
    hashes = set()
    for turn in (order, range(30)):
        held = state(**days)
        for number in turn:
            start = START + number * DAY
            apply(held, issue(f"c-{number}", start=start, end=start + DAY, batches=[f"{number:064x}"], metered="5",
                              amount=5, remainder="0"))  # fmt: skip
        hashes.add(held.hash)
    assert len(hashes) == 1


def test_fractions_stay_exact():
    third = Fraction(1, 3)
    held = state(**{BATCH: day(str(1000 + third))})
    apply(held, issue(metered="3001/3", amount=1000, remainder="1/3"))
