"""What rules look at: features of files and values of rasters, as masks and values on the grid of the analysis."""

import hashlib
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..grid import ARC_SECONDS, Grid
from ..raster import load
from ..window import check_shapes
from .rules import RasterSource, ValueRule, VectorSource

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]
WGS84 = "OGC:CRS84"


class Features:
    """The features of a vector source, on WGS 84."""

    def __init__(self, file: Path, shapes: NDArray[Any]) -> None:
        self.file, self.shapes = file, shapes

    @cached_property
    def digest(self) -> str:
        return file_digest(self.file)

    @cached_property
    def tree(self) -> Any:
        import shapely  # noqa: PLC0415

        return shapely.STRtree(self.shapes)

    def inside(self, grid: Grid) -> Mask:
        """Cells whose centre lies in a polygon, and every cell that a line, a point or a small polygon touches."""
        import shapely  # noqa: PLC0415

        found = self._in_window(grid)
        large = (shapely.get_dimensions(found) == 2) & (shapely.area(found) > grid.degrees**2)
        return _burn(grid, found[large], touched=False) | _burn(grid, found[~large], touched=True)

    def near(self, grid: Grid) -> Mask:
        """`inside` and every cell that an outline crosses: what distances are measured to."""
        import shapely  # noqa: PLC0415

        found = self._in_window(grid)
        outlines = shapely.boundary(found[shapely.get_dimensions(found) == 2])
        return self.inside(grid) | _burn(grid, outlines, touched=True)

    def _in_window(self, grid: Grid) -> NDArray[Any]:
        import shapely  # noqa: PLC0415

        # A cell more on each side: a centre just outside belongs to a cell that a shape may touch.
        west, south, east, north = grid.bounds
        margin = grid.degrees
        chosen = self.tree.query(shapely.box(west - margin, south - margin, east + margin, north + margin))
        return self.shapes[np.sort(chosen)]


def _burn(grid: Grid, shapes: NDArray[Any], *, touched: bool) -> Mask:
    if not len(shapes):
        return np.zeros(grid.shape, dtype=np.bool_)
    from affine import Affine  # noqa: PLC0415
    from rasterio.features import rasterize  # noqa: PLC0415

    move = Affine(grid.degrees, 0, grid.bounds[0], 0, -grid.degrees, grid.bounds[3])
    burnt: Any = rasterize(list(shapes), grid.shape, transform=move, all_touched=touched, dtype=np.uint8)
    return burnt.astype(np.bool_)


