"""Bins of time: which month, year, or month and local hour an interval of weather belongs to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .chunk import WeatherChunk

# whole: one bin. year: label is the year. month: label is year · 12 + month − 1.
# month-hour: label is (year · 12 + month − 1) · 24 + local hour.
By = Literal["whole", "year", "month", "month-hour"]
MONTHS = 12
HOURS = 24
# Kazakhstan keeps UTC+5 since 1 March 2024; earlier years are put on the same clock, so that hours can be compared.
UTC_OFFSET = 5


@dataclass(frozen=True, eq=False)
class TimeBins:
    """``labels`` [bins] ascending, ``index`` [time] the place of each interval's label among them."""

    labels: NDArray[np.int64]
    index: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many intervals each bin holds."""
        return np.bincount(self.index, minlength=len(self.labels)).astype(np.int64)


def time_bins(chunk: WeatherChunk, by: By, utc_offset: int = UTC_OFFSET) -> TimeBins:
    """The bins of a chunk's intervals, by the local time (whole hours before UTC) of each interval's start."""
    if by == "whole":
        return TimeBins(np.zeros(1, dtype=np.int64), np.zeros(chunk.steps, dtype=np.int64))
    local = chunk.start + utc_offset * 3_600_000_000 + chunk.step * np.arange(chunk.steps, dtype=np.int64)
    moments = local.astype("datetime64[us]")
    months = moments.astype("datetime64[M]").astype(np.int64) + 1970 * MONTHS
    if by == "year":
        labels = months // MONTHS
    elif by == "month":
        labels = months
    else:
        hours = (moments - moments.astype("datetime64[D]")).astype("timedelta64[h]").astype(np.int64)
        labels = months * HOURS + hours
    found, index = np.unique(labels, return_inverse=True)
    return TimeBins(found, index.astype(np.int64))


def check_months(months: NDArray[np.int64]) -> None:
    """A mean of the year needs every month. Raises Refusal ``weather-months`` where some of 0 to 11 are not there."""
    found = np.unique(months)
    if len(found) < MONTHS:
        raise Refusal("weather-months", received=", ".join(f"{month + 1}" for month in found) or "–")
