"""What a planner may change about photovoltaics, and the weather it is worked out from."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import Source
from ..layer_catalogue import definition
from ..period import days
from ..solar.build_weather import METHOD
from ..solar.layers import PVOUT
from ..solar.mounting import Mounting
from ..solar.panels import Losses, panel_of
from ..solar.panels import sheet as panel_sheet
from ..solar.recompute import HOURS_OF_DAY, PvYield, SolarRecompute
from ..solar.yields import WHOLE_YEAR
from ..weather.bins import check_months
from ..weather.record import StoreRecord
from .result import SOLAR, SOLAR_DIFFERENCE, Recomputed

# What any panel needs; the light's own parts may come as a sum.
_NEEDED = frozenset({"influx_toa", "temperature"})
_LIGHT = (frozenset({"influx"}), frozenset({"influx_direct", "influx_diffuse"}))
_GROUND = frozenset({"albedo", "outflux"})
INVERTER: Final = 0.9  # in every panel of the sheet, as in atlite
ALL = "all"


@dataclass(frozen=True)
class SolarSettings:
    """Panel, how it stands, its inverter's efficiency, losses; from which store and which year.

    ``store`` None is the one that holds most, ``period`` None its last whole calendar year (UTC), ``all`` everything.
    The defaults are the standard that differences are told from. Raises Refusal ``inverter-invalid``.
    """

    panel: str = "CSi"
    mounting: Mounting = field(default_factory=Mounting)
    inverter: float = INVERTER
    losses: Losses = field(default_factory=Losses)
    store: str | None = None
    period: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.inverter <= 1:
            raise Refusal("inverter-invalid", received=f"{100 * self.inverter:g}")

    @property
    def standard(self) -> "SolarSettings":
        """The standard over the same weather."""
        return SolarSettings(store=self.store, period=self.period)

    @property
    def is_standard(self) -> bool:
        return self == self.standard

    @property
    def factor(self) -> float:
        """What losses leave, and what another inverter makes of it."""
        own = panel_of(self.panel).parameters.get("inverter_efficiency", 1.0)
        return self.losses.factor * self.inverter / own

    def as_data(self) -> dict[str, str]:
        """For records and JSON, as texts."""
        stands = self.mounting
        given = {} if stands.name else {"slope": f"{stands.slope:g}", "azimuth": f"{stands.azimuth:g}"}
        limits = {"ground_cover": stands.ground_cover, "turn_limit": stands.turn_limit}
        return {
            "panel": self.panel, "orientation": stands.name or "given", **given, "tracking": stands.tracking or "none",
            **{name: f"{value:g}" for name, value in limits.items() if value is not None},
            "inverter": f"{self.inverter:g}", "soiling": f"{self.losses.soiling:g}", "other": f"{self.losses.other:g}",
            "availability": f"{self.losses.availability:g}", "store": self.store or "", "period": self.period or "",
        }  # fmt: skip


def solar_stores(folder: DataFolder) -> list[StoreRecord]:
    """The weather stores of which panels can be worked out, the one that holds most first."""
    from ..weather.store import stores  # noqa: PLC0415

    usable = [record for record in stores(folder) if _serves({one.name for one in record.fields})]
    return sorted(usable, key=lambda one: (-one.grid.rows * one.grid.columns * one.grid.step**2, -one.steps, one.name))


def whole_years(record: StoreRecord) -> list[int]:
    """The calendar years (UTC) that a store covers but for a hundredth at most, ascending.

    A file of a year whose stamps close their hours begins and ends an hour early.
    """
    first, last = (dt.datetime.fromtimestamp(edge / 1e6, dt.UTC).year for edge in (record.start, record.end))
    return [year for year in range(first, last + 1) if _covered(record, year) >= WHOLE_YEAR]


def _covered(record: StoreRecord, year: int) -> float:
    start, end = _opens(year), _opens(year + 1)
    return (min(end, record.end) - max(start, record.start)) / (end - start)


def settled(settings: SolarSettings, stores: list[StoreRecord]) -> tuple[SolarSettings, StoreRecord]:
    """The settings with store and period named. Raises Refusal ``recompute-store``, ``recompute-period``."""
    held = [one for one in stores if settings.store in {None, one.name}]
    if not held:
        raise Refusal("recompute-store", received=str(settings.store), expected=", ".join(one.name for one in stores))
    years = [str(year) for year in whole_years(held[0])]
    period = settings.period or (years[-1] if years else ALL)
    if period not in {*years, ALL}:
        raise Refusal("recompute-period", received=period[:20], expected=", ".join([*years, ALL]))
    return replace(settings, store=held[0].name, period=period), held[0]


def solar_map(service: SolarRecompute, settings: SolarSettings, record: StoreRecord) -> Recomputed:
    """The answer to settled settings, with the standard of the same weather.

    Raises Refusal ``weather-months`` where the period does not cover the year, and those of ``SolarRecompute.pv``.
    """
    found = _asked(service, settings)
    check_months(np.flatnonzero(~np.isnan(found.months).all(axis=(1, 2))))
    panels = panel_sheet()
    sheet = Source(
        name=f"Panel parameters: {panels.source}", version="1", licence=panels.licence, reference=panels.address
    )
    start, end = _span(settings)
    first = record.start if start is None else max(start, record.start)
    last = record.end if end is None else min(end, record.end)
    return Recomputed(
        layer=SOLAR,
        difference=SOLAR_DIFFERENCE,
        standard_layer=definition(PVOUT.id),
        grid=found.grid,
        values=_daily(found, settings.factor),
        standard=_daily(_asked(service, settings.standard), settings.standard.factor),
        period=days(first, last),
        settings=settings.as_data(),
        sources=(record.source, sheet),
        inputs={"weather": record.digest},
        method=METHOD,
    )  # fmt: skip


def _asked(service: SolarRecompute, settings: SolarSettings) -> PvYield:
    return service.pv(settings.panel, settings.mounting, span=_span(settings))


def _daily(found: PvYield, factor: float) -> NDArray[np.float32]:
    """Year and months, kWh per kW and day."""
    return (np.concatenate([found.year[None], found.months]) * (factor * HOURS_OF_DAY)).astype(np.float32)


def _span(settings: SolarSettings) -> tuple[int | None, int | None]:
    if settings.period is None or settings.period == ALL:
        return None, None
    year = int(settings.period)
    return _opens(year), _opens(year + 1)


def _opens(year: int) -> int:
    return int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp()) * 1_000_000


def _serves(fields: set[str]) -> bool:
    return fields >= _NEEDED and any(light <= fields for light in _LIGHT) and bool(fields & _GROUND)
