"""Checks of one entry by itself, each a function with its rule; `entry_findings` runs them all.

Page numbers: VM is the U4SSC verification manual of 2022.
"""

from collections.abc import Callable
from decimal import Decimal

from jasyl import indicators
from jasyl.indicators import BREAKDOWNS, Catalogue
from jasyl.quantities import decimal_text

from .entry import GIVEN, Entry
from .finding import Finding, Severity
from .units_given import AIR, air_looks_otherwise, money_without_currency, unit_unknown

Check = Callable[[Catalogue, Entry], list[Finding]]

PERCENT = "percent"
# Pupils and firms from outside may make these larger than what they are counted against (VM 118, and the methodology).
ABOVE_100 = frozenset(("SC.EH.ED.2C", "EC.ICT.ICT.2C"))
RESEARCH = "EC.P.IN.1C"
RESEARCH_HIGH = Decimal(5)
# Shares that are 90 % and more nearly everywhere (VM 73, VM 77).
NEARLY_ALL = {"EC.I.WS.5C": "VM 73", "EC.I.ES.3C": "VM 77"}
NEARLY_ALL_FROM = Decimal(90)
# Values entered beside numerator and denominator may be rounded to so much of themselves.
ROUNDED = Decimal("0.005")
# A denominator of a rate per 100 000 below this is the population already divided.
SMALLEST_CITY = Decimal(1000)
PER_100_000 = Decimal(100_000)


