"""Hydropower of rivers: the gross potential of their fall, and what of it plants could give under stated assumptions.

Potential is that of the line: every cell's water times the fall to the next cell; reaches, basins and regions add up.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .network import MILLILITRE, YEAR, Network

Floats = NDArray[np.float64]
DENSITY = 1000.0  # kg/m³
GRAVITY = 9.80665  # m/s², standard acceleration of free fall (CGPM 1901)
HOURS = YEAR / 3600
_GWH = 3.6e12  # J


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What turns a river's fall into a plant's output. All are assumptions to be changed, none is measured.

    - ``efficiency``: of turbine, gearbox, generator and transformer together, and friction in the conduit. Small plants
      reach 0.6 to 0.85 (ESHA, Guide on how to develop a small hydropower plant, 2004).
    - ``environmental_flow``: share of the mean flow that stays in the river always; 0.3 is "good" to "fair" for the
      year in D. L. Tennant, Fisheries 1(4) (1976) 6-10.
    - ``exceedance``: design discharge is what remains above that flow for this share of the year (monthly runoff only).
    - ``part_load``: below this share of the design discharge turbines stand (monthly runoff only).
    - ``utilisation``: share of the usable yearly water that passes the turbines, where only a mean of the year is
      known; design discharge is then the usable mean.
    - ``least_head`` (m) and ``least_discharge`` (m³/s, mean): below either a reach has no technical potential.
    """

    efficiency: float = 0.8
    environmental_flow: float = 0.3
    exceedance: float = 0.3
    part_load: float = 0.2
    utilisation: float = 0.6
    least_head: float = 5.0
    least_discharge: float = 0.1

    def __post_init__(self) -> None:
        shares = ("efficiency", "environmental_flow", "exceedance", "part_load", "utilisation")
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise Refusal("hydro-assumption", received=f"{name} = {getattr(self, name):g}", expected="0–1")
        for name in ("least_head", "least_discharge"):
            if not 0 <= getattr(self, name) < 10_000:
                raise Refusal("hydro-assumption", received=f"{name} = {getattr(self, name):g}", expected="≥ 0")

    def written(self) -> str:
        """For the record of a layer: every assumption by name."""
        return " ".join(f"{name}={value:g}" for name, value in vars(self).items())


@dataclass(frozen=True, eq=False)
class Use:
    """What plants on the flow of some cells could take: ``design`` discharge m³/s, ``volume`` of a year m³."""

    design: Floats
    volume: Floats

    def capacity(self, head: Floats, assumptions: Assumptions) -> Floats:
        """W."""
        return assumptions.efficiency * DENSITY * GRAVITY * self.design * head

    def energy(self, head: Floats, assumptions: Assumptions) -> Floats:
        """GWh of a mean year."""
        return assumptions.efficiency * DENSITY * GRAVITY * self.volume * head / _GWH


@dataclass(frozen=True, eq=False)
class Potential:
    """Potential of each reach: ``gross`` and ``technical`` energy GWh a year, ``capacity`` W, ``head`` m."""

    head: Floats
    gross: Floats
    technical: Floats
    capacity: Floats

    def columns(self) -> dict[str, NDArray[Any]]:
        """For `Network.to_table`: energies in GWh a year, capacity in MW."""
        return {
            "head": self.head,
            "gross": self.gross,
            "technical": self.technical,
            "capacity": self.capacity / 1e6,
        }


def gross_by_cell(rivers: Network) -> Floats:
    """Gross theoretical energy of the way from each channel cell to the next, GWh of a mean year: ρ g V H.

    Raises Refusal ``runoff-missing`` when the network has no runoff.
    """
    if rivers.volume is None:
        raise Refusal("runoff-missing")
    return DENSITY * GRAVITY * (rivers.volume * MILLILITRE) * rivers.fall / _GWH


def usable(rivers: Network, assumptions: Assumptions) -> Use:
    """What plants at each channel cell could take, after the environmental flow.

    With monthly runoff the flow-duration curve has twelve steps, each a twelfth of the year; with a mean year alone the
    stated utilisation stands for it.
    """
    kept = assumptions.environmental_flow * rivers.discharge
    if rivers.months is None:
        design = rivers.discharge - kept
        return Use(design, design * assumptions.utilisation * YEAR)
    available = np.maximum(rivers.months - kept, 0.0)
    rank = min(int(assumptions.exceedance * 12), 11)  # months with more than the design discharge
    design = np.sort(available, axis=0)[::-1][rank]
    taken = np.minimum(available, design)
    taken[available < assumptions.part_load * design] = 0.0
    return Use(design, taken.mean(axis=0) * YEAR)


def potential(rivers: Network, assumptions: Assumptions) -> Potential:
    """Potential of each reach. Raises Refusal ``runoff-missing``."""
    reaches = rivers.reaches
    gross = reaches.sums(gross_by_cell(rivers))
    head = reaches.sums(rivers.fall)
    use = usable(rivers, assumptions)
    mean = rivers.discharge[reaches.first]
    fit = (head >= assumptions.least_head) & (mean >= assumptions.least_discharge)
    technical = np.where(fit, reaches.sums(use.energy(rivers.fall, assumptions)), 0.0)
    capacity = np.where(fit, reaches.sums(use.capacity(rivers.fall, assumptions)), 0.0)
    return Potential(head, gross, technical, capacity)


def totals(groups: NDArray[Any], found: Potential) -> dict[Any, dict[str, float]]:
    """Sums by group of the reaches: ``gross`` and ``technical`` GWh a year, ``capacity`` W, number of ``reaches``.

    ``groups`` holds one value for each reach: basin numbers, codes of regions; None for those in no group.
    """
    given = np.array([entry is not None for entry in groups.tolist()], dtype=bool)
    names, place = np.unique(groups[given], return_inverse=True)
    sums: dict[str, Any] = {
        name: np.bincount(place, weights=getattr(found, name)[given], minlength=len(names))
        for name in ("gross", "technical", "capacity")
    }
    sums["reaches"] = np.bincount(place, minlength=len(names))
    return {
        name.item() if hasattr(name, "item") else name: {key: float(values[row]) for key, values in sums.items()}
        for row, name in enumerate(names)
    }
