"""Back-test of diffusion forecasts against naive ones: does the curve earn its place?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .diffusion import LEAST_YEARS, Model, check_years, curve_additions, point_shape

Floats = NDArray[np.float64]
HORIZON = 3
LEAST_FORECASTS = 4
MOST_ORIGINS = 15
LEAST_GAIN = 1e-3  # a curve that says what the naive forecast says has won nothing


@dataclass(frozen=True)
class Backtest:
    """Mean absolute errors of cumulative forecasts over the same origins and horizons, in the unit of the data.

    ``unchanged`` forecasts that nothing more comes (random walk), ``last_growth`` that each year adds what the last
    year added. ``forecasts`` were compared; at ``refused`` origins the model gave none. ``ratio`` is the model's error
    over the better naive one's: at 1 or more the model loses.
    """

    model: Model
    error: float
    unchanged: float
    last_growth: float
    forecasts: int
    refused: int

    @property
    def ratio(self) -> float | None:
        better = min(self.unchanged, self.last_growth)
        return self.error / better if better > 0 else None

    @property
    def wins(self) -> bool:
        return self.ratio is not None and self.ratio < 1 - LEAST_GAIN


def backtest(model: Model, additions: Sequence[float], *, horizon: int = HORIZON) -> Backtest:
    """Forecast each past year from what was known up to three years before, and compare with what came.

    Origins run from the sixth year to the last but one, the newest fifteen of them; the model sees nothing after its
    origin. Raises Refusal ``backtest-too-few`` when fewer than four forecasts can be compared.
    """
    data = np.asarray(additions, float)
    errors: list[tuple[Floats, Floats, Floats]] = []
    refused = 0
    for origin in range(max(LEAST_YEARS, len(data) - MOST_ORIGINS), len(data)):
        known, came = data[:origin], np.cumsum(data[origin : origin + horizon])
        try:
            check_years(known)
            shape = point_shape(model, known)
        except Refusal:
            refused += 1
            continue
        ahead = np.arange(origin, origin + len(came), dtype=float)
        said = np.cumsum(curve_additions(model, shape, ahead))
        straight = known[-1] * np.arange(1, len(came) + 1)
        errors.append((np.abs(said - came), np.abs(came), np.abs(straight - came)))
    count = sum(len(each[0]) for each in errors)
    if count < LEAST_FORECASTS:
        raise Refusal("backtest-too-few", received=str(count), expected=str(LEAST_FORECASTS))
    means = [float(np.concatenate([each[number] for each in errors]).mean()) for number in range(3)]
    return Backtest(model, *means, forecasts=count, refused=refused)
