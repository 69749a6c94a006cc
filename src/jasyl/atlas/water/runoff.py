"""Runoff: depth of water that a year or each month of it gives to the rivers, as a field or one value for all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from .dem import check_crs
from .directions import VOID, Codes
from .terrain import TerrainGrid, checked

Floats = NDArray[np.float64]
RunoffUnit = Literal["mm/a", "mm/mo", "mm/d", "kg/m2/s"]
UNITS: tuple[RunoffUnit, ...] = get_args(RunoffUnit)
_SPELLINGS: Final[dict[str, RunoffUnit]] = {
    "mm/a": "mm/a", "mm a-1": "mm/a", "mm/yr": "mm/a", "mm/year": "mm/a", "mm yr-1": "mm/a", "mm year-1": "mm/a",
    "kg m-2 yr-1": "mm/a", "mm/mo": "mm/mo", "mm/month": "mm/mo", "mm month-1": "mm/mo", "mm/d": "mm/d",
    "mm d-1": "mm/d", "mm/day": "mm/d", "mm day-1": "mm/d", "kg m-2 d-1": "mm/d", "kg/m2/s": "kg/m2/s",
    "kg m-2 s-1": "kg/m2/s", "kg m**-2 s**-1": "kg/m2/s", "mm/s": "kg/m2/s", "mm s-1": "kg/m2/s",
}  # fmt: skip
DAYS: Final = 365.2425  # of a mean year
_MONTHS: Final = (31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Largest value a field may and must reach in mm of a year: nothing on land gives 15 m; a field that nowhere reaches
# 5 mm is almost surely in mm a day, in m, or in m³/s of small cells.
MOST, LEAST = 15_000.0, 5.0
_FAR = 2  # cells of the runoff field that a hole in it may be bridged over


@dataclass(frozen=True, eq=False)
class Runoff:
    """Runoff in mm of the year [1, rows, columns] or of each month [12, rows, columns]; NaN where not known.

    ``grid`` is None for one value everywhere; ``file`` names its source.
    """

    values: Floats
    grid: TerrainGrid | None = None
    file: str = ""

    @property
    def monthly(self) -> bool:
        return len(self.values) == 12

    def volumes(self, grid: TerrainGrid, codes: Codes) -> Iterator[NDArray[np.int64]]:
        """Runoff of each cell of ``grid`` in whole ml, one array for the year or twelve; 0 where ``codes`` are VOID.

        A cell takes the value of the runoff cell its centre lies in; holes take the nearest, at most two cells away.
        Raises Refusal ``runoff-cover`` and ``runoff-holes``.
        """
        if self.grid is None:
            for value in self.values.ravel():
                yield _weights(grid, codes, repeat(value, grid.rows))
            return
        rows, columns = self._places(grid)
        for band in self._bridged(rows, columns, grid, codes):
            yield _weights(grid, codes, (band[row][columns] for row in rows))

    def _places(self, grid: TerrainGrid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        assert self.grid is not None
        ours = self.grid
        row = np.floor((ours.north - grid.latitudes) / ours.height + 1e-9).astype(np.int64)
        column = np.floor((grid.longitudes - ours.west) / ours.width + 1e-9).astype(np.int64)
        inside = (row >= 0) & (row < ours.rows), (column >= 0) & (column < ours.columns)
        if not (inside[0].all() and inside[1].all()):
            share = 100 * (1 - inside[0].mean() * inside[1].mean())
            reach = " ".join(f"{edge:g}" for edge in ours.bounds)
            wanted = " ".join(f"{edge:g}" for edge in grid.bounds)
            raise Refusal(
                "runoff-cover", where=Where(file=self.file), received=reach, expected=wanted, share=f"{share:.0f}"
            )
        return row, column

    def _bridged(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], grid: TerrainGrid, codes: Codes
    ) -> Iterator[Floats]:
        from scipy import ndimage  # noqa: PLC0415

        holes = np.isnan(self.values).any(axis=0)
        if not holes.any():
            yield from self.values
            return
        transform: Any = ndimage.distance_transform_edt
        away, nearest = transform(holes, return_indices=True)
        far = (away > _FAR * 1.5) | holes.all()
        for row in range(grid.rows):
            lost = far[rows[row]][columns] & (codes[row] != VOID)
            if lost.any():
                longitude, latitude = grid.longitudes[int(np.argmax(lost))], grid.latitudes[row]
                raise Refusal("runoff-holes", where=Where(file=self.file), received=f"{longitude:.3f} {latitude:.3f}")
        for band in self.values:
            yield band[nearest[0], nearest[1]]


def _weights(grid: TerrainGrid, codes: Codes, depths: Iterable[Floats | float]) -> NDArray[np.int64]:
    """Volume in ml from the depth of each row in mm: cm² times mm is a tenth of a ml."""
    found = np.zeros(grid.shape, dtype=np.int64)
    for row, depth in enumerate(depths):
        found[row] = np.where(codes[row] == VOID, 0, np.rint(float(grid.row_areas[row]) * 0.1 * depth))
    return found


def uniform(value: float, unit: str = "mm/a") -> Runoff:
    """One depth of runoff everywhere. Raises Refusal ``runoff-unit``, ``runoff-range``, ``runoff-negative``."""
    return of_values(np.full((1, 1, 1), float(value)), unit, None, "")


def of_values(values: Floats, unit: str, grid: TerrainGrid | None, file: str) -> Runoff:
    """Runoff from one band (a mean year) or twelve (January to December) in a stated unit.

    Raises Refusal ``runoff-unit`` (unknown, missing, or a discharge such as m³/s, which is runoff gathered already),
    ``runoff-bands``, ``runoff-negative``, ``runoff-range`` (the numbers cannot be in this unit).
    """
    where = Where(file=file)
    chosen = _SPELLINGS.get(unit.strip().lower())
    if chosen is None:
        raise Refusal("runoff-unit", where=where, received=unit or "—", expected=", ".join(UNITS))
    bands = len(values)
    if bands not in {1, 12} or chosen == ("mm/mo" if bands == 1 else "mm/a"):
        raise Refusal("runoff-bands", where=where, received=f"{bands} × {chosen}", expected="1 × mm/a, 12 × mm/mo")
    if np.isnan(values).all():
        raise Refusal("dem-empty", where=where)
    if np.nanmin(values) < 0:
        raise Refusal("runoff-negative", where=where, received=f"{np.nanmin(values):g} {chosen}")
    depths = values * _factor(chosen, bands)
    year = float(np.nanmax(depths.sum(axis=0)))
    if not LEAST <= year <= MOST:
        raise Refusal(
            "runoff-range",
            where=where,
            received=f"{float(np.nanmax(values)):g} {chosen} = {year:g} mm/a",
            expected=f"{LEAST:g} … {MOST:g} mm/a",
        )
    return Runoff(depths, grid, file)


def _factor(unit: RunoffUnit, bands: int) -> Floats:
    days = np.array(_MONTHS if bands == 12 else (DAYS,))[:, None, None]
    return {"mm/a": np.ones_like(days), "mm/mo": np.ones_like(days), "mm/d": days, "kg/m2/s": days * 86_400.0}[unit]


def read_runoff(file: Path, unit: str | None = None) -> Runoff:
    """Runoff from a GeoTIFF or NetCDF of 1 or 12 fields; ``unit`` where the file does not say it itself.

    Raises Refusal as `of_values`, and ``dem-unreadable``, ``dem-crs``, ``dem-projected``, ``dem-datum``,
    ``dem-rotated``.
    """
    if file.suffix.lower() in {".nc", ".nc4", ".netcdf"}:
        return _netcdf(file, unit)
    return _geotiff(file, unit)


def _geotiff(file: Path, unit: str | None) -> Runoff:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(file) as dataset:
            check_crs(dataset.crs, file.name)
            transform: Any = dataset.transform
            if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
                raise Refusal("dem-rotated", where=Where(file=file.name), received=str(tuple(transform)[:6]))
            values: Any = dataset.read(out_dtype="float64")
            values[dataset.read_masks() == 0] = np.nan
            values = values * np.array(dataset.scales)[:, None, None] + np.array(dataset.offsets)[:, None, None]
            said = unit or (dataset.units[0] or "")
    except (RasterioError, OSError) as error:
        raise Refusal("dem-unreadable", where=Where(file=file.name), reason=str(error)[:200]) from error
    grid = TerrainGrid(transform.c, transform.f, transform.a, -transform.e, *values.shape[1:])
    return of_values(values, said, grid, file.name)


def _netcdf(file: Path, unit: str | None) -> Runoff:
    import xarray as xr  # noqa: PLC0415

    try:
        with xr.open_dataset(file, engine="h5netcdf") as dataset:
            names = [str(name) for name in dataset.data_vars if dataset[name].ndim >= 2]
            chosen = next((name for name in ("runoff", "ro", "mrro", *names) if name in names), None)
            if chosen is None:
                raise Refusal("runoff-bands", where=Where(file=file.name), received="0", expected="1, 12")
            return of_array(dataset[chosen].load(), unit, file.name)
    except (OSError, ValueError) as error:
        raise Refusal("dem-unreadable", where=Where(file=file.name), reason=str(error)[:200]) from error


def of_array(array: Any, unit: str | None = None, name: str = "") -> Runoff:
    """Runoff from an xarray DataArray with latitude and longitude, and a dimension of 12 months or none."""
    latitude, longitude = axes(array, name)
    others = [dimension for dimension in array.dims if dimension not in {latitude, longitude}]
    if float(array[longitude].max()) > 180:
        array = array.assign_coords({longitude: (array[longitude] + 180) % 360 - 180})
    ordered = array.transpose(*others, latitude, longitude).sortby(latitude, ascending=False).sortby(longitude)
    grid = grid_of(ordered[latitude].values, ordered[longitude].values, name)
    values = np.asarray(ordered.values, dtype=np.float64).reshape(-1, *grid.shape)
    return of_values(values, unit or str(array.attrs.get("units", "")), grid, name)


def axes(array: Any, name: str) -> tuple[str, str]:
    """Names of the axes of latitude and longitude. Raises Refusal ``dem-crs``."""
    found = [
        next((axis for axis in names if axis in array.dims and axis in array.coords), None)
        for names in (("latitude", "lat", "y"), ("longitude", "lon", "x"))
    ]
    if None in found:
        raise Refusal("dem-crs", where=Where(file=name), expected="latitude, longitude")
    return str(found[0]), str(found[1])


def grid_of(latitudes: Floats, longitudes: Floats, name: str) -> TerrainGrid:
    """The grid of descending latitudes and ascending longitudes of cell centres.

    Raises Refusal ``dem-projected`` for what cannot be degrees, ``dem-rotated`` for uneven steps.
    """
    where = Where(file=name)
    if np.abs(latitudes).max() > 90 or np.abs(longitudes).max() > 360:
        raise Refusal(
            "dem-projected", where=where, received=f"{longitudes[0]:g} {latitudes[0]:g}", expected="EPSG:4326"
        )
    if min(len(latitudes), len(longitudes)) < 2:
        raise Refusal("dem-size", where=where, received=f"{len(latitudes)} × {len(longitudes)}", expected="2 × 2")
    height, width = -np.diff(latitudes), np.diff(longitudes)
    if not (np.allclose(height, height.mean(), rtol=1e-3) and np.allclose(width, width.mean(), rtol=1e-3)):
        raise Refusal("dem-rotated", where=where, received=f"{height.min():g} … {height.max():g}°")
    step = float(height.mean()), float(width.mean())
    west, north = float(longitudes[0]) - step[1] / 2, float(latitudes[0]) + step[0] / 2
    grid = TerrainGrid(west, north, step[1], step[0], len(latitudes), len(longitudes))
    return checked(grid) if min(grid.shape) >= 3 else grid
