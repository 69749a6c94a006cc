"""Terrain as publishers give it: a raster, an archive of rasters, or a folder of either, as one raster.

Tiles are put side by side in a VRT file that GDAL reads; nothing is unpacked or copied.
"""

import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from jasyl.intake.archive import open_archive
from jasyl.texts import Refusal, Where

from ..loading.opening import LIMITS
from ..window import Window
from .dem import check_crs
from .directions import VOID

SUFFIXES: Final = frozenset((".tif", ".tiff", ".hgt", ".asc", ".img", ".bil"))
_NO_HEIGHT: Final = -32768
_SLACK: Final = 0.01  # of a cell that tiles may lie beside each other's grid
_SEAM: Final = 2.0  # cells beyond the window whose tiles are taken along
Part = Literal["dem", "directions"]


@dataclass(frozen=True)
class Terrain:
    """One raster to read, the files it is made of, and how many of its tiles were resampled to the finest cells."""

    raster: Path
    files: tuple[Path, ...]
    resampled: int = 0


@dataclass(frozen=True)
class _Tile:
    file: Path
    raster: str
    west: float
    north: float
    width: float
    height: float
    columns: int
    rows: int
    nodata: float | None
    scale: float
    offset: float
    unit: str

    @property
    def east(self) -> float:
        return self.west + self.columns * self.width

    @property
    def south(self) -> float:
        return self.north - self.rows * self.height


def terrain_of(given: Path, part: Part, room: Path, window: Window | None = None) -> Terrain:
    """What ``given`` holds as one raster; of many tiles those that touch ``window`` (west, south, east, north).

    Heights of wider cells, as Copernicus has them north of 50°, are resampled to the finest (bilinear); directions
    cannot be. ``room`` is a folder for the VRT. Raises Refusal ``dem-unreadable``, ``dem-tiles-none``,
    ``dem-tiles-differ``, ``dem-bands``, ``dem-rotated`` and those of `dem.check_crs` and `intake.archive`.
    """
    if given.is_file() and not _is_archive(given):
        return Terrain(given, (given,))
    if not given.exists():
        raise Refusal("dem-unreadable", where=Where(file=given.name), reason="no such file")
    found = list(_rasters(given))
    if len(found) == 1:
        return Terrain(Path(found[0][1]), (found[0][0],))
    tiles = [tile for tile in (_tile(file, raster) for file, raster in found) if _touches(tile, window)]
    if not tiles:
        raise Refusal("dem-tiles-none", where=Where(file=given.name), received=len(found))
    finest = min(tiles, key=lambda tile: tile.width)
    wide = [tile for tile in tiles if not _same_cells(tile, finest)]
    if any(part == "directions" or tile.height < finest.height * (1 - _SLACK) for tile in wide):
        other = wide[0]
        raise Refusal(
            "dem-tiles-differ",
            where=Where(file=Path(other.raster).name),
            received=f"{other.width:.6g}° × {other.height:.6g}°",
            expected=f"{finest.width:.6g}° × {finest.height:.6g}°",
        )
    raster = room / f"{part}-{given.name}.vrt"
    raster.write_text(_vrt(tiles, finest, part), encoding="utf-8")
    return Terrain(raster, tuple(dict.fromkeys(tile.file for tile in tiles)), len(wide))


def _is_archive(file: Path) -> bool:
    return zipfile.is_zipfile(file) or tarfile.is_tarfile(file)


def _rasters(given: Path) -> Iterator[tuple[Path, str]]:
    """Each raster: the file it lies in, and its name for GDAL."""
    for file in sorted(path for path in given.rglob("*") if path.is_file()) if given.is_dir() else [given]:
        if file.suffix.lower() in SUFFIXES:
            yield file, str(file)
        elif zipfile.is_zipfile(file):
            with open_archive(file, file.name, LIMITS) as packed:
                yield from _members(file, "zip", packed.namelist())
        elif tarfile.is_tarfile(file):
            yield from _members(file, "tar", _taped(file))


def _taped(file: Path) -> list[str]:
    """Names in a tar. Raises Refusal ``archive-path`` for one that leads out of it, ``archive-damaged``."""
    where = Where(file=file.name)
    try:
        with tarfile.open(file) as tape:
            names = [one.name for one in tape if one.isfile()]
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Refusal("archive-damaged", where=where, reason="other", detail=str(error)[:100]) from error
    for name in names:
        if name.startswith("/") or ".." in name.split("/"):
            raise Refusal("archive-path", where=where, received=name[:200])
    return names


