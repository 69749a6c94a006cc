"""Import of official boundaries: every format, every trap, all or nothing."""

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from jasyl.places import region, regions
from jasyl.places.boundaries import current, official_file, schematic
from jasyl.places.boundary_import import ImportReport, import_boundaries
from jasyl.places.locate import Locator
from jasyl.places.projection import WGS84, project
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

Features = list[dict[str, Any]]
Write = Callable[..., Path]


def write_layer(
    features: Features,
    file: Path,
    driver: str,
    crs: str = "EPSG:4326",
    *,
    layer: str | None = None,
    append: bool = False,
    encoding: str = "UTF-8",
) -> Path:
    """The same features by GDAL's own writer."""
    names = list(features[0]["properties"])
    shapes = np.array([shapely.geometry.shape(feature["geometry"]) for feature in features], dtype=object)
    if crs != "EPSG:4326":
        shapes = project(shapes, WGS84, crs)
    columns = [np.array([feature["properties"][name] for feature in features], dtype=object) for name in names]
    more: dict[str, Any] = {"layer": layer} if layer else {}
    if driver == "ESRI Shapefile":
        more["encoding"] = encoding
    parts = np.array([shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in shapes], dtype=object)
    pyogrio.raw.write(
        file, shapely.to_wkb(parts), columns, names, geometry_type="MultiPolygon", driver=driver, crs=crs,
        append=append, **more,
    )  # fmt: skip
    return file


