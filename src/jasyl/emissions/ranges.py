"""Ranges where a factor has none of its own: how far the Guidelines think tier 1 numbers may be from the truth.

They are assumed, not published with the factor, and are called so wherever they are used.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .emission import Input

RangeKind = Literal["published", "assumed"]
# 95 % range of a combustion factor as shares of its value: carbon is known well, methane and nitrous oxide by order
# of magnitude only (2006 IPCC Guidelines, vol. 2 tables 2.2 to 2.5 and 3.2.2; from general knowledge, not re-read).
_COMBUSTION = {"CO2": (0.95, 1.05), "CH4": (1 / 3, 3.0), "N2O": (1 / 3, 3.0)}
_CALORIFIC = (0.95, 1.05)


@dataclass(frozen=True)
class Range:
    """95 % range of an input, in its unit."""

    low: float
    high: float
    kind: RangeKind


def range_of(one: Input) -> Range | None:
    """The range of a factor: its own, else what is assumed of combustion factors and calorific values, else None.

    Amounts have none here: how well a city knows its activities is the city's to say.
    """
    value = float(np.mean(one.value))
    if one.low is not None and one.high is not None:
        return Range(one.low, one.high, "published")
    if one.unit == "kg/TJ" and one.name in _COMBUSTION:
        low, high = _COMBUSTION[one.name]
        return Range(value * low, value * high, "assumed")
    if one.unit == "TJ/Gg":
        return Range(value * _CALORIFIC[0], value * _CALORIFIC[1], "assumed")
    return None
