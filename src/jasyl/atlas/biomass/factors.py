"""Published ratios of residues, manure and biogas: one row each, with id, source and confidence."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import median

from ..bounds import Bounds

FILE = "bioenergy_factors.csv"
# The guideline preferred where several sources give the same ratio.
_PREFERRED = "2019 Refinement"


@dataclass(frozen=True)
class Factor:
    """One published number: what it is of (``feedstock``, ``residue``, ``place``), ``quantity``, value and range."""

    id: str
    feedstock: str
    residue: str
    place: str
    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    confidence: str
    confirmed: bool
    note: str

    @property
    def bounds(self) -> Bounds:
        return Bounds(
            self.value if self.low is None else self.low, self.value, self.value if self.high is None else self.high
        )


@dataclass(frozen=True)
class Ratio:
    """A number taken from several factors: its bounds, and the ids of all that had a say."""

    bounds: Bounds
    factors: tuple[str, ...]

    def __mul__(self, other: "Ratio | float") -> "Ratio":
        if isinstance(other, Ratio):
            return Ratio(self.bounds * other.bounds, merged(self.factors, other.factors))
        return Ratio(self.bounds * other, self.factors)


def merged(*used: Iterable[str]) -> tuple[str, ...]:
    """Ids without repetition, in order of their first use."""
    return tuple(dict.fromkeys(identifier for group in used for identifier in group))


@cache
def factors() -> tuple[Factor, ...]:
    """Every factor of the package, confirmed or not."""
    text = (files("jasyl.atlas") / "data" / FILE).read_text(encoding="utf-8")
    return tuple(_factor(row) for row in csv.DictReader(text.splitlines()))


@cache
def factor(identifier: str) -> Factor:
    """The factor of an id. Raises KeyError."""
    for one in factors():
        if one.id == identifier:
            return one
    raise KeyError(identifier)


def single(identifier: str) -> Ratio:
    """One factor with its own range."""
    return Ratio(factor(identifier).bounds, (identifier,))


def find(quantity: str, *feedstocks: str, places: tuple[str, ...] = ("world",)) -> list[Factor]:
    """Confirmed factors of a quantity for any of the feedstocks and places, in the order of the table."""
    return [
        one
        for one in factors()
        if one.confirmed and one.quantity == quantity and one.feedstock in feedstocks and one.place in places
    ]


def spread(quantity: str, *feedstocks: str, places: tuple[str, ...] = ("world",)) -> Ratio:
    """What the sources say together: from the least to the greatest, the IPCC's value (else the median) as central.

    Raises LookupError where no confirmed factor is.
    """
    found = find(quantity, *feedstocks, places=places)
    if not found:
        raise LookupError(f"no factor: {quantity} of {feedstocks}")
    values = [one.value for one in found]
    preferred = [one.value for one in found if one.source.startswith(_PREFERRED)]
    central = preferred[0] if preferred else median(values)
    return Ratio(Bounds(min(values), central, max(values)), tuple(one.id for one in found))


def _factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["factor_id"],
        feedstock=row["feedstock"],
        residue=row["residue"],
        place=row["place"],
        quantity=row["quantity"],
        value=float(row["value"]),
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        unit=row["unit"],
        source=row["source"],
        confidence=row["confidence"],
        confirmed=row["confirmed"] == "yes",
        note=row["note"],
    )
