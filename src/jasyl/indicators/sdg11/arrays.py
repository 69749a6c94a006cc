"""What is wrong with an array, said briefly."""

import numpy as np
from numpy.typing import NDArray


def worst(numbers: NDArray[np.float64]) -> str:
    """The number that a refusal names: a missing or infinite one, else the least."""
    strange = numbers[~np.isfinite(numbers)]
    return str(float(strange[0] if len(strange) else numbers.min()))
