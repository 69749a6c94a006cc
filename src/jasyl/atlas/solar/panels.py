"""Solar panels: how much of its rating one gives for the light on it and the air around it."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

Model = Literal["huld", "bofinger"]
# The kernel reads this many numbers, whatever the model; the last two are how the panel warms.
WIDTH = 13


class Panel(msgspec.Struct, frozen=True):
    """A panel with the parameters of its model, under the names of atlite's sheets; temperatures in K, light in W/m².

    ``inverter_efficiency`` is part of the panel, as in atlite: what it gives is alternating current.
    """

    id: str
    name: str
    model: Model
    reference: str
    parameters: dict[str, float]

    @property
    def warming(self) -> tuple[float, float]:
        """Panel temperature = first x air temperature (K) + second x light (W/m²)."""
        p = self.parameters
        if self.model == "huld":
            return p["c_temp_amb"], p["c_temp_irrad"]
        return 1.0, (p["NOCT"] - p["Tamb"]) / p["Intc"]

    def coefficients(self) -> NDArray[np.float32]:
        """The parameters in the order in which the kernel reads them."""
        p = self.parameters
        inverter = p.get("inverter_efficiency", 1.0)
        if self.model == "huld":
            rated = 1 / p["r_irradiance"]
            values = [*self.warming, p["r_tmod"], rated, *(p[f"k_{number}"] for number in range(1, 7)), inverter]
        else:
            rating = (p["A"] + p["B"] * 1000 + p["C"] * np.log(1000)) * 1000
            fraction = self.warming[1]
            values = [p["A"], p["B"], p["C"], p["D"], fraction, p["Tstd"], p["ta"], inverter / rating, p["threshold"]]
        return np.array([*values, *[0.0] * (WIDTH - 2 - len(values)), *self.warming], dtype=np.float32)


@dataclass(frozen=True)
class Losses:
    """What lies between the panels' power and the grid, as shares of the energy: each takes from what is left.

    The defaults are those that the Global Solar Atlas states (methodology of version 2): 3.5 % for soiling, 7.5 % for
    mismatch, cables, inverter and transformer together, full availability. The panels of atlite hold an inverter of
    90 % in themselves, so for them ``other`` is 0 unless it is said otherwise. Raises Refusal ``losses-invalid``.
    """

    soiling: float = 0.035
    other: float = 0.0
    availability: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.soiling < 1 and 0 <= self.other < 1 and 0 < self.availability <= 1):
            raise Refusal("losses-invalid", received=f"{self.soiling:g}, {self.other:g}, {self.availability:g}")

    @property
    def factor(self) -> float:
        """What is left of the energy."""
        return (1 - self.soiling) * (1 - self.other) * self.availability


NO_LOSSES = Losses(0.0, 0.0, 1.0)


class _Sheet(msgspec.Struct):
    source: str
    licence: str
    address: str
    panels: tuple[Panel, ...]


@cache
def sheet() -> _Sheet:
    """The data file: where the panels come from, and the panels."""
    return msgspec.json.decode(files("jasyl.atlas.solar").joinpath("data/panels.json").read_bytes(), type=_Sheet)


def panel_names() -> tuple[str, ...]:
    return tuple(panel.id for panel in sheet().panels)


def panel_of(name: str | Panel) -> Panel:
    """The panel of that name; a panel of one's own is given back. Raises Refusal ``panel-unknown``."""
    if isinstance(name, Panel):
        return name
    for panel in sheet().panels:
        if panel.id == name:
            return panel
    raise Refusal("panel-unknown", received=name[:60], expected=", ".join(panel_names()))
