"""What fictional facilities are said to have produced in earlier years, before they had meters here."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from jasyl.quantities import UNITS
from jasyl.registry import AT_WORK

from .training_world import TrainingFacility, TrainingWorld

FIRST_YEAR, LAST_YEAR = 2022, 2025
# Usual part of nominal power over a year, by beginning of the technology's code; the first that fits.
_FACTORS = (
    ("RP.PV", 0.16), ("RP.CSP", 0.24), ("RP.W", 0.33), ("RP.HSM", 0.42), ("RP.HLG", 0.45), ("RP.GEO", 0.8),
    ("RP.B", 0.7), ("RP.LFG", 0.7), ("RP.HYB", 0.35), ("RP.MIN", 0.2),
)  # fmt: skip


def training_outputs(world: TrainingWorld) -> Iterator[tuple[str, dict[str, Any]]]:
    """(key of a facility, period, kind, value and unit): yearly energy of power plants in their full years, most of
    it measured, some only stated; design throughput of plants that take tonnes."""
    random = np.random.default_rng([world.seed, 4])
    for facility in world.facilities:
        for said in (*_energy(facility, random), *_design(facility)):
            yield facility.key, said


def _energy(facility: TrainingFacility, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    code, status = facility.fields["technology"], facility.fields["status"]
    factor = next((each for start, each in _FACTORS if code.startswith(start)), None)
    # Batteries store, they generate nothing.
    if factor is None or code == "RP.BAT" or status not in AT_WORK:
        return
    megawatts = float(UNITS[facility.fields["capacity_unit"]].to_base(facility.fields["capacity"])) / 1e6
    kind = "measured" if random.random() < 0.8 else "stated"
    for year in range(max(int(facility.fields["commissioned"][:4]) + 1, FIRST_YEAR), LAST_YEAR + 1):
        energy = megawatts * 8760 * factor * random.normal(1, 0.06)
        yield {"period": str(year), "kind": kind, "value": Decimal(f"{energy:.1f}"), "unit": "MW.h"}


def _design(facility: TrainingFacility) -> Iterator[dict[str, Any]]:
    if facility.fields["capacity_unit"] == "t/a":
        yield {"period": "", "kind": "design", "value": facility.fields["capacity"], "unit": "t"}
