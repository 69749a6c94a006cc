"""Wind roses: how often, how fast and with how much energy the wind comes from each direction."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .weibull import Weibull, fit

Floats = NDArray[np.float64]
Sectors = Literal[12, 16]
# Below this the direction means nothing; such hours are counted apart.
CALM = 0.5


@dataclass(frozen=True, eq=False)
class WindRose:
    """Sector 0 is centred on north, the others follow clockwise: where the wind comes FROM.

    ``frequency`` [sector] are shares of all hours and sum to 1 with ``calm``; ``mean_speed`` (m/s, NaN in a sector
    without wind); ``energy`` [sector] are shares of Σ v³; ``weibull`` has a fit for each sector with 30 hours or more.
    """

    hours: int
    calm: float
    frequency: Floats
    mean_speed: Floats
    energy: Floats
    weibull: tuple[Weibull | None, ...]

    @property
    def directions(self) -> Floats:
        """Centre of each sector, degrees clockwise from north."""
        return np.arange(len(self.frequency)) * 360 / len(self.frequency)

    def as_data(self) -> dict[str, object]:
        return {
            "hours": self.hours,
            "calm": self.calm,
            "sectors": [
                {
                    "direction": float(direction),
                    "frequency": float(self.frequency[number]),
                    "mean_speed": None if np.isnan(self.mean_speed[number]) else float(self.mean_speed[number]),
                    "energy": float(self.energy[number]),
                    "weibull_a": None if weibull is None else weibull.scale,
                    "weibull_k": None if weibull is None else weibull.shape,
                }
                for number, (direction, weibull) in enumerate(zip(self.directions, self.weibull, strict=True))
            ],
        }


def coming_from(azimuth: ArrayLike) -> Floats:
    """Degrees clockwise from north where the wind comes from, of ``wnd_azimuth`` (radians), where it blows TO.

    atlite and the weather store give arctan2(u, v), u eastward and v northward: the heading of the air. Meteorology
    and roses name the other end.
    """
    return (np.degrees(np.asarray(azimuth, np.float64)) + 180) % 360


def wind_rose(speed: ArrayLike, direction: ArrayLike, sectors: Sectors = 12, *, calm: float = CALM) -> WindRose:
    """The rose of speeds (m/s) and directions they come from (degrees); hours with either missing are left out."""
    v, d = np.asarray(speed, np.float64).ravel(), np.asarray(direction, np.float64).ravel()
    known = np.isfinite(v) & np.isfinite(d)
    v, d = v[known], d[known]
    blowing = v >= calm
    still = int((~blowing).sum())
    v, d = v[blowing], d[blowing]
    width = 360 / sectors
    sector = np.floor((d % 360) / width + 0.5).astype(np.int64) % sectors
    count = np.bincount(sector, minlength=sectors)
    total = np.bincount(sector, weights=v, minlength=sectors)
    energy = np.bincount(sector, weights=v**3, minlength=sectors)
    hours = len(v) + still
    return WindRose(
        hours,
        still / hours if hours else np.nan,
        count / max(hours, 1),
        np.divide(total, count, out=np.full(sectors, np.nan), where=count > 0),
        energy / max(energy.sum(), np.finfo(float).tiny),
        tuple(_fitted(v[sector == number]) for number in range(sectors)),
    )


def _fitted(speeds: Floats) -> Weibull | None:
    return fit(speeds) if len(speeds) >= 30 and speeds.min() < speeds.max() else None
