"""Land consumption against population growth (SDG 11.3.1)."""

import math
from dataclasses import dataclass
from typing import Literal

from jasyl.texts import Refusal


@dataclass(frozen=True, slots=True)
class LandUse:
    """Rates per year; ``ratio`` is None where the population stood still.

    ``comparable`` is false where the population fell: the ratio then turns its sign, and more land taken reads as
    less. ``per_head_then`` and ``per_head_now`` are m² of built-up area per person, the companions that UN-Habitat asks
    for.
    """

    land_rate: float
    population_rate: float
    ratio: float | None
    comparable: bool
    per_head_then: float
    per_head_now: float


def land_use(
    built_then: float,
    built_now: float,
    people_then: float,
    people_now: float,
    years: float,
    rate: Literal["simple", "logarithmic"] = "simple",
) -> LandUse:
    """Built-up area (m²) and people of the same boundary at two dates ``years`` apart.

    The rate of land is (now - then) / then / years as in the metadata since 2021 (recalled, not read), or
    ln(now / then) / years as before; the rate of people is ln(now / then) / years in both.
    Raises Refusal ``sdg-positive``.
    """
    for given in (built_then, built_now, people_then, people_now, years):
        if not (given > 0 and math.isfinite(given)):
            raise Refusal("sdg-positive", received=given)
    grown = built_now / built_then
    land = (grown - 1 if rate == "simple" else math.log(grown)) / years
    people = math.log(people_now / people_then) / years
    return LandUse(
        land_rate=land,
        population_rate=people,
        ratio=land / people if people else None,
        comparable=people > 0,
        per_head_then=built_then / people_then,
        per_head_now=built_now / people_now,
    )
