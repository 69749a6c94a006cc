"""Factors of energy: what a unit of grid electricity, of heat or of coal emits, each with source, kind and vintage.

No official grid factor of Kazakhstan is published as a series. Those that circulate differ by 1.85 between the ends,
and what they mean differs: an average of all plants, the margin that a new plant displaces (operating, build,
combined), with or without the way of the fuel to the plant. So a factor is always a named choice, never a constant.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.quantities import canonical_json, decimal_text, sha256_hex
from jasyl.texts import Language, Refusal, say

from .factors import Factor, factor

Carrier = Literal["electricity", "heat", "coal", "coal_ncv"]
Kind = Literal[
    "combined_margin", "operating_margin", "average", "average_life_cycle", "implied", "allocation_benchmark", "boiler",
    "net_calorific_value", "combustion",
]  # fmt: skip
_FILE = "energy_factors.csv"
# kg of CO2 for each base unit (Wh of electricity or heat) that one unit of a factor stands for.
_TO_BASE = {"g/kWh": Decimal("0.000001"), "kg/Gcal": Decimal("0.001") / Decimal(1163)}
# The units of the sources as UCUM writes them.
_UCUM = {"g/kWh": "g/(kW.h)", "kg/Gcal": "kg/Gcal_IT"}


@dataclass(frozen=True)
class EnergyFactor:
    """One factor as its source has it. ``year`` is its vintage; what is not ``offered`` is kept to be told apart only.

    An allocation benchmark is not what the grid emits, an upstream part is no factor by itself, a provisional year
    repeats the one before: such rows are there so that nobody takes them for a factor in use.
    """

    key: str
    carrier: Carrier
    kind: Kind
    id: str
    item: str
    gas: str
    region: str
    year: int | None
    value: Decimal
    unit: str
    offered: bool
    source: str
    confidence: str
    note: str

    @property
    def per_base_unit(self) -> Decimal:
        """kg of CO2 (or CO2e) for one Wh. Raises KeyError for what is no factor of electricity or heat."""
        return per_base_unit(self.value, self.unit)

    @property
    def ucum(self) -> str:
        """The UCUM code of the unit, by which pages write it and programs know it."""
        return _UCUM.get(self.unit, self.unit)

    @property
    def digest(self) -> str:
        """SHA-256 of what the factor says: by this a figure names it."""
        return sha256_hex(canonical_json({name: str(value) for name, value in vars(self).items()}))

    def name(self, language: Language) -> str:
        """What it is called: ``combined margin for solar and wind, 2021``."""
        said = say(language, f"factor-{self.key.replace('_', '-')}")
        return f"{said}, {self.year}" if self.year and str(self.year) not in said else said

    def as_data(self) -> dict[str, object]:
        """For programs; the number as decimal text in the unit of the source."""
        return {
            "key": self.key, "id": self.id, "kind": self.kind, "item": self.item, "gas": self.gas, "year": self.year,
            "value": decimal_text(self.value), "unit": self.unit, "source": self.source, "confidence": self.confidence,
            "note": self.note,
        }  # fmt: skip


def per_base_unit(value: Decimal, unit: str) -> Decimal:
    """kg of CO2 for one Wh, of a factor in ``g/kWh`` or ``kg/Gcal``."""
    return value * _TO_BASE[unit]


def energy_factors(carrier: Carrier | None = None, *, offered: bool = True) -> tuple[EnergyFactor, ...]:
    """Factors in the order of the file, those of one carrier or all; ``offered`` False: also what is no choice."""
    return tuple(
        one for one in _factors().values() if carrier in {None, one.carrier} and (one.offered or not offered)
    )  # fmt: skip


def energy_factor(key: str) -> EnergyFactor:
    """The factor of a key (``cm_variable``). Raises Refusal ``emission-factor-unknown``."""
    found = _factors().get(key)
    if found is None:
        raise Refusal("emission-factor-unknown", received=key[:80])
    return found


def coal_factor(calorific: str) -> Decimal:
    """kg of CO2 from burning one kg of coal whose net calorific value is the factor ``calorific``.

    The IPCC default of "other bituminous coal" (25.8 TJ/Gg) overstates Kazakhstan's hard coal (18.58, vintage 1990)
    by 39 % a tonne; a utility's own value of the year is better than either. Emission factors per energy are those of
    the 2006 Guidelines (volume 2, table 2.2). Raises Refusal ``emission-factor-unknown``.
    """
    found = energy_factor(calorific)
    if found.carrier != "coal_ncv":
        raise Refusal("emission-factor-unknown", received=calorific[:80])
    per_energy = energy_factor("lignite_co2" if "lignite" in calorific else "coal_co2")
    return found.value * per_energy.value / 1_000_000  # TJ/Gg = MJ/kg; kg/TJ


@cache
def _factors() -> dict[str, EnergyFactor]:
    text = (files("jasyl.emissions") / "data" / _FILE).read_text(encoding="utf-8")
    return {row["key"]: _factor(row, factor(row["factor_id"])) for row in csv.DictReader(text.splitlines())}


def _factor(row: dict[str, str], fact: Factor) -> EnergyFactor:
    return EnergyFactor(
        key=row["key"],
        carrier=row["carrier"],  # pyright: ignore[reportArgumentType]
        kind=row["kind"],  # pyright: ignore[reportArgumentType]
        id=fact.id,
        item=fact.item,
        gas=fact.gas,
        region=fact.region,
        year=fact.year,
        value=fact.exact,
        unit=fact.unit,
        offered=row["offered"] == "yes",
        source=fact.source,
        confidence=fact.confidence,
        note=fact.note,
    )
