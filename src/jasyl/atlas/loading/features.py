"""Lines and areas of extracts (OpenStreetMap and others): the grid, roads, protected areas, with their licence."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec

from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal, Where

from ..layer import Source
from ..window import check_shapes

Subject = Literal["grid", "road", "protected"]
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
Row = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """Which features of a source belong to a subject.

    ``layers`` are names of layers in an OSM file; ``where`` picks among them there (SQL of OGR); ``kind`` gives the
    kind of a feature from its columns, None where it is not meant.
    """

    layers: tuple[str, ...]
    where: str
    kind: Callable[[Row], str | None]


_POWER: Final = ("line", "minor_line", "cable")
_ROADS: Final = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified")
_PROTECTED: Final = ("protected_area", "national_park", "nature_reserve")


def _grid(row: Row) -> str | None:
    power = row.get("power")
    return power if power in _POWER else None


def _road(row: Row) -> str | None:
    written = str(row.get("highway") or row.get("fclass") or "").removesuffix("_link")
    return written if written in _ROADS else None


def _protected(row: Row) -> str | None:
    named = (row.get("boundary"), row.get("leisure"), row.get("fclass"))
    return next((value for value in named if value in _PROTECTED), None)


RULES: Final[dict[Subject, Rule]] = {
    "grid": Rule(("lines",), """other_tags LIKE '%"power"=>"%'""", _grid),
    "road": Rule(("lines",), "highway IS NOT NULL", _road),
    "protected": Rule(
        ("multipolygons",), "boundary IN ('protected_area', 'national_park') OR leisure = 'nature_reserve'", _protected
    ),
}


UNSPECIFIED: Final = "unspecified"
# The tags that subjects are told by: a feature that bears one of them says what it is.
_TELLING: Final = ("power", "highway", "boundary", "leisure", "fclass")


def _plain(row: Row) -> str | None:
    return None if any(row.get(tag) for tag in _TELLING) else UNSPECIFIED


_PLAIN: Final = Rule((), "", _plain)


class FeatureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Where loaded features come from: written beside them, and what the ledger is told."""

    subject: Subject
    file: str
    sha256: str
    features: int
    source: str
    licence: str
    attribution: str | None = None
    share_alike: bool = False
    version: str | None = None
    input: dict[str, str] = {}
    kinds: dict[str, int] = {}
    mended: int = 0


def features_file(folder: DataFolder, subject: str) -> Path:
    """Where the features of a subject are kept; their record stands beside it with the ending ``.json``."""
    return folder.atlas / f"features-{subject}.gpkg"


