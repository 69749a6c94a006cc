"""Layers of areas out of people's files: GeoJSON, GeoPackage, Shapefile (file or folder), zip of any of these."""

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError

from jasyl.intake.archive import chunks, open_archive
from jasyl.intake.limits import MEBI, Limits
from jasyl.texts import Refusal, Where

from .projection import WGS84, project
from .regions import COUNTRY_BOX as BOX

LIMITS = Limits(file_bytes=400 * MEBI, unpacked_bytes=600 * MEBI, entries=400)  # the official set has 4 MB
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
WANTED = frozenset((*SHAPEFILE, ".geojson", ".json", ".gpkg"))


@dataclass(frozen=True)
class Layer:
    """One layer of a file: its fields by lower-case name, its shapes on WGS 84 (None where a row has none)."""

    name: str
    fields: dict[str, list[str | None]]
    shapes: NDArray[Any]
    crs: str | None


def read_layers(file: Path) -> list[Layer]:
    """Every layer with areas in a file, a folder with a Shapefile, or a zip of these.

    Raises Refusal ``boundaries-unreadable`` (missing, damaged or truncated, or not one of these formats), ``archive-…``
    (a zip that unfolds too far or whose members reach outside), ``boundaries-too-large``, ``boundaries-crs`` (projected
    coordinates without saying how), ``boundaries-no-areas``.
    """
    if not file.exists():
        raise unreadable(file, "absent")
    with tempfile.TemporaryDirectory(prefix="jasyl-boundaries-") as folder:
        layers = [layer for source in _sources(file, Path(folder)) for layer in _read(source, file.name)]
    if not layers:
        raise Refusal("boundaries-no-areas", where=Where(file.name))
    return layers


def unreadable(
    file: Path, reason: Literal["absent", "format", "parts", "shapes", "damaged"], detail: str = ""
) -> Refusal:
    """The refusal of a file that cannot be read: why, and in detail which parts, how many rows, or GDAL's own words."""
    return Refusal(
        "boundaries-unreadable", where=Where(file.name), received=file.name[:80], reason=reason, detail=detail
    )


def _sources(file: Path, folder: Path) -> list[Path]:
    if file.is_dir():
        candidates = sorted(path for path in file.iterdir() if path.is_file())
    elif _head(file).startswith(b"PK"):
        candidates = _unfolded(file, folder)
    else:
        candidates = [file]
    size = sum(path.stat().st_size for path in candidates)
    if size > LIMITS.unpacked_bytes:
        raise Refusal("boundaries-too-large", where=Where(file.name), received=size // MEBI, expected=600)
    found = [path for path in candidates if _is_readable(path, file)]
    if not found:
        raise unreadable(file, "format")
    return found


def _is_readable(path: Path, file: Path) -> bool:
    """By content as well as by name, so that GDAL never meets a format that fetches other files by itself."""
    head = _head(path)
    match path.suffix.lower():
        case ".shp":
            missing = [suffix for suffix in (".shx", ".dbf") if not _beside(path, suffix)]
            if missing:
                raise unreadable(file, "parts", f"{path.name}: {', '.join(missing)}")
            return head.startswith(b"\x00\x00\x27\x0a")
        case ".geojson" | ".json":
            return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
        case ".gpkg":
            return head.startswith(b"SQLite format 3\x00")
        case _:
            return False


def _head(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(64)


def _beside(path: Path, suffix: str) -> Path | None:
    return next(
        (other for other in (path.with_suffix(suffix), path.with_suffix(suffix.upper())) if other.exists()), None
    )


def _unfolded(file: Path, folder: Path) -> list[Path]:
    """The members that matter, each folder of the zip in a numbered one of ours; names are never taken as paths."""
    numbers: dict[PurePosixPath, int] = {}
    paths: list[Path] = []
    with open_archive(file, file.name, LIMITS) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.suffix.lower() not in WANTED or member.is_dir():
                continue
            inner = folder / str(numbers.setdefault(name.parent, len(numbers)))
            inner.mkdir(exist_ok=True)
            paths.append(inner / name.name)
            with paths[-1].open("wb") as target:
                target.writelines(chunks(archive, member, file.name, LIMITS))
    return sorted(paths)


def _read(source: Path, said: str) -> list[Layer]:
    file = Path(said)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # GDAL warns where a file ends too early or a ring stays open
            names = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
            layers = [_layer(source, name, file) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise unreadable(file, "damaged", _said(error, source)) from error
    except (pyogrio.errors.GeometryError, shapely.GEOSException, UnicodeDecodeError, Warning) as error:
        raise unreadable(file, "damaged", _said(error, source)) from error
    return [layer for layer in layers if layer is not None]


def _said(error: BaseException, source: Path) -> str:
    """What GDAL said first, without where our temporary copy stood; what follows is advice to programmers."""
    words = str(error).replace(str(source), source.name).replace(f"{source.parent}/", "")
    return words.split(".;")[0].rstrip(". ")[:160]


def _layer(source: Path, name: str, file: Path) -> Layer | None:
    """A layer with areas, None for one of points or lines."""
    meta, _, wkb, columns = pyogrio.raw.read(source, layer=name, encoding=_encoding(source), force_2d=True)
    if wkb is None or len(wkb) == 0:
        return None
    shapes = _areas(shapely.from_wkb(wkb))
    if not np.isin(shapely.get_type_id(shapes), (3, 6, -1)).all():
        return None
    if shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        without = int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())
        raise unreadable(file, "shapes", f"{name}: {without}")
    fields = {
        str(field).lower(): [None if value is None else str(value).strip() for value in column]
        for field, column in zip(meta["fields"], columns, strict=True)
    }
    return Layer(name, fields, _to_wgs84(shapes, meta["crs"], file), meta["crs"])


def _areas(shapes: NDArray[Any]) -> NDArray[Any]:
    """Collections, which overlays leave behind, reduced to the polygons in them."""
    for number in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapes[number])
        shapes[number] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
    return shapes


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
