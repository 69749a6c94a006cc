"""Shapes of country, regions and districts: schematic ones out of the package, official ones once imported."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .regions import Names, region

Level = Literal["country", "region", "district"]
Precision = Literal["schematic", "official"]
Simplification = Literal["exact", "fine", "medium", "coarse"]

# Tolerances in degrees for a district, a region and the whole country filling a screen; each is about one pixel there.
TOLERANCE: dict[Simplification, float] = {"fine": 0.003, "medium": 0.012, "coarse": 0.04}
DECIMALS: dict[Simplification, int] = {"exact": 6, "fine": 4, "medium": 4, "coarse": 3}
COUNTRY_NAMES = Names("Қазақстан Республикасы", "Республика Казахстан", "Republic of Kazakhstan")


@dataclass(frozen=True, eq=False)
class Boundary:
    """The area of one unit, on WGS 84.

    ``code`` is ISO 3166-2 for country and regions, KATO (or the publisher's own code) for districts; ``region`` is the
    ISO code of the region a district lies in, of a region itself, None for the country.
    """

    code: str
    level: Level
    names: Names
    region: str | None
    kato: str | None
    shape: BaseGeometry


@dataclass(frozen=True, eq=False)
class Boundaries:
    """A set of boundaries from one publisher, with what must be said about them wherever they are shown.

    ``precision`` is ``schematic`` or ``official``; ``digest`` is the SHA-256 of the document they were read from and
    serves as entity tag of all that is derived from them.
    """

    precision: Precision
    source: str
    licence: str
    attribution: str
    digest: str
    units: tuple[Boundary, ...]
    _rendered: dict[tuple[Level, Simplification], bytes] = field(default_factory=dict[Any, bytes], repr=False)

    @cached_property
    def country(self) -> Boundary:
        """The whole country: the union of its regions."""
        whole = shapely.union_all([unit.shape for unit in self.of("region")])
        return Boundary("KZ", "country", COUNTRY_NAMES, None, None, whole)

    def of(self, level: Level) -> tuple[Boundary, ...]:
        """The units of one level by code; none for districts while only schematic borders are there."""
        return (self.country,) if level == "country" else tuple(unit for unit in self.units if unit.level == level)

    @cached_property
    def _by_code(self) -> dict[str, Boundary]:
        return {unit.code: unit for unit in self.units}

    def unit(self, code: str) -> Boundary:
        """The unit of a code. Raises Refusal ``unknown-boundary``."""
        found = self.country if code == "KZ" else self._by_code.get(code)
        if found is None:
            raise Refusal("unknown-boundary", received=code[:40])
        return found

    def as_geojson(self, level: Level, simplification: Simplification = "medium") -> bytes:
        """A FeatureCollection (RFC 7946) ready to serve, made once per set, level and simplification.

        Simplified neighbours still share their border. Properties: code, level, region, kato, kk, ru, en, precision.
        """
        key = (level, simplification)
        if key not in self._rendered:
            self._rendered[key] = _geojson(self, level, simplification)
        return self._rendered[key]


def simplified(shapes: Iterable[BaseGeometry], simplification: Simplification) -> list[BaseGeometry]:
    """Shapes with fewer points for display; what neighbours share is simplified once for both (Visvalingam-Whyatt)."""
    given = list(shapes)
    if simplification == "exact" or not given:
        return given
    coverage: Any = np.array(given, dtype=object)
    if not shapely.coverage_is_valid(coverage):
        # Published files have hairline gaps and overlaps; borders count as shared only point by point.
        coverage = shapely.coverage_clean(coverage)  # pyright: ignore[reportAttributeAccessIssue]
    return list(shapely.coverage_simplify(coverage, TOLERANCE[simplification]))


@cache
def schematic() -> Boundaries:
    """The schematic regions every installation starts with (Natural Earth, divided along settlements)."""
    return parse((files("jasyl.places") / "data" / "regions_schematic.geojson").read_bytes())


def official_file(folder: DataFolder) -> Path:
    """Where imported boundaries stand."""
    return folder.places / "boundaries.geojson"


def current(folder: DataFolder | None = None) -> Boundaries:
    """The official boundaries imported into ``folder``, the schematic ones where there are none.

    Raises Refusal ``boundaries-damaged`` when the imported document cannot be read.
    """
    if folder is None:
        return schematic()
    file = official_file(folder)
    try:
        state = file.stat()
    except FileNotFoundError:
        return schematic()
    return _imported(file, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=4)
def _imported(file: Path, *_state: int) -> Boundaries:
    try:
        return parse(file.read_bytes())
    except (ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise Refusal("boundaries-damaged", received=str(file)) from error


def parse(document: bytes) -> Boundaries:
    """Boundaries out of the house's own document, see ``document_of``."""
    read = json.loads(document)
    units = tuple(_unit(feature) for feature in read["features"])
    return Boundaries(
        precision=cast("Precision", read["precision"]),
        source=read["source"],
        licence=read["licence"],
        attribution=read["attribution"],
        digest=sha256_hex(document),
        units=units,
    )


def document_of(units: Iterable[Boundary], **said: Any) -> bytes:
    """The document kept in the data folder: GeoJSON with precision, source, licence, attribution as foreign members."""
    lines = ",\n".join(json.dumps(_feature(unit, unit.shape, {}), ensure_ascii=False) for unit in units)
    head = json.dumps({"type": "FeatureCollection", **said}, ensure_ascii=False)
    return f'{head[:-1]},\n"features": [\n{lines}\n]}}\n'.encode()


def _unit(feature: dict[str, Any]) -> Boundary:
    properties = feature["properties"]
    code, level, shape = properties["code"], properties["level"], shape_of(feature["geometry"])
    if level == "region":
        known = region(code)
        return Boundary(code, "region", known.names, code, known.kato, shape)
    names = Names(properties["kk"], properties["ru"], properties["en"])
    return Boundary(code, "district", names, properties["region"], properties["kato"], shape)


def _feature(unit: Boundary, shape: BaseGeometry, more: dict[str, str]) -> dict[str, Any]:
    properties = {"code": unit.code, "level": unit.level, "region": unit.region, "kato": unit.kato}
    names = {"kk": unit.names.kk, "ru": unit.names.ru, "en": unit.names.en}
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "id": unit.code, "properties": properties | names | more, "geometry": geometry}


def _geojson(boundaries: Boundaries, level: Level, simplification: Simplification) -> bytes:
    units = boundaries.of(level)
    shapes = simplified((unit.shape for unit in units), simplification)
    grid = 10.0 ** -DECIMALS[simplification]
    features = [
        _feature(unit, shapely.set_precision(shape, grid, mode="pointwise"), {"precision": boundaries.precision})
        for unit, shape in zip(units, shapes, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "precision": boundaries.precision,
        "attribution": boundaries.attribution,
        "licence": boundaries.licence,
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
