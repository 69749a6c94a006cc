"""Scenarios year by year without counting anything twice.

Measures of one segment act one after the other, in the order of the scenario, on what the ones before them left: two
that each take half leave a quarter, and the second abates a quarter. So abatements and what is left always sum to the
baseline, and the order is part of the result. How much hangs on the order is shown by two more numbers of each measure:
what it would abate alone, and what it would abate last.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jasyl.texts import Refusal, Where

from ..inventory.structure import cell
from ..inventory.totals import Result
from .document import Measure, Pathway, Scenario, Target

Case = Literal["central", "low", "high"]
_ONE = Decimal(1)
_LATEST = 2150


@dataclass(frozen=True)
class Course:
    """A scenario: ``baseline`` and ``left`` by year, ``abated`` by measure and year (kg CO2e); ``low`` and ``high`` are
    what is left at the other ends of the measures' ranges; ``capped`` are measures that found less than they take."""

    scenario: Scenario
    years: tuple[int, ...]
    baseline: tuple[Decimal, ...]
    left: tuple[Decimal, ...]
    abated: Mapping[str, tuple[Decimal, ...]]
    low: tuple[Decimal, ...]
    high: tuple[Decimal, ...]
    capped: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """What a measure abates in the last year: in its place, alone, and behind all others."""

    measure: Measure
    placed: Decimal
    alone: Decimal
    last: Decimal
    cumulated: Decimal


@dataclass(frozen=True)
class Reached:
    """A target against a scenario: what is allowed and what is left in its year; ``gap`` above zero is missing;
    ``year`` is the first in which the allowed value is met, None before the end."""

    target: Target
    allowed: Decimal
    left: Decimal
    gap: Decimal
    year: int | None


def examine(plan: Pathway, result: Result | None = None) -> list[Refusal]:
    """Everything wrong with a pathway; with the inventory of its base year also whether the two agree."""
    return [*_of_segments(plan), *_of_measures(plan), *_of_scenarios(plan), *_of_targets(plan), *_agree(plan, result)]


def courses(plan: Pathway) -> tuple[Course, ...]:
    """Every scenario. Raises the first Refusal of :func:`examine`."""
    wrong = examine(plan)
    if wrong:
        raise wrong[0]
    return tuple(_course(plan, one) for one in plan.scenarios)


def standing(plan: Pathway, course: Course) -> tuple[Standing, ...]:
    """Each measure of a scenario in its place, alone and last; the order of the scenario."""
    measures = _by_id(plan)
    found: list[Standing] = []
    for name in course.scenario.measures:
        others = tuple(one for one in course.scenario.measures if one != name)
        alone = _abated(plan, (name,), name)
        last = _abated(plan, (*others, name), name)
        row = course.abated[name]
        found.append(Standing(measures[name], row[-1], alone, last, sum(row, Decimal())))
    return tuple(found)


def reached(plan: Pathway, course: Course) -> tuple[Reached, ...]:
    """Each target of the plan against a scenario."""
    found: list[Reached] = []
    for target in plan.targets:
        allowed = target.value if target.value is not None else plan.base * (target.share or Decimal())
        left = course.left[course.years.index(target.year)]
        met = (year for year, value in zip(course.years, course.left, strict=True) if value <= allowed)
        found.append(Reached(target, allowed, left, left - allowed, next(met, None)))
    return tuple(found)


def _course(plan: Pathway, scenario: Scenario) -> Course:
    years = tuple(range(plan.base_year, plan.until + 1))
    rows = [_year(plan, scenario.measures, year, "central") for year in years]
    ends = {case: tuple(_year(plan, scenario.measures, year, case)[1] for year in years) for case in ("low", "high")}
    abated = {name: tuple(row[2][name] for row in rows) for name in scenario.measures}
    capped = tuple(name for name in scenario.measures if any(name in row[3] for row in rows))
    # The low end of the measures leaves the most.
    baseline, left = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
    return Course(scenario, years, baseline, left, abated, ends["high"], ends["low"], capped)


def _year(
    plan: Pathway, order: Sequence[str], year: int, case: Case
) -> tuple[Decimal, Decimal, dict[str, Decimal], set[str]]:
    """Baseline, what is left, abatement by measure, and the capped measures of one year."""
    left = {one.id: one.base * (1 + one.growth) ** (year - plan.base_year) for one in plan.segments}
    baseline = sum(left.values(), Decimal())
    measures, abated, capped = _by_id(plan), dict[str, Decimal](), set[str]()
    for name in order:
        one = measures[name]
        here = left[one.segment]
        strength = _at(one, case) * _ramp(one, year)
        wanted = here * strength if one.share is not None else strength
        taken = min(wanted, here)
        if wanted > here:
            capped.add(name)
        abated[name] = taken
        left[one.segment] = here - taken
    return baseline, sum(left.values(), Decimal()), abated, capped


