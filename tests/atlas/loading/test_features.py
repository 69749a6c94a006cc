"""Extracts of OpenStreetMap (XML and PBF) and other vector files."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely.geometry import LineString

from jasyl.atlas import Source
from jasyl.atlas.loading import FeatureRecord, load_features
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

OSM = Source(
    name="OpenStreetMap", version="test", licence="ODbL 1.0", reference="-", attribution="© OSM", share_alike=True
)
WAYS = [
    ({"power": "line", "voltage": "220000;110000", "name": "L-1"}, [1, 2]),
    ({"power": "minor_line", "voltage": "low"}, [2, 3]),
    ({"power": "tower"}, [1, 3]),
    ({"highway": "primary", "name": "М-36"}, [1, 2]),
    ({"highway": "trunk_link"}, [2, 3]),
    ({"highway": "footway"}, [2, 4]),
    ({"boundary": "protected_area", "name": "Қорық"}, [1, 2, 3, 1]),
    ({"leisure": "nature_reserve"}, [1, 2, 4, 1]),
    ({"boundary": "administrative"}, [1, 3, 4, 1]),
]
NODES = {1: (71.0, 51.0), 2: (71.5, 51.2), 3: (71.9, 51.0), 4: (71.2, 50.8)}


def osm_xml(tmp_path: Path) -> Path:
    nodes = "".join(f'<node id="{key}" lon="{lon}" lat="{lat}" version="1"/>' for key, (lon, lat) in NODES.items())
    ways = "".join(
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</way>"
        for number, (tags, refs) in enumerate(WAYS, start=10)
    )
    file = tmp_path / "made.osm"
    file.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    return file


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _signed(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _blob(kind: str, content: bytes) -> bytes:
    packed = _field(2, len(content)) + _field(3, zlib.compress(content))
    head = _field(1, kind.encode()) + _field(3, len(packed))
    return struct.pack(">I", len(head)) + head + packed


def osm_pbf(tmp_path: Path) -> Path:
    """The same extract in the PBF format (wiki.openstreetmap.org/wiki/PBF_Format), written by hand."""
    words = [b""]

    def index(text: str) -> int:
        if text.encode() not in words:
            words.append(text.encode())
        return words.index(text.encode())

    nodes = b"".join(
        _field(1, _field(1, _signed(key)) + _field(8, _signed(round(lat * 1e7))) + _field(9, _signed(round(lon * 1e7))))
        for key, (lon, lat) in NODES.items()
    )
    ways = b""
    for number, (tags, refs) in enumerate(WAYS, start=10):
        keys = b"".join(_varint(index(key)) for key in tags)
        values = b"".join(_varint(index(value)) for value in tags.values())
        steps = b"".join(_varint(_signed(step)) for step in np.diff([0, *refs]).tolist())
        ways += _field(3, _field(1, number) + _field(2, keys) + _field(3, values) + _field(8, steps))
    strings = b"".join(_field(1, word) for word in words)
    block = _field(1, strings) + _field(2, nodes) + _field(2, ways)
    header = _field(4, b"OsmSchema-V0.6")
    file = tmp_path / "made-latest.osm.pbf"
    file.write_bytes(_blob("OSMHeader", header) + _blob("OSMData", block))
    return file


def _read(folder: DataFolder, subject: str) -> list[tuple[Any, ...]]:
    about, _, shapes, columns = pyogrio.raw.read(folder.atlas / f"features-{subject}.gpkg")
    assert about["crs"] == "EPSG:4326"
    assert list(about["fields"]) == ["kind", "name", "voltage"]
    return [(*(column[number] for column in columns), shapely.from_wkb(shape)) for number, shape in enumerate(shapes)]


@pytest.mark.parametrize("make", [osm_xml, osm_pbf])
def test_an_extract_of_openstreetmap(empty: DataFolder, tmp_path: Path, make: Any) -> None:
    file = make(tmp_path)
    grid = load_features(empty, "grid", file, OSM)
    assert (grid.features, grid.kinds) == (2, {"line": 1, "minor_line": 1})
    assert (grid.licence, grid.share_alike, list(grid.input)) == ("ODbL 1.0", True, [file.name])
    kept = msgspec.json.decode((empty.atlas / "features-grid.json").read_bytes(), type=FeatureRecord)
    assert kept == grid
    line, minor = _read(empty, "grid")
    assert (line[0], line[1], line[2]) == ("line", "L-1", 220000)
    assert np.array(line[3].coords) == pytest.approx(np.array([NODES[1], NODES[2]]))
    assert minor[0] == "minor_line"
    assert np.isnan(minor[2])  # low is no number: unknown, not zero
    assert load_features(empty, "road", file, OSM).kinds == {"primary": 1, "trunk": 1}
    protected = load_features(empty, "protected", file, OSM)
    assert protected.kinds == {"nature_reserve": 1, "protected_area": 1}
    assert {row[3].geom_type for row in _read(empty, "protected")} == {"MultiPolygon"}


def test_other_vector_files(empty: DataFolder, tmp_path: Path) -> None:
    """GeoJSON with plain columns, a GeoPackage in metres with Geofabrik's fclass."""
    feature = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[71, 51], [72, 52]]}}
    document = {
        "type": "FeatureCollection",
        "features": [{**feature, "properties": {"power": "cable", "voltage": 500000}}],
    }
    file = tmp_path / "grid.geojson"
    file.write_text(json.dumps(document))
    assert load_features(empty, "grid", file, OSM).kinds == {"cable": 1}
    assert _read(empty, "grid")[0][2] == 500000
    line = shapely.to_wkb(np.array([LineString([(500000, 5650000), (510000, 5650000)])]))
    metres = tmp_path / "roads.gpkg"
    pyogrio.raw.write(
        metres, line, [np.array(["secondary"], dtype=object)], ["fclass"], crs="EPSG:32642",
        geometry_type="LineString", driver="GPKG", layer="roads",
    )  # fmt: skip
    assert load_features(empty, "road", metres, OSM).features == 1
    west, south, _, _ = _read(empty, "road")[0][3].bounds
    assert (west, south) == pytest.approx((69.0, 51.0), abs=0.1)


