"""Layers of areas out of people's files: GeoJSON, GeoPackage, Shapefile (file or folder), zip of any of these."""

import shutil
import stat
import tempfile
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from jasyl.texts import Refusal, Where

from .projection import WGS84, project

MAX_BYTES = 600_000_000  # of everything a zip unfolds to, or of one plain file; the official set has 4 MB
MAX_MEMBERS = 400
MAX_RATIO = 200  # Deflate reaches 1032; coordinates never come near
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
WANTED = frozenset((*SHAPEFILE, ".geojson", ".json", ".gpkg"))
BOX = (46.0, 40.0, 88.0, 56.0)  # Kazakhstan with half a degree around it: west, south, east, north


@dataclass(frozen=True)
class Layer:
    """One layer of a file: its fields by lower-case name, its shapes on WGS 84 (None where a row has none)."""

    name: str
    fields: dict[str, list[str | None]]
    shapes: NDArray[Any]
    crs: str | None


def read_layers(file: Path) -> list[Layer]:
    """Every layer with areas in a file, a folder with a Shapefile, or a zip of these.

    Raises Refusal ``boundaries-unreadable`` (missing, damaged or truncated, or not one of these formats),
    ``boundaries-archive`` (a zip that unfolds too far or whose members reach outside), ``boundaries-crs`` (projected
    coordinates without saying how), ``boundaries-no-areas``.
    """
    if not file.exists():
        raise unreadable(file, "no such file")
    with tempfile.TemporaryDirectory(prefix="jasyl-boundaries-") as folder:
        layers = [layer for source in _sources(file, Path(folder)) for layer in _read(source, file.name)]
    if not layers:
        raise Refusal("boundaries-no-areas", where=Where(file.name))
    return layers


def unreadable(file: Path, reason: str) -> Refusal:
    """The refusal of a file that cannot be read, with the reader's own words."""
    return Refusal("boundaries-unreadable", where=Where(file.name), received=file.name[:80], reason=reason[:200])


def _sources(file: Path, folder: Path) -> list[Path]:
    if file.is_dir():
        candidates = sorted(path for path in file.iterdir() if path.is_file())
    elif zipfile.is_zipfile(file):
        candidates = _unfolded(file, folder)
    else:
        candidates = [file]
    if sum(path.stat().st_size for path in candidates) > MAX_BYTES:
        raise Refusal("boundaries-archive", where=Where(file.name), received=f"> {MAX_BYTES // 10**6} MB")
    found = [path for path in candidates if _is_readable(path, file)]
    if not found:
        raise unreadable(file, "neither GeoJSON, GeoPackage nor Shapefile")
    return found


def _is_readable(path: Path, file: Path) -> bool:
    """By content as well as by name, so that GDAL never meets a format that fetches other files by itself."""
    with path.open("rb") as opened:
        head = opened.read(64)
    match path.suffix.lower():
        case ".shp":
            missing = [suffix for suffix in (".shx", ".dbf") if not _beside(path, suffix)]
            if missing:
                raise unreadable(file, f"{path.name}: {', '.join(missing)} missing")
            return head.startswith(b"\x00\x00\x27\x0a")
        case ".geojson" | ".json":
            return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
        case ".gpkg":
            return head.startswith(b"SQLite format 3\x00")
        case _:
            return False


def _beside(path: Path, suffix: str) -> Path | None:
    return next(
        (other for other in (path.with_suffix(suffix), path.with_suffix(suffix.upper())) if other.exists()), None
    )


