"""Reconciliation of measured and unmeasured values with the relations between them. Loads numba and scipy."""

from .gross_errors import (
    ALPHA,
    GlobalTest,
    Suspects,
    global_test,
    measurement_suspects,
    relation_suspects,
    sidak_limit,
    suspects,
)
from .linear import STANDINGS, Contradiction, Linear, Standing, TooFarApart, compile_now, reconcile
from .projection import Projection, project

__all__ = [
    "ALPHA",
    "STANDINGS",
    "Contradiction",
    "GlobalTest",
    "Linear",
    "Projection",
    "Standing",
    "Suspects",
    "TooFarApart",
    "compile_now",
    "global_test",
    "measurement_suspects",
    "project",
    "reconcile",
    "relation_suspects",
    "sidak_limit",
    "suspects",
]
