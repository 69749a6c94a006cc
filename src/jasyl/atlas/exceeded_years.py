"""Yields that are reached with a given probability: P50 and P90 over years."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]
# Fewer years than these say little of the spread between years; from as many on, their order speaks for itself.
LEAST_YEARS = 5
ENOUGH_YEARS = 20
# A year of which less than this share is known is not compared with others.
WHOLE_YEAR = 0.99


@dataclass(frozen=True, eq=False)
class Exceedance:
    """What a year's yield exceeds with ``probability`` (0.9 for P90): ``values`` [...], from ``years`` years.

    ``method``: "normal" takes the years' mean and standard deviation (n − 1), "quantile" the years themselves.
    Weather only: neither the model's error nor the future's climate is in it.
    """

    probability: float
    values: Floats
    years: int
    method: Literal["normal", "quantile"]


def exceedance(yearly: ArrayLike, probability: float) -> Exceedance:
    """The value exceeded with ``probability`` by yearly values [year, ...]; NaN where a year is missing.

    With 20 years or more the quantile of the years (linear, as numpy), with fewer mean − z·s of a normal distribution.
    Raises Refusal ``exceedance-years`` for fewer than 5 years, but for P50, the mean, which one year can give.
    """
    values = np.asarray(yearly, np.float64)
    years = len(values)
    if years < 1 or (years < LEAST_YEARS and probability != 0.5):
        raise Refusal("exceedance-years", received=str(years), expected=str(LEAST_YEARS))
    if not 0 < probability < 1:
        raise Refusal("exceedance-probability", received=f"{probability:g}")
    if years >= ENOUGH_YEARS:
        return Exceedance(probability, np.quantile(values, 1 - probability, axis=0), years, "quantile")
    spread = values.std(axis=0, ddof=1) if years > 1 else np.zeros(values.shape[1:])
    z = NormalDist().inv_cdf(probability)
    return Exceedance(probability, np.asarray(values.mean(axis=0) - z * spread, np.float64), years, "normal")
