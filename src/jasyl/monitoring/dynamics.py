"""Dynamics: how a technology is introduced (new facilities, enterprises, capacity) and develops (output, growth).

Pure functions over a table of facilities. What is not known is counted apart and never spread: an unknown year of
commissioning is not shared out over years, an unknown capacity is not zero, unconfirmed facilities are in no total.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jasyl.emissions import avoided_emissions, baseline_of, energy_factor
from jasyl.registry import AdoptionRow
from jasyl.texts import Refusal

from .dynamics_row import Dimension, DynamicsRow, Invested, MeteredAmount
from .metered_years import MeteredYears

# Statuses of the registry's life cycle. A facility that was commissioned and rests is still introduced.
RUNNING = frozenset({"operating", "suspended", "mothballed"})
CLOSED = frozenset({"closed", "retired", "decommissioned"})


@dataclass(frozen=True)
class Apart:
    """Facilities outside the rows, as ids: why they could not be counted in any year."""

    unconfirmed: tuple[str, ...]
    year_unknown: tuple[str, ...]
    closed_year_unknown: tuple[str, ...]
    not_introduced: tuple[str, ...]


@dataclass(frozen=True)
class Dynamics:
    """Rows for every group and year in order, without gaps, and what stands apart."""

    by: tuple[Dimension, ...]
    rows: tuple[DynamicsRow, ...]
    apart: Apart


def dynamics(
    facilities: Iterable[AdoptionRow],
    by: Sequence[Dimension],
    last: int,
    *,
    first: int | None = None,
    metered: MeteredYears | None = None,
) -> Dynamics:
    """Introduction and development by ``by`` and year, from ``first`` (the first commissioning) to ``last``.

    ``by`` empty gives the totals. Facilities and capacities add up over groups, enterprises do not: one enterprise
    may be in several. A facility closed in year c counts to the end of c-1. Raises Refusal ``years-order``.
    """
    given = list(facilities)
    apart = _apart(given)
    outside = set(apart.unconfirmed + apart.year_unknown + apart.closed_year_unknown + apart.not_introduced)
    counted = [each for each in given if each.id not in outside]
    years = [each.commissioned_year for each in counted if each.commissioned_year is not None]
    begin = first if first is not None else min(years, default=last)
    if begin > last:
        raise Refusal("years-order", received=str(begin), expected=str(last))
    groups: dict[tuple[str | None, ...], list[AdoptionRow]] = defaultdict(list)
    for each in counted:
        groups[tuple(getattr(each, dimension) for dimension in by)].append(each)
    totals = {year: _capacity(standing(counted, year)) for year in range(begin, last + 1)}
    rows = [
        row
        for group in sorted(groups, key=lambda key: tuple((part is None, part or "") for part in key))
        for row in _years(group, groups[group], range(begin, last + 1), totals, metered or {})
    ]
    return Dynamics(tuple(by), tuple(rows), apart)


@dataclass(frozen=True)
class Progress:
    """Progress from a base to a target: ``share`` of the way (1 = reached), what remains, and by how much a year."""

    share: float | None
    remaining: int
    needed_a_year: float | None


def progress(achieved: int, target: int, base: int = 0, years_left: int = 0) -> Progress:
    """How far ``achieved`` stands between ``base`` and ``target`` (all in one unit), for rising and falling targets."""
    way = target - base
    remaining = target - achieved
    done = (way >= 0 and remaining <= 0) or (way < 0 and remaining >= 0)
    return Progress(
        None if way == 0 else (achieved - base) / way,
        0 if done else remaining,
        None if years_left <= 0 else (0.0 if done else remaining / years_left),
    )


def _apart(facilities: list[AdoptionRow]) -> Apart:
    """Each facility stands apart for one reason, the first that holds."""
    unconfirmed: list[str] = []
    not_introduced: list[str] = []
    year_unknown: list[str] = []
    closed_year_unknown: list[str] = []
    for each in facilities:
        if not each.confirmed:
            unconfirmed.append(each.id)
        elif each.status not in RUNNING | CLOSED:
            not_introduced.append(each.id)
        elif each.commissioned_year is None:
            year_unknown.append(each.id)
        elif each.status in CLOSED and each.closed_year is None:
            closed_year_unknown.append(each.id)
    return Apart(tuple(unconfirmed), tuple(year_unknown), tuple(closed_year_unknown), tuple(not_introduced))


def _years(
    group: tuple[str | None, ...],
    facilities: list[AdoptionRow],
    years: range,
    totals: Mapping[int, int],
    metered: MeteredYears,
) -> list[DynamicsRow]:
    adopted = _adoption(facilities)
    rows: list[DynamicsRow] = []
    before = _capacity(standing(facilities, years.start - 1))
    for year in years:
        there = standing(facilities, year)
        new = [each for each in facilities if each.commissioned_year == year]
        reported = [each.output[year] for each in facilities if year in each.output]
        capacity = _capacity(there)
        displaced = [one for one in (avoided_of(each, year, metered) for each in facilities) if one is not None]
        rows.append(
            DynamicsRow(
                group=group,
                year=year,
                new=len(new),
                closed=sum(each.closed_year == year for each in facilities if each.status in CLOSED),
                cumulative=len(there),
                suspended=sum(each.status != "operating" and each.status in RUNNING for each in there),
                new_enterprises=sum(first == year for first in adopted.values()),
                enterprises=len({each.enterprise for each in there if each.enterprise is not None}),
                new_capacity=_capacity(new),
                capacity=capacity,
                capacity_unknown=sum(each.capacity is None for each in there),
                output=sum(reported) if reported else None,
                output_known=len(reported),
                metered=_metered(facilities, year, metered),
                share=capacity / totals[year] if totals[year] else None,
                growth=(capacity - before) / before if before else None,
                new_installations=sum(each.installations.get(year, 0) for each in facilities),
                invested=_invested(new),
                capacity_factor=_capacity_factor(facilities, year),
                avoided=round(sum(displaced)) if displaced else None,
                avoided_known=len(displaced),
            )
        )
        before = capacity
    return rows


def _metered(facilities: list[AdoptionRow], year: int, metered: MeteredYears) -> dict[str, MeteredAmount]:
    found: dict[str, MeteredAmount] = {}
    for each in facilities:
        for quantity, years in metered.get(each.id, {}).items():
            if year in years:
                before = found.get(quantity, MeteredAmount(Decimal(0), 0))
                found[quantity] = MeteredAmount(before.value + years[year], before.facilities + 1)
    return dict(sorted(found.items()))


def avoided_of(facility: AdoptionRow, year: int, metered: MeteredYears) -> Decimal | None:
    """kg of CO2 that a facility's electricity of a year displaced under the usual baseline of its technology.

    What was published counts before what was metered: one plant may stand in both. None where neither is known, or
    where no baseline fits without a judgement.
    """
    usual = baseline_of(facility.technology)
    energy = displacing_energy(facility, year, metered)
    return None if usual is None or energy is None else avoided_emissions(energy, energy_factor(usual))


def displacing_energy(facility: AdoptionRow, year: int, metered: MeteredYears) -> Decimal | None:
    """Electricity of a facility in a year, Wh: as published, else as metered."""
    if year in facility.output:
        return Decimal(facility.output[year])
    return metered.get(facility.id, {}).get("electricity_generated", {}).get(year)


def _invested(facilities: list[AdoptionRow]) -> dict[str, Invested]:
    found: dict[str, Invested] = {}
    for each in facilities:
        for currency, value in each.invested.items():
            before = found.get(currency, Invested(Decimal(0), 0))
            found[currency] = Invested(before.value + value, before.facilities + 1)
    return dict(sorted(found.items()))


def hours_of(year: int) -> int:
    """Hours of a calendar year."""
    return 8784 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 8760


def _capacity_factor(facilities: list[AdoptionRow], year: int) -> float | None:
    """Of facilities that were there all year, with output and capacity known: the year of commissioning is a part."""
    known = [
        each
        for each in facilities
        if each.capacity
        and year in each.output
        and each.commissioned_year is not None
        and each.commissioned_year < year
    ]
    if not known:
        return None
    return sum(each.output[year] for each in known) / (sum(each.capacity or 0 for each in known) * hours_of(year))


def _adoption(facilities: list[AdoptionRow]) -> dict[str, int]:
    """The year in which each enterprise first had a facility of the group, closed since or not."""
    first: dict[str, int] = {}
    for each in facilities:
        if each.enterprise is not None and each.commissioned_year is not None:
            first[each.enterprise] = min(first.get(each.enterprise, each.commissioned_year), each.commissioned_year)
    return first


def standing(facilities: list[AdoptionRow], year: int) -> list[AdoptionRow]:
    """Commissioned by the end of ``year`` and not closed by then."""
    return [
        each
        for each in facilities
        if each.commissioned_year is not None
        and each.commissioned_year <= year
        and not (each.status in CLOSED and each.closed_year is not None and each.closed_year <= year)
    ]


def _capacity(facilities: list[AdoptionRow]) -> int:
    return sum(each.capacity or 0 for each in facilities)
