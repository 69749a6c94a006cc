"""The fictional country of the training starter: enterprises, facilities, owners, phases; pure and seeded.

Nobody in it exists. Names say so in three languages, and the numbers of enterprises cannot have been issued: the
first four digits of a BIN are year and month of registration (rules on forming identification numbers, government
resolution 406 of 22 May 2007), and here the month is 99. The check digit is right, so that the ordinary way in
accepts them.
"""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from jasyl.registry import check_digit, technology

from .training_places import Place, assign_regions, place_in

ENTERPRISES = 60
# Fictional by construction: year 99, month 99, resident legal entity (4), head office (0).
BIN_PREFIX = "999940"
SIZES = ("micro", "small", "medium", "large")
# Kind and OKED section of the enterprises, with how many there are of each.
_PROFILES = (
    ("company", "D", 15), ("company", "C", 12), ("company", "E", 9), ("farm", "A", 8), ("cooperative", "A", 2),
    ("company", "H", 4), ("company", "F", 3), ("authority", "O", 4), ("institution", "P", 2), ("institution", "Q", 1),
)  # fmt: skip
# Statuses of facilities without meters, dealt out like cards; all others operate.
_DECK = (
    ("planned", 8), ("approved", 5), ("financing", 4), ("under_construction", 8), ("test_operation", 4),
    ("extension", 4), ("suspended", 4), ("closed", 4), ("completed", 8), ("unknown", 3),
)  # fmt: skip
COMING = frozenset({"planned", "approved", "financing", "under_construction"})
FIRST_YEAR, LAST_MOMENT = 2012.0, 2026.6
# Adoption follows a logistic curve (E. M. Rogers, Diffusion of Innovations): half of it by 2022, from a
# tenth to nine tenths in ten years.
MIDPOINT, STEEPNESS = 2022.0, 2.2
FIRST_CENSUS = "2025-03"


@dataclass(frozen=True)
class TrainingEnterprise:
    """A fictional enterprise: what the register is told."""

    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class TrainingFacility:
    """A fictional facility.

    ``fields`` is what the second census says, ``earlier`` how the first one differed (None: not known then).
    ``owners`` are (enterprise key, role, percent or None); ``meter`` names the model of its meter.
    """

    key: str
    operator: str
    place: Place
    level: str
    confidence: str
    fields: Mapping[str, Any]
    earlier: Mapping[str, Any] | None
    owners: tuple[tuple[str, str, Decimal | None], ...]
    phases: tuple[tuple[str, Mapping[str, Any]], ...]
    meter: str | None

    @property
    def base_capacity(self) -> float:
        """Size in the unit of the register (W for powers comes from there)."""
        return float(self.fields["capacity"])


@dataclass(frozen=True)
class TrainingWorld:
    """Everything fictional but the readings."""

    seed: int
    enterprises: tuple[TrainingEnterprise, ...]
    facilities: tuple[TrainingFacility, ...]


@dataclass
class _Plan:
    """One facility to be, out of the table of the mix."""

    row: Mapping[str, str]
    meter: str | None
    status: str = "operating"
    moment: float = 0.0
    region: str = ""


def training_world(seed: int) -> TrainingWorld:
    """The world of one seed; the same seed gives the same world (with one version of NumPy)."""
    random = np.random.default_rng([seed, 1])
    enterprises = tuple(_enterprise(number, random) for number in range(1, ENTERPRISES + 1))
    plans = [
        _Plan(row, row["meter"] if at < int(row["meters"]) else None)
        for row in mix()
        for at in range(int(row["count"]))
    ]
    _deal_statuses(plans, random)
    _deal_moments(plans, random)
    wishes = [(plan.row["technology"], plan.row["unit"], plan.row["favoured"].split()) for plan in plans]
    for plan, region in zip(plans, assign_regions(wishes, random), strict=True):
        plan.region = region
    facilities = tuple(_facility(number, plan, enterprises, random) for number, plan in enumerate(plans, 1))
    return TrainingWorld(seed, enterprises, facilities)


