"""From scores of data quality to a coefficient of variation.

Five questions, four grades each, after Laner, Feketitsch, Rechberger and Fellner (2016), who carry on Weidema and
Wesnæs (1996) and Hedbrant and Sörme (2001). The coefficients are those of that paper at medium sensitivity as the field
quotes them; they are a table to be edited, and an account may carry its own.
"""

from decimal import Decimal
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, field

from .documents import Given

Score = Annotated[int, Meta(ge=1, le=4, description="1 best, 4 worst")]
Coefficients = Annotated[list[Decimal], Meta(min_length=4, max_length=4, description="Share for each of the 4 grades")]
QUESTIONS = ("reliability", "completeness", "temporal", "geographical", "other")


def _shares(*percent: str) -> Any:
    return field(default_factory=lambda: [Decimal(one) / 100 for one in percent])


class PedigreeTable(Given, frozen=True):
    """Coefficients of variation (shares) of each question and grade."""

    reliability: Coefficients = _shares("2.3", "6.8", "20.6", "62.3")
    completeness: Coefficients = _shares("0", "2.3", "6.8", "20.6")
    temporal: Coefficients = _shares("0", "2.3", "6.8", "20.6")
    geographical: Coefficients = _shares("0", "2.3", "6.8", "20.6")
    other: Coefficients = _shares("0", "2.3", "6.8", "20.6")


class Pedigree(Given, frozen=True):
    """Scores of one observation: how sure the source is, how complete, and whether time, place and the rest fit."""

    reliability: Score
    completeness: Score = 1
    temporal: Score = 1
    geographical: Score = 1
    other: Score = 1


def coefficient_of_variation(scores: Pedigree, table: PedigreeTable) -> float:
    """The coefficient of a product of independent lognormal errors, one for each question."""
    each = [float(getattr(table, name)[getattr(scores, name) - 1]) for name in QUESTIONS]
    return float(np.sqrt(np.expm1(sum(np.log1p(one * one) for one in each))))
