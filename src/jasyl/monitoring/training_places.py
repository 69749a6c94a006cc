"""Where the training starter's facilities stand: every region has some, each in or beside a real settlement."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jasyl.places import Settlement, region, regions, settlements

# What a city of republican rank may have; power stations and fields stand outside.
_URBAN = ("EB.", "TR.", "MO.", "WS.SEP", "WS.EEE", "RP.PVR", "HT.H", "HT.F", "EN.", "NA.URB", "WA.LEK")
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Place:
    """A place with the settlement's name, WGS 84 degrees; ``precision`` as the register has it."""

    name: str
    lon: float
    lat: float
    precision: str


def assign_regions(wishes: Sequence[tuple[str, str, Sequence[str]]], random: np.random.Generator) -> list[str]:
    """A region (ISO 3166-2) for each (technology, unit, favoured regions); none of the 20 is left without."""
    every = [each.iso for each in regions()]
    rural = [each.iso for each in regions() if each.kind == "region"]
    found: list[str] = []
    for technology, _, favoured in wishes:
        open_to = every if technology.startswith(_URBAN) else rural
        liked = [iso for iso in favoured if iso in open_to]
        found.append(str(random.choice(liked if liked and random.random() < 0.7 else open_to)))
    _fill(found, wishes, every)
    return found


def _fill(found: list[str], wishes: Sequence[tuple[str, str, Sequence[str]]], every: Sequence[str]) -> None:
    """Move facilities that fit anywhere out of the fullest regions into empty ones."""
    counts = Counter(found)
    for empty in [iso for iso in every if not counts[iso]]:
        movable = [at for at, wish in enumerate(wishes) if wish[0].startswith(_URBAN) and not wish[2]]
        at = max(movable, key=lambda place: counts[found[place]])
        counts[found[at]] -= 1
        found[at] = empty
        counts[empty] += 1


def place_in(iso: str, random: np.random.Generator) -> Place:
    """A place in a region: the settlement itself, or a site some kilometres from it towards the region's middle,
    which keeps sites of border towns on this side of the border."""
    here = [each for each in settlements() if each.region == iso]
    weights = np.array([math.sqrt(each.population or 500) for each in here])
    town = here[int(random.choice(len(here), p=weights / weights.sum()))]
    if random.random() < 0.35:
        return Place(_written(town), town.place.lon, town.place.lat, "settlement")
    middle = region(iso).centroid
    scale = math.cos(math.radians(town.place.lat))
    east, north = (middle.lon - town.place.lon) * scale, middle.lat - town.place.lat
    away = math.hypot(east, north) * KM_PER_DEGREE
    direction = math.atan2(north, east) + float(random.uniform(-0.6, 0.6))
    km = min(float(random.uniform(0.5, 4.0)), 0.8 * away)
    lon = town.place.lon + km * math.cos(direction) / (KM_PER_DEGREE * scale)
    lat = town.place.lat + km * math.sin(direction) / KM_PER_DEGREE
    return Place(_written(town), round(lon, 5), round(lat, 5), "site")


def _written(town: Settlement) -> str:
    return town.name("ru")
