"""Harvest, livestock and wood of places: what ships with the program, one row per published number."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from jasyl.quantities import unit

from ..areas import Level
from ..value_file import Confidence

FILE = "agriculture.csv"
# What a published number is about; the words of the sources differ.
Measure = Literal["production", "area", "heads", "residues", "fodder"]
_MEASURES: dict[str, Measure] = {
    "production": "production",
    "delivered to gins": "production",
    "sown area": "area",
    "harvested area": "area",
    "gathered for fodder": "fodder",
}
# A count at the height of the season or a harvest weighed before drying is not the statistic of the year.
_PEAK = "season peak"
_BUNKER = "bunker weight"


@dataclass(frozen=True)
class Statistic:
    """A published number of one place and year, in base units: kg, m² or heads.

    ``place`` is ISO 3166 for country and regions, KATO for districts; ``origin`` is ``package`` or the name of the
    file it was loaded from. ``provisional`` says that it is a harvest report before drying and cleaning, or a count
    at the height of the season: used where there is nothing better, never mixed with the final statistics.
    """

    place: str
    level: Level
    region: str | None
    name: str
    item: str
    measure: Measure
    value: Decimal
    year: int
    source: str
    confidence: Confidence
    confirmed: bool
    note: str
    origin: str = "package"
    provisional: bool = False


@cache
def package_statistics() -> tuple[Statistic, ...]:
    """The rows of the package that a potential can be computed from.

    Left out: partial and planned harvests, shares and yields, and regions as they were before 2018 or 2022, whose
    numbers cannot be divided among today's.
    """
    text = (files("jasyl.atlas") / "data" / FILE).read_text(encoding="utf-8")
    found = (_statistic(row) for row in csv.DictReader(text.splitlines()))
    return tuple(one for one in found if one is not None)


def former_regions() -> tuple[str, ...]:
    """Codes of divided regions for which the package has numbers that no region of today can be given."""
    text = (files("jasyl.atlas") / "data" / FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(sorted({row["place"] for row in rows if row["level"] == "former region"}))


def chosen(statistics: Iterable[Statistic]) -> dict[tuple[str, str, Measure], Statistic]:
    """For each place, item and measure the one row to compute with.

    Confirmed rows only; a loaded file goes before the package, final numbers before provisional ones, then the latest
    year, then the higher confidence.
    """
    best: dict[tuple[str, str, Measure], Statistic] = {}
    for one in statistics:
        key = (one.place, one.item, one.measure)
        if one.confirmed and (key not in best or _rank(one) > _rank(best[key])):
            best[key] = one
    return best


def _rank(one: Statistic) -> tuple[bool, bool, int, int]:
    return one.origin != "package", not one.provisional, one.year, ("low", "medium", "high").index(one.confidence)


def _statistic(row: dict[str, str]) -> Statistic | None:
    quantity = row["quantity"]
    measure = "heads" if quantity.startswith("number") else _MEASURES.get(quantity)
    if measure is None or row["level"] == "former region":
        return None
    note = row["note"]
    value = Decimal(row["value"])
    return Statistic(
        place=row["place"],
        level=cast("Level", row["level"]),
        region=row["region"] or None,
        name=row["name"],
        item=row["item"],
        measure=measure,
        value=value if measure == "heads" else unit(row["unit"]).to_base(value),
        year=int(row["year"]),
        source=row["source"],
        confidence=cast("Confidence", row["confidence"]),
        confirmed=row["confirmed"] == "yes",
        note=note if quantity in {"production", "sown area"} else "; ".join(filter(None, (quantity, note))),
        provisional=_BUNKER in note or _PEAK in note,
    )
