"""Where the cells of a file lie: latitude and longitude however written, as one Grid; and the window asked for."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.grid import ARC_SECONDS, Grid
from jasyl.atlas.window import Window, looks_exchanged
from jasyl.texts import Refusal, Where

TOLERANCE = 2e-4  # degrees: coordinates are often float32
ALIGNED = 0.2  # arc-seconds that an edge may lie off a whole one
LATITUDES, LONGITUDES = ("latitude", "lat", "y"), ("longitude", "lon", "x")


@dataclass(frozen=True)
class Axes:
    """The grid of a file and how its rows and columns map to it.

    ``flip``: the file's rows run from south to north. ``turn``: column j of the grid is column (j + turn) mod n of the
    file, which begins at the Greenwich meridian where the grid begins at its western edge. ``named``: units say which
    coordinate is which.
    """

    grid: Grid
    flip: bool
    turn: int
    named: bool = True


@dataclass(frozen=True)
class Selection:
    """A window of a file: the rows and columns to read, as in the file; several spans where it turns around."""

    grid: Grid
    rows: slice
    columns: tuple[slice, ...]
    flip: bool


def axes(latitudes: NDArray[Any], longitudes: NDArray[Any], units: tuple[str, str], where: Where) -> Axes:
    """The axes of a file from its coordinates; ``units`` are those written beside latitude and longitude.

    Raises Refusal ``weather-axes-swapped``, ``weather-crs`` (projected or two-dimensional coordinates),
    ``weather-grid-irregular`` and ``weather-antimeridian``.
    """
    if latitudes.ndim != 1 or longitudes.ndim != 1:
        raise Refusal("weather-crs", where=where, received=f"{latitudes.ndim}-D")
    lat, lon = latitudes.astype(np.float64), longitudes.astype(np.float64)
    _check_kind(lat, lon, units, where)
    flip = bool(lat[0] < lat[-1])
    lat = lat[::-1] if flip else lat
    lon, turn = _ordered(lon, where)
    step = _spacing(-np.diff(lat), where) if len(lat) > 1 else _spacing(np.diff(lon), where)
    if len(lon) > 1 and abs(_spacing(np.diff(lon), where) - step) > 0:
        raise Refusal("weather-grid-irregular", where=where, received=f"{np.diff(lon)[0]:g}° × {-np.diff(lat)[0]:g}°")
    north, west = lat[0] * ARC_SECONDS + step / 2, lon[0] * ARC_SECONDS - step / 2
    if max(abs(north - round(north)), abs(west - round(west))) > ALIGNED:
        raise Refusal("weather-grid-irregular", where=where, received=f"{lon[0]:.6f}° {lat[0]:.6f}°")
    named = "north" in units[0] and "east" in units[1]
    return Axes(Grid(round(west), round(north), step, len(lat), len(lon)), flip, turn, named)


def select(found: Axes, window: Window | None, where: Where) -> Selection:
    """The cells whose centres lie in ``window`` (west, south, east, north, degrees); all when None.

    Raises Refusal ``weather-antimeridian`` (west beyond east), ``weather-window-empty``, ``weather-window-outside`` and
    ``weather-axes-doubtful`` where neither units nor a window on the cells say that they are where they seem to be.
    """
    grid = found.grid
    top, bottom, left, right = 0, grid.rows, 0, grid.columns
    if window is None:
        _check_named(found, where)
    else:
        west, south, east, north = window
        asked = ",".join(f"{edge:g}" for edge in window)
        if west >= east:
            raise Refusal("weather-antimeridian", where=where, received=asked)
        inside_rows = np.flatnonzero((grid.latitudes >= south - TOLERANCE) & (grid.latitudes <= north + TOLERANCE))
        inside = np.flatnonzero((grid.longitudes >= west - TOLERANCE) & (grid.longitudes <= east + TOLERANCE))
        has = grid.bounds
        if (
            west < has[0] - TOLERANCE
            or south < has[1] - TOLERANCE
            or east > has[2] + TOLERANCE
            or north > has[3] + TOLERANCE
        ):
            _check_named(found, where)
            expected = ",".join(grid.written_bounds)
            raise Refusal("weather-window-outside", where=where, received=asked, expected=expected)
        if not inside.size or not inside_rows.size:
            raise Refusal("weather-window-empty", where=where, received=asked, expected=f"{grid.degrees:g}")
        top, bottom, left, right = inside_rows[0], inside_rows[-1] + 1, inside[0], inside[-1] + 1
    part = Grid(
        int(grid.west + left * grid.step),
        int(grid.north - top * grid.step),
        grid.step,
        int(bottom - top),
        int(right - left),
    )
    rows = slice(grid.rows - bottom, grid.rows - top) if found.flip else slice(top, bottom)
    return Selection(part, slice(int(rows.start), int(rows.stop)), _spans(left, right, found), found.flip)


def _check_named(found: Axes, where: Where) -> None:
    """Cells that lie on Kazakhstan only with exchanged axes need somebody to say that they are where they seem to be:
    the file by its units, or who converts it by a window on them.
    """
    if not found.named and looks_exchanged(found.grid.bounds):
        raise Refusal("weather-axes-doubtful", where=where, received=",".join(found.grid.written_bounds))


def _spans(left: int, right: int, found: Axes) -> tuple[slice, ...]:
    count = found.grid.columns
    begin, end = int(left) + found.turn, int(right) + found.turn
    if end <= count:
        return (slice(begin, end),)
    if begin >= count:
        return (slice(begin - count, end - count),)
    return slice(begin, count), slice(0, end - count)


def _check_kind(lat: NDArray[np.float64], lon: NDArray[np.float64], units: tuple[str, str], where: Where) -> None:
    """Latitude is latitude, and both are degrees."""
    if not (np.isfinite(lat).all() and np.isfinite(lon).all()) or not len(lat) or not len(lon):
        raise Refusal("weather-grid-irregular", where=where, received="NaN")
    if "east" in units[0] or "north" in units[1]:
        raise Refusal("weather-axes-swapped", where=where, received=f"{units[0]} × {units[1]}")
    if (np.diff(lat) > 0).all() and len(lon) > 1 and (np.diff(lon) < 0).all():  # the order of a raster laid on its side
        raise Refusal(
            "weather-axes-swapped", where=where, received=f"{lat[0]:g} … {lat[-1]:g} × {lon[0]:g} … {lon[-1]:g}"
        )
    if np.abs(lat).max() > 90 + TOLERANCE:
        swapped = np.abs(lat).max() <= 360 and np.abs(lon).max() <= 90 + TOLERANCE
        code = "weather-axes-swapped" if swapped else "weather-crs"
        raise Refusal(code, where=where, received=f"{lat.min():g} … {lat.max():g}")
    if lon.min() < -180 - TOLERANCE or lon.max() > 360 + TOLERANCE:
        raise Refusal("weather-crs", where=where, received=f"{lon.min():g} … {lon.max():g}")
    for name in units:
        if name in {"m", "metre", "metres", "meter", "meters", "km"}:
            raise Refusal("weather-crs", where=where, received=name)


def _ordered(lon: NDArray[np.float64], where: Where) -> tuple[NDArray[np.float64], int]:
    """Longitudes within −180 … 180, ascending, and the number of columns turned."""
    if lon.max() < 180 + TOLERANCE:
        if len(lon) > 1 and not (np.diff(lon) > 0).all():
            raise Refusal("weather-grid-irregular", where=where, received=f"{lon[0]:g}, {lon[1]:g} …")
        return lon, 0
    turned = np.where(lon >= 180 - TOLERANCE, lon - 360, lon)
    turn = int(np.argmin(turned))
    ordered = np.roll(turned, -turn)
    if len(lon) > 1 and np.diff(ordered).max() > 1.5 * np.diff(ordered).min():
        raise Refusal("weather-antimeridian", where=where, received=f"{lon.min():g} … {lon.max():g}")
    return ordered, turn


def _spacing(differences: NDArray[np.float64], where: Where) -> int:
    """The even spacing in whole arc-seconds."""
    if not differences.size:
        raise Refusal("weather-grid-irregular", where=where, received="1 × 1")
    step = round(float(np.median(differences)) * ARC_SECONDS)
    if step <= 0 or np.abs(differences * ARC_SECONDS - step).max() > 2 * TOLERANCE * ARC_SECONDS:
        raise Refusal(
            "weather-grid-irregular", where=where, received=f"{differences.min():g}° … {differences.max():g}°"
        )
    return step
