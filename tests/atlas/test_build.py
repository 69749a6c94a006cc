import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile

from jasyl.atlas import KAZAKHSTAN, Layer, build_clear_sky, load, raster, read_record
from jasyl.atlas.layer import NODATA
from jasyl.atlas.layer_catalogue import write_record
from jasyl.atlas.raster import array_hash, quantise, read_values
from jasyl.atlas.solar.clear_sky_inputs import input_file
from jasyl.storage import DataFolder
from jasyl.texts import Refusal


def _copy(atlas: DataFolder, target: DataFolder) -> None:
    for file in atlas.atlas.iterdir():
        (target.atlas / file.name).write_bytes(file.read_bytes())


def test_progress_ends_at_the_total(atlas: DataFolder, calls: list[tuple[int, int]]):
    done, totals = zip(*calls, strict=True)
    assert len(set(totals)) == 1
    assert list(done) == list(range(1, totals[0] + 1))


def test_record_says_where_everything_comes_from(layers: list[Layer]):
    assert [layer.id for layer in layers] == ["solar.ghi_clear", "solar.dni_clear"]
    for layer in layers:
        assert layer.kind == "modelled-upper-bound"
        assert layer.uncertainty == "bound"
        assert layer.unit == "kW.h/m2/d"
        assert {source.licence for source in layer.sources} == {"BSD-3-Clause"}
        for name, digest in layer.inputs.items():
            assert hashlib.sha256(input_file(name).read_bytes()).hexdigest() == digest
        # What is signed holds no float and reads back as the same record.
        document = json.loads(layer.canonical(), parse_float=pytest.fail)
        assert document["resolution"] == 300


def test_cog_is_a_valid_one(atlas: DataFolder, layers: list[Layer]):
    for layer in layers:
        assert layer.file is not None
        with rasterio.open(atlas.atlas / layer.file) as dataset:
            assert dataset.driver == "GTiff"
            assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert dataset.tags(ns="IMAGE_STRUCTURE")["COMPRESSION"] == "DEFLATE"
            assert dataset.profile["tiled"]
            assert dataset.block_shapes == [(128, 128)] * 13
            assert dataset.overviews(1) == [2, 4]
            assert dataset.crs.to_epsg() == 4326
            assert tuple(dataset.bounds) == pytest.approx((46, 40, 88, 56), abs=1e-9)
            assert dataset.shape == KAZAKHSTAN.shape
            assert dataset.dtypes == ("int16",) * 13
            assert dataset.nodata == NODATA
            assert dataset.scales == (0.001,) * 13
            assert dataset.units == ("kW.h/m2/d",) * 13
            assert dataset.descriptions[:2] == ("year", "month-01")
            tags = dataset.tags()
            assert tags["LICENCE"] == "BSD-3-Clause"
            assert "pvlib" in tags["SOURCE"]
            assert tags["METHOD"] == layer.method
            assert tags["ARRAY_SHA256"] == layer.array


def test_numbers_of_this_method_version(atlas: DataFolder):
    """Pins clear-sky/ineichen-perez@1.1.0: whoever changes these numbers raises the version."""
    raster = load(atlas, "solar.ghi_clear")
    assert raster.layer.method == "clear-sky/ineichen-perez@1.1.0"
    row, column = KAZAKHSTAN.cell(71.43, 51.13)
    astana = [4469, 1499, 2703, 4485, 6020, 7140, 7684, 7257, 6167, 4648, 2988, 1762, 1174]
    # One in the last place: other processors may round the exponential differently.
    assert np.abs(raster.values[:, row, column].astype(int) - astana).max() <= 1


def test_building_again_changes_nothing(atlas: DataFolder, layers: list[Layer]):
    before = {file.name: file.stat().st_mtime_ns for file in atlas.atlas.iterdir()}
    calls: list[int] = []
    assert build_clear_sky(atlas, lambda done, _: calls.append(done)) == layers
    assert {file.name: file.stat().st_mtime_ns for file in atlas.atlas.iterdir()} == before
    assert not calls


def test_two_builds_give_the_same_arrays(atlas: DataFolder, layers: list[Layer], empty: DataFolder):
    """Also over a damaged raster and a record of another method, which are replaced; the old raster goes."""
    _copy(atlas, empty)
    first = layers[0]
    assert first.file is not None
    (empty.atlas / first.file).write_bytes(b"II*\0 cut short")
    stale = json.loads(layers[1].canonical()) | {"method": "clear-sky/ineichen-perez@0.9.0", "file": "x"}
    (empty.atlas / "solar.dni_clear.json").write_text(json.dumps(stale))
    (empty.atlas / "solar.dni_clear.0000.tif").write_bytes(b"older")
    assert build_clear_sky(empty) == layers
    assert sorted(file.name for file in empty.atlas.iterdir()) == sorted(file.name for file in atlas.atlas.iterdir())
    assert (load(empty, first.id).values == load(atlas, first.id).values).all()


