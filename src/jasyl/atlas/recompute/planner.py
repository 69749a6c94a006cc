"""Answers to planners, from what is kept warm: mapped weather, the wind's histograms, the cells of every region."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np

from jasyl.places import regions
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..area_coverage import Coverage, Statistics, coverage, summarise
from ..grid import Grid
from ..kept import Kept
from ..solar.recompute import SolarRecompute
from ..weather.record import StoreRecord
from ..wind.build import climate_file, load_climate
from ..wind.climate import WindClimate
from .result import Recomputed
from .shared import SharedAnswers
from .solar import SolarSettings, settled, solar_map, solar_stores
from .wind import WindSettings, before_losses, wind_map

# Bytes of answers that a process keeps; the oldest go first.
ANSWERS: Final = 64 * 2**20
# Turbines worked out at a time, and different ones that may wait.
AT_ONCE, WAITING = 2, 16
COUNTRY = "KZ"


@dataclass(frozen=True)
class RegionMean:
    """Statistics over a region (ISO 3166, the country first) and the mean of the standard there, None without one."""

    place: str
    values: Statistics
    standard: float | None

    @property
    def difference(self) -> float | None:
        """How far the mean lies above the standard's."""
        return None if self.standard is None or self.values.mean is None else self.values.mean - self.standard


class Planner:
    """Answers about one data folder. Safe to ask from several threads; the same question is worked out once.

    A store that was converted anew, or layers built anew, are seen with the next question.
    """

    def __init__(self, folder: DataFolder, *, threads: int | None = None) -> None:
        self.folder = folder
        self._threads = threads
        self._services: dict[str, SolarRecompute] = {}
        self._climate: tuple[Path, WindClimate] | None = None
        self._coverages: dict[tuple[Grid, str], list[Coverage]] = {}
        self._lock = Lock()
        self.answers: Kept[Any, Recomputed] = Kept(ANSWERS, lambda one: one.nbytes)
        self._turbines: Kept[Any, Any] = Kept(ANSWERS // 4, lambda one: one.nbytes, at_once=AT_ONCE, waiting=WAITING)

    def solar_stores(self) -> list[StoreRecord]:
        """The weather stores of which panels can be worked out."""
        return solar_stores(self.folder)

    def solar(self, settings: SolarSettings | None = None) -> Recomputed:
        """The country for these panels. Raises Refusal ``recompute-weather`` (no store), ``recompute-store``,
        ``recompute-period``, ``recompute-busy``, ``weather-months`` and those of the fold."""
        stores = self.solar_stores()
        if not stores:
            raise Refusal("recompute-weather")
        chosen, record = settled(settings or SolarSettings(), stores)
        return self.answers.get((chosen, record.digest), lambda: solar_map(self._service(record), chosen, record))

    def wind_climate(self) -> WindClimate | None:
        """The histograms of the wind, kept in memory; None where no wind layers were built."""
        file = climate_file(self.folder)
        with self._lock:
            if file is None:
                self._climate = None
            elif self._climate is None or self._climate[0] != file:
                climate = load_climate(self.folder)
                self._climate = None if climate is None else (file, climate)
            return None if self._climate is None else self._climate[1]

    def wind(self, settings: WindSettings) -> Recomputed:
        """The country for this turbine. Raises Refusal ``recompute-climate`` (no histograms), ``recompute-busy``, and
        those of ``wind.before_losses``."""
        climate = self.wind_climate()
        if climate is None:
            raise Refusal("recompute-climate")
        built = self._version("wind.capacity_factor"), self._version("wind.speed_100m") if settings.scaled else None
        turned = (settings.turbine.curve, settings.hub_height, settings.density_correction, settings.scaled)

        def unlost() -> Any:
            return self._turbines.get(
                (*turned, climate.digest, built[1]), lambda: before_losses(self.folder, climate, settings)
            )

        return self.answers.get(
            (settings, climate.digest, built), lambda: wind_map(self.folder, climate, settings, unlost())
        )

    def regions(self, found: Recomputed, band: int = 0) -> list[RegionMean]:
        """The country, then its regions: every cell counts by the part of its area that lies inside."""
        standard = None if found.standard is None else found.standard[band].astype(np.float64)
        values = found.band(band).astype(np.float64)
        codes = [COUNTRY, *(one.iso for one in regions())]
        return [
            RegionMean(code, summarise(values, where), None if standard is None else summarise(standard, where).mean)
            for code, where in zip(codes, self._covered(found.grid), strict=True)
        ]

    def make_ready(self) -> None:
        """Load what the first question would wait for: machine code, the standard map, the wind's histograms."""
        if self.solar_stores():
            from ..solar.pass_loop import compile_now  # noqa: PLC0415

            compile_now()  # also where the standard map is read from what another process has shared
            self.regions(self.solar())
        climate = self.wind_climate()
        if climate is not None:
            from ..wind.capacity_loop import compile_now as compile_wind  # noqa: PLC0415

            compile_wind()
            _ = climate.last_nodes

    def _service(self, record: StoreRecord) -> SolarRecompute:
        from ..weather.store import open_store  # noqa: PLC0415

        with self._lock:
            if record.digest not in self._services:
                source: Any = open_store(self.folder, record.name)
                # One at a time: the passes of two stores would only push each other's pages out of memory.
                self._services = {
                    record.digest: SolarRecompute(source, threads=self._threads, shared=SharedAnswers(self.folder))
                }
            return self._services[record.digest]

    def _covered(self, grid: Grid) -> Sequence[Coverage]:
        from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

        borders = current(self.folder)
        key = grid, borders.digest
        with self._lock:
            if key not in self._coverages:
                shapes = [borders.unit(code).shape for code in (COUNTRY, *(one.iso for one in regions()))]
                self._coverages = {**dict(list(self._coverages.items())[-3:]), key: coverage(grid, shapes, beyond=True)}
            return self._coverages[key]

    def _version(self, layer_id: str) -> tuple[int, int] | None:
        """What changes when a layer is built anew."""
        try:
            state = (self.folder.atlas / f"{layer_id}.json").stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns
