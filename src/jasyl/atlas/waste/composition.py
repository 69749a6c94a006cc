"""What municipal waste is made of: shares by material, of the place where they are published, else of the country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jasyl.facts import Fact

from ..areas import COUNTRY

_PREFIX = "composition_"
# Materials that are collected to be made into the same again.
RECYCLABLES = ("paper", "plastics", "glass", "metal", "textiles")


@dataclass(frozen=True)
class Composition:
    """Shares of wet mass by material, as published: they need not add up to one where a source leaves some out."""

    place: str
    year: int
    shares: Mapping[str, float]
    source: str

    def missing(self, materials: Iterable[str]) -> tuple[str, ...]:
        """The materials that the source does not tell."""
        return tuple(material for material in materials if material not in self.shares)

    @property
    def organics(self) -> float:
        """Food and garden waste, together where the source has one number."""
        if "organics" in self.shares:
            return self.shares["organics"]
        return self.shares.get("food", 0) + self.shares.get("garden", 0)

    @property
    def decaying(self) -> dict[str, float]:
        """Shares by the kinds of first-order decay; organics told as one number count as food."""
        shares = {
            kind: self.shares.get(kind, 0.0) for kind in ("food", "garden", "paper", "wood", "textiles", "nappies")
        }
        if "organics" in self.shares:
            shares["food"] = self.shares["organics"]
        return {kind: share for kind, share in shares.items() if share}


def compositions(facts: Iterable[Fact]) -> dict[str, Composition]:
    """The latest composition of each place that has one, confirmed facts only."""
    latest: dict[str, int] = {}
    chosen: dict[str, list[Fact]] = {}
    for fact in facts:
        year, place = fact.start_year, fact.place
        if not fact.confirmed or not fact.metric.startswith(_PREFIX) or fact.value is None or not year or not place:
            continue
        if year > latest.get(place, 0):
            latest[place], chosen[place] = year, []
        if year == latest[place]:
            chosen[place].append(fact)
    return {
        place: Composition(
            place,
            latest[place],
            {fact.metric.removeprefix(_PREFIX): float(fact.value or 0) / 100 for fact in facts_of},
            facts_of[0].source,
        )
        for place, facts_of in chosen.items()
    }


def composition_of(place: str, known: Mapping[str, Composition]) -> Composition | None:
    """The composition of a place, else that of the country, else None."""
    return known.get(place) or known.get(COUNTRY)
