"""The parameters of landfill decay that ship with the program, each with id, range and source."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.texts import Refusal

# Which end of a parameter's published range is meant.
Case = Literal["low", "central", "high"]
_FILE = "landfill_factors.csv"


@dataclass(frozen=True)
class Factor:
    """One published parameter. ``low`` and ``high`` are None where no range is published.

    What is not ``confirmed`` was written from general knowledge of the source and may be chosen, never defaulted to.
    """

    id: str
    item: str
    parameter: str
    condition: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    confidence: str
    confirmed: bool
    note: str

    def at(self, case: Case) -> float:
        """The value at an end of the range, or the value itself where there is no range."""
        end = {"low": self.low, "central": self.value, "high": self.high}[case]
        return self.value if end is None else end


def factor(identifier: str) -> Factor:
    """The parameter of an id, such as ``fod.k.food_sewage_sludge.boreal_temperate_dry``.

    Raises Refusal ``emission-factor-unknown``.
    """
    found = _factors().get(identifier)
    if found is None:
        raise Refusal("emission-factor-unknown", received=identifier[:80])
    return found


def landfill_factors() -> tuple[Factor, ...]:
    """Every parameter of landfill decay and of waste composition, in the order of the file."""
    return tuple(_factors().values())


@cache
def _factors() -> dict[str, Factor]:
    text = (files("jasyl.emissions") / "data" / _FILE).read_text(encoding="utf-8")
    return {row["factor_id"]: _factor(row) for row in csv.DictReader(text.splitlines())}


def _factor(row: dict[str, str]) -> Factor:
    return Factor(
        id=row["factor_id"],
        item=row["item"],
        parameter=row["parameter"],
        condition=row["condition"],
        value=float(row["value"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        unit=row["unit"],
        source=row["source"],
        confidence=row["confidence"],
        confirmed=row["confirmed"] == "yes",
        note=row["note"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
