"""How uncertain sums and ratios of reconciled values are: errors that flows have in common do not average out.

And those of a waste programme, whose uncertain inputs are moved one by one.
"""

from collections.abc import Mapping
from math import sqrt

from ..reconciled import Reconciled
from ..waste import WasteRun, moved_runs
from .economy import EconomyFlows
from .indicators import Deviation, quantities_of
from .inputs import DRIVERS


def deviation_in(found: Reconciled, period: str, economy: EconomyFlows) -> Deviation:
    """The standard deviation of weighted sums of an account's quantities, √(g' J Σ J' g) of `Linear.variance`.

    Drivers count as exact. None for a sum that has no flow of the account in it, or a quantity that is neither.
    """
    from scipy import sparse  # noqa: PLC0415

    def of(weights: Mapping[str, float]) -> float | None:
        total: dict[int, float] = {}
        for name, weight in weights.items():
            flows = economy.flows_of(name)
            if flows is None:
                if name not in DRIVERS:
                    return None
                continue
            for flow, factor in flows.items():
                own = found.network.variable("flow", flow, period)
                total[own] = total.get(own, 0.0) + weight * factor
        if not total:
            return None
        columns, factors = list(total), list(total.values())
        row = sparse.csr_array((factors, ([0] * len(columns), columns)), shape=(1, len(found.network.variables)))
        return sqrt(float(found.linear.variance(row)[0]))

    return of


def programme_deviation(run: WasteRun, year: int) -> Deviation:
    """The standard deviation of weighted sums of a programme's quantities in a year, inputs independent.

    Drivers count as exact. None where no input tells one, and for a sum with a quantity of something else.
    """
    pairs = [(quantities_of(year, waste=low), quantities_of(year, waste=high)) for low, high in moved_runs(run)]

    def of(weights: Mapping[str, float]) -> float | None:
        own = {name: weight for name, weight in weights.items() if name not in DRIVERS}
        if not pairs or not own or any(name not in each for name in own for pair in pairs for each in pair):
            return None
        slopes = (sum(weight * (high[name] - low[name]) / 2 for name, weight in own.items()) for low, high in pairs)
        return sqrt(sum(slope**2 for slope in slopes))

    return of


def first_known(*deviations: Deviation) -> Deviation:
    """The standard deviation by the first document that knows it: an account, a programme, a chain."""

    def of(weights: Mapping[str, float]) -> float | None:
        return next((found for one in deviations if (found := one(weights)) is not None), None)

    return of
