"""Official boundaries into the data folder: recognised, checked, and put in place as a whole or not at all."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jasyl.quantities import UTC
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Language, Refusal, Where, say

from .boundaries import Boundaries, Boundary, current, document_of, official_file
from .boundary_files import Layer, check_in_country, read_layers
from .projection import area_km2
from .regions import Names, regions, resolve

AREA_TOLERANCE = 0.05  # official files differ from published areas by up to 3 % (Almaty, whose border moved)
CENTRE_TOLERANCE_DEGREES = 1.0
# Where publishers write the code of a region, best first: OCHA COD-AB, geokz, geoBoundaries, others. Then any column.
REGION_COLUMNS = ("adm1_pcode", "kato", "shapeiso", "iso", "code", "iso_3166_2", "adm1_ru", "adm1_kk", "name")
DISTRICT_CODES = ("kato", "adm2_pcode", "shapeid", "code")
DISTRICT_NAMES = {
    "kk": ("adm2_kk", "adm2_kz", "name_kk", "name_kz"),
    "ru": ("adm2_ru", "name_ru"),
    "en": ("adm2_en", "name_en", "shapename", "name"),
}


@dataclass(frozen=True)
class Notice:
    """Something a person should know about an import: message ``boundaries-note-<key>`` and its arguments."""

    key: str
    arguments: dict[str, str | int]

    def text(self, language: Language) -> str:
        """The sentence in ``language``."""
        return say(language, f"boundaries-note-{self.key}", **self.arguments)


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``sha256`` is that of the file; ``digest`` of the document that now stands in the folder."""

    file: str
    sha256: str
    regions: int
    districts: int
    notices: tuple[Notice, ...]
    digest: str

    def lines(self, language: Language) -> list[str]:
        """One sentence each, the outcome first."""
        done = say(
            language, "boundaries-imported", regions=self.regions, districts=self.districts, file=self.file
        )  # fmt: skip
        return [done, *(notice.text(language) for notice in self.notices)]

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        notices = [{"key": n.key, "arguments": n.arguments, "text": n.text(language)} for n in self.notices]
        numbers = {"file": self.file, "sha256": self.sha256, "regions": self.regions, "districts": self.districts}
        return numbers | {"digest": self.digest, "notices": notices}


def import_boundaries(
    folder: DataFolder,
    file: Path,
    *,
    source: str | None = None,
    licence: str | None = None,
    attribution: str | None = None,
) -> ImportReport:
    """Replace the boundaries of ``folder`` by the official ones in ``file`` (GeoJSON, GeoPackage, Shapefile, zip).

    Layers of regions and of districts are recognised by themselves; districts need regions, in the same file or
    imported before, and stay when only regions are replaced. ``source``, ``licence`` and ``attribution`` are shown
    wherever the shapes are. Nothing changes when the file is refused; codes: ``boundaries-…`` (see the manual).
    """
    layers = read_layers(file)
    for layer in layers:
        check_in_country(layer, file)
    region_layer = next((layer for layer in layers if _is_of_regions(layer)), None)
    district_layer = next((layer for layer in layers if _is_of_districts(layer)), None)
    if region_layer is None and district_layer is None:
        raise _not_regions(layers, file)
    with folder.locked("boundaries"):
        before = current(folder)
        notices: list[Notice] = []
        units = _regions(region_layer, file, notices) if region_layer else _standing_regions(before, file)
        if district_layer:
            districts = _districts(district_layer, units, file, notices)
        else:
            districts = _attached(before.of("district"), units)
        words = _words(before, file, source, licence, attribution, whole=region_layer is not None)
        now = dt.datetime.now(UTC).isoformat(timespec="seconds")
        sha256 = _sha256(file)
        imported = {"precision": "official", **words, "imported": now, "file": file.name, "sha256": sha256}
        document = document_of([*units, *districts], **imported)
        target = official_file(folder)
        target.parent.mkdir(exist_ok=True)
        write_durably(target, document)
        digest = current(folder).digest
    return ImportReport(file.name, sha256, len(units), len(districts), tuple(notices), digest)


def _words(
    before: Boundaries, file: Path, source: str | None, licence: str | None, attribution: str | None, *, whole: bool
) -> dict[str, str]:
    """What is said about the set. Districts added to standing regions join their source and attribution."""
    words = {"source": source or file.name, "licence": licence or "", "attribution": attribution or source or file.name}
    if whole:
        return words
    joined = {key: (getattr(before, key), word) for key, word in words.items()}
    return {key: "; ".join(dict.fromkeys(filter(None, pair))) for key, pair in joined.items()}


def _is_of_districts(layer: Layer) -> bool:
    return any(name.startswith("adm2_") for name in layer.fields) or "ADM2" in (layer.fields.get("shapetype") or ())


def _is_of_regions(layer: Layer) -> bool:
    return not _is_of_districts(layer) and len(layer.shapes) > 1 and _region_codes(layer) is not None


def _region_codes(layer: Layer) -> list[str] | None:
    """The ISO code of every row by the first column that names all 20 regions and nothing else; None without one."""
    wanted = {one.iso for one in regions()}
    others = (name for name in layer.fields if name not in REGION_COLUMNS)
    for column in (*REGION_COLUMNS, *others):
        codes = [_resolved(value) for value in layer.fields.get(column, ())]
        if set(codes) == wanted:
            return [code for code in codes if code is not None]
    return None


def _resolved(value: str | None) -> str | None:
    try:
        return resolve(value or "").iso
    except Refusal:
        return None


