"""Data points derived from the system's own records: what is offered, of what kind, why not, how a city takes it."""

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from jasyl.circular.account import account_data
from jasyl.circular.account_book import period_of_account
from jasyl.circular.starter import example_account
from jasyl.cities import city, entries, write_entry
from jasyl.cities.entry import Entry
from jasyl.cities.proposals import accept_proposals, keep_proposals, proposals, rules
from jasyl.cities.system_records import Known
from jasyl.cities.training_book import load_training_books, people_of
from jasyl.cities.training_records import load_training_records, training_facts
from jasyl.emissions.inventory.figures import AUTHOR, keep_inventory
from jasyl.emissions.inventory.training import training_inventory
from jasyl.facts import keep_book, store
from jasyl.facts.tables import fact_table
from jasyl.figures import get, walk_figure
from jasyl.indicators import catalogue
from jasyl.ledger import create_keys
from jasyl.people import OPERATOR
from jasyl.registry import Provenance, Statement, record
from jasyl.storage import METADATA, Database, create_folder
from jasyl.texts import LANGUAGES, Refusal, has

OF, ASTANA, YEAR, NOW = catalogue("u4ssc"), city("KZ-71"), 2024, 1_760_000_000_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = create_folder(tmp_path_factory.mktemp("proposals") / "data", "training")
    create_keys(made)
    return made


@pytest.fixture(scope="module")
def filled(folder):
    database = Database(f"sqlite:///{folder.database_file}")
    with database.writing(visible=False) as connection:
        METADATA.create_all(connection)
        load_training_books(connection)
        load_training_records(connection)
        keep_inventory(connection, folder, training_inventory(YEAR), AUTHOR)
    yield database
    database.close()


@pytest.fixture
def held(filled):
    """A transaction over the training city that is undone at the end."""
    with filled.reading() as connection, connection.begin_nested() as undone:
        yield connection
        undone.rollback()


def of(connection, point):
    (found,) = proposals(connection, ASTANA, YEAR, OF, [point])
    return found


def test_every_rule_is_of_a_point_and_every_part_is_whole():
    parts = {}
    for rule in rules():
        assert OF.has(rule.point), rule.point
        parts.setdefault(rule.point, set()).add(rule.part)
    for point, given in parts.items():
        wanted = {"numerator", "denominator"} if OF.point(point).has_denominator else {"value"}
        assert given == wanted or (given == {"value"} and "AQ.1C" in point), point
    assert rules("sdg11") == ()


def test_the_training_city_is_offered_more_than_25_of_its_112_data_points(held):
    offered = [one for one in keep_proposals(held, ASTANA, YEAR, OF, NOW, training=True) if one.figure]
    assert len(offered) >= 25
    for one in offered:
        figure = get(held, one.figure).figure
        assert (figure.kind, figure.subject.id, figure.period) == ("training", "KZ-71", "2024")
        assert figure.inputs
        assert figure.value is not None
        assert walk_figure(held, get(held, one.figure), {}).children


def test_a_value_is_that_of_the_records_by_hand(held):
    people = people_of("KZ-71", YEAR)
    water = of(held, "EN.EN.WS.2C").numbers
    assert water.denominator == people
    # 78.5 m³ a head and year are 78.5 × 1000 / 365 litres a head and day.
    assert float(water.numerator / water.denominator) == pytest.approx(78.5 * 1000 / 365, rel=1e-6)
    loss = of(held, "EC.I.WS.3C").numbers
    assert float(loss.numerator / loss.denominator) == pytest.approx((93 - 76.6) / 93, rel=1e-6)
    heat = of(held, "EN.E.E.3C").numbers
    assert float(heat.numerator / heat.denominator) == pytest.approx(4.2 * 3.6, rel=1e-6)