@cache
def mix() -> tuple[Mapping[str, str], ...]:
    """How many facilities of which technology, their sizes, who runs them, where they like to stand."""
    text = (files("jasyl.monitoring") / "data" / "training_mix.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def fictional_bin(number: int) -> str:
    """The BIN of enterprise ``number``: month 99, a right check digit; serials without one are passed over."""
    serial = number * 10
    while (digit := check_digit(f"{BIN_PREFIX}{serial:05}")) is None:
        serial += 1
    return f"{BIN_PREFIX}{serial:05}{digit}"


def _enterprise(number: int, random: np.random.Generator) -> TrainingEnterprise:
    kind, sector = [(kind, sector) for kind, sector, count in _PROFILES for _ in range(count)][number - 1]
    size = str(random.choice(SIZES, p=(0.2, 0.35, 0.28, 0.17))) if number > len(SIZES) else SIZES[number - 1]
    fields = {
        "name_kk": f"Оқу кәсіпорны {number:02}",
        "name_ru": f"Учебное предприятие {number:02}",
        "name_en": f"Training Enterprise {number:02}",
        "bin": fictional_bin(number),
        "kind": kind,
        "size": size,
        "sector": sector,
    }
    return TrainingEnterprise(f"training-enterprise-{number:02}", fields)


def _deal_statuses(plans: Sequence[_Plan], random: np.random.Generator) -> None:
    free = [plan for plan in plans if plan.meter is None]
    cards = [status for status, count in _DECK for _ in range(count)]
    for at, status in zip(random.permutation(len(free)).tolist(), cards, strict=False):
        free[at].status = status
    metered = [plan for plan in plans if plan.meter]
    for plan in metered[::13]:
        plan.status = "extension"


def _deal_moments(plans: Sequence[_Plan], random: np.random.Generator) -> None:
    """Commissioning moments: even steps up the curve, so that even 150 facilities show its shape."""
    begun = [plan for plan in plans if plan.status not in COMING]
    low, high = (_adopted(moment) for moment in (FIRST_YEAR, LAST_MOMENT))
    steps = (random.permutation(len(begun)) + random.random(len(begun))) / len(begun)
    for plan, step in zip(begun, steps.tolist(), strict=True):
        part = low + (high - low) * step
        plan.moment = max(FIRST_YEAR, MIDPOINT + STEEPNESS * math.log(part / (1 - part)))


def _adopted(moment: float) -> float:
    return 1 / (1 + math.exp(-(moment - MIDPOINT) / STEEPNESS))


def _facility(
    number: int, plan: _Plan, enterprises: Sequence[TrainingEnterprise], random: np.random.Generator
) -> TrainingFacility:
    row, key = plan.row, f"training-facility-{number:03}"
    names = technology(row["technology"]).names
    able = [each.key for each in enterprises if each.fields["sector"] in row["sector"].split()]
    operator = str(random.choice(able))
    small, large = float(row["smallest"]), float(row["largest"])
    size = f"{small * (large / small) ** random.random():.3g}"
    capacity = Decimal(format(Decimal(size), "f")) if row["unit"][0] != "{" else Decimal(round(float(size)))
    place = place_in(plan.region, random)
    fields: dict[str, Any] = {
        "name_kk": f"Оқу нысаны {number:03}: {names['kk']}",
        "name_ru": f"Учебный объект {number:03}: {names['ru']}",
        "name_en": f"Training facility {number:03}: {names['en']}",
        "technology": row["technology"],
        "status": plan.status,
        "status_certain": plan.status != "unknown",
        "capacity": capacity,
        "capacity_unit": row["unit"],
        "region": plan.region,
        "place": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "place_precision": place.precision,
        "confirmed": plan.meter is not None or bool(random.random() > 0.05),
        "note": "training data, generated: this facility does not exist",
        **_dates(plan, random),
    }
    if row["technology"] in {"RP.BAT", "RP.HYB", "RP.PSH"}:
        fields |= {"second_measure": capacity * 4, "second_unit": "MW.h"}
    return TrainingFacility(
        key,
        operator,
        place,
        str(random.choice(("public", "aggregated", "closed"), p=(0.84, 0.1, 0.06))),
        str(random.choice(("high", "medium", "low"), p=(0.5, 0.4, 0.1))),
        fields,
        _earlier(plan, fields, random),
        tuple(_owners(operator, [each.key for each in enterprises], random)),
        tuple(_phases(key, fields, plan, random)),
        plan.meter,
    )


def _dates(plan: _Plan, random: np.random.Generator) -> dict[str, Any]:
    """Dates as precise as they would be known: a year, a month, or a day."""
    if plan.status in COMING:
        return {"expected": str(int(random.integers(2027, 2031))), "status_date": "2026-08"}
    year, part = divmod(plan.moment, 1)
    month, day = int(part * 12) + 1, int(random.integers(1, 29))
    written = f"{int(year)}-{month:02}-{day:02}"[: int(random.choice((4, 7, 10), p=(0.3, 0.4, 0.3)))]
    dates: dict[str, Any] = {"commissioned": written, "status_date": "2026-08"}
    if plan.status in {"closed", "suspended"}:
        dates["status_date"] = f"{int(random.integers(min(max(int(year) + 1, 2025), 2026), 2027))}-06"
    return dates


def _earlier(plan: _Plan, fields: Mapping[str, Any], random: np.random.Generator) -> dict[str, Any] | None:
    """What the census of March 2025 said instead; the history of fields and ``as_of`` show it."""
    if plan.status in COMING:
        return {"status": "planned", "status_date": FIRST_CENSUS} if random.random() < 0.5 else None
    if fields["commissioned"][:7] > FIRST_CENSUS or fields["commissioned"] == FIRST_CENSUS[:4]:
        now_known = {"status": "under_construction", "expected": fields["commissioned"][:4]}
        return {**now_known, "commissioned": None, "status_date": FIRST_CENSUS}
    if plan.status in {"suspended", "closed"}:
        return {"status": "operating", "status_date": FIRST_CENSUS}
    if plan.status == "extension":
        smaller = (fields["capacity"] * 4 / 5).quantize(Decimal("0.001"))
        return {"status": "operating", "capacity": smaller, "status_date": FIRST_CENSUS}
    return {"status_date": FIRST_CENSUS}


def _owners(
    operator: str, keys: Sequence[str], random: np.random.Generator
) -> Iterator[tuple[str, str, Decimal | None]]:
    """One owner, or a majority owner with a partner, or three of whom one share was never stated."""
    others = [str(key) for key in random.choice([key for key in keys if key != operator], 2, replace=False)]
    cut = random.random()
    if cut < 0.6:
        yield operator, "owner", Decimal(100)
    elif cut < 0.85:
        share = Decimal(int(random.integers(51, 91)))
        yield operator, "owner", share
        yield others[0], "co-owner", 100 - share
    else:
        yield operator, "owner", Decimal(60)
        yield others[0], "co-owner", Decimal("32.5")
        yield others[1], "parent", None


def _phases(
    key: str, fields: Mapping[str, Any], plan: _Plan, random: np.random.Generator
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One to three phases of power plants, the last built last; their capacities add up to the facility's."""
    if fields["capacity_unit"] not in {"MW", "kW"} or random.random() < 0.45:
        return
    count = int(random.integers(1, 4))
    part = (fields["capacity"] / count).quantize(Decimal("0.001"))
    for at in range(1, count + 1):
        last = at == count
        yield (
            f"{key}-phase-{at}",
            {
                "technology": fields["technology"],
                "capacity": fields["capacity"] - part * (count - 1) if last else part,
                "capacity_unit": fields["capacity_unit"],
                "commissioned": fields.get("commissioned"),
                "status": "under_construction" if last and count > 1 and plan.status == "extension" else plan.status,
            },
        )
