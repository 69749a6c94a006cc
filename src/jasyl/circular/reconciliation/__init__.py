"""Reconciliation of measured and unmeasured values with the relations between them. Loads numba and scipy."""

from .bounds import Bounded, BoundsUnsettled, reconcile_bounded
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
from .products import NotConverged, Relations, Solution, solve
from .projection import Projection, project

__all__ = [
    "ALPHA",
    "STANDINGS",
    "Bounded",
    "BoundsUnsettled",
    "Contradiction",
    "GlobalTest",
    "Linear",
    "NotConverged",
    "Projection",
    "Relations",
    "Solution",
    "Standing",
    "Suspects",
    "TooFarApart",
    "compile_now",
    "global_test",
    "measurement_suspects",
    "project",
    "reconcile",
    "reconcile_bounded",
    "relation_suspects",
    "sidak_limit",
    "solve",
    "suspects",
]
