"""The country's photovoltaic yield for another panel, tilt or loss, at once: a weather store kept mapped."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ..grid import Grid
from ..weather.chunk import WeatherSource
from ..weather.fold import fold
from ..weather.partials import Partials
from .kernel import solar_kernel
from .mounting import Mounting
from .panels import NO_LOSSES, Losses, Panel, panel_of
from .yields import mean_of, monthly_means

Floats = NDArray[np.float64]
HOURS_OF_DAY = 24


@dataclass(frozen=True, eq=False)
class PvYield:
    """Capacity factor of every cell: the ``mean`` [rows, columns] over all hours, and ``months`` [12, rows, columns].

    NaN where weather is missing.
    """

    grid: Grid
    mean: Floats
    months: Floats

    @property
    def pvout(self) -> Floats:
        """Yield of a mean day, kWh per kW of panels."""
        return self.mean * HOURS_OF_DAY


class SolarRecompute:
    """Answers for one weather source over one span of time, with the last answers kept before losses.

    Keep one in the service: the store stays mapped, its pages in memory as long as the system has room, which is
    memory it can take back. Another panel or mounting is one pass over the weather; other losses are a product.
    """

    def __init__(
        self,
        source: WeatherSource,
        *,
        start: int | None = None,
        end: int | None = None,
        threads: int | None = None,
        keep: int = 8,
    ) -> None:
        self.source = source
        self._span = start, end
        self._threads = threads
        self._keep = keep
        self._found: OrderedDict[tuple[str, Mounting], Partials] = OrderedDict()
        self._lock = Lock()

    def pv(self, panel: str | Panel = "CSi", mounting: Mounting | None = None, losses: Losses = NO_LOSSES) -> PvYield:
        """The yield of ``panel`` as mounted. Raises Refusal ``panel-unknown`` and what the fold raises."""
        found = self._worked_out(panel_of(panel), mounting or Mounting())
        return PvYield(
            self.source.grid, mean_of(found, "power") * losses.factor, monthly_means(found, "power") * losses.factor
        )

    def _worked_out(self, panel: Panel, mounting: Mounting) -> Partials:
        # A panel of one's own may bear a known name: its parameters are what counts.
        key = repr((panel.model, sorted(panel.parameters.items()))), mounting
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        kernel = solar_kernel(self.source.fields, panel=panel, mounting=mounting)
        start, end = self._span
        found = fold(self.source, kernel, start=start, end=end, threads=self._threads)
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._keep:
                self._found.popitem(last=False)
        return found