def features(source: VectorSource, base: Path) -> Features:
    """The features of ``source``, read once per state of the file.

    Raises Refusal ``siting-source`` when the file is missing, cannot be read, has no coordinate system, no features, or
    shapes that cross themselves; ``shape-antimeridian``.
    """
    file = base / source.file
    try:
        state = file.stat()
    except OSError as error:
        raise _unreadable(file, error.strerror or str(error)) from error
    return _features(file, source.layer, source.where, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _features(file: Path, layer: str | None, where: str | None, *_state: int) -> Features:
    import pyogrio.raw  # noqa: PLC0415
    import shapely  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError  # noqa: PLC0415
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    from jasyl.places.projection import project  # noqa: PLC0415

    try:
        about, _, written, _ = pyogrio.raw.read(file, layer=layer, where=where, columns=[])
        system = CRS.from_user_input(about["crs"])
        shapes: Any = shapely.from_wkb(written)
    except (DataSourceError, DataLayerError, FieldError, CRSError, ValueError, shapely.errors.ShapelyError) as error:
        raise _unreadable(file, str(error)[:200]) from error
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(shapes):
        raise _unreadable(file, "0 features")
    sound = shapely.is_valid(shapes)
    if not sound.all():
        raise _unreadable(file, shapely.is_valid_reason(shapes[~sound][0]))
    shapes = shapely.force_2d(shapes)
    if not system.equals(CRS(WGS84), ignore_axis_order=True):
        shapes = project(shapes, system.to_wkt(), WGS84)
    west, south, east, north = shapely.total_bounds(shapes)
    if not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
        raise _unreadable(file, f"{west:g}, {south:g}, {east:g}, {north:g}")
    check_shapes(shapes, Where(file=file.name))
    return Features(file, shapes)


class Cells(Protocol):
    """Values of a raster source."""

    @property
    def licence(self) -> str: ...
    @property
    def digest(self) -> str:
        """SHA-256 of what is read."""
        ...

    def on(self, grid: Grid) -> Values:
        """The value under each cell centre of ``grid``; NaN where there is none."""
        ...


class LayerCells:
    """A built layer of the atlas."""

    def __init__(self, folder: DataFolder, source: RasterSource) -> None:
        assert source.layer is not None
        self.raster = load(folder, source.layer)
        self.raster.check_band(source.band)
        self.band = source.band

    @property
    def digest(self) -> str:
        return self.raster.layer.array or ""

    @property
    def licence(self) -> str:
        return "; ".join(dict.fromkeys(entry.licence for entry in self.raster.layer.sources))

    def on(self, grid: Grid) -> Values:
        held = self.raster.grid
        rows = np.floor((held.north - grid.latitudes * ARC_SECONDS) / held.step).astype(int)
        columns = np.floor((grid.longitudes * ARC_SECONDS - held.west) / held.step).astype(int)
        known = ((rows >= 0) & (rows < held.rows))[:, None] & ((columns >= 0) & (columns < held.columns))[None, :]
        stored = self.raster.band(self.band)[
            np.clip(rows, 0, held.rows - 1)[:, None], np.clip(columns, 0, held.columns - 1)[None, :]
        ]
        known &= stored != self.raster.layer.nodata
        return np.where(known, stored * float(self.raster.layer.scale), np.nan)


class FileCells:
    """A raster file in any coordinate system it names."""

    def __init__(self, file: Path, band: int) -> None:
        import rasterio  # noqa: PLC0415
        from rasterio.errors import RasterioIOError  # noqa: PLC0415

        self.file, self.band = file, band + 1
        try:
            with rasterio.open(file) as dataset:
                fault = f"{dataset.count} bands" if band >= dataset.count else "" if dataset.crs else "CRS"
        except RasterioIOError as error:
            raise _unreadable(file, str(error)[:200]) from error
        if fault:
            raise _unreadable(file, fault)

    @property
    def licence(self) -> str:
        return ""  # of a file that somebody brings along nothing is known

    @property
    def digest(self) -> str:
        return file_digest(self.file)

    def on(self, grid: Grid) -> Values:
        import rasterio  # noqa: PLC0415
        from affine import Affine  # noqa: PLC0415
        from rasterio.enums import Resampling  # noqa: PLC0415
        from rasterio.vrt import WarpedVRT  # noqa: PLC0415

        move = Affine(grid.degrees, 0, grid.bounds[0], 0, -grid.degrees, grid.bounds[3])
        # As doubles with NaN for none: a file without a value for none would answer 0 beyond its edges.
        held: Any = {"dtype": "float64", "nodata": float("nan"), "resampling": Resampling.nearest}
        window: Any = {"crs": "EPSG:4326", "transform": move, "height": grid.rows, "width": grid.columns}
        with rasterio.open(self.file) as dataset, WarpedVRT(dataset, **held, **window) as warped:
            stored: Values = warped.read(self.band)
            return stored * dataset.scales[self.band - 1] + dataset.offsets[self.band - 1]


def cells(folder: DataFolder, source: RasterSource, base: Path) -> Cells:
    """The values of ``source``. Raises Refusal ``siting-source`` and what ``raster.load`` raises."""
    return LayerCells(folder, source) if source.layer else FileCells(base / (source.file or ""), source.band)


def excluded(rule: ValueRule, values: Values) -> Mask:
    """Which values the rule excludes; a missing one only where the rule says so. Its buffer is not looked at."""
    hit = np.isin(values, rule.classes) if rule.classes else np.zeros(values.shape, dtype=np.bool_)
    if rule.below is not None:
        hit |= values < rule.below
    if rule.above is not None:
        hit |= values > rule.above
    return hit | np.isnan(values) if rule.missing == "excluded" else hit


def file_digest(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unreadable(file: Path, reason: str) -> Refusal:
    return Refusal("siting-source", where=Where(file=file.name), reason=reason)
