"""How uncertain sums and ratios of reconciled values are: errors that flows have in common do not average out."""

from collections.abc import Mapping
from math import sqrt

from ..reconciled import Reconciled
from .economy import EconomyFlows
from .indicators import Deviation
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
