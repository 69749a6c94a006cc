"""The emission factors that ship with the program: immutable facts, each with id, vintage, range, source, confidence.

A factor is never edited: a correction is a new id, so that a number calculated years ago can still be made again.
Those of landfill decay and waste composition stand in a table of their own because layers of the atlas are built from
exactly that file; together the tables hold each factor once.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Refusal

# Which end of a parameter's published range is meant.
Case = Literal["low", "central", "high"]
_LANDFILL = "landfill_factors.csv"
# Tier 1 numbers of the Guidelines written from general knowledge: nearly all unconfirmed, to be named to be used.
_TIER1 = "tier1_factors.csv"
_TABLES = ("emission_factors.csv", _LANDFILL, _TIER1)


@dataclass(frozen=True)
class Factor:
    """One published factor, ``written`` as its source has it.

    ``group`` is its kind (``stationary_combustion``, ``fuel_ncv``, ``grid_electricity``, ``gwp`` …), ``year`` its
    vintage, None where the source gives none. ``low`` and ``high`` are None where no range is published. What is not
    ``confirmed`` was written from general knowledge of the source: it may be chosen by its id, never defaulted to.
    """

    id: str
    item: str
    parameter: str
    condition: str
    written: str
    low: float | None
    high: float | None
    unit: str
    source: str
    confidence: str
    confirmed: bool
    note: str
    group: str
    gas: str
    sector: str
    region: str
    year: int | None

    @property
    def exact(self) -> Decimal:
        """The number to the digit. Raises Refusal ``emission-factor-method`` for a row that names a method only."""
        if not self.written:
            raise Refusal("emission-factor-method", received=self.id)
        return Decimal(self.written)

    @property
    def value(self) -> float:
        """The number for calculating; raises as ``exact`` does."""
        return float(self.exact)

    def at(self, case: Case) -> float:
        """The value at an end of the range, or the value itself where there is no range."""
        end = {"low": self.low, "central": None, "high": self.high}[case]
        return self.value if end is None else end

    @property
    def digest(self) -> str:
        """SHA-256 of what the factor says: by this a figure names it."""
        return sha256_hex(canonical_json({name: str(value) for name, value in vars(self).items()}))

    def as_data(self) -> dict[str, object]:
        """For programs; numbers as text in the unit of the source."""
        said = {name: value for name, value in vars(self).items() if name not in {"written", "low", "high"}}
        ends = {name: None if (end := getattr(self, name)) is None else f"{end:g}" for name in ("low", "high")}
        return {**said, "value": self.written or None, **ends, "digest": self.digest}


def factor(identifier: str) -> Factor:
    """The factor of an id, such as ``fod.k.food_sewage_sludge.boreal_temperate_dry``.

    Raises Refusal ``emission-factor-unknown``.
    """
    found = _factors().get(identifier)
    if found is None:
        raise Refusal("emission-factor-unknown", received=identifier[:80])
    return found


def is_factor(identifier: str) -> bool:
    """Whether the package has a factor of this id: it never means another one."""
    return identifier in _factors()


def find_factors(
    group: str | None = None,
    *,
    item: str | None = None,
    gas: str | None = None,
    sector: str | None = None,
    region: str | None = None,
    confirmed: bool | None = None,
) -> tuple[Factor, ...]:
    """Every factor that agrees with all that is asked, in the order of the tables.

    ``item`` is compared without letter case and punctuation (``natural_gas`` finds ``Natural Gas``); ``region`` is
    ``KAZ`` or ``world`` and is not widened: nothing of the world answers for Kazakhstan.
    """
    asked = {"group": group, "gas": gas, "sector": sector, "region": region, "confirmed": confirmed}
    wanted = {name: value for name, value in asked.items() if value is not None}
    slug = None if item is None else slug_of(item)
    return tuple(
        one
        for one in _factors().values()
        if all(getattr(one, name) == value for name, value in wanted.items())
        and (slug is None or slug_of(one.item) == slug)
    )  # fmt: skip


def emission_factors() -> tuple[Factor, ...]:
    """Every factor of the package."""
    return tuple(_factors().values())


def landfill_factors() -> tuple[Factor, ...]:
    """Every parameter of landfill decay and of waste composition, in the order of the file."""
    return tuple(_table(_LANDFILL))


def slug_of(item: str) -> str:
    """``Wood/Wood Waste`` as ids spell it: ``wood_wood_waste``."""
    words = "".join(letter if letter.isalnum() else " " for letter in item.lower()).split()
    return "_".join(words)


@cache
def _factors() -> dict[str, Factor]:
    return {one.id: one for table in _TABLES for one in _table(table)}


@cache
def _table(file: str) -> tuple[Factor, ...]:
    text = (files("jasyl.emissions") / "data" / file).read_text(encoding="utf-8")
    return tuple(_factor(row) for row in csv.DictReader(text.splitlines()))


def _factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["factor_id"],
        item=row["item"],
        parameter=row["parameter"],
        condition=row["condition"],
        written=row["value"],
        low=_number(row["low"]),
        high=_number(row["high"]),
        unit=row["unit"],
        source=row["source"],
        confidence=row["confidence"],
        confirmed=row["confirmed"] == "yes",
        note=row["note"],
        group=row.get("group") or _group(row["factor_id"]),
        gas=row.get("gas", ""),
        sector=row.get("sector", ""),
        region=row.get("region", "world"),
        year=int(row["year"]) if row.get("year") else None,
    )


def _group(identifier: str) -> str:
    known = {"ncv": "fuel_ncv", "fod": "waste_fod"}
    return known.get(identifier.split(".", 1)[0], "waste_composition")


def _number(text: str) -> float | None:
    return float(text) if text else None