def test_shares_of_one_whole_make_one_whole(held):
    shares = [one.numbers for one in proposals(held, ASTANA, YEAR, OF) if one.point.indicator == "EN.EN.WA.1C"]
    assert len(shares) == 6
    assert float(sum(one.numerator / one.denominator for one in shares)) == pytest.approx(1, abs=1e-6)


def test_what_is_missing_is_named(held):
    metering = of(held, "EC.ICT.WS.1C")
    assert metering.numbers is None
    assert [(one.rule.source, one.rule.name, one.found) for one in metering.gaps] == [("register", "WA.MET", "nothing")]
    assert all(one.numbers is None for one in proposals(held, city("KZ-79"), YEAR, OF))


def test_facts_that_disagree_are_a_conflict_and_another_unit_is_converted_or_refused(held):
    known = next(one for one in training_facts() if (one.metric, one.period) == ("water_delivered", "2024"))
    as_thousands = replace(known, value=known.value / 1000, unit="1000.m3", source="another office")
    store(held, [as_thousands])
    assert of(held, "EC.I.WS.3C").numbers is not None
    store(held, [replace(known, value=known.value + 1, source="a third office")])
    assert {one.found for one in of(held, "EC.I.WS.3C").gaps} == {"conflict"}
    area = next(one for one in training_facts() if (one.metric, one.period) == ("green_area", "2024"))
    store(held, [replace(area, unit="W.h", source="a slip")])
    assert {one.found for one in of(held, "EN.EN.PSN.1C").gaps} == {"unit"}


def test_plans_and_unconfirmed_facts_are_never_offered(held):
    known = next(one for one in training_facts() if (one.metric, one.period) == ("air_o3_annual_mean", "2022"))
    for change in ({"basis": "planned"}, {"confirmed": False, "confidence": "low"}):
        store(held, [replace(known, period="2031", **change)])
    (ozone,) = proposals(held, ASTANA, 2031, OF, ["EN.EN.AQ.1C.o3"])
    assert ozone.numbers is None


def test_the_register_is_summed_whole_or_not_at_all(held):
    said = Provenance("a list", "somebody", "high", "2025-01", "CC0", "public")
    base = {
        "technology": "WA.MET", "status": "operating", "region": "KZ-71", "place_precision": "none",
        "confirmed": True, "status_certain": True, "capacity_unit": "{count}", "commissioned": "2023",
    }  # fmt: skip
    meters = [
        Statement(f"meters-{size}", {**base, "name_en": f"m {size}", "capacity": Decimal(size)}, said)
        for size in (120_000, 30_000)
    ]
    record(held, "facility", meters)
    found = of(held, "EC.ICT.WS.1C")
    assert found.numbers.numerator == 150_000
    assert found.kind == "published"
    assert len(next(one.found for one in found.terms if one.rule.source == "register").inputs) == 2
    record(
        held,
        "facility",
        [Statement("later", {**base, "name_en": "l", "capacity": Decimal(7), "commissioned": "2025"}, said)],
    )
    assert of(held, "EC.ICT.WS.1C").numbers.numerator == 150_000
    sizeless = {name: value for name, value in base.items() if name != "capacity_unit"}
    record(held, "facility", [Statement("sizeless", {**sizeless, "name_en": "s"}, said)])
    assert {one.found for one in of(held, "EC.ICT.WS.1C").gaps} == {"incomplete"}


def test_greenhouse_gases_come_from_the_inventory_with_its_completeness(held):
    found = of(held, "EN.EN.AQ.2C")
    source = next(one.found for one in found.terms if one.rule.source == "inventory")
    assert isinstance(source, Known)
    assert source.kind == "modelled"
    assert source.inputs[0].kind == "book"
    assert 0 < found.completeness <= 1


