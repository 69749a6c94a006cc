"""Uncertainty of a plant's totals by propagation of errors."""

import math
from collections.abc import Iterable

from ..emission import Input, Masses
from ..ranges import range_of
from ..warming import carbon_dioxide_equivalent
from .lines import LineResult
from .report import PlantReport

_TWO_SIGMA = 1.96
_OF_PERCENT = 100


def equivalent(report: PlantReport, masses: Masses) -> float:
    """kg CO2e of masses by the potentials that the report chose."""
    return float(carbon_dioxide_equivalent(masses, report.series, report.methane))


def propagated(report: PlantReport, lines: Iterable[LineResult]) -> float:
    """Standard uncertainty of a sum by propagation of errors (IPCC 2006 volume 1, equations 3.1 and 3.2).

    What one factor does to several lines adds up before it is squared: they are wrong together. Ranges are taken as
    symmetric about their middle, which understates what wide ranges of CH4 and N2O do upwards.
    """
    moved: dict[str, float] = {}
    for line in lines:
        if line.emission is None:
            continue
        for one in line.emission.inputs:
            bounds = _bounds(line, one)
            if bounds is None:
                continue
            ends = [equivalent(report, line.emission.again(**{one.name: end})) for end in bounds]
            source = one.factor or f"{line.name}|{one.name}"
            moved[source] = moved.get(source, 0.0) + (ends[1] - ends[0]) / 2
    return math.sqrt(sum(half**2 for half in moved.values())) / _TWO_SIGMA


def _bounds(line: LineResult, one: Input) -> tuple[float, float] | None:
    """The range of a factor, or that of the line's amount where the report states one."""
    known = range_of(one)
    if known is not None:
        return known.low, known.high
    if line.uncertainty is not None and one.name in {"mass", "energy", "clinker"} and one.unit in {"kg", "W.h"}:
        value = float(one.value)
        half = value * line.uncertainty / _OF_PERCENT
        return value - half, value + half
    return None
