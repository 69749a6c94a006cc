"""What is left of cohorts, summed: the inner loops of dynamic stocks. It loads numba."""

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


@compiled
def hold_stock(inflow, wanted, remaining, alive):
    """The ``inflow`` [years, series] that holds ``wanted``, with what ``remaining`` [years, series] of older products.

    ``alive`` [ages, series], more than nothing at age zero. All C-contiguous float64.
    """
    series = wanted.shape[1]
    for low in range(0, series, _BLOCK):
        high = min(low + _BLOCK, series)
        missing = np.empty(high - low)
        for year in range(len(wanted)):
            for one in range(high - low):
                missing[one] = wanted[year, low + one] - remaining[year, low + one]
            for age in range(1, year + 1):
                share, amount = alive[age, low:high], inflow[year - age, low:high]
                for one in range(high - low):
                    missing[one] -= share[one] * amount[one]
            for one in range(high - low):
                inflow[year, low + one] = missing[one] / alive[0, low + one]


def compile_now() -> None:
    """Compile both on two cohorts, so that whoever comes first does not wait for a compiler."""
    hold_stock(np.zeros((2, 1)), np.ones((2, 1)), np.zeros((2, 1)), np.ones((2, 1)))
    add_survivors(np.zeros((1, 1)), np.ones((2, 1)), np.ones((2, 1)), 1)
