"""Skewed data by repeated draws: each draw of all observations is reconciled by itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .account import Account
from .network import Network, network
from .reconciled import Row, matrices, shown_in

# Percentiles told of each value: two-sided 95 % and the middle.
_LEVELS = (2.5, 50.0, 97.5)


@dataclass(frozen=True)
class Spread:
    """What the draws make of one value, in the unit shown: 2.5 %, 50 %, 97.5 %, mean and standard deviation."""

    kind: str
    of: str
    period: str
    unit: str
    low: float
    middle: float
    high: float
    mean: float
    sd: float
    draws: int


def draw_account(account: Account, draws: int, *, seed: int = 1) -> list[Spread]:
    """Reconcile ``draws`` random draws of the observations, each from its own distribution (bounds kept).

    The weights are those of the account; correlated observations draw together (through normal scores). Draws that do
    not settle are left out and counted: ``draws`` of the result says how many stand.
    """
    from .reconciliation import BoundsUnsettled, Contradiction, NotConverged, TooFarApart, solve  # noqa: PLC0415

    made = network(account)
    relations, covariance, lower, upper = matrices(made)
    drawn = _observed(made, draws, seed)
    results: list[npt.NDArray[np.float64]] = []
    for values in drawn:
        try:
            solution = solve(relations, values, covariance, lower, upper, tests=False)
        except (BoundsUnsettled, Contradiction, NotConverged, TooFarApart):
            continue
        results.append(solution.bounded.linear.value)
    return _summaries(account, made, np.array(results)) if results else []


def _observed(made: Network, draws: int, seed: int) -> npt.NDArray[np.float64]:
    """(draws × values): every observation drawn from its distribution, correlated ones through normal scores."""
    from scipy import special  # noqa: PLC0415

    random = np.random.default_rng(seed)
    scores = random.standard_normal((draws, len(made.variables)))
    _correlate(made, scores)
    drawn = np.tile(made.value, (draws, 1))
    for own, one in made.observations.items():
        value, deviation, z = made.value[own], made.deviation[own], scores[:, own]
        if one.distribution == "lognormal":
            variance = np.log1p((deviation / value) ** 2)
            drawn[:, own] = np.exp(np.log(value) - variance / 2 + np.sqrt(variance) * z)
        elif one.distribution == "interval":
            half = deviation * np.sqrt(3)
            drawn[:, own] = value - half + 2 * half * special.ndtr(z)
        else:
            drawn[:, own] = value + deviation * z
    return drawn


def _correlate(made: Network, scores: npt.NDArray[np.float64]) -> None:
    if not made.pairs:
        return
    members = sorted({one for pair in made.pairs for one in pair})
    place = {own: at for at, own in enumerate(members)}
    matrix = np.eye(len(members))
    for (one, other), covariance in made.pairs.items():
        both = made.deviation[one] * made.deviation[other]
        matrix[place[one], place[other]] = matrix[place[other], place[one]] = covariance / both if both else 0.0
    values, vectors = np.linalg.eigh(matrix)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    scores[:, members] = scores[:, members] @ root.T


def _summaries(account: Account, made: Network, results: npt.NDArray[np.float64]) -> list[Spread]:
    listed: list[Spread] = []
    for own, variable in enumerate(made.variables):
        column = results[:, own]
        if variable.kind == "again" or np.isnan(column).any():
            continue
        row = Row("modelled", variable.kind, variable.of, variable.period, variable.base, 1.0, None, "")
        shown = shown_in(row, account)
        column = column * (shown.value or 1.0)
        low, middle, high = np.percentile(column, _LEVELS)
        listed.append(
            Spread(variable.kind, variable.of, variable.period, shown.base, float(low), float(middle), float(high),
                   float(column.mean()), float(column.std(ddof=1)) if len(column) > 1 else 0.0, len(column))
        )  # fmt: skip
    return listed
