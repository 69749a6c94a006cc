"""Greenhouse gases: factors, inventories, landfill decay, allocation, avoided emissions."""

from .factors import Case, Factor, factor, landfill_factors
from .landfill import (
    CLIMATES,
    MANAGEMENTS,
    WASTE_KINDS,
    Climate,
    Decay,
    LandfillGas,
    Management,
    Practice,
    decay_of,
    first_order_decay,
    practice_of,
    recoverable_energy,
    with_rate,
)

__all__ = [
    "CLIMATES",
    "MANAGEMENTS",
    "WASTE_KINDS",
    "Case",
    "Climate",
    "Decay",
    "Factor",
    "LandfillGas",
    "Management",
    "Practice",
    "decay_of",
    "factor",
    "first_order_decay",
    "landfill_factors",
    "practice_of",
    "recoverable_energy",
    "with_rate",
]
