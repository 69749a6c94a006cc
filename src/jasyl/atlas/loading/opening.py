"""Opening what somebody has: a raster, an archive of rasters, a folder; where it lies and what is wrong with it."""

import re
import warnings
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.intake.archive import open_archive
from jasyl.intake.limits import Limits
from jasyl.texts import Refusal, Where

from ..grid import ARC_SECONDS
from ..window import looks_exchanged

Floats = NDArray[np.float64]
SUFFIXES = (".tif", ".tiff", ".nc", ".nc4", ".asc", ".hgt", ".img", ".vrt", ".bil", ".adf")
# Rasters of a whole country: larger than any table, and zeros over the sea pack very well.
LIMITS = Limits(
    file_bytes=200_000_000_000, unpacked_bytes=400_000_000_000, ratio=5000, entries=20_000, ratio_from=1_000_000_000
)
_MONTH = re.compile(r"_(0[1-9]|1[0-2])(?=\.[A-Za-z0-9]+$)")
# What files without a declared fill value use for it; taken as such only where no such value is possible.
FILLS = (
    -9999.0,
    -99999.0,
    -999.0,
    -32768.0,
    -32767.0,
    65535.0,
    1e20,
    1e30,
    9.969209968386869e36,
    -3.4028234663852886e38,
)


class Cells(Protocol):
    """Cells between parallels and meridians that can be read: edges and sides in arc-seconds, north row first."""

    @property
    def west(self) -> float: ...
    @property
    def north(self) -> float: ...
    @property
    def step_x(self) -> float: ...
    @property
    def step_y(self) -> float: ...
    @property
    def rows(self) -> int: ...
    @property
    def columns(self) -> int: ...
    def read(self, rows: slice, columns: slice) -> Floats:
        """Values of a window, NaN where there is none."""
        ...


@dataclass(frozen=True, eq=False)
class Opened:
    """One band of a raster on WGS 84, north row first: how to read it, and where it lies in arc-seconds.

    ``month`` is 1 to 12 where the file or the band is of a month. ``flipped`` says that its rows run from the south.
    """

    name: str
    dataset: Any
    band: int
    month: int | None
    west: float
    north: float
    step_x: float
    step_y: float
    rows: int
    columns: int
    flipped: bool
    scale: float
    offset: float
    nodata: float | None
    unit: str | None

    @property
    def east(self) -> float:
        return self.west + self.step_x * self.columns

    @property
    def south(self) -> float:
        return self.north - self.step_y * self.rows

    def sample(self) -> Floats:
        """Some of its values, spread over it, for a first look."""
        down, right = max(1, self.rows // 64), max(1, self.columns // 256)
        lines = [
            self.read(slice(row, row + 1), slice(0, self.columns))[:, ::right] for row in range(0, self.rows, down)
        ]
        return np.concatenate(lines).ravel()

    def read(self, rows: slice, columns: slice) -> Floats:
        """Values of a window as float64, what has none as NaN. Raises Refusal ``raster-damaged``."""
        from rasterio.errors import RasterioError  # noqa: PLC0415

        top, bottom = (self.rows - rows.stop, self.rows - rows.start) if self.flipped else (rows.start, rows.stop)
        try:
            stored = self.dataset.read(self.band, window=((top, bottom), (columns.start, columns.stop)))
        except (RasterioError, OSError) as error:
            raise Refusal("raster-damaged", where=Where(self.name), reason=_reason(error)) from error
        found = stored[::-1] if self.flipped else stored
        values = found.astype(np.float64)
        if self.nodata is not None:
            values[found == self.nodata] = np.nan
        values[~np.isfinite(values)] = np.nan
        if (self.scale, self.offset) != (1.0, 0.0):
            values = values * self.scale + self.offset
        return values


def raster_files(given: Path, patterns: Sequence[str], room: Path) -> list[Path]:
    """The raster files of ``given`` (a file, a zip, or a folder of either) whose names fit; no pattern takes every one.

    Zips are unpacked to ``room``. Raises Refusal ``raster-missing``, ``raster-none`` and those of ``intake.archive``.
    """
    if not given.exists():
        raise Refusal("raster-missing", received=str(given))
    files = sorted(path for path in given.rglob("*") if path.is_file()) if given.is_dir() else [given]
    found: list[Path] = []
    others: list[str] = []
    for file in files:
        if zipfile.is_zipfile(file):
            found += _unpacked(file, patterns, room, others)
        elif file.suffix.lower() in SUFFIXES and (given.is_file() or _fits(file.name, patterns)):
            found.append(file)
        else:
            others.append(file.name)
    if not found:
        raise Refusal(
            "raster-none",
            received=given.name,
            expected=", ".join(patterns) or ", ".join(SUFFIXES),
            found=", ".join(others[:12]) or "-",
        )
    return found


def _unpacked(file: Path, patterns: Sequence[str], room: Path, others: list[str]) -> list[Path]:
    found: list[Path] = []
    with open_archive(file, file.name, LIMITS) as archive:
        for entry in archive.infolist():
            name = Path(entry.filename).name
            if entry.is_dir() or Path(name).suffix.lower() not in SUFFIXES or not _fits(name, patterns):
                others.append(name)
                continue
            target = room / f"{len(list(room.iterdir()))}" / name
            target.parent.mkdir()
            try:
                with archive.open(entry) as packed, target.open("wb") as out:
                    while block := packed.read(1 << 20):
                        out.write(block)
            except (zipfile.BadZipFile, OSError, EOFError) as error:
                raise Refusal(
                    "archive-damaged", where=Where(file.name), reason="other", detail=_reason(error)
                ) from error
            found.append(target)
    return found


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)