def zipped(file: Path, *members: tuple[Path, str]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in members:
            archive.write(path, name)
    return file


def refused(folder: DataFolder, file: Path) -> Refusal:
    """The refusal, after checking that nothing was imported and that it can be told in every language."""
    with pytest.raises(Refusal) as caught:
        import_boundaries(folder, file)
    assert current(folder) is schematic()
    assert not official_file(folder).exists()
    for language in LANGUAGES:
        assert caught.value.text(language)
    return caught.value


def check_regions(folder: DataFolder, report: ImportReport) -> None:
    assert report.regions == 20
    now = current(folder)
    assert now.precision == "official"
    assert now.digest == report.digest
    for one in regions():
        unit = now.unit(one.iso)
        assert unit.names == one.names
        before = schematic().unit(one.iso).shape
        assert unit.shape.symmetric_difference(before).area < 1e-6 * before.area


@pytest.fixture
def shapefile(region_features: Features, tmp_path: Path) -> Path:
    (tmp_path / "shape").mkdir()
    return write_layer(region_features, tmp_path / "shape" / "adm1.shp", "ESRI Shapefile")


def test_geojson(folder: DataFolder, region_features: Features, written: Write) -> None:
    report = import_boundaries(
        folder, written(region_features), source="A", licence="CC BY 4.0", attribution="© A"
    )  # fmt: skip
    check_regions(folder, report)
    now = current(folder)
    assert (now.source, now.licence, now.attribution) == ("A", "CC BY 4.0", "© A")
    assert json.loads(now.as_geojson("region"))["precision"] == "official"
    assert report.as_data("ru")["regions"] == 20
    assert "20" in report.lines("kk")[0]
    assert "20 регионов и 0 районов." in report.lines("ru")[0]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32642", "EPSG:3857", "EPSG:4284"])
def test_geopackage_in_any_coordinate_system(
    folder: DataFolder, region_features: Features, tmp_path: Path, crs: str
) -> None:
    report = import_boundaries(folder, write_layer(region_features, tmp_path / "a.gpkg", "GPKG", crs))
    assert report.regions == 20
    for one in regions():
        ours, theirs = current(folder).unit(one.iso).shape, schematic().unit(one.iso).shape
        # A transverse Mercator far from its meridian bends long straight borders a little; datums shift some 100 m.
        assert ours.symmetric_difference(theirs).area < 0.02 * theirs.area


def test_shapefile_as_file_as_folder_and_as_zip(folder: DataFolder, shapefile: Path, tmp_path: Path) -> None:
    check_regions(folder, import_boundaries(folder, shapefile))
    check_regions(folder, import_boundaries(folder, shapefile.parent))
    members = [(path, f"inner/{path.name}") for path in shapefile.parent.iterdir()]
    check_regions(folder, import_boundaries(folder, zipped(tmp_path / "adm.zip", *members)))


def test_shapefile_without_projection_or_encoding(folder: DataFolder, shapefile: Path) -> None:
    shapefile.with_suffix(".prj").unlink()
    shapefile.with_suffix(".cpg").unlink()
    check_regions(folder, import_boundaries(folder, shapefile))


def test_regions_and_districts_in_one_file(
    folder: DataFolder, region_features: Features, district_features: Features, tmp_path: Path
) -> None:
    file = write_layer(region_features, tmp_path / "all.gpkg", "GPKG", layer="adm1")
    write_layer(district_features, file, "GPKG", layer="adm2", append=True)
    report = import_boundaries(folder, file)
    assert (report.regions, report.districts) == (20, 40)
    assert {notice.key for notice in report.notices} <= {"area"}
    now = current(folder)
    district = now.unit("101000000")
    assert (district.region, district.kato, district.names.kk) == ("KZ-10", "101000000", "1-аудан")
    point = district.shape.representative_point()
    found, districts = Locator(now).locate([point.x], [point.y])
    assert (found[0], districts[0]) == ("KZ-10", "101000000")
    assert len(json.loads(now.as_geojson("district", "coarse"))["features"]) == 40


def test_districts_need_regions_and_stay_when_these_are_replaced(
    folder: DataFolder, region_features: Features, district_features: Features, written: Write
) -> None:
    districts = written(district_features, "districts.geojson")
    assert refused(folder, districts).code == "boundaries-districts-first"
    import_boundaries(folder, written(region_features), source="A")
    assert import_boundaries(folder, districts, source="B").districts == 40
    assert current(folder).source == "A; B"
    assert import_boundaries(folder, written(region_features)).districts == 40
    assert {unit.region for unit in current(folder).of("district")} == {one.iso for one in regions()}


def test_several_rows_of_one_region_are_joined(folder: DataFolder, region_features: Features, written: Write) -> None:
    first = region_features[0]
    shape = shapely.geometry.shape(first["geometry"])
    west, south, east, north = shape.bounds
    halves = [
        shape.intersection(shapely.box(*box))
        for box in ((west, south, (west + east) / 2, north), ((west + east) / 2, south, east, north))
    ]
    rows = [first | {"geometry": json.loads(shapely.to_geojson(half))} for half in halves]
    check_regions(folder, import_boundaries(folder, written([*rows, *region_features[1:]])))


@pytest.mark.parametrize("column", ["name_in_full", "ADM1_RU", "KATO", "shapeISO"])
def test_regions_are_known_by_other_columns(
    folder: DataFolder, region_features: Features, written: Write, column: str
) -> None:
    for feature in region_features:
        one = region(feature["id"]) if "id" in feature else region(f"KZ-{feature['properties']['ADM1_PCODE'][2:]}")
        said = {"name_in_full": one.names.kk, "ADM1_RU": one.names.ru, "KATO": one.kato, "shapeISO": one.iso}
        feature["properties"] = {column: said[column], "other": "x"}
    check_regions(folder, import_boundaries(folder, written(region_features)))


def test_self_crossing_shapes_are_mended_and_told(
    folder: DataFolder, region_features: Features, written: Write
) -> None:
    broken = region_features[14]
    ring = shapely.get_coordinates(shapely.geometry.shape(broken["geometry"]).exterior).tolist()
    ring[40], ring[43] = ring[43], ring[40]
    broken["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    assert not shapely.geometry.shape(broken["geometry"]).is_valid
    report = import_boundaries(folder, written(region_features))
    assert "mended" in {notice.key for notice in report.notices}
    assert "KZ-61" in next(notice for notice in report.notices if notice.key == "mended").text("ru")
    assert all(unit.shape.is_valid for unit in current(folder).of("region"))


def test_areas_far_from_the_published_ones_are_told(
    folder: DataFolder, region_features: Features, written: Write
) -> None:
    for feature in region_features:
        if feature["properties"]["ADM1_PCODE"] == "KZ75":
            shape = shapely.geometry.shape(feature["geometry"]).buffer(0.05)
            feature["geometry"] = json.loads(shapely.to_geojson(shape))
    report = import_boundaries(folder, written(region_features))
    told = {notice.arguments["code"] for notice in report.notices if notice.key == "area"}
    assert "KZ-75" in told
    assert told <= {"KZ-75", "KZ-23"}  # the schematic Atyrau lacks 5.2 % of sea shore


def test_district_traps(
    folder: DataFolder, region_features: Features, district_features: Features, written: Write
) -> None:
    import_boundaries(folder, written(region_features))
    for feature in district_features:
        feature["properties"].pop("ADM2_KK")
    district_features[0]["properties"]["ADM1_PCODE"] = "KZ63"
    report = import_boundaries(folder, written(district_features[:-1], "d.geojson"))
    assert [notice.key for notice in report.notices] == ["nameless", "other-region", "uncovered"]
    assert "KZ-79" in report.notices[-1].text("en")
    assert "39 районов на одном" in report.notices[0].text("ru")
    assert "39 districts lack" in report.notices[0].text("en")
    assert current(folder).unit("101000000").names.kk == "Район 1"
    before = current(folder).digest
    for feature in district_features:
        feature["properties"]["KATO"] = "1"
    with pytest.raises(Refusal) as caught:
        import_boundaries(folder, written(district_features, "d.geojson"))
    assert caught.value.code == "boundaries-district-codes"
    assert current(folder).digest == before


def test_swapped_axes_are_recognised(folder: DataFolder, region_features: Features, written: Write) -> None:
    for feature in region_features:
        swapped = shapely.transform(shapely.geometry.shape(feature["geometry"]), lambda points: points[:, ::-1])
        feature["geometry"] = json.loads(shapely.to_geojson(swapped))
    assert refused(folder, written(region_features)).code == "boundaries-swapped"


def test_another_country_and_unknown_coordinates(
    folder: DataFolder, region_features: Features, written: Write, tmp_path: Path
) -> None:
    far = [dict(feature) for feature in region_features]
    for feature in far:
        shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), lambda points: points - [40, 0])
        feature["geometry"] = json.loads(shapely.to_geojson(shape))
    assert refused(folder, written(far)).code == "boundaries-elsewhere"
    file = write_layer(region_features, tmp_path / "utm.shp", "ESRI Shapefile", "EPSG:32642")
    file.with_suffix(".prj").unlink()
    assert refused(folder, file).code == "boundaries-crs"


