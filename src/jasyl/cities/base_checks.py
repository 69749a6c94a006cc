"""Checks of the numbers of the city itself (people, households, area, product) against the data points that rest on
them. VM is the U4SSC verification manual of 2022 and its page.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from jasyl.indicators import Catalogue

from .entry import Entry
from .entry_checks import PER_100_000, written
from .finding import Finding

Entries = Mapping[str, Entry]
Check = Callable[[Catalogue, Entries], list[Finding]]

POPULATION, HOUSEHOLDS, AREA, GDP = "base.population", "base.households", "base.area", "base.gdp"
NATIONAL = "base.national_gdp_per_head"
# VM 31 says 5 %, VM 28 10 %: the stricter one.
SAME_WITHIN = Decimal("0.05")
# One boundary throughout; a core city and its agglomeration differ by more than this.
AREA_WITHIN = Decimal("0.01")
MIXED_FROM = Decimal("1.2")
# People in a household: below this the households are inhabitants (the smallest national means are near two).
SMALLEST_HOUSEHOLD = Decimal("1.4")
# A city's product per head is within these times the country's; beyond, a unit or a currency is wrong.
GDP_LOWEST, GDP_HIGHEST = Decimal("0.2"), Decimal(5)
# Live births, and children of 0–3, are a small part of a population.
FEW = {"SC.EH.H.2C": Decimal("0.06"), "SC.SH.SI.5A": Decimal("0.2")}


def population_differs(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Two populations in one book: a denominator more than 5 % from that of the city. Question (VM 31, VM 28)."""
    return _differing(catalogue, entries, POPULATION, SAME_WITHIN, "city-two-populations")


