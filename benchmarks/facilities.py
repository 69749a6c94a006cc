"""100,000 facilities as an importer sends them: made by a fixed seed, spread as towns and renewable power are."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from jasyl.papers import write_csv
from jasyl.places import settlements
from jasyl.places.boundaries import schematic
from jasyl.places.locate import Locator
from jasyl.registry import STATUSES, check_digit, facility_template, technologies

ENTERPRISES = 9000
# Many small roofs, boilers and lamps, few large plants; nearly everything already at work.
_STATUS_WEIGHTS = {"operating": 70, "under_construction": 8, "planned": 9, "completed": 6}
_COMMON = {"RP.PVR": 0.35, "EB.LED": 0.1, "HT.SOT": 0.08, "HT.HPA": 0.07, "TR.CHG": 0.05, "RP.PV": 0.04}


def as_csv(count: int, seed: int = 11) -> bytes:
    """A CSV of ``count`` facilities by the template, with headings in Russian."""
    return b"".join(write_csv(facility_template().columns, rows(count, seed), "ru"))


def rows(count: int, seed: int = 11) -> Iterator[dict[str, Any]]:
    """Facilities with names in three languages, most with a BIN, half of them with a power."""
    chance = np.random.default_rng(seed)
    lon, lat, region = _places(chance, count)
    codes = [entry.code for entry in technologies(level=2)]
    weight = np.array([_COMMON.get(code, 0.31 / (len(codes) - len(_COMMON))) for code in codes])
    technology = chance.choice(codes, count, p=weight / weight.sum())
    weight = np.array([_STATUS_WEIGHTS.get(status, 1) for status in STATUSES], dtype=float)
    status = chance.choice(STATUSES, count, p=weight / weight.sum())
    power = np.exp(chance.normal(3.5, 1.8, count)).clip(1, 400_000)
    enterprise = np.minimum(chance.zipf(1.4, count), ENTERPRISES)
    year, month = chance.integers(2008, 2026, count), chance.integers(1, 13, count)
    for number in range(count):
        has_power = technology[number].startswith(("RP", "HT"))
        owner = int(enterprise[number])
        yield {
            "key": f"scale-{number:06}",
            "name": f"Объект {number}",
            "name_kk": f"Нысан {number}",
            "name_ru": f"Объект {number}",
            "name_en": f"Facility {number}",
            "enterprise": f"ТОО «Жасыл {owner}»",
            "bin": _bin(owner),
            "technology": str(technology[number]),
            "status": str(status[number]),
            "commissioned": f"{year[number]}-{month[number]:02}" if status[number] == "operating" else None,
            "capacity": f"{power[number]:.1f}" if has_power else None,
            "capacity_unit": "kW" if has_power else None,
            "region": region[number],
            "lon": round(float(lon[number]), 5),
            "lat": round(float(lat[number]), 5),
            "place_precision": "site",
            "source": "Generated for the benchmark",
            "confidence": "medium" if number % 10 else "low",
        }


def _places(chance: np.random.Generator, count: int) -> tuple[Any, Any, Any]:
    """Two of three near a town, the others anywhere in the country; the region is the one a place lies in."""
    towns = [one for one in settlements() if one.population]
    weight = np.sqrt([one.population for one in towns])
    town = chance.choice(len(towns), 2 * count, p=weight / weight.sum())
    lon = np.array([one.place.lon for one in towns])[town] + chance.normal(0, 0.12, 2 * count)
    lat = np.array([one.place.lat for one in towns])[town] + chance.normal(0, 0.08, 2 * count)
    anywhere = chance.random(2 * count) < 1 / 3
    lon[anywhere] = chance.uniform(46.5, 87.3, anywhere.sum())
    lat[anywhere] = chance.uniform(40.6, 55.4, anywhere.sum())
    region, _ = Locator(schematic()).locate(lon, lat)
    inside = np.flatnonzero([code is not None for code in region])[:count]
    if len(inside) < count:
        raise AssertionError(f"{len(inside)} places of {count} lie in the country")
    return lon[inside], lat[inside], region[inside]


def _bin(number: int) -> str:
    """A well-formed number of nobody in particular; the next one where no check digit exists."""
    while True:
        eleven = f"0101{400_000_0 + number * 7 % 6_000_000:07}"
        digit = check_digit(eleven)
        if digit is not None:
            return eleven + str(digit)
        number += ENTERPRISES