def test_regions_from_before_2022_are_refused(folder: DataFolder, region_features: Features, written: Write) -> None:
    old = [
        feature for feature in region_features if feature["properties"]["ADM1_PCODE"] not in ("KZ10", "KZ33", "KZ62")
    ]
    found = refused(folder, written(old))
    assert found.code == "boundaries-not-regions"
    assert "KZ-10, KZ-33, KZ-62" in found.text("en")


def test_mixed_up_codes_are_refused(folder: DataFolder, region_features: Features, written: Write) -> None:
    codes = [feature["properties"]["ADM1_PCODE"] for feature in region_features]
    for feature, code in zip(region_features, codes[1:] + codes[:1], strict=True):
        feature["properties"]["ADM1_PCODE"] = code
    assert refused(folder, written(region_features)).code == "boundaries-mislabelled"


@pytest.mark.parametrize("keep", [0, 1, 20, 1000, 0.5, 0.99])
def test_truncated_geojson(folder: DataFolder, region_features: Features, written: Write, keep: float) -> None:
    file = written(region_features)
    content = file.read_bytes()
    file.write_bytes(content[: int(keep if keep >= 1 else keep * len(content))])
    assert refused(folder, file).code == "boundaries-unreadable"


@pytest.mark.parametrize("suffix", [".shp", ".dbf", ".shx"])
@pytest.mark.parametrize("keep", [0.05, 0.5, 0.97])
def test_truncated_shapefile(folder: DataFolder, shapefile: Path, suffix: str, keep: float) -> None:
    part = shapefile.with_suffix(suffix)
    content = part.read_bytes()
    part.write_bytes(content[: int(keep * len(content))])
    refused(folder, shapefile)


@pytest.mark.parametrize("suffix", [".dbf", ".shx"])
def test_shapefile_with_a_part_missing(folder: DataFolder, shapefile: Path, suffix: str) -> None:
    shapefile.with_suffix(suffix).unlink()
    assert suffix in refused(folder, shapefile).text("en")


def test_the_reason_is_told_in_the_readers_language(folder: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "half.geojson").write_text('{"type":"Feature')
    said = {lang: refused(folder, tmp_path / "absent.gpkg").text(lang) for lang in ("kk", "ru", "en")}
    assert "мұндай файл жоқ" in said["kk"] and "такого файла нет" in said["ru"] and "no such file" in said["en"]
    damaged = refused(folder, tmp_path / "half.geojson").text("ru")
    assert "обрывается («'half.geojson'" in damaged and "driver" not in damaged


def test_truncated_geopackage_and_zip(
    folder: DataFolder, region_features: Features, shapefile: Path, tmp_path: Path
) -> None:
    file = write_layer(region_features, tmp_path / "a.gpkg", "GPKG")
    archive = zipped(tmp_path / "a.zip", *((path, path.name) for path in shapefile.parent.iterdir()))
    for path in (file, archive):
        content = path.read_bytes()
        for keep in (0.02, 0.4, 0.9):
            path.write_bytes(content[: int(keep * len(content))])
            refused(folder, path)


def test_noise_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    noise = random.Random(5)
    for name in ("a.geojson", "a.gpkg", "a.zip", "a.shp", "a", "a.csv"):
        (tmp_path / name).write_bytes(noise.randbytes(2000))
        assert refused(folder, tmp_path / name).code == "boundaries-unreadable"
    assert refused(folder, tmp_path / "absent.geojson").code == "boundaries-unreadable"
    (tmp_path / "empty").mkdir()
    assert refused(folder, tmp_path / "empty").code == "boundaries-unreadable"


