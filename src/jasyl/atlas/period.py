"""The days a layer is of, as its record names them: the first and the last that is in."""

import re

import numpy as np

_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
_YEARS = re.compile(r"\b((?:19|20)\d\d)\b")


def days(start: int, end: int) -> str:
    """``2023-01-01 to 2023-12-31`` for the interval [start, end), µs UTC."""
    first, last = (np.datetime64(moment, "us").astype("datetime64[D]") for moment in (start, end - 1))
    return f"{first} to {last}"


def named_days(period: str) -> tuple[str, str] | None:
    """First and last day that a record's period names, of its years where it names years alone; None without any."""
    if found := _DAYS.fullmatch(period):
        return found[1], found[2]
    years = sorted(_YEARS.findall(period))
    return (f"{years[0]}-01-01", f"{years[-1]}-12-31") if years else None