def test_damage_is_noticed(atlas: DataFolder, layers: list[Layer], empty: DataFolder):
    _copy(atlas, empty)
    first, second = layers
    assert first.file is not None
    assert second.file is not None
    (empty.atlas / first.file).write_bytes((empty.atlas / second.file).read_bytes())  # sound, but other numbers
    with pytest.raises(Refusal, match="SHA-256"):
        load(empty, first.id)
    (empty.atlas / first.file).unlink()
    with pytest.raises(Refusal) as refusal:
        load(empty, first.id)
    assert refusal.value.code == "layer-damaged"
    (empty.atlas / "solar.dni_clear.json").write_bytes(b'{"id": 3}')
    with pytest.raises(Refusal) as refusal:
        read_record(empty, "solar.dni_clear")
    assert refusal.value.code == "layer-damaged"


def test_a_layer_built_anew_is_seen_without_restart(atlas: DataFolder, layers: list[Layer], empty: DataFolder):
    _copy(atlas, empty)
    first, second = layers
    before = load(empty, first.id)
    assert load(empty, first.id) is before  # read once
    write_record(empty, msgspec.structs.replace(second, id=first.id))
    assert load(empty, first.id).layer.array == second.array


def test_a_build_between_two_reads_is_survived(
    atlas: DataFolder, layers: list[Layer], empty: DataFolder, monkeypatch: pytest.MonkeyPatch
):
    """The record is read, then another process finishes a build and removes the raster it names: read again."""
    _copy(atlas, empty)
    first = layers[0]
    assert first.file is not None
    newer = empty.atlas / "solar.ghi_clear.newer.tif"

    def overtaken(folder: DataFolder, layer: Layer) -> Any:
        if layer.file == first.file:
            (folder.atlas / layer.file).rename(newer)
            write_record(folder, msgspec.structs.replace(first, file=newer.name))
        return read_values(folder, layer)

    monkeypatch.setattr(raster, "read_values", overtaken)
    assert load(empty, first.id).layer.file == newer.name


def test_a_layer_without_data_is_waiting(empty: DataFolder):
    for identifier, code in [
        ("solar.ghi_clear", "layer-waiting"),
        ("wind.speed_100m", "layer-waiting"),
        ("../x\0", "layer-unknown"),
    ]:
        with pytest.raises(Refusal) as refusal:
            load(empty, identifier)
        assert refusal.value.code == code


def test_quantise_keeps_holes_and_refuses_what_does_not_fit():
    assert quantise(np.array([1.4, 1.6, np.nan], dtype=np.float32)).tolist() == [1, 2, NODATA]
    with pytest.raises(OverflowError):
        quantise(np.array([40000], dtype=np.float32))
    big_endian = np.array([1, 258], dtype=">i2")
    assert array_hash(big_endian) == hashlib.sha256(b"\x01\x00\x02\x01").hexdigest()


def test_the_room_loads_no_heavy_library_and_both_gdals_live_together(atlas: DataFolder):
    """rasterio and pyogrio each carry a GDAL; both work in one process, without a warning, in both orders."""
    program = (
        "import sys, pathlib, jasyl.atlas as a\n"
        "heavy = {'rasterio', 'pandas', 'pvlib', 'h5py', 'shapely', 'exactextract', 'pyogrio', 'pyproj', 'scipy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "from jasyl.storage import open_folder\n"
        "folder = open_folder(pathlib.Path(sys.argv[1]))\n"
        "def both(order):\n"
        "    for name in order.split():\n"
        "        if name == 'pyogrio':\n"
        "            import pyogrio\n"
        "            pyogrio.read_info(sys.argv[2])\n"
        "        else:\n"
        "            a.raster._load.cache_clear()\n"
        "            assert a.load(folder, 'solar.ghi_clear').values.any()\n"
        "a.value_at(folder, 'solar.ghi_clear', 70, 50)\n"
        "assert not {'pandas', 'pvlib', 'scipy'} & set(sys.modules)\n"
        "both(sys.argv[3])\n"
    )
    shapes = atlas.path / "one.geojson"
    shapes.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [70, 50]}})
    )
    for order in ("rasterio pyogrio rasterio", "pyogrio rasterio pyogrio"):
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program, str(atlas.path), str(shapes), order],
            check=True,
            env=os.environ,
        )


def test_cog_opens_from_memory_alone(atlas: DataFolder, layers: list[Layer]):
    """Overviews lie before the data: the first kilobytes are enough to open the file and know its levels."""
    assert layers[0].file is not None
    content = Path(atlas.atlas / layers[0].file).read_bytes()
    assert b"LAYOUT=IFDS_BEFORE_DATA" in content[:512]
    with MemoryFile(content) as memory, memory.open() as dataset:
        assert dataset.read(1, out_shape=(48, 126)).shape == (48, 126)
