"""What is left of cohorts, summed: the inner loop of dynamic stocks. It loads numba."""

# pyright: basic
import numpy as np

from jasyl.atlas.compiled import compiled

# Series taken at once: their inflows and survivals of a century stay in the cache of the core.
_BLOCK = 256


@compiled
def add_survivors(held, entered, alive, first):
    """Add to ``held`` [years from ``first`` on, series] what is left of ``entered`` [cohorts, series] by then.

    ``alive`` [ages, series] is the share left; a cohort's age counts from its own year. All C-contiguous float64.
    """
    series = held.shape[1]
    for low in range(0, series, _BLOCK):
        high = min(low + _BLOCK, series)
        for at in range(len(held)):
            year = first + at
            total = held[at, low:high]
            for age in range(year + 1):
                share, amount = alive[age, low:high], entered[year - age, low:high]
                for one in range(high - low):
                    total[one] += share[one] * amount[one]


def compile_now() -> None:
    """Compile it on two cohorts, so that whoever comes first does not wait for a compiler."""
    add_survivors(np.zeros((1, 1)), np.ones((2, 1)), np.ones((2, 1)), 1)