def numerator_only(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A numerator without its denominator and without a value: nothing can be computed. Error (VM 32, VM 95).

    For air and the like the final value is often typed there: it belongs into the field of the value.
    """
    if entry.is_base or entry.numerator is None or entry.denominator is not None or entry.value is not None:
        return []
    if not catalogue.point(entry.point).has_denominator:
        return []
    return [_cell("city-numerator-only", "error", entry, "numerator", written(entry.numerator), "—", "VM 32")]


def denominator_only(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A denominator with neither numerator nor value under a status that claims a number. Error."""
    del catalogue
    if entry.denominator is None or entry.numerator is not None or entry.value is not None or entry.status not in GIVEN:
        return []
    return [_cell("city-denominator-only", "error", entry, "denominator", written(entry.denominator), "—")]


def denominator_zero(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """Division by nothing. Error."""
    del catalogue
    if entry.denominator is None or entry.denominator != 0:
        return []
    return [_cell("city-denominator-zero", "error", entry, "denominator", "0", "> 0")]


def groups_alone(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """Groups beside no number of their own data point, or beside a unit to convert: they are of nothing. Error."""
    del catalogue
    if not entry.parts or (entry.is_given and entry.unit is None and not entry.is_base):
        return []
    return [_cell("city-breakdown-alone", "error", entry, "parts", entry.unit or entry.status, "reported")]


def groups_twice(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """The same group twice. Error."""
    del catalogue
    cells = [part.by for part in entry.parts]
    twice = next((by for by in cells if cells.count(by) > 1), None)
    if twice is None:
        return []
    group = ", ".join(f"{axis}={name}" for axis, name in twice)
    return [_cell("city-breakdown-twice", "error", entry, "parts", group, "—")]


def groups_above_whole(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """The groups along one axis count more than the whole does. Question."""
    del catalogue
    if entry.numerator is None:
        return []
    for axis in BREAKDOWNS:
        counts = [part.numerator for part in entry.parts if [one for one, _ in part.by] == [axis]]
        total = sum((one for one in counts if one is not None), Decimal())
        if total > entry.numerator:
            return [_cell("city-breakdown-above", "question", entry, "parts", f"{axis}: {written(total)}",
                          written(entry.numerator))]  # fmt: skip
    return []


def negative_number(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """No data point of the catalogue can be below zero. Error."""
    del catalogue
    parts = {"numerator": entry.numerator, "denominator": entry.denominator, "value": entry.value}
    return [
        _cell("city-negative", "error", entry, name, written(number), "≥ 0")
        for name, number in parts.items()
        if number is not None and number < 0
    ]


def direct_value_in_numerator(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """The value of a data point without denominator was typed as numerator. Question (VM 32, VM 95)."""
    if entry.is_base or entry.numerator is None or catalogue.point(entry.point).has_denominator:
        return []
    return [_cell("city-direct-value", "question", entry, "numerator", written(entry.numerator), "—", "VM 32")]


def yes_no_value(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A yes/no data point answered with something else. Error."""
    if entry.is_base or entry.value in (None, 0, 1) or not catalogue.point(entry.point).is_yes_no:
        return []
    return [_cell("city-yes-no", "error", entry, "value", written(entry.value), "1 / 0")]


def number_beside_status(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A number beside "not reported" or "not applicable". Error: one of the two is wrong."""
    del catalogue
    if entry.status in GIVEN or all(each is None for each in (entry.numerator, entry.value)):
        return []
    return [_cell("city-number-beside-status", "error", entry, "status", entry.status, "reported")]


def reported_without_number(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """ "Reported" with nothing in any field. Error."""
    del catalogue
    parts = (entry.numerator, entry.denominator, entry.value)
    if entry.status not in GIVEN or any(each is not None for each in parts):
        return []
    return [_cell("city-nothing-reported", "error", entry, "status", entry.status, "not_reported")]


def percent_above_100(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A share above 100 %, where that cannot be. Question. Enrolment and broadband lines may exceed it (VM 118)."""
    share = _share(catalogue, entry)
    if share is None or share <= 100 or entry.point in ABOVE_100:
        return []
    return [_cell("city-percent-above", "question", entry, filled(entry), f"{written(share)} %", "0 – 100 %")]


def coefficient_above_one(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A coefficient of 0–1 given as a percentage. Question."""
    if entry.is_base or not catalogue.point(entry.point).unit.startswith("coefficient"):
        return []
    if entry.value is None or entry.value <= 1:
        return []
    return [_cell("city-coefficient", "question", entry, "value", written(entry.value), "0 – 1")]


def research_high(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """Research and development above 5 % of the city's product: looked at again. Remark (VM 56)."""
    share = _share(catalogue, entry) if entry.point == RESEARCH else None
    if share is None or share <= RESEARCH_HIGH:
        return []
    return [_cell("city-research-high", "remark", entry, filled(entry), f"{written(share)} %", "≤ 5 %", "VM 56")]


def nearly_all_low(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """Sanitation, or access to electricity, below 90 %: looked at again. Remark (VM 73, VM 77)."""
    share = _share(catalogue, entry) if entry.point in NEARLY_ALL else None
    if share is None or share >= NEARLY_ALL_FROM:
        return []
    page = NEARLY_ALL[entry.point]
    return [_cell("city-nearly-all", "remark", entry, filled(entry), f"{written(share)} %", "≥ 90 %", page)]


def value_contradicts(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """The value entered is not what numerator and denominator give (beyond rounding). Question (VM 162)."""
    if entry.is_base or entry.value is None or entry.numerator is None or not entry.denominator:
        return []
    computed = entry.numerator / entry.denominator * catalogue.point(entry.point).multiplier
    if abs(entry.value - computed) <= ROUNDED * max(abs(computed), abs(entry.value)):
        return []
    return [
        _cell("city-value-contradicts", "question", entry, "value", written(entry.value), written(computed), "VM 162")
    ]


def value_overwritten(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """Only the result of a ratio is given, not what it was computed from; the verifier asks for it. Remark (VM 162).

    Concentrations in air come from stations as they are.
    """
    if entry.is_base or entry.value is None or entry.numerator is not None or entry.point.startswith(AIR):
        return []
    if not catalogue.point(entry.point).has_denominator:
        return []
    return [_cell("city-value-only", "remark", entry, "value", written(entry.value), "—", "VM 162")]


def population_divided(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """The denominator of a rate per 100 000 is the population already divided by 100 000, so the value comes out
    100 000 times too large. Question (VM 31)."""
    if entry.is_base or catalogue.point(entry.point).multiplier != PER_100_000 or not entry.denominator:
        return []
    if entry.denominator >= SMALLEST_CITY:
        return []
    expected = written(entry.denominator * PER_100_000)
    return [
        _cell(
            "city-population-divided", "question", entry, "denominator", written(entry.denominator), expected, "VM 31"
        )
    ]


def quality_missing(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A number without origin or without one of the six choices of data quality. Remark (VM 163)."""
    del catalogue
    missing = [name for name, said in (("origin", entry.origin), ("quality", entry.quality)) if said is None]
    if not entry.is_given or not missing:
        return []
    return [_cell("city-quality-missing", "remark", entry, missing[0], "—", ", ".join(missing), "VM 163")]


ENTRY_CHECKS: tuple[Check, ...] = (
    numerator_only,
    denominator_only,
    denominator_zero,
    negative_number,
    groups_alone,
    groups_twice,
    groups_above_whole,
    direct_value_in_numerator,
    yes_no_value,
    number_beside_status,
    reported_without_number,
    unit_unknown,
    money_without_currency,
    air_looks_otherwise,
    percent_above_100,
    coefficient_above_one,
    research_high,
    nearly_all_low,
    value_contradicts,
    value_overwritten,
    population_divided,
    quality_missing,
)


def entry_findings(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """What the checks say of one entry, in their order. Raises Refusal ``indicator-unknown-point``."""
    return [finding for check in ENTRY_CHECKS for finding in check(catalogue, entry)]


def value_of(catalogue: Catalogue, entry: Entry) -> Decimal | None:
    """The value of an entry in the unit of its data point, to 28 digits; None where there is none to stand by."""
    if not entry.is_given:
        return None
    if entry.is_base:
        return entry.value
    exact = indicators.value_of(catalogue.point(entry.point), entry.answer)
    return None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)


def _share(catalogue: Catalogue, entry: Entry) -> Decimal | None:
    """The value of a data point that is a share in percent."""
    if entry.is_base or not catalogue.point(entry.point).unit.startswith(PERCENT):
        return None
    return value_of(catalogue, entry)


def filled(entry: Entry) -> str:
    """The field that people would mend: the value, or the numerator it follows from."""
    return "value" if entry.value is not None else "numerator"


def written(number: Decimal | None) -> str:
    if number is None:
        return "—"
    return decimal_text(number if number == round(number, 4) else round(number, 4))


def _cell(
    code: str, severity: Severity, entry: Entry, field: str, received: str, expected: str, source: str = "own"
) -> Finding:
    return Finding(code, severity, entry.point, field, received, expected, source=source)