def open_rasters(
    files: Sequence[Path], stack: ExitStack, notes: list[str], *, variable: str | None = None, crs: str | None = None
) -> list[Opened]:
    """Every band of the files; closed with ``stack``. What was mended is said in ``notes`` (codes, see ``notes.py``).

    Raises Refusal ``raster-damaged``, ``raster-variables``, ``raster-crs-missing``, ``raster-crs-wrong``,
    ``raster-axes``.
    """
    opened: list[Opened] = []
    for file in files:
        dataset = _dataset(file, stack, variable)
        said = _MONTH.search(file.name)
        opened += _bands(file.name, dataset, int(said[1]) if said else None, stack, notes, crs)
    return opened


def _dataset(file: Path, stack: ExitStack, variable: str | None) -> Any:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():  # a container of variables has no place; what has none itself is refused later
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = stack.enter_context(rasterio.open(file))
        inner: list[str] = list(dataset.subdatasets)
        if not inner:
            return dataset
        names = {name.rpartition(":")[2].strip('"/'): name for name in inner}
        chosen = names.get(variable or "") or (inner[0] if len(inner) == 1 and variable is None else None)
        if chosen is None:
            raise Refusal(
                "raster-variables", where=Where(file.name), received=variable or "-", expected=", ".join(names)
            )
        return stack.enter_context(rasterio.open(chosen))
    except (RasterioError, OSError) as error:
        raise Refusal("raster-damaged", where=Where(file.name), reason=_reason(error)) from error


def _bands(
    name: str, dataset: Any, month: int | None, stack: ExitStack, notes: list[str], crs: str | None
) -> list[Opened]:
    dataset = _on_wgs84(name, dataset, stack, notes, crs)
    move = dataset.transform
    flipped = move.e > 0
    if flipped:
        notes.append("rows-flipped")
    edge = move.f + move.e * dataset.height if flipped else move.f
    nodata = None if dataset.nodata is None or np.isnan(dataset.nodata) else float(dataset.nodata)
    return [
        Opened(
            name=name,
            dataset=dataset,
            band=number,
            month=month if dataset.count == 1 else number if dataset.count == 12 else None,
            west=_whole(move.c * ARC_SECONDS),
            north=_whole(edge * ARC_SECONDS),
            step_x=_whole(move.a * ARC_SECONDS),
            step_y=_whole(abs(move.e) * ARC_SECONDS),
            rows=dataset.height,
            columns=dataset.width,
            flipped=flipped,
            scale=float(dataset.scales[number - 1] or 1.0),
            offset=float(dataset.offsets[number - 1] or 0.0),
            nodata=nodata,
            unit=dataset.units[number - 1] or None,
        )
        for number in range(1, dataset.count + 1)
    ]


def _whole(seconds: float) -> float:
    """Arc-seconds freed of the last digits of degrees written as decimals: 0.1666667° is 600″."""
    rounded = round(seconds * 2) / 2
    return rounded if abs(seconds - rounded) < 2e-4 * max(1.0, abs(rounded) / 1000) else seconds


def _on_wgs84(name: str, dataset: Any, stack: ExitStack, notes: list[str], given: str | None) -> Any:
    """The dataset itself, or a view of it warped to WGS 84 (bilinear; codes by the nearest cell)."""
    from rasterio.crs import CRS  # noqa: PLC0415
    from rasterio.enums import Resampling  # noqa: PLC0415
    from rasterio.errors import CRSError  # noqa: PLC0415
    from rasterio.vrt import WarpedVRT  # noqa: PLC0415

    where = Where(name)
    west, south, east, north = dataset.bounds
    extent = f"x {west:g}…{east:g}, y {south:g}…{north:g}"
    in_degrees = -180.01 <= west < east <= 360.01 and -90.01 <= min(south, north) < max(south, north) <= 90.01
    try:
        crs = CRS.from_user_input(given) if given else dataset.crs
    except CRSError as error:
        raise Refusal("raster-crs-wrong", where=where, received=given, extent=extent) from error
    if not crs:
        if not in_degrees or dataset.transform.is_identity:
            raise Refusal("raster-crs-missing", where=where, received=extent)
        notes.append("crs-assumed")
        crs = CRS.from_epsg(4326)
    if crs.is_geographic != in_degrees:  # nothing real lies within metres of the origin of a projection
        raise Refusal("raster-crs-wrong", where=where, received=crs.to_string()[:60], extent=extent)
    if crs.is_geographic:
        _check_axes(where, dataset, extent)
        if dataset.transform.b == dataset.transform.d == 0 and dataset.transform.a > 0:
            return dataset
    notes.append(f"warped={crs.to_string()[:60]}")
    coded = np.issubdtype(np.dtype(dataset.dtypes[0]), np.uint8)
    method = Resampling.nearest if coded else Resampling.bilinear
    return stack.enter_context(WarpedVRT(dataset, src_crs=crs, crs="EPSG:4326", resampling=method))


def _check_axes(where: Where, dataset: Any, extent: str) -> None:
    """Raises Refusal ``raster-axes`` where latitude runs across: the window of Kazakhstan with its axes exchanged."""
    west, south, east, north = dataset.bounds
    if looks_exchanged((west, min(south, north), east, max(south, north))):
        raise Refusal("raster-axes", where=where, received=extent)


def _reason(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