def test_where_statistics_say_nothing_the_account_of_materials_is_asked(held, folder):
    recycled, place = "EN.EN.WA.1C.recycled", city("KZ-71")
    account = example_account("astana-waste")
    keep_book(
        held, folder, "material_account", "KZ-71", period_of_account(account), account_data(account), "tester", note="x"
    )
    (by_facts,) = proposals(held, place, YEAR, OF, [recycled])
    assert {one.rule.source for one in by_facts.terms} == {"fact"}
    held.execute(sa.delete(fact_table).where(fact_table.c.metric == "city_waste_recycled"))
    (found,) = proposals(held, place, YEAR, OF, [recycled])
    assert [(one.rule.source, one.found.inputs[0].kind) for one in found.terms] == [("account", "book")] * 2
    assert found.kind == "modelled"
    # 17.0 % of what was collected, as the account gives for 2024.
    assert found.numbers.numerator / found.numbers.denominator == pytest.approx(Decimal("0.17"), abs=Decimal("0.001"))
    (undetermined,) = proposals(held, place, 2021, OF, [recycled])
    assert undetermined.numbers is None
    assert {one.rule.source for one in undetermined.gaps} == {"fact"}  # what the first way lacks


def test_a_city_takes_a_proposal_over_with_its_figure(held):
    (made,) = accept_proposals(held, ASTANA, YEAR, OF, ["EN.EN.WS.2C"], OPERATOR, NOW, training=True)
    entry = entries(held, "KZ-71", YEAR, "u4ssc")["EN.EN.WS.2C"]
    assert entry == made
    assert (entry.origin, get(held, entry.proposal).figure.indicator) == ("system", "proposed.u4ssc.EN.EN.WS.2C")


def test_a_number_of_ones_own_beside_a_proposal_needs_a_reason(held):
    (made,) = accept_proposals(held, ASTANA, YEAR, OF, ["EN.EN.WS.2C"], OPERATOR, NOW, training=True)
    own = Entry("EN.EN.WS.2C", value=Decimal(200), origin="city", proposal=made.proposal)
    with pytest.raises(Refusal):
        write_entry(held, ASTANA, YEAR, OF, own, OPERATOR, NOW)
    assert write_entry(held, ASTANA, YEAR, OF, replace(own, reason="the meter was read again"), OPERATOR, NOW).reason


def test_points_without_a_proposal_are_refused_and_nothing_is_taken(held):
    before = entries(held, "KZ-71", YEAR, "u4ssc")
    for point in ("EC.ICT.WS.1C", "SC.SH.SA.8C", "no such point"):
        with pytest.raises(Refusal):
            accept_proposals(held, ASTANA, YEAR, OF, ["EN.EN.WS.2C", point], OPERATOR, NOW)
    assert entries(held, "KZ-71", YEAR, "u4ssc") == before


def test_kept_again_unchanged_it_is_the_same_figure(held):
    first = [one.figure for one in keep_proposals(held, ASTANA, YEAR, OF, NOW)]
    assert [one.figure for one in keep_proposals(held, ASTANA, YEAR, OF, NOW + 1)] == first
    count = held.execute(sa.text("select count(*) from figure")).scalar()
    assert count == sum(one is not None for one in first)


def test_every_gap_and_source_is_told_in_three_languages():
    for language in LANGUAGES:
        for key in ("nothing", "conflict", "unit", "incomplete"):
            assert has(language, f"proposal-gap-{key}")
        for source in ("fact", "register", "base", "inventory", "account"):
            assert has(language, f"proposal-source-{source}")
        assert has(language, "refusal-city-no-proposal")


def test_every_proposal_is_told_in_every_language(filled):
    from jasyl.cities.proposal_texts import offered_value, proposal_row

    with filled.reading() as connection:
        offered = proposals(connection, ASTANA, YEAR, OF)
    for language in LANGUAGES:
        rows = [proposal_row(OF, one, language) for one in offered]
        assert all((row["value"] is None) == bool(row["missing"]) for row in rows)
    water = next(one for one in offered if one.point.id == "EN.EN.WS.2C")
    assert offered_value(water) == Decimal("215.07")
