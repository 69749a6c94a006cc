"""Ranges where a factor has none of its own: how far what was not published with it may be from the truth.

One table for plants and inventories, by what a factor is and the grade somebody gave it. It is a proposal of this house
after the ranges that IPCC 2006 (volume 1 chapter 3; volume 2 sections 1.4 and 2.4; volume 2 tables 2.2 to 2.5 and
3.2.2) finds typical: carbon of a fuel is known well, methane and nitrous oxide of burning are not. Every use of it is
told as assumed.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from .emission import Input
from .factors import Factor, factor

RangeKind = Literal["published", "assumed"]
Grade = Literal["H", "M", "L"]
FactorKind = Literal["carbon", "ncv", "CH4", "N2O", "other"]
# Half the 95 % interval in per cent.
_HALVES: dict[FactorKind, dict[Grade, int]] = {
    "carbon": {"H": 2, "M": 5, "L": 10},
    "ncv": {"H": 2, "M": 5, "L": 20},
    "CH4": {"H": 30, "M": 60, "L": 100},
    "N2O": {"H": 50, "M": 100, "L": 150},
    "other": {"H": 5, "M": 15, "L": 50},
}
_ACTIVITY: dict[Grade, int] = {"H": 5, "M": 15, "L": 30}
_CALORIFIC_UNITS = {"TJ/Gg"}


@dataclass(frozen=True)
class Range:
    """95 % range of an input, in its unit."""

    low: float
    high: float
    kind: RangeKind


def kind_of(parameter: str, unit: str, gas: str) -> FactorKind:
    """What a factor is: carbon of a fuel, its calorific value, methane or nitrous oxide, or something else."""
    named = parameter.lower()
    if named == "ncv" or unit in _CALORIFIC_UNITS:
        return "ncv"
    if named in {"carbon content", "carbon_content"} or (gas == "CO2" and unit == "kg/TJ"):
        return "carbon"
    return gas if gas in {"CH4", "N2O"} else "other"  # pyright: ignore[reportReturnType]


def assumed_half(kind: FactorKind, grade: Grade) -> Decimal:
    """Half the 95 % interval in per cent of a factor without a range."""
    return Decimal(_HALVES[kind][grade])


def assumed_activity_half(grade: Grade) -> Decimal:
    """Half the 95 % interval in per cent of an amount of which nothing but its grade is known."""
    return Decimal(_ACTIVITY[grade])


def range_of(one: Input, grade: Grade | None = None) -> Range | None:
    """The range of a factor: its own, else what is assumed of its kind and grade.

    Without a ``grade`` a value somebody measured or was told (H) is taken for better than a default (M). None of
    amounts and bare parameters: how well somebody knows them is theirs to say. A range below nothing ends at nothing:
    no factor here can turn its sign.
    """
    if one.low is not None and one.high is not None:
        return Range(one.low, one.high, "published")
    if one.factor is None and not one.source:
        return None
    fact = factor(one.factor) if one.factor else None
    half = float(assumed_half(_kind_of_input(one, fact), grade or ("M" if fact else "H"))) / 100
    value = float(np.mean(one.value))
    return Range(max(value * (1 - half), 0.0), value * (1 + half), "assumed")


def _kind_of_input(one: Input, fact: Factor | None) -> FactorKind:
    if fact is not None:
        return kind_of(fact.parameter, fact.unit, fact.gas)
    return kind_of(one.name, one.unit, one.name)
