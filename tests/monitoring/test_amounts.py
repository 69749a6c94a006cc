"""Amounts of heat, gas, water and waste: figures, years and dynamics hold what the meters stored, to the unit."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.monitoring.training_folder import rows_in

from jasyl.figures import NoParameters, Subject, current, find, key_of
from jasyl.monitoring import (
    AMOUNTS,
    definitions,
    facility_indicators,
    indicator_of,
    make_figure,
    metered_years,
    sealed_days,
)
from jasyl.monitoring.amounts import QUANTITIES, SeriesTotal, metered_amount
from jasyl.quantities import UNITS
from jasyl.registry import every_series
from jasyl.registry.tables import facility as facility_table
from jasyl.registry.tables import series as series_table
from jasyl.texts import LANGUAGES, Refusal, has

NOW = 1_800_000_000_000_000


def test_every_amount_is_a_base_unit_with_a_name_and_a_method():
    for quantity, code in AMOUNTS.items():
        assert UNITS[code].factor == 1
        name = quantity.replace("_", "-")
        assert all(has(language, f"{kind}-{name}") for language in LANGUAGES for kind in ("quantity", "indicator"))
        assert find(indicator_of(quantity)).unit == code
        assert QUANTITIES[indicator_of(quantity)] == quantity


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 3)), min_size=1, max_size=6))
def test_an_amount_is_the_exact_sum_rounded_once(parts):
    totals = [SeriesTotal(number, Fraction(1, 10**scale), 3, 4) for number, scale in parts]
    found = metered_amount(NoParameters(), totals)
    exact = sum(Fraction(number, 10**scale) for number, scale in parts)
    assert Fraction(found.value) == exact  # no scale is finer than the resolution of an amount
    assert found.completeness == Decimal("0.75")


def test_nothing_metered_is_no_amount():
    assert metered_amount(NoParameters(), [SeriesTotal(0, Fraction(1), 0, 24)]).value is None


def test_every_metered_facility_has_its_figures_and_they_add_up_to_its_year(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        series = every_series(connection)
        years = metered_years(connection)
        seen = set()
        for each in series:
            facility = _facility(connection, each.facility_id)
            assert indicator_of(each.quantity) in facility_indicators(connection, facility)
            months = ["2026-09", "2026-10"]
            keys = [
                key_of(indicator_of(each.quantity), Subject("facility", each.facility_id), month, "training")
                for month in months
            ]
            found = current(connection, keys)
            values = [found[key].figure.value for key in keys]
            seen.add((each.quantity, found[keys[0]].figure.unit))
            if each.level == "public":
                whole = years[facility["key"]][each.quantity][2026]
                assert sum(value for value in values if value is not None) <= whole
    assert {quantity for quantity, _ in seen} >= {"heat_supplied", "gas_saved", "water_saved", "waste_received"}
    assert all(AMOUNTS[quantity] == code for quantity, code in seen)


def test_a_year_is_the_sum_of_the_days_in_force(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        years = metered_years(connection)
        expected: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        defined = definitions(connection)
        for each in every_series(connection):
            if each.level != "public":  # aggregated ones enter only where three enterprises meter the same
                continue
            key = _facility(connection, each.facility_id)["key"]
            for day in sealed_days(connection, [each.number], 0, 2**62):
                if day.superseded_by is None and day.day.startswith("2026"):
                    expected[key, each.quantity] += day.sum * defined[each.number].amount_factor
    found = {(key, quantity): of[2026] for key, quantities in years.items() for quantity, of in quantities.items()}
    assert found.keys() == expected.keys()
    for key, exact in expected.items():
        assert abs(Fraction(found[key]) - exact) <= Fraction(1, 2000)


def test_a_facility_without_that_meter_is_told_so(loaded):
    _, database, _ = loaded
    row = next(row for row in rows_in(database, series_table) if row["quantity"] == "waste_received")
    with database.writing() as connection:
        facility = _facility(connection, row["facility_id"])
        with pytest.raises(Refusal, match="has no series of heat_supplied"):
            make_figure(connection, facility, "heat.supplied", "2026-09", "training", NOW)
        with pytest.raises(Refusal, match=r"heat\.wished"):
            make_figure(connection, facility, "heat.wished", "2026-09", "training", NOW)


def _facility(connection, identifier):
    rows = connection.execute(sa.select(facility_table).where(facility_table.c.id == identifier))
    return rows.mappings().one()