def _ramp(one: Measure, year: int) -> Decimal:
    """0 before the start, 1 from the year it is full; evenly between, the start year counting."""
    if year < one.start:
        return Decimal()
    return _ONE if year >= one.full else Decimal(year - one.start + 1) / Decimal(one.full - one.start + 1)


def _at(one: Measure, case: Case) -> Decimal:
    central = one.share if one.share is not None else one.amount
    end = {"central": None, "low": one.low, "high": one.high}[case]
    return (central if end is None else end) or Decimal()


def _abated(plan: Pathway, order: Sequence[str], name: str) -> Decimal:
    return _year(plan, order, plan.until, "central")[2][name]


def _by_id(plan: Pathway) -> dict[str, Measure]:
    return {one.id: one for one in plan.measures}


def _no(code: str, field: str, received: object, expected: object = "") -> Refusal:
    return Refusal(code, where=Where(field=field), received=str(received)[:120], expected=str(expected)[:200])


def _of_segments(plan: Pathway) -> Iterator[Refusal]:
    if not plan.base_year < plan.until <= _LATEST:
        yield _no("pathway-years", "until", plan.until, f"{plan.base_year + 1} … {_LATEST}")
    seen: dict[str, str] = {}
    for one in plan.segments:
        for ref in one.refs:
            try:
                stands = cell(ref)
            except Refusal as refusal:
                yield Refusal(refusal.code, where=Where(field=f"segments[{one.id}].refs"), **refusal.arguments)
                continue
            if not stands.part_of(plan.total):
                yield _no("pathway-foreign-cell", f"segments[{one.id}].refs", ref, plan.total)
            if ref in seen:
                yield _no("pathway-cell-twice", f"segments[{one.id}].refs", ref, seen[ref])
            seen[ref] = one.id
        if not (one.base.is_finite() and one.growth.is_finite() and one.growth > -1):
            yield _no("pathway-number", f"segments[{one.id}]", f"{one.base}, {one.growth}")
    for twice in _twice([one.id for one in plan.segments]):
        yield _no("inventory-twice", "segments", twice)


def _of_measures(plan: Pathway) -> Iterator[Refusal]:
    known = {one.id for one in plan.segments}
    for one in plan.measures:
        field = f"measures[{one.id}]"
        if one.segment not in known:
            yield _no("pathway-unknown", f"{field}.segment", one.segment, ", ".join(sorted(known)))
        if (one.share is None) == (one.amount is None):
            yield _no("pathway-share-or-amount", field, one.id)
            continue
        central = one.share if one.share is not None else one.amount
        ends = [end for end in (one.low, central, one.high) if end is not None]
        if any(not end.is_finite() or end < 0 or (one.share is not None and end > 1) for end in ends):
            yield _no("pathway-number", field, ", ".join(map(str, ends)), "0 … 1" if one.share is not None else "≥ 0")
        elif ends != sorted(ends):
            yield _no("pathway-range", field, " … ".join(map(str, ends)))
        if not plan.base_year < one.start <= one.full:
            yield _no("pathway-years", f"{field}.start", f"{one.start} … {one.full}", f"> {plan.base_year}")
    for twice in _twice([one.id for one in plan.measures]):
        yield _no("inventory-twice", "measures", twice)


def _of_scenarios(plan: Pathway) -> Iterator[Refusal]:
    known = {one.id for one in plan.measures}
    for one in plan.scenarios:
        for name in dict.fromkeys(one.measures):
            if name not in known:
                yield _no("pathway-unknown", f"scenarios[{one.id}].measures", name, ", ".join(sorted(known)))
        for twice in _twice(list(one.measures)):
            yield _no("pathway-measure-twice", f"scenarios[{one.id}].measures", twice)
    for twice in _twice([one.id for one in plan.scenarios]):
        yield _no("inventory-twice", "scenarios", twice)


def _of_targets(plan: Pathway) -> Iterator[Refusal]:
    for one in plan.targets:
        if (one.share is None) == (one.value is None):
            yield _no("pathway-share-or-amount", f"targets[{one.name}]", one.name)
        if not plan.base_year < one.year <= plan.until:
            yield _no("pathway-years", f"targets[{one.name}].year", one.year, f"{plan.base_year + 1} … {plan.until}")


def _agree(plan: Pathway, result: Result | None) -> Iterator[Refusal]:
    """The base of each segment is what the inventory says of its cells, to a kilogram."""
    if result is None:
        return
    for one in plan.segments:
        known = sum((result.by_ref[ref].co2e or Decimal() for ref in one.refs if ref in result.by_ref), Decimal())
        if abs(known - one.base) > _ONE:
            yield _no("pathway-base", f"segments[{one.id}].base", one.base, known)


def _twice(names: list[str]) -> list[str]:
    return sorted({one for one in names if names.count(one) > 1})