def _unfolded(file: Path, folder: Path) -> list[Path]:
    """The members that matter, each folder of the zip in a numbered one of ours; names are never taken as paths."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            for member in members:
                _check_member(member, file)
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
                raise Refusal("boundaries-archive", where=Where(file.name), received=f"{len(members)} members")
            kept = [member for member in members if PurePosixPath(member.filename).suffix.lower() in WANTED]
            return _written(archive, kept, folder)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise unreadable(file, str(error)) from error


def _check_member(member: zipfile.ZipInfo, file: Path) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    reaches_out = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    link = stat.S_ISLNK(member.external_attr >> 16)
    swollen = member.file_size > 1_000_000 and member.file_size > MAX_RATIO * max(member.compress_size, 1)
    if reaches_out or link or swollen:
        raise Refusal("boundaries-archive", where=Where(file.name), received=member.filename[:80])


def _written(archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], folder: Path) -> list[Path]:
    numbers: dict[PurePosixPath, int] = {}
    paths: list[Path] = []
    for member in members:
        name = PurePosixPath(member.filename)
        inner = folder / str(numbers.setdefault(name.parent, len(numbers)))
        inner.mkdir(exist_ok=True)
        paths.append(inner / name.name)
        with archive.open(member) as source, paths[-1].open("wb") as target:
            # The reader of zipfile stops at the announced size, which was counted above.
            shutil.copyfileobj(source, target)
    return sorted(paths)


def _read(source: Path, said: str) -> list[Layer]:
    file = Path(said)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # GDAL warns where a file ends too early or a ring stays open
            names = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
            layers = [_layer(source, name, file) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise unreadable(file, _reason(error, source)) from error
    except (pyogrio.errors.GeometryError, shapely.GEOSException, UnicodeDecodeError, Warning) as error:
        raise unreadable(file, _reason(error, source)) from error
    return [layer for layer in layers if layer is not None]


def _reason(error: BaseException, source: Path) -> str:
    """What GDAL said, without where our temporary copy stood."""
    return str(error).replace(str(source), source.name).replace(f"{source.parent}/", "")


def _layer(source: Path, name: str, file: Path) -> Layer | None:
    """A layer with areas, None for one of points or lines."""
    meta, _, wkb, columns = pyogrio.raw.read(source, layer=name, encoding=_encoding(source), force_2d=True)
    if wkb is None or len(wkb) == 0:
        return None
    shapes = shapely.from_wkb(wkb)
    if not np.isin(shapely.get_type_id(shapes), (3, 6, -1)).all():
        return None
    if shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        raise unreadable(
            file, f"{name}: {int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())} rows without a shape"
        )
    fields = {
        str(field).lower(): [None if value is None else str(value).strip() for value in column]
        for field, column in zip(meta["fields"], columns, strict=True)
    }
    return Layer(name, fields, _to_wgs84(shapes, meta["crs"], file), meta["crs"])


def _encoding(source: Path) -> str | None:
    """For a Shapefile that does not say its encoding: UTF-8 where its table is that, else the Cyrillic of Windows."""
    table = _beside(source, ".dbf")
    if source.suffix.lower() != ".shp" or table is None or _beside(source, ".cpg"):
        return None
    try:
        table.read_bytes()[32:].decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return "cp1251"
    return "UTF-8"


def _to_wgs84(shapes: NDArray[Any], crs: str | None, file: Path) -> NDArray[Any]:
    if crs is None:
        west, south, east, north = shapely.total_bounds(shapes)
        if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 180:
            raise Refusal("boundaries-crs", where=Where(file.name), received=f"{west:.0f} … {east:.0f}")
        return shapes
    try:
        known = CRS.from_user_input(crs)
        if known.equals(WGS84) or known.to_epsg() == 4326:
            return shapes  # GDAL gives longitude first, whatever the order of the definition
        return project(shapes, crs, WGS84)
    except ProjError as error:
        raise Refusal("boundaries-crs", where=Where(file.name), received=crs[:80]) from error


def check_in_country(layer: Layer, file: Path) -> None:
    """Raises Refusal ``boundaries-swapped`` or ``boundaries-elsewhere`` for shapes that are not in Kazakhstan."""
    west, south, east, north = (float(value) for value in shapely.total_bounds(layer.shapes))
    if _inside((west, south, east, north)):
        return
    code = "boundaries-swapped" if _inside((south, west, north, east)) else "boundaries-elsewhere"
    received = f"{west:.2f}, {south:.2f} … {east:.2f}, {north:.2f}"
    raise Refusal(code, where=Where(file.name), received=received, expected=f"{BOX[0]}, {BOX[1]} … {BOX[2]}, {BOX[3]}")


def _inside(bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return BOX[0] <= west and BOX[1] <= south and east <= BOX[2] and north <= BOX[3]