def _not_regions(layers: Iterable[Layer], file: Path) -> Refusal:
    """Which regions the best column of the file lacks; a file from before 2022 lacks at least three."""
    best: set[str | None] = set()
    rows = 0
    for layer in layers:
        rows = max(rows, len(layer.shapes))
        for values in layer.fields.values():
            best = max(best, {_resolved(value) for value in values[:1000]} - {None}, key=len)
    missing = ", ".join(one.iso for one in regions() if one.iso not in best)
    return Refusal("boundaries-not-regions", where=Where(file.name), received=rows, found=len(best), missing=missing)


def _regions(layer: Layer, file: Path, notices: list[Notice]) -> list[Boundary]:
    codes = _region_codes(layer) or []
    parts: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for code, shape in zip(codes, _mended(layer, codes, notices), strict=True):
        parts[code].append(shape)
    units: list[Boundary] = []
    for one in regions():
        shape = parts[one.iso][0] if len(parts[one.iso]) == 1 else shapely.union_all(parts[one.iso])
        if shape.distance(shapely.Point(one.centre)) > CENTRE_TOLERANCE_DEGREES:
            raise Refusal(
                "boundaries-mislabelled", where=Where(file.name), received=one.iso, expected=one.centre_names.en
            )
        area = area_km2(shape)
        if abs(area / one.area_km2 - 1) > AREA_TOLERANCE:
            numbers = {"received": f"{area:.0f}", "expected": f"{one.area_km2:.0f}"}
            notices.append(Notice("area", {"code": one.iso, **numbers}))
        units.append(Boundary(one.iso, "region", one.names, one.iso, one.kato, shape))
    return units


def _standing_regions(before: Boundaries, file: Path) -> list[Boundary]:
    if before.precision != "official":
        raise Refusal("boundaries-districts-first", where=Where(file.name))
    return list(before.of("region"))


def _mended(layer: Layer, labels: list[str], notices: list[Notice]) -> list[BaseGeometry]:
    """The shapes as valid areas; which were mended goes into the report."""
    broken = np.flatnonzero(~shapely.is_valid(layer.shapes))
    shapes = list(layer.shapes)
    for number in broken:
        mended = shapely.make_valid(shapes[number], method="structure", keep_collapsed=False)
        shapes[number] = shapely.union_all([part for part in shapely.get_parts(mended) if part.area > 0])
    if broken.size:
        notices.append(Notice("mended", {"codes": ", ".join(labels[number] for number in broken)[:400]}))
    return shapes


def _districts(layer: Layer, units: list[Boundary], file: Path, notices: list[Notice]) -> list[Boundary]:
    codes = _district_codes(layer, file)
    named = {language: _first_column(layer, columns) for language, columns in DISTRICT_NAMES.items()}
    nameless = 0
    found: list[Boundary] = []
    katos = layer.fields.get("kato") or [None] * len(codes)
    for row, shape in enumerate(_mended(layer, codes, notices)):
        given = {language: column[row] for language, column in named.items() if column and column[row]}
        nameless += len(given) < len(named)
        spare = given.get("ru") or given.get("en") or given.get("kk") or codes[row]
        names = Names(*(given.get(language) or spare for language in ("kk", "ru", "en")))
        found.append(Boundary(codes[row], "district", names, None, katos[row], shape))
    if nameless:
        notices.append(Notice("nameless", {"number": nameless}))
    attached = _attached(found, units)
    _compare_regions(layer, attached, notices)
    _compare_cover(attached, units, notices)
    return sorted(attached, key=lambda unit: unit.code)


def _district_codes(layer: Layer, file: Path) -> list[str]:
    for column in DISTRICT_CODES:
        values = [value for value in layer.fields.get(column, ()) if value]
        if len(set(values)) == len(layer.shapes):
            return values
    raise Refusal("boundaries-district-codes", where=Where(file.name), expected=", ".join(DISTRICT_CODES).upper())


def _first_column(layer: Layer, columns: Iterable[str]) -> list[str | None] | None:
    return next((layer.fields[column] for column in columns if column in layer.fields), None)


def _attached(districts: Iterable[Boundary], units: list[Boundary]) -> list[Boundary]:
    """Each district with the region it overlaps most."""
    tree = shapely.STRtree([unit.shape for unit in units])
    attached: list[Boundary] = []
    for district in districts:
        near = [int(number) for number in tree.query(district.shape, predicate="intersects")]
        near = near or [int(np.atleast_1d(tree.nearest(district.shape))[0])]
        if len(near) > 1:
            near.sort(key=lambda number: -district.shape.intersection(units[number].shape).area)
        attached.append(replace(district, region=units[near[0]].code))
    return attached


def _compare_regions(layer: Layer, districts: list[Boundary], notices: list[Notice]) -> None:
    """Says where the file itself names another region than the one its shape lies in."""
    said = [_resolved(value) for value in layer.fields.get("adm1_pcode", ())]
    other = [unit.code for unit, iso in zip(districts, said, strict=False) if iso is not None and iso != unit.region]
    if other:
        notices.append(Notice("other-region", {"codes": ", ".join(other)[:400]}))


def _compare_cover(districts: list[Boundary], units: list[Boundary], notices: list[Notice]) -> None:
    """Says which regions their districts leave open by more than a fiftieth."""
    covered: defaultdict[str | None, float] = defaultdict(float)
    for district in districts:
        covered[district.region] += district.shape.area
    bare = [unit.code for unit in units if covered[unit.code] < 0.98 * unit.shape.area]
    if bare:
        notices.append(Notice("uncovered", {"codes": ", ".join(bare)}))


def _sha256(file: Path) -> str:
    """Of the file; of a folder, over its files by name."""
    digest = hashlib.sha256()
    for path in sorted(file.iterdir()) if file.is_dir() else (file,):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
