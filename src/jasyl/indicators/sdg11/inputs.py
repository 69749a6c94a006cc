"""People, stops, cells and shapes out of the files that a document of SDG 11 names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from jasyl.intake import Box, Row, Table, boolean, decimal, read_tables
from jasyl.intake.raw import Raw
from jasyl.places import COUNTRY_BOX
from jasyl.texts import Refusal, Where

from ..catalogue_columns import BREAKDOWNS
from ..share import Group
from .access import Population, Stops

Floats = NDArray[np.float64]
Read = TypeVar("Read")


@dataclass(frozen=True)
class Cells:
    """Concentrations and people of the same cells."""

    concentration: Floats
    persons: Floats
    groups: Mapping[Group, Floats]


def read_people(file: Path) -> Population:
    """A CSV or XLSX with ``lon``, ``lat``, ``persons`` and columns of groups (``sex=female``), or a GeoTIFF of people
    on WGS 84. Raises Refusal ``sdg-columns``, ``sdg-raster``, those of the file, its cells, and of ``Population``."""
    if file.suffix.lower() in (".tif", ".tiff"):
        return _of_raster(file)
    table = _table(file, ("lon", "lat", "persons"))
    lon, lat = _points(table)
    return Population(lon, lat, _numbers(table, "persons"), groups=_groups(table))


def read_stops(file: Path) -> Stops:
    """A CSV or XLSX with ``lon``, ``lat``, ``high_capacity``; an empty cell of the last is no."""
    table = _table(file, ("lon", "lat", "high_capacity"))
    high = [bool(_cell(table, row, "high_capacity", boolean)) for row in table.rows()]
    return Stops(*_points(table), np.array(high, np.bool_))


def read_cells(file: Path) -> Cells:
    """A CSV or XLSX with ``concentration`` (empty: not known), ``persons`` and columns of groups."""
    table = _table(file, ("concentration", "persons"))
    known = _numbers(table, "concentration", missing=True)
    return Cells(known, _numbers(table, "persons"), _groups(table))


def read_shapes(file: Path) -> list[BaseGeometry]:
    """The shapes of a GeoJSON file. Raises Refusal ``file-missing``, ``sdg-shapes``."""
    try:
        whole = shapely.from_geojson(_content(file).decode("utf-8-sig"))
    except (shapely.GEOSException, UnicodeDecodeError) as error:
        raise Refusal("sdg-shapes", where=Where(file.name), received=str(error)[:200]) from None
    found = [one for one in shapely.get_parts(whole) if not one.is_empty]
    if not found:
        raise Refusal("sdg-shapes", where=Where(file.name), received="0")
    return found


def _of_raster(file: Path) -> Population:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioIOError  # noqa: PLC0415

    try:
        with rasterio.open(file) as raster:
            if raster.crs is None or raster.crs.to_epsg() != 4326:
                raise Refusal("sdg-raster", where=Where(file.name), received=str(raster.crs))
            counts = raster.read(1, masked=True).astype(np.float64).filled(np.nan)
            return Population.of_grid(counts, tuple(raster.bounds))
    except RasterioIOError as error:
        raise Refusal("file-missing", where=Where(file.name), reason=str(error)[:200]) from error


def _table(file: Path, needed: Sequence[str]) -> Table:
    table = read_tables(_content(file), file.name)[0]
    for column in needed:
        if column not in table.header:
            raise Refusal("sdg-columns", where=table.where(), received=", ".join(table.header), expected=column)
    return table


def _groups(table: Table) -> dict[Group, Floats]:
    """Columns whose head is an axis, an equals sign and a value."""
    found = dict[Group, Floats]()
    for column in table.header:
        axis, mark, value = column.partition("=")
        if mark and axis in BREAKDOWNS and value:
            found[axis, value] = _numbers(table, column)
    return found


def _points(table: Table) -> tuple[Floats, Floats]:
    """Longitudes and latitudes; a point that lies in the country only when they change places is refused."""
    lon, lat, country = _numbers(table, "lon"), _numbers(table, "lat"), Box(*COUNTRY_BOX)
    for row, x, y in zip(table.rows(), lon.tolist(), lat.tolist(), strict=True):
        if country.is_swapped(x, y):
            where = table.where(row.number, "lon")
            raise Refusal("coordinates-swapped", where=where, received=f"{x}, {y}", expected=f"{y}, {x}")
    return lon, lat


def _numbers(table: Table, column: str, *, missing: bool = False) -> Floats:
    """A column; empty cells are refused unless ``missing``, then NaN."""
    made = list[float]()
    for row in table.rows():
        number = _cell(table, row, column, decimal)
        if number is None and not missing:
            raise Refusal("sdg-empty", where=table.where(row.number, column))
        made.append(np.nan if number is None else float(number))
    return np.array(made)


def _cell(table: Table, row: Row, column: str, reader: Callable[[Raw], Read]) -> Read:
    """What ``reader`` makes of a cell, faults told with its place."""
    try:
        return reader(row[column].raw)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=table.where(row.number, column), **refusal.arguments) from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file.name), reason=error.strerror or str(error)) from error
