"""Material flows and stocks, reconciliation, waste, construction."""

from .cohorts import DynamicStock, Shortfall, Standing, inflow_driven, path, stock_driven
from .lifetime import ENTRIES, LIFETIMES, Entry, Lifetime, LifetimeKind, fixed, lognormal, normal, weibull, weibull_of

__all__ = [
    "ENTRIES",
    "LIFETIMES",
    "DynamicStock",
    "Entry",
    "Lifetime",
    "LifetimeKind",
    "Shortfall",
    "Standing",
    "fixed",
    "inflow_driven",
    "lognormal",
    "normal",
    "path",
    "stock_driven",
    "weibull",
    "weibull_of",
]