def _members(file: Path, kind: str, names: Sequence[str]) -> Iterator[tuple[Path, str]]:
    for name in sorted(names):
        if Path(name).suffix.lower() in SUFFIXES:
            yield file, f"/vsi{kind}/{{{file.absolute()}}}/{name}"


def _tile(file: Path, raster: str) -> _Tile:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    where = Where(file=Path(raster).name)
    try:
        with rasterio.open(raster) as dataset:
            check_crs(dataset.crs, Path(raster).name)
            move: Any = dataset.transform
            if dataset.count != 1:
                raise Refusal("dem-bands", where=where, received=str(dataset.count), expected="1")
            if move.b or move.d or move.a <= 0 or move.e >= 0:
                raise Refusal("dem-rotated", where=where, received=str(tuple(move)[:6]))
            return _Tile(
                file, raster, move.c, move.f, move.a, -move.e, dataset.width, dataset.height, dataset.nodata,
                dataset.scales[0], dataset.offsets[0], dataset.units[0] or "",
            )  # fmt: skip
    except (RasterioError, OSError) as error:
        raise Refusal("dem-unreadable", where=where, reason=str(error)[:200]) from error


def _touches(tile: _Tile, window: Window | None) -> bool:
    if window is None:
        return True
    west, south, east, north = window
    seam_x, seam_y = _SEAM * tile.width, _SEAM * tile.height
    return (
        tile.west < east + seam_x
        and tile.east > west - seam_x
        and tile.south < north + seam_y
        and tile.north > south - seam_y
    )


def _same_cells(tile: _Tile, other: _Tile) -> bool:
    """Whether the cells of two tiles are of one size and on one grid."""

    def whole(offset: float) -> bool:
        return abs(offset - round(offset)) < _SLACK

    alike = abs(tile.width / other.width - 1) < _SLACK / tile.columns
    alike &= abs(tile.height / other.height - 1) < _SLACK / tile.rows
    return alike and whole((tile.west - other.west) / other.width) and whole((tile.north - other.north) / other.height)


def _vrt(tiles: Sequence[_Tile], finest: _Tile, part: Part) -> str:
    """GDAL's virtual raster over the tiles, on the grid of the finest, empty where there is none."""
    left = round((min(tile.west for tile in tiles) - finest.west) / finest.width)
    top = round((finest.north - max(tile.north for tile in tiles)) / finest.height)
    west, north = finest.west + left * finest.width, finest.north - top * finest.height
    columns = round((max(tile.east for tile in tiles) - west) / finest.width)
    rows = round((north - min(tile.south for tile in tiles)) / finest.height)
    kind, empty = ("Float32", _NO_HEIGHT) if part == "dem" else ("Int16", VOID)
    sources = "".join(_source(tile, finest, west, north) for tile in tiles)
    return (
        f'<VRTDataset rasterXSize="{columns}" rasterYSize="{rows}"><SRS>EPSG:4326</SRS>'
        f"<GeoTransform>{west!r}, {finest.width!r}, 0, {north!r}, 0, {-finest.height!r}</GeoTransform>"
        f'<VRTRasterBand dataType="{kind}" band="1"><NoDataValue>{empty}</NoDataValue>'
        f"<UnitType>{escape(finest.unit)}</UnitType>{sources}</VRTRasterBand></VRTDataset>"
    )


def _source(tile: _Tile, finest: _Tile, west: float, north: float) -> str:
    resampling = "" if _same_cells(tile, finest) else ' resampling="bilinear"'
    place = (
        f'xOff="{(tile.west - west) / finest.width:.6f}" yOff="{(north - tile.north) / finest.height:.6f}" '
        f'xSize="{tile.columns * tile.width / finest.width:.6f}" ySize="{tile.rows * tile.height / finest.height:.6f}"'
    )
    nodata = "" if tile.nodata is None else f"<NODATA>{tile.nodata!r}</NODATA>"
    return (
        f'<ComplexSource{resampling}><SourceFilename relativeToVRT="0">{escape(tile.raster)}</SourceFilename>'
        f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="{tile.columns}" ySize="{tile.rows}"/>'
        f"<DstRect {place}/><ScaleOffset>{tile.offset!r}</ScaleOffset><ScaleRatio>{tile.scale!r}</ScaleRatio>"
        f"{nodata}</ComplexSource>"
    )