def test_formats_that_fetch_other_files_are_not_opened(folder: DataFolder, tmp_path: Path) -> None:
    """A GDAL virtual dataset may name addresses and files; it must not be read under another name."""
    layer = '<OGRVRTLayer name="a"><SrcDataSource>/etc/hostname</SrcDataSource></OGRVRTLayer>'
    virtual = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
    for name in ("a.geojson", "a.json", "a.vrt", "a.gpkg"):
        (tmp_path / name).write_text(virtual)
        assert refused(folder, tmp_path / name).code == "boundaries-unreadable"


def test_zip_tricks(folder: DataFolder, region_features: Features, written: Write, tmp_path: Path) -> None:
    good = written(region_features)
    outside = zipped(tmp_path / "outside.zip", (good, "../../regions.geojson"))
    assert refused(folder, outside).code == "archive-path"
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"{" + b" " * 40_000_000)
    assert refused(folder, bomb).code == "archive-bomb"
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(500):
            archive.writestr(f"{number}.txt", b"")
    assert refused(folder, many).code == "archive-entries"
    empty = zipped(tmp_path / "empty.zip")
    assert refused(folder, empty).code == "boundaries-unreadable"
    assert not [path for path in tmp_path.parent.iterdir() if path.name == "regions.geojson"]


def test_points_and_empty_shapes(folder: DataFolder, region_features: Features, written: Write) -> None:
    points = [feature | {"geometry": {"type": "Point", "coordinates": [71, 51]}} for feature in region_features]
    assert refused(folder, written(points)).code == "boundaries-no-areas"
    region_features[3]["geometry"] = None  # type: ignore[assignment]
    assert "(regions: 1)" in refused(folder, written(region_features)).text("en")
    assert refused(folder, written([])).code == "boundaries-no-areas"


def test_collections_are_reduced_to_their_areas(folder: DataFolder, region_features: Features, written: Write) -> None:
    line = {"type": "LineString", "coordinates": [[70, 50], [71, 51]]}
    first = region_features[0]
    first["geometry"] = {"type": "GeometryCollection", "geometries": [first["geometry"], line]}
    check_regions(folder, import_boundaries(folder, written(region_features)))


def test_cyrillic_of_windows_in_a_table_without_encoding(
    folder: DataFolder, region_features: Features, tmp_path: Path
) -> None:
    for feature in region_features:
        code = feature["properties"]["ADM1_PCODE"]
        feature["properties"] = {"NAME": region(f"KZ-{code[2:]}").names.ru}
    file = write_layer(region_features, tmp_path / "a.shp", "ESRI Shapefile", encoding="cp1251")
    file.with_suffix(".cpg").unlink()
    check_regions(folder, import_boundaries(folder, file))


def test_unknown_coordinate_system(folder: DataFolder, shapefile: Path) -> None:
    local = 'LOCAL_CS["site grid",UNIT["metre",1]]'
    shapefile.with_suffix(".prj").write_text(local)
    assert refused(folder, shapefile).code in ("boundaries-crs", "boundaries-elsewhere")


def test_a_refusal_leaves_the_earlier_import(folder: DataFolder, region_features: Features, written: Write) -> None:
    report = import_boundaries(folder, written(region_features))
    bad = written(region_features[:5], "bad.geojson")
    with pytest.raises(Refusal):
        import_boundaries(folder, bad)
    assert current(folder).digest == report.digest
    assert [path.name for path in folder.places.iterdir()] == ["boundaries.geojson"]


def test_official_files(folder: DataFolder, official: Path, tmp_path: Path) -> None:
    """The files of 2024: outdated letter codes, an outdated Russian name, hairline gaps."""
    both = zipped(
        tmp_path / "kz.zip",
        *((official / name, name) for name in ("kz_adm0.geojson", "kz_adm1_2024.geojson", "kz_adm2_2024.geojson")),
    )
    report = import_boundaries(folder, both, source="geokz 2024", licence="CC BY 4.0")
    assert (report.regions, report.districts) == (20, 224)
    now = current(folder)
    assert now.unit("KZ-79").names.ru == "город Шымкент"
    assert not [notice for notice in report.notices if notice.key == "area"]
    assert {unit.code[:2] for unit in now.of("district") if unit.region == "KZ-10"} == {"10"}
    for level in ("region", "district"):
        for simplification in ("fine", "medium", "coarse"):
            assert len(json.loads(now.as_geojson(level, simplification))["features"]) == len(now.of(level))