def households_differ(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Two numbers of households in one book, more than 5 % apart. Question (VM 31, VM 28)."""
    return _differing(catalogue, entries, HOUSEHOLDS, SAME_WITHIN, "city-two-households")


def area_differs(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Two areas of the city in one book. Question (VM 31)."""
    return _differing(catalogue, entries, AREA, AREA_WITHIN, "city-two-areas")


def boundary_mixed(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Populations or areas a fifth and more apart: a core city mixed with its agglomeration. Remark (VM 28)."""
    found: list[Finding] = []
    for base in (POPULATION, AREA):
        used = {point: number for point, number in _used(catalogue, entries, base).items() if number > 0}
        # Denominators that are people or households by mistake are told of by their own check.
        if base == POPULATION and (inhabitants := entries.get(POPULATION)) and inhabitants.value:
            used = {point: number for point, number in used.items() if number > inhabitants.value / 10}
        if used and max(used.values()) >= MIXED_FROM * min(used.values()):
            small, large = min(used, key=lambda key: used[key]), max(used, key=lambda key: used[key])
            said = f"{written(used[small])} ({small}); {written(used[large])} ({large})"
            found.append(Finding("city-boundary-mixed", "remark", large, "", said, "1", (small, large), "VM 28"))
    return found


def prefilled_changed(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """A number of people or households that the template had filled in was changed, by 5 % or less. Remark (VM 31)."""
    found: list[Finding] = []
    for base in (POPULATION, HOUSEHOLDS):
        wanted = _base(entries, base)
        for point, number in _used(catalogue, entries, base).items():
            if wanted and point != base and number != wanted and not _apart(number, wanted, SAME_WITHIN):
                found.append(
                    Finding(
                        "city-prefilled-changed",
                        "remark",
                        point,
                        "denominator",
                        written(number),
                        written(wanted),
                        (base,),
                        "VM 31",
                    )
                )
    return found


def households_are_inhabitants(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Households counted as inhabitants: fewer than 1.4 people would live in each. Question (VM 34, 36, 68, 73)."""
    people = _base(entries, POPULATION)
    if not people:
        return []
    found: list[Finding] = []
    for point, number in _used(catalogue, entries, HOUSEHOLDS).items():
        if number > 0 and people / number < SMALLEST_HOUSEHOLD:
            field = "value" if point == HOUSEHOLDS else "denominator"
            wanted, most = _base(entries, HOUSEHOLDS), people // SMALLEST_HOUSEHOLD
            expected = written(wanted) if wanted and wanted <= most else f"≤ {most}"
            found.append(
                Finding(
                    "city-households-inhabitants",
                    "question",
                    point,
                    field,
                    written(number),
                    expected,
                    (POPULATION,),
                    "VM 34",
                )
            )
    return found


def per_100000_factor(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """The factor of a rate is population / 100 000, exactly 1 at 100 000 people: a value that is right only for a
    factor of 1 in a city of another size. Question (VM 31)."""
    people = _base(entries, POPULATION)
    found: list[Finding] = []
    for point, entry in entries.items():
        if entry.is_base or not people or base_of(catalogue, point) != POPULATION:
            continue
        if catalogue.point(point).multiplier != PER_100_000:
            continue
        if entry.value is None or not entry.numerator or people == 100_000:
            continue
        if entry.value == entry.numerator:
            expected = written(entry.numerator / people * 100_000)
            found.append(
                Finding(
                    "city-factor-one",
                    "question",
                    point,
                    "value",
                    written(entry.value),
                    expected,
                    (POPULATION,),
                    "VM 31",
                )
            )
    return found


def group_is_population(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Live births, or children of 0–3, as large as the population. Question (VM 118; methodology of 3C and 5A)."""
    people = _base(entries, POPULATION)
    found: list[Finding] = []
    for point, share in FEW.items():
        entry = entries.get(point)
        if entry is None or not catalogue.has(point) or not people or not entry.denominator:
            continue
        if entry.denominator > share * people:
            expected = f"< {written(share * people)}"
            found.append(
                Finding(
                    "city-group-population",
                    "question",
                    point,
                    "denominator",
                    written(entry.denominator),
                    expected,
                    (POPULATION,),
                    "VM 118",
                )
            )
    return found


def gdp_missing(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """Data points that rest on the city's product are reported, but the product itself is not in the book, with
    currency and date. Remark (VM 31)."""
    users = [point for point in entries if not point.startswith("base.") and entries[point].is_given]
    users = [point for point in users if base_of(catalogue, point) == GDP]
    if not users:
        return []
    own = entries.get(GDP)
    if own is None or not own.is_given:
        return [Finding("city-gdp-missing", "remark", GDP, "", "—", ", ".join(users), tuple(users), "VM 31")]
    if own.dated is None:
        return [Finding("city-gdp-undated", "remark", GDP, "dated", "—", "2024", tuple(users), "VM 31")]
    return []


def gdp_used_differs(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """A denominator is another product of the city than that of the book: of another year, or in another currency.
    Question (VM 31)."""
    return _differing(catalogue, entries, GDP, AREA_WITHIN, "city-two-gdp")


def gdp_against_national(catalogue: Catalogue, entries: Entries) -> list[Finding]:
    """The city's product per head is below a fifth or above five times the country's, or cannot be compared with it:
    no national figure, or in another currency. Remark (VM 31)."""
    del catalogue
    own, people, national = entries.get(GDP), _base(entries, POPULATION), entries.get(NATIONAL)
    if own is None or not own.value or not people:
        return []
    if national is None or not national.value:
        return [Finding("city-gdp-uncompared", "remark", NATIONAL, "", "—", own.unit or "—", (GDP,), "VM 31")]
    if national.unit != own.unit:
        said = national.unit or "—"
        return [Finding("city-gdp-uncompared", "remark", NATIONAL, "unit", said, own.unit or "—", (GDP,), "VM 31")]
    per_head = own.value / people
    if GDP_LOWEST * national.value <= per_head <= GDP_HIGHEST * national.value:
        return []
    expected = f"{written(GDP_LOWEST * national.value)} – {written(GDP_HIGHEST * national.value)} {own.unit}"
    said = f"{written(per_head)} {own.unit}"
    return [Finding("city-gdp-implausible", "remark", GDP, "value", said, expected, (NATIONAL, POPULATION), "VM 31")]


BASE_CHECKS: tuple[Check, ...] = (
    population_differs,
    households_differ,
    area_differs,
    boundary_mixed,
    prefilled_changed,
    households_are_inhabitants,
    per_100000_factor,
    group_is_population,
    gdp_missing,
    gdp_used_differs,
    gdp_against_national,
)


def base_of(catalogue: Catalogue, point: str) -> str | None:
    """Which number of the city itself the denominator of a data point is, None for one of its own."""
    if not catalogue.point(point).has_denominator:
        return None
    said = catalogue.indicator_of(point).denominator.en.casefold()
    if "total number of" in said and "households" in said:
        return HOUSEHOLDS
    for start, base in (("city population", POPULATION), ("total city area", AREA), ("city gdp", GDP)):
        if said.startswith(start):
            return base
    return None


def _used(catalogue: Catalogue, entries: Entries, base: str) -> dict[str, Decimal]:
    """The number of the city itself and every denominator that should be it."""
    used: dict[str, Decimal] = {}
    own = _base(entries, base)
    if own is not None:
        used[base] = own
    for point, entry in entries.items():
        if not entry.is_base and entry.denominator is not None and base_of(catalogue, point) == base:
            used[point] = entry.denominator
    return used


def _differing(catalogue: Catalogue, entries: Entries, base: str, within: Decimal, code: str) -> list[Finding]:
    """Denominators apart from the number of the city itself, or, where the book has none, from the most usual one."""
    used = _used(catalogue, entries, base)
    if len(used) < 2:
        return []
    numbers = list(used.values())
    wanted = used.get(base) or max(numbers, key=lambda number: (numbers.count(number), -numbers.index(number)))
    meant = next(point for point, number in used.items() if number == wanted)
    return [
        Finding(code, "question", point, "denominator", written(number), written(wanted), (meant,), "VM 31")
        for point, number in used.items()
        if point != base and _apart(number, wanted, within)
    ]


def _apart(one: Decimal, other: Decimal, within: Decimal) -> bool:
    return abs(one - other) > within * max(abs(one), abs(other))


def _base(entries: Entries, base: str) -> Decimal | None:
    own = entries.get(base)
    return own.value if own is not None and own.is_given else None
