"""Material intensities that ship with the program: kg of a material in a square metre of floor."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class PublishedIntensity:
    """A published median, ``kg_per_m2``, with an assumed coefficient of variation ``cv``; ``buildings`` it rests on."""

    construction: str
    material: str
    kg_per_m2: float
    cv: float
    buildings: int
    region: str
    source: str
    confidence: str
    note: str


@cache
def published_intensities(construction: str | None = None) -> tuple[PublishedIntensity, ...]:
    """Every intensity, or those of one way of construction (``concrete_frame``, ``masonry``); empty for another."""
    text = (files("jasyl.circular") / "data" / "material_intensities.csv").read_text(encoding="utf-8")
    return tuple(
        _intensity(row) for row in csv.DictReader(text.splitlines()) if construction in (None, row["construction"])
    )


def _intensity(row: dict[str, str]) -> PublishedIntensity:
    return PublishedIntensity(
        construction=row["construction"],
        material=row["material"],
        kg_per_m2=float(row["kg_per_m2"]),
        cv=float(row["cv"]),
        buildings=int(row["buildings"]),
        region=row["region"],
        source=row["source"],
        confidence=row["confidence"],
        note=row["note"],
    )
