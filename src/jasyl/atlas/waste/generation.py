"""Municipal waste of the regions: published where it is, the rest of the national amount allocated by population."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jasyl.facts import Fact
from jasyl.places import Region

from ..areas import COUNTRY, AreaValue
from ..bounds import Bounds, exact
from ..value_file import significant

_TONNES = {"t": 1, "kt": 1_000, "Mt": 1_000_000, "t/a": 1, "kt/a": 1_000, "t/d": 365}
# Metrics under which a region's municipal waste of a year is published, and what makes a year of them.
_REGIONAL = {
    "generation": 1.0,
    "municipal_waste_generated_per_day": 1.0,
    "municipal_waste_collected": 1.0,
    "collected": 1.0,
    "municipal_waste_collected_11_months": 12 / 11,
}
_NATIONAL = "municipal_waste_collected"
_NATIONAL_RANGE = "generated"


@dataclass(frozen=True)
class Amount:
    """Municipal waste of a place in t a year. ``allocated`` tells a share of a total from a published amount."""

    place: str
    tonnes: Bounds
    year: int
    allocated: bool
    source: str
    note: str

    def as_area(self) -> AreaValue:
        low, central, high = self.tonnes.rounded()
        return AreaValue(
            place=self.place,
            level="country" if self.place == COUNTRY else "region",
            value=central,
            low=low,
            high=high,
            year=self.year,
            kind="allocated" if self.allocated else "published",
            source=self.source,
            confidence="medium",
            note=self.note,
        )


def national(facts: Iterable[Fact]) -> Amount | None:
    """The latest national amount that is confirmed; the range is that published for generation in the same year."""
    known = [fact for fact in facts if fact.confirmed and fact.place == COUNTRY and fact.unit in _TONNES]
    amounts = [fact for fact in known if fact.metric == _NATIONAL and fact.value is not None and fact.start_year]
    if not amounts:
        return None
    latest = max(amounts, key=lambda fact: fact.start_year or 0)
    year = latest.start_year or 0
    central = _tonnes(latest, latest.value)
    ends = [
        _tonnes(fact, end)
        for fact in known
        if fact.metric == _NATIONAL_RANGE and fact.start_year == year
        for end in (fact.low, fact.high, fact.value)
        if end is not None
    ]
    bounds = Bounds(min([central, *ends]), central, max([central, *ends]))
    return Amount(COUNTRY, bounds, year, False, latest.source, latest.note)


def published(facts: Iterable[Fact]) -> dict[str, Amount]:
    """What is published of regions, the latest year of each."""
    found: dict[str, Amount] = {}
    for fact in facts:
        scale = _REGIONAL.get(fact.metric)
        year = fact.start_year
        if scale is None or not year or fact.place in (None, COUNTRY) or fact.value is None:
            continue
        if not fact.confirmed or fact.unit not in _TONNES:
            continue
        assert fact.place is not None
        if fact.place not in found or year > found[fact.place].year:
            scaled = "eleven months times 12/11" if scale != 1 else "a day times 365" if fact.unit == "t/d" else ""
            note = "; ".join(text for text in (scaled, fact.note) if text)
            amount = exact(_tonnes(fact, fact.value) * scale)
            found[fact.place] = Amount(fact.place, amount, year, False, fact.source, note)
    return found


def generation(facts: Iterable[Fact], regions: Iterable[Region]) -> tuple[Amount, ...]:
    """Municipal waste of every region, adding up to the national amount; nothing when that is not known.

    A region's published amount stands. What the country has beyond the published ones is shared among the other
    regions by population, so that no tonne is counted twice. Where the published ones exceed the national amount
    the others stay empty: they are left out.
    """
    facts = list(facts)
    whole = national(facts)
    own = {place: amount for place, amount in published(facts).items() if place in {one.iso for one in regions}}
    if whole is None:
        return tuple(own.values())
    others = [one for one in regions if one.iso not in own]
    people = sum(one.population for one in others)
    taken = sum(amount.tonnes.central for amount in own.values())
    if not people or taken >= whole.tonnes.low:
        return tuple(own.values())
    rest = Bounds(whole.tonnes.low - taken, whole.tonnes.central - taken, whole.tonnes.high - taken)
    shared = [
        Amount(
            one.iso,
            rest * (one.population / people),
            whole.year,
            True,
            f"{whole.source}; population: {one.population_source}",
            f"share of the national amount less {len(own)} published regions, by population "
            f"{one.population} of {one.population_date} ({one.population_confidence} confidence)",
        )
        for one in others
    ]
    return tuple(sorted([*own.values(), *shared], key=lambda amount: amount.place))


def per_person(amount: Amount, population: int) -> Decimal:
    """Kilograms of a person and day: to compare with what sources print."""
    return significant(amount.tonnes.central * 1000 / 365 / population, 3)


def _tonnes(fact: Fact, number: Decimal | None) -> float:
    assert number is not None
    return float(number) * _TONNES[fact.unit]
