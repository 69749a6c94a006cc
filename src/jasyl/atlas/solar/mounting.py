"""How panels stand: orientation by latitude or as given, fixed or turning after the sun; what a kernel needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .position import Floats

# latitude_optimal: the tilt that gsee takes as best by latitude, facing the equator. latitude: tilt as the latitude.
OrientationName = Literal["latitude_optimal", "latitude"]
# horizontal: level axis along the azimuth. tilted_horizontal: axis tilted by the slope towards the azimuth.
# vertical: a tilted panel that turns about the vertical. dual: two axes.
Tracking = Literal["horizontal", "tilted_horizontal", "vertical", "dual"]
TRACKINGS: tuple[Tracking, ...] = ("horizontal", "tilted_horizontal", "vertical", "dual")
# The kernel's numbers of ways to turn; 5 is an axis with limits.
FIXED, AXIS, ROUND, DUAL, AXIS_LIMITED = 0, 1, 2, 3, 4
COEFFICIENTS = 9


@dataclass(frozen=True)
class Mounting:
    """How a surface stands, degrees: slope from level, azimuth clockwise from north (180 faces south).

    With ``name`` slope and azimuth follow from the latitude, else they are those given. With a level or tilted axis
    slope and azimuth are the axis's own; ``ground_cover`` (panel width by row distance) makes it turn back before rows
    shade each other, ``turn_limit`` is the largest turn. Raises Refusal ``mounting-invalid``.
    """

    name: OrientationName | None = "latitude_optimal"
    slope: float = 0.0
    azimuth: float = 180.0
    tracking: Tracking | None = None
    ground_cover: float | None = None
    turn_limit: float | None = None

    def __post_init__(self) -> None:
        wrong = (
            not 0 <= self.slope <= 90,
            not 0 <= self.azimuth <= 360,
            self.tracking is not None and self.tracking not in TRACKINGS,
            self.name not in {None, "latitude_optimal", "latitude"},
            self.ground_cover is not None and not 0 < self.ground_cover < 1,
            self.turn_limit is not None and not 0 < self.turn_limit <= 90,
            self.limited and self.tracking not in {"horizontal", "tilted_horizontal"},
        )
        if any(wrong):
            raise Refusal("mounting-invalid", received=repr(self))

    @property
    def limited(self) -> bool:
        return self.ground_cover is not None or self.turn_limit is not None

    @property
    def mode(self) -> int:
        """The kernel's number of the way to turn."""
        if self.tracking in {"horizontal", "tilted_horizontal"}:
            return AXIS_LIMITED if self.limited else AXIS
        return {None: FIXED, "vertical": ROUND, "dual": DUAL}[self.tracking]

    @property
    def limits(self) -> Floats:
        """Ground cover (0: rows are free), cosine and sine of the largest turn."""
        most = np.radians(self.turn_limit if self.turn_limit is not None else 90.0)
        return np.array([self.ground_cover or 0.0, np.cos(most), np.sin(most)])

    def angles(self, latitudes: Floats) -> tuple[Floats, Floats]:
        """Slope and azimuth of each row in radians."""
        if self.name is None:
            return np.full_like(latitudes, np.radians(self.slope)), np.full_like(latitudes, np.radians(self.azimuth))
        place = np.radians(latitudes)
        if self.name == "latitude":
            return place, np.full_like(latitudes, np.radians(self.azimuth))
        # Linear by latitude, level from 50° on: solarpaneltilt.com by way of gsee (renewables.ninja).
        high = np.abs(place)
        slope = np.where(high <= np.radians(25), 0.87 * high, 0.76 * high + np.radians(0.31))
        slope = np.where(high <= np.radians(50), slope, np.radians(40.0))
        return slope, np.where(place < 0, 0.0, np.pi)

    def coefficients(self, latitudes: Floats) -> NDArray[np.float64]:
        """What a pass needs to know of each row, in the order in which it reads it: [3, row, 9].

        Each number is first · sine + second · cosine of the sun's declination + third. The sun's place is linear in
        cosine and sine of the hour angle: up = a + b·cos, north = c − d·cos, east = e·sin.
        """
        slope, azimuth = self.angles(latitudes)
        place = np.radians(latitudes)
        high, wide = np.sin(place), np.cos(place)
        found = np.zeros((3, len(place), COEFFICIENTS))
        by_sine, by_cosine, constant = found
        by_sine[:, 0], by_cosine[:, 1] = high, wide
        if self.mode == FIXED:
            level, ahead, aside = np.cos(slope), np.sin(slope) * np.cos(azimuth), np.sin(slope) * np.sin(azimuth)
            by_sine[:, 2] = ahead * wide + level * high
            by_cosine[:, 3] = level * wide - ahead * high
            by_cosine[:, 4] = -aside
            constant[:, 5] = level
        elif self.mode in {AXIS, AXIS_LIMITED}:
            tilt = np.zeros_like(slope) if self.tracking == "horizontal" else slope
            sine, cosine, lean, level = np.sin(azimuth), np.cos(azimuth), np.sin(tilt), np.cos(tilt)
            # The sun across the axis, and above the plane of the axis.
            by_sine[:, 2], by_cosine[:, 3], by_cosine[:, 4] = -sine * wide, sine * high, -cosine
            by_sine[:, 5] = lean * cosine * wide + level * high
            by_cosine[:, 6] = level * wide - lean * cosine * high
            by_cosine[:, 7] = -lean * sine
            constant[:, 8] = level
        elif self.mode == ROUND:
            constant[:, 2], constant[:, 3] = np.sin(slope), np.cos(slope)
        return found


def mounting(
    orientation: OrientationName | Mapping[str, float] | Mounting,
    tracking: Tracking | None = None,
    *,
    ground_cover: float | None = None,
    turn_limit: float | None = None,
) -> Mounting:
    """The mounting that atlite's words describe: a name, or ``{"slope": 35, "azimuth": 180}``."""
    if isinstance(orientation, Mounting):
        return orientation
    if isinstance(orientation, str):
        return Mounting(orientation, tracking=tracking, ground_cover=ground_cover, turn_limit=turn_limit)
    if set(orientation) - {"slope", "azimuth"} or "slope" not in orientation:
        raise Refusal("mounting-invalid", received=repr(dict(orientation)))
    slope, azimuth = float(orientation["slope"]), float(orientation.get("azimuth", 180.0))
    return Mounting(None, slope, azimuth, tracking, ground_cover, turn_limit)
