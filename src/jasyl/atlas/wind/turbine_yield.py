"""The yield of any turbine in every cell from the histograms of a wind climate: a new curve is a sum of products."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .climate import NODES, WIDTH, WindClimate
from .curve_table import curve_table
from .power_curve import PowerCurve, shifted_speeds

Floats = NDArray[np.float64]
NODE_SPEEDS = np.arange(NODES) * WIDTH


@dataclass(frozen=True)
class Losses:
    """Shares of output lost, each of what the one before leaves: between turbines, standing still, in cables, other.

    Nothing is lost unless stated; what was stated is written with a layer. Usual for a farm of some tens of turbines:
    wake 0.08, availability 0.03, electrical 0.02 (IEC TS 61400-15-2 names the categories).
    """

    wake: float = 0.0
    availability: float = 0.0
    electrical: float = 0.0
    other: float = 0.0

    def __post_init__(self) -> None:
        for share in (self.wake, self.availability, self.electrical, self.other):
            if not 0 <= share < 1:
                raise Refusal("wind-loss", received=f"{share:g}", expected="0–1")

    @property
    def factor(self) -> float:
        """What is left."""
        return (1 - self.wake) * (1 - self.availability) * (1 - self.electrical) * (1 - self.other)


NO_LOSSES = Losses()


def turbine_yield(
    climate: WindClimate,
    curve: PowerCurve,
    hub_height: float | None = None,
    *,
    losses: Losses = NO_LOSSES,
    bias: Floats | None = None,
    density: Floats | None = None,
) -> Floats:
    """Mean output per unit of rated power [row, column] of ``curve`` at ``hub_height``, NaN where no hour is known.

    At the climate's own height this is the mean over the hours within ``error_bound``. At another height all speeds of
    a cell are multiplied by one factor, which keeps its mean speed exact; what the roughness's change in time does
    beyond that is left out, and not in the bound (measured: the manual). ``bias`` [row, column] multiplies
    speeds; ``density`` [row, column] (kg/m³) corrects the curve cell by cell (``PowerCurve.at_density``).
    """
    from . import climate_kernels as kernels  # noqa: PLC0415

    out = np.empty(len(climate.histogram))
    factors = height_factors(climate, hub_height, bias)
    if density is not None:
        out = _at_densities(climate, curve, factors, np.broadcast_to(density, climate.grid.shape).ravel())
    elif (factors == 1).all():
        kernels.product(climate.histogram, climate.last_nodes, at_nodes(curve), out)
    else:
        table = curve_table(curve)
        kernels.expected_output(
            climate.histogram, climate.last_nodes, np.float32(WIDTH), factors.astype(np.float32),
            np.float32(1 / table.width), table.base, table.slope, table.knot, table.base2, table.slope2, table.whole,
            out,
        )  # fmt: skip
    return (out * losses.factor).reshape(climate.grid.shape)


def height_factors(climate: WindClimate, hub_height: float | None, bias: Floats | None = None) -> Floats:
    """What speeds of each cell are multiplied by to be those at ``hub_height`` (m above ground), times ``bias``."""
    rise = 0.0 if hub_height is None else float(np.log(hub_height / climate.height))
    factors = 1 + rise * climate.shear() if rise else np.ones(len(climate.histogram))
    return factors if bias is None else factors * np.nan_to_num(np.asarray(bias, np.float64).ravel(), nan=1.0)


def at_nodes(curve: PowerCurve) -> Floats:
    """Output per unit at the histogram's nodes; at a step that falls on a node the mean of both sides.

    An hour in the tenth below the cut-out gives a share of itself to the node of the cut-out, as one in the tenth above
    does: with the mean of both sides neither side is favoured.
    """
    speeds, powers = curve.closed
    below = -np.interp(-NODE_SPEEDS, -speeds[::-1], -powers[::-1])  # the rule of the lower side
    return (np.interp(NODE_SPEEDS, speeds, powers) + below) / 2 / curve.rated


def error_bound(climate: WindClimate, curve: PowerCurve) -> Floats:
    """How far ``turbine_yield`` at the climate's own height can be from the mean over the hours, [row, column].

    Between two nodes the product is a straight line. It errs only where the curve bends there, by at most a quarter of
    the bend times the width, or steps, by at most the step; and by the rounding of shares to 1/4096, at most the
    steepest slope times 1/8192 of the width. Each times the share of hours between those nodes, at most what both hold.
    """
    speeds, powers = curve.closed
    output = powers / curve.rated
    worst = np.zeros(NODES - 1)
    steps = np.diff(speeds) == 0
    slopes = np.divide(np.diff(output), np.diff(speeds), out=np.zeros(len(steps)), where=~steps)
    for knot, before, after in zip(speeds[1:-1], slopes[:-1], slopes[1:], strict=True):
        place = knot / WIDTH
        if abs(place - round(place)) > 1e-6 and place < NODES - 1:
            worst[int(place)] += abs(after - before) * WIDTH / 4
    for knot, step in zip(speeds[:-1][steps], np.abs(np.diff(output))[steps], strict=True):
        place = knot / WIDTH
        near = (int(np.ceil(place - 1e-6)) - 1, int(np.floor(place + 1e-6)))
        for cell in {cell for cell in near if 0 <= cell < NODES - 1}:
            worst[cell] += step
    counts = climate.histogram.astype(np.float64)
    total = np.maximum(counts.sum(axis=1), 1)
    shares = (counts[:, :-1] + counts[:, 1:]) / total[:, None]
    rounding = np.abs(slopes).max() * WIDTH / 8192
    return (shares @ worst + rounding).reshape(climate.grid.shape)


def _at_densities(climate: WindClimate, curve: PowerCurve, factors: Floats, density: Floats) -> Floats:
    """Each cell's histogram times the curve shifted for its own density."""
    speeds, powers = curve.closed
    shifted = shifted_speeds(speeds, np.where(np.isnan(density), 1.225, density))
    out = np.full(len(factors), np.nan)
    for cell, last in enumerate(climate.last_nodes.tolist()):
        if last >= 0 and not np.isnan(density[cell]):
            counts = climate.histogram[cell, : last + 1]
            output = np.interp(NODE_SPEEDS[: last + 1] * factors[cell], shifted[cell], powers)
            out[cell] = counts @ output / counts.sum(dtype=np.float64) / curve.rated
    return out
