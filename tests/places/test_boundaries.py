"""The schematic shapes: complete, without gaps, as large as published, near the official ones."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from jasyl.places import regions
from jasyl.places.boundaries import (
    Boundaries,
    Boundary,
    Simplification,
    current,
    document_of,
    official_file,
    parse,
    schematic,
    simplified,
)
from jasyl.places.projection import EQUAL_AREA, WGS84, area_km2, project
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

COUNTRY_KM2 = 2_724_902


def test_twenty_schematic_regions_that_say_so() -> None:
    assert schematic().precision == "schematic"
    assert [unit.code for unit in schematic().of("region")] == [one.iso for one in regions()]
    assert schematic().of("district") == ()
    for word in ("Natural Earth", "GeoNames", "chematic"):
        assert word in schematic().attribution
    assert "MIT" in schematic().licence


def test_schematic_regions_share_their_borders_without_gaps() -> None:
    shapes = [unit.shape for unit in schematic().of("region")]
    assert all(shape.is_valid for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    holes = [len(part.interiors) for part in shapely.get_parts(schematic().country.shape)]
    assert sum(holes) == 0
    # Mangystau and Atyrau have islands in the Caspian; all the others are one polygon.
    assert {unit.code for unit in schematic().of("region") if len(shapely.get_parts(unit.shape)) > 1} == {
        "KZ-23",
        "KZ-47",
    }


def test_schematic_areas_are_near_the_published_ones() -> None:
    for one in regions():
        area = area_km2(schematic().unit(one.iso).shape)
        assert area == pytest.approx(one.area_km2, rel=0.055), one.iso
    assert area_km2(schematic().country.shape) == pytest.approx(COUNTRY_KM2, rel=0.005)


def test_every_centre_lies_in_its_schematic_region() -> None:
    for one in regions():
        assert schematic().unit(one.iso).shape.contains(shapely.Point(one.centre)), one.iso


def test_area_is_that_of_a_geodesic_polygon() -> None:
    """The Albers projection against the geodesic area on the ellipsoid, an independent formula."""
    from pyproj import Geod

    box = shapely.segmentize(shapely.box(60, 45, 75, 52), 0.05)
    geodesic, _ = Geod(ellps="WGS84").geometry_area_perimeter(box)
    assert area_km2(box) == pytest.approx(abs(geodesic) / 1e6, rel=1e-5)


def test_projection_there_and_back() -> None:
    points = shapely.points(np.array([[47.0, 41.0], [87.0, 55.0]]))
    back = project(project(points, WGS84, EQUAL_AREA), EQUAL_AREA, WGS84)
    assert shapely.equals_exact(points, back, tolerance=1e-9).all()


# Measured on the files of 2024: country 0.987; Almaty, Shymkent and Astana are discs, and the arm of Karaganda Region
# that reaches to Shubarkol has no settlement of its own in GeoNames but one.
IOU_FLOOR = {
    "KZ-75": 0.58, "KZ-71": 0.72, "KZ-79": 0.76, "KZ-62": 0.77, "KZ-35": 0.78, "KZ-19": 0.86, "KZ-33": 0.88,
    "KZ-63": 0.89,
}  # fmt: skip


def test_schematic_against_official(official: Path) -> None:
    read = json.loads((official / "kz_adm1_2024.geojson").read_bytes())
    shapes = {f["properties"]["ADM1_PCODE"]: shapely.geometry.shape(f["geometry"]) for f in read["features"]}
    for one in regions():
        ours, theirs = schematic().unit(one.iso).shape, shapes[one.iso.replace("-", "")]
        iou = ours.intersection(theirs).area / ours.union(theirs).area
        print(f"{one.iso} {iou:.3f}")
        assert iou > IOU_FLOOR.get(one.iso, 0.92), (one.iso, iou)
    whole, country = shapely.union_all(list(shapes.values())), schematic().country.shape
    assert whole.intersection(country).area / whole.union(country).area > 0.98


@pytest.mark.parametrize("simplification", ["fine", "medium", "coarse"])
def test_simplified_neighbours_still_share_borders(simplification: Simplification) -> None:
    shapes = [unit.shape for unit in schematic().of("region")]
    fewer = simplified(shapes, simplification)
    assert shapely.coverage_is_valid(fewer)
    assert not shapely.is_empty(fewer).any()
    assert shapely.get_num_coordinates(fewer).sum() < shapely.get_num_coordinates(shapes).sum()


def test_hairline_gaps_are_closed_before_simplifying(official: Path) -> None:
    read = json.loads((official / "kz_adm1_2024.geojson").read_bytes())
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in read["features"]]
    assert not shapely.coverage_is_valid(shapes)
    for simplification in ("fine", "medium", "coarse"):
        fewer = simplified(shapes, simplification)
        assert shapely.coverage_is_valid(fewer)
        assert [s.area for s in fewer] == pytest.approx([s.area for s in shapes], rel=0.12)  # small cities lose most


def test_geojson_is_ready_to_serve_and_made_once() -> None:
    for level, count in (("country", 1), ("region", 20), ("district", 0)):
        for simplification in ("exact", "fine", "medium", "coarse"):
            served = schematic().as_geojson(level, simplification)
            assert served is schematic().as_geojson(level, simplification)
            read = json.loads(served)
            assert read["type"] == "FeatureCollection"
            assert read["precision"] == "schematic"
            assert len(read["features"]) == count
    first = json.loads(schematic().as_geojson("region"))["features"][0]
    assert first["id"] == "KZ-10"
    assert (
        first["properties"] | {"kk": "Абай облысы", "level": "region", "precision": "schematic"} == first["properties"]
    )
    assert len(schematic().as_geojson("region", "coarse")) < len(schematic().as_geojson("region", "fine")) < 130_000


def test_unknown_code_is_refused() -> None:
    assert schematic().unit("KZ").level == "country"
    with pytest.raises(Refusal) as caught:
        schematic().unit("101010000")
    assert caught.value.code == "unknown-boundary"


def test_document_comes_back_as_it_was() -> None:
    said = {"precision": "official", "source": "s", "licence": "l", "attribution": "a"}
    document = document_of(schematic().units, **said)
    read = parse(document)
    assert read.precision == "official"
    assert [unit.code for unit in read.units] == [unit.code for unit in schematic().units]
    assert all(ours.shape.equals(theirs.shape) for ours, theirs in zip(schematic().units, read.units, strict=True))
    assert read.digest != schematic().digest


def test_current_is_schematic_until_something_is_imported(folder: DataFolder) -> None:
    assert current() is current(folder) is schematic()
    folder.places.mkdir()
    official_file(folder).write_bytes(b'{"type": "FeatureCollection"')
    with pytest.raises(Refusal) as caught:
        current(folder)
    assert caught.value.code == "boundaries-damaged"
    official_file(folder).unlink()
    assert current(folder) is schematic()


def test_a_set_without_districts_has_an_empty_collection() -> None:
    one = schematic().units[0]
    alone = Boundaries(
        "official", "s", "l", "a", "d", (Boundary(one.code, "region", one.names, one.code, None, one.shape),)
    )
    assert json.loads(alone.as_geojson("district", "coarse"))["features"] == []
