"""The country's photovoltaic yield for another panel, tilt or loss, at once: a weather store kept mapped."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..grid import Grid
from ..kept import Kept
from ..weather.chunk import WeatherSource
from ..weather.fold import fold
from .build_weather import METHOD
from .kernel import solar_kernel
from .mounting import Mounting
from .panels import NO_LOSSES, Losses, Panel, panel_of
from .yields import mean_of, monthly_means, year_of_months

Floats = NDArray[np.float64]
Span = tuple[int | None, int | None]
HOURS_OF_DAY = 24
MONTHS = 12
# Bytes of answers kept before losses: some tens of national maps at a quarter of a degree, a dozen at a tenth.
KEPT = 64 * 2**20
# Different questions that may wait for their pass over the weather; each pass takes all the cores it may.
WAITING = 8


class Shared(Protocol):
    """Where processes share answers: the array of a key, made once."""

    def get(self, key: object, shape: tuple[int, ...], make: Callable[[], Floats]) -> Floats: ...


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

    @property
    def year(self) -> Floats:
        """Capacity factor of a mean year, its months weighted by their days; NaN unless every month has a value."""
        return year_of_months(self.months)


class SolarRecompute:
    """Answers for one weather source, with the last answers kept before losses.

    Keep one in the service: the store stays mapped, its pages in memory as long as the system has room, which is
    memory it can take back. Another panel or mounting is one pass over the weather; other losses are a product.
    Whoever asks for the same at the same time shares the pass. ``start`` and ``end`` (µs UTC) are the span of time
    unless a question names its own; ``shared`` is where processes share what they have worked out.
    """

    def __init__(
        self,
        source: WeatherSource,
        *,
        start: int | None = None,
        end: int | None = None,
        threads: int | None = None,
        keep: int = KEPT,
        shared: Shared | None = None,
    ) -> None:
        self.source = source
        self._span: Span = start, end
        self._threads = threads
        self._shared = shared
        self.kept: Kept[tuple[str, Mounting, Span], PvYield] = Kept(
            keep, lambda one: one.mean.nbytes + one.months.nbytes, at_once=1, waiting=WAITING
        )

    def pv(
        self,
        panel: str | Panel = "CSi",
        mounting: Mounting | None = None,
        losses: Losses = NO_LOSSES,
        *,
        span: Span | None = None,
    ) -> PvYield:
        """The yield of ``panel`` as mounted. Raises Refusal ``panel-unknown``, ``recompute-busy`` and those of the
        fold."""
        chosen, stands, between = panel_of(panel), mounting or Mounting(), span or self._span
        # A panel of one's own may bear a known name: its parameters are what counts.
        key = repr((chosen.model, sorted(chosen.parameters.items()))), stands, between
        found = self.kept.get(key, lambda: self._looked_up(key, lambda: self._worked_out(chosen, stands, between)))
        return replace(found, mean=found.mean * losses.factor, months=found.months * losses.factor)

    def _looked_up(self, key: object, make: Callable[[], PvYield]) -> PvYield:
        """From what other processes have worked out, where they share it."""
        if self._shared is None:
            return make()
        shape = (1 + MONTHS, *self.source.grid.shape)

        def both() -> Floats:
            made = make()
            return np.concatenate([made.mean[None], made.months])

        found = self._shared.get((self.source.digest, METHOD, key), shape, both)
        return PvYield(self.source.grid, found[0], found[1:])

    def _worked_out(self, panel: Panel, mounting: Mounting, span: Span) -> PvYield:
        kernel = solar_kernel(self.source.fields, panel=panel, mounting=mounting)
        found = fold(self.source, kernel, start=span[0], end=span[1], threads=self._threads)
        return PvYield(self.source.grid, mean_of(found, "power"), monthly_means(found, "power"))