def test_what_holds_nothing(empty: DataFolder, tmp_path: Path) -> None:
    file = osm_xml(tmp_path)
    (tmp_path / "page.geojson").write_text("<html>")
    empty_file = tmp_path / "none.geojson"
    empty_file.write_text('{"type": "FeatureCollection", "features": []}')
    bare = tmp_path / "bare.shp"
    line = shapely.to_wkb(np.array([LineString([(1, 2), (3, 4)])]))
    with pytest.warns(match="crs"):
        pyogrio.raw.write(bare, line, [np.array(["x"], dtype=object)], ["power"], geometry_type="LineString")
    for subject, given, code in [
        ("moon", file, "features-subject"),
        ("grid", tmp_path / "page.geojson", "features-unreadable"),
        ("grid", tmp_path / "absent.gpkg", "features-unreadable"),
        ("grid", bare, "features-unreadable"),
        ("grid", empty_file, "features-none"),
    ]:
        with pytest.raises(Refusal) as refusal:
            load_features(empty, subject, given, OSM)  # type: ignore[arg-type]
        assert refusal.value.code == code
        assert len({refusal.value.text(language) for language in LANGUAGES}) == 3
    assert not list(empty.atlas.iterdir())


def test_plain_geometry_is_taken_where_somebody_says_what_it_is(empty: DataFolder, tmp_path: Path) -> None:
    shape = {"type": "LineString", "coordinates": [[71, 51], [72, 51.5]]}
    bare = tmp_path / "bare.geojson"
    bare.write_text(json.dumps(shape))
    record = load_features(empty, "grid", bare, OSM, untagged=True)
    assert (record.features, record.kinds) == (1, {"unspecified": 1})
    tagged = tmp_path / "tagged.geojson"
    features = [
        {"type": "Feature", "properties": {"highway": "primary"}, "geometry": shape},
        {"type": "Feature", "properties": {"highway": None}, "geometry": shape},
    ]
    tagged.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    # What says that it is something else is not taken for it; where tags tell, they decide alone.
    assert load_features(empty, "grid", tagged, OSM, untagged=True).kinds == {"unspecified": 1}
    assert load_features(empty, "road", tagged, OSM, untagged=True).kinds == {"primary": 1}
    for refused in (lambda: load_features(empty, "grid", bare, OSM),):
        with pytest.raises(Refusal) as told:
            refused()
        assert told.value.code == "features-none"
