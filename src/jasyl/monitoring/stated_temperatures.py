"""Temperatures of months as a person writes them down: means or heating degree-days from the bulletin of a station.

They become a parameter of the figure, whole: whoever reads the statement sees each of them and can compute it again.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from jasyl.texts import Refusal, Where

MEANS, DEGREE_DAYS = "means", "degree-days"
KINDS = (MEANS, DEGREE_DAYS)
# °C below which Kazakhstan's and most other bulletins count heating degree-days of outdoor air.
BASE = Decimal(18)
# Characters of what is written, about fifteen years.
MOST = 3_000
_LINE = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))[\s;=]+([-−–+]?\d{1,4}(?:[.,]\d{1,3})?)")


def is_stated(source: str) -> bool:
    """Whether the ``temperature`` of a comparison is written out in it."""
    return source.partition(":")[0] in KINDS


def stated_source(kind: str, written: str) -> str:
    """What a person wrote, a month and its value in each line, as the ``temperature`` of a comparison.

    ``means:2023-01=-12.4 2023-02=-9.1``; ``kind`` is ``means`` (°C) or ``degree-days``. Raises Refusal
    ``temperatures-none``, ``temperatures-many``, ``temperature-line``, ``temperature-twice`` and
    ``temperature-normals``.
    """
    if len(written) > MOST:
        raise Refusal("temperatures-many", received=len(written), expected=MOST)
    values: dict[str, str] = {}
    for row, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise Refusal("temperature-line", where=Where(row=row), received=line.strip()[:60])
        month, value = found.groups()
        if month in values:
            raise Refusal("temperature-twice", where=Where(row=row), received=month)
        values[month] = value.replace(",", ".").replace("−", "-").replace("–", "-").removeprefix("+")
    if not values:
        raise Refusal("temperatures-none")
    _refuse_normals(values)
    return f"{kind}:" + " ".join(f"{month}={value}" for month, value in sorted(values.items()))


def stated_temperatures(source: str) -> dict[dt.date, float]:
    """The days of the months that :func:`stated_source` wrote, each with the mean of its month, °C.

    Degree-days of a month are those of a steady temperature as far below ``BASE``: a line through them is the same
    line. Raises Refusal ``temperatures-many`` and, for what it did not write, ``no-temperature``.
    """
    if len(source) > MOST:
        raise Refusal("temperatures-many", received=len(source), expected=MOST)
    kind, _, said = source.partition(":")
    days: dict[dt.date, float] = {}
    for each in said.split():
        found = _LINE.fullmatch(each)
        if found is None:
            raise Refusal("no-temperature", received=each[:60], expected=", ".join(KINDS))
        year, month = map(int, found[1].split("-"))
        length = calendar.monthrange(year, month)[1]
        value = Decimal(found[2])
        mean = float(value if kind == MEANS else BASE - value / length)
        days |= {dt.date(year, month, day): mean for day in range(1, length + 1)}
    return days


def _refuse_normals(values: Mapping[str, str]) -> None:
    """Means of many years say nothing about the weather that was, by which before and after are compared."""
    of: dict[str, list[str]] = {}
    for month, value in values.items():
        of.setdefault(month[5:], []).append(value)
    again = [its for its in of.values() if len(its) > 1]
    if len(again) >= 3 and all(len(set(its)) == 1 for its in again):
        raise Refusal("temperature-normals", received=len(again))