def load_features(
    folder: DataFolder, subject: Subject, given: Path, source: Source, *, untagged: bool = False
) -> FeatureRecord:
    """Keep the features of ``subject`` from ``given`` (OSM PBF or XML, GeoPackage, GeoJSON, Shapefile, FlatGeobuf).

    With ``untagged``, for whom somebody has named the subject, a file whose features bear none of the tags by which
    subjects are told (and which is not of OpenStreetMap) is taken whole: its features are of kind ``unspecified``.
    They go on WGS 84 with kind, name and voltage (V) into ``DATA/atlas/features-<subject>.gpkg``; the record beside it
    keeps source and licence, and how many areas crossed themselves and were mended (maps drawn by many
    hands always hold some).
    Raises Refusal ``features-subject``, ``features-unreadable``, ``features-none``, ``shape-antimeridian``.
    """
    if subject not in SUBJECTS:
        raise Refusal("features-subject", received=str(subject)[:40], expected=", ".join(SUBJECTS))
    where = Where(given.name)
    rows, shapes = _read(given, RULES[subject], where)
    if not rows and untagged and not _is_osm(given):
        rows, shapes = _read(given, _PLAIN, where)
    if not rows:
        raise Refusal("features-none", where=where, received=subject)
    check_shapes(shapes, where)
    shapes, mended = _mended(shapes)
    target = features_file(folder, subject)
    made = target.with_name(f".{target.name}.new.gpkg")
    made.unlink(missing_ok=True)
    _write(made, subject, rows, shapes)
    kinds = [str(row["kind"]) for row in rows]
    record = FeatureRecord(
        subject=subject,
        file=target.name,
        sha256=_sha256(made),
        features=len(rows),
        source=source.name,
        licence=source.licence,
        attribution=source.attribution,
        share_alike=source.share_alike,
        version=source.version,
        input={given.name: _sha256(given)},
        kinds={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        mended=mended,
    )
    made.replace(target)
    write_durably(target.with_suffix(".json"), msgspec.json.encode(record))
    return record


def _read(given: Path, rule: Rule, where: Where) -> tuple[list[Row], Any]:
    """Columns kind, name, voltage of the features that are meant, and their shapes on WGS 84."""
    import numpy as np  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415
    import pyogrio.raw  # noqa: PLC0415
    import shapely  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError  # noqa: PLC0415

    is_osm = _is_osm(given)
    rows: list[Row] = []
    found: list[Any] = []
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(given)]
        for layer in [name for name in layers if name in rule.layers] if is_osm else layers:
            about, _, written, columns = pyogrio.raw.read(given, layer=layer, where=rule.where if is_osm else None)
            names = [str(name) for name in about["fields"]]
            shapes = _on_wgs84(shapely.from_wkb(written), about["crs"], where)
            for number, shape in enumerate(shapes):
                row = {name: column[number] for name, column in zip(names, columns, strict=True)}
                row |= _tags(row.get("other_tags"))
                kind = rule.kind(row)
                if kind is not None and shape is not None and not shape.is_empty:
                    rows.append({"kind": kind, "name": row.get("name"), "voltage": _voltage(row.get("voltage"))})
                    found.append(shape)
    except (DataSourceError, DataLayerError, FieldError, ValueError, shapely.errors.ShapelyError) as error:
        raise Refusal("features-unreadable", where=where, reason=str(error)[:200]) from error
    return rows, np.array(found, dtype=object)


def _mended(shapes: Any) -> tuple[Any, int]:
    """The shapes, those that cross themselves as the areas their outlines enclose; and how many these were."""
    import shapely  # noqa: PLC0415

    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return shapes, int(broken.sum())


def _is_osm(given: Path) -> bool:
    return given.name.lower().endswith((".osm", ".pbf", ".osm.xml"))


def _on_wgs84(shapes: Any, crs: str | None, where: Where) -> Any:
    from pyproj import CRS  # noqa: PLC0415

    from jasyl.places.projection import project  # noqa: PLC0415

    if not crs:
        raise Refusal("features-unreadable", where=where, reason="no coordinate system")
    system = CRS.from_user_input(crs)
    if system.equals(CRS("OGC:CRS84"), ignore_axis_order=True):
        return shapes
    return project(shapes, system.to_wkt(), "OGC:CRS84")


def _tags(written: object) -> dict[str, str]:
    """The tags that OGR puts in one text: ``"power"=>"line","voltage"=>"220000"``."""
    if not isinstance(written, str):
        return {}
    pairs = (pair.split('"=>"', 1) for pair in written.strip('"').split('","'))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _voltage(written: object) -> int | None:
    """The highest of the voltages of a line, V: ``220000;110000``. What is no number is unknown."""
    parts = str(written or "").replace(",", ";").split(";")
    numbers = [int(float(part)) for part in parts if part.strip().replace(".", "", 1).isdigit()]
    return max(numbers, default=None)


def _write(file: Path, subject: str, rows: Sequence[Row], shapes: Any) -> None:
    import numpy as np  # noqa: PLC0415
    import pyogrio.raw  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    voltages = np.array([row["voltage"] or 0 for row in rows], dtype=np.int64)
    pyogrio.raw.write(
        file,
        shapely.to_wkb(shapely.force_2d(shapes)),
        [
            np.array([row["kind"] for row in rows], dtype=object),
            np.array([row["name"] for row in rows], dtype=object),
            voltages,
        ],
        ["kind", "name", "voltage"],
        field_mask=[None, None, voltages == 0],
        crs="EPSG:4326",
        geometry_type="Unknown",
        layer=subject,
        driver="GPKG",
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
