"""A fact: a number somebody published, with everything needed to judge it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Literal, get_args

from jasyl.quantities import canonical_json, decimal_text, sha256_hex

Confidence = Literal["high", "medium", "low"]
# measured: metered or counted; published: printed as a statistic; statement: said by somebody; derived: calculated
# from other facts; assumed: chosen for a model; planned: a target, forecast or design.
Basis = Literal["measured", "published", "statement", "derived", "assumed", "planned"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
BASES: tuple[Basis, ...] = get_args(Basis)

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:/(\d{2})(?!\d))?")


@dataclass(frozen=True)
class Fact:
    """One sourced number.

    - ``metric``: what is measured, lower case with underscores (``installed_capacity``).
    - ``place``: ISO 3166 code of the smallest region that holds it (``KZ``, ``KZ-71``), or None; ``area``: the part
      of that place meant (a town, a basin, a grid zone), empty when the whole place is meant.
    - ``object``: a named thing (a landfill, a river, the far end of a line); ``technology``: fuel or technology.
    - ``period``: as the source says it; `start_year` and `end_year` are read from it.
    - ``value``: the number, or None where only a range (``low``, ``high``) or a bound is known; ``unit``: UCUM, or
      as written where UCUM has no word.
    - ``confirmed``: False for low confidence, recollections and suspected misprints: shown, never summed.
    """

    metric: str
    place: str | None
    area: str
    object: str
    technology: str
    period: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    basis: Basis
    source: str
    source_date: str
    confidence: Confidence
    confirmed: bool
    note: str

    def __post_init__(self) -> None:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError(f"{self.metric}: a fact needs a value, a low or a high")
        if not self.source:
            raise ValueError(f"{self.metric}: a fact needs a source")
        if self.confidence not in CONFIDENCES or self.basis not in BASES:
            raise ValueError(f"{self.metric}: unknown confidence or basis ({self.confidence}, {self.basis})")
        if self.confirmed and self.confidence == "low":
            raise ValueError(f"{self.metric}: what is of low confidence cannot be confirmed")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.metric}: low {self.low} is above high {self.high}")

    @cached_property
    def key(self) -> str:
        """Thirty-two hexadecimal digits of SHA-256 over the fact's canonical JSON: the same fact, the same key."""
        return sha256_hex(canonical_json(self.as_data()))[:32]

    @property
    def start_year(self) -> int | None:
        return parse_period(self.period)[0]

    @property
    def end_year(self) -> int | None:
        return parse_period(self.period)[1]

    def as_data(self) -> dict[str, str | bool | None]:
        """The fact as JSON: numbers as decimal texts."""
        plain: dict[str, str | bool | None] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            plain[field.name] = decimal_text(value) if isinstance(value, Decimal) else value
        return plain


def parse_period(text: str) -> tuple[int | None, int | None]:
    """First and last calendar year of a period as sources write it; None where it is open or not said.

    ``2022`` (2022, 2022); ``2022-10-04`` the same; ``2018-2020``; ``winter 2025/26`` (2025, 2026); ``2031+``
    (2031, None); ``2022-01..09`` (2022, 2022). A page that is only said to have been read has no period.
    """
    if "undated" in text:
        return None, None
    years: list[int] = []
    for match in _YEAR.finditer(text):
        years.append(int(match[1]))
        if match[2]:
            years.append(int(match[1][:2] + match[2]))
    if not years:
        return None, None
    return min(years), None if text.endswith("+") else max(years)


def confirmed_only(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that may enter totals, in their order."""
    return [fact for fact in facts if fact.confirmed]
