"""Tiles are decoded here by rasterio's PNG driver, which shares no code with the writer."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.io import MemoryFile

from jasyl.atlas import legend, tile, tile_version, value_at
from jasyl.atlas.png import palette_png
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

pytestmark = pytest.mark.filterwarnings("ignore:Dataset has no geotransform")


def _decode(png: bytes) -> np.ndarray:
    """RGBA of a palette PNG, [height, width, 4]."""
    with MemoryFile(png) as memory, memory.open() as dataset:
        assert dataset.driver == "PNG"
        colours = dataset.colormap(1)
        table = np.array([colours[number] for number in range(max(colours) + 1)], dtype=np.uint8)
        return table[dataset.read(1)]


def _address(longitude: float, latitude: float, z: int, size: int) -> tuple[int, int, int, int]:
    """Tile x, y and pixel column, row of a point, by the formulas of OGC 17-083r4, annex D."""
    x = (longitude + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**z
    return int(x), int(y), int(x % 1 * size), int(y % 1 * size)


@given(
    longitude=st.floats(46.1, 87.9),
    latitude=st.floats(40.1, 55.9),
    z=st.integers(3, 12),
    band=st.integers(0, 12),
    layer=st.sampled_from(["solar.ghi_clear", "solar.dni_clear"]),
    size=st.sampled_from([256, 512]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_colour_of_a_pixel_is_the_class_of_the_value(
    atlas: DataFolder, longitude: float, latitude: float, z: int, band: int, layer: str, size: int
):
    """The colour under a point is that of the class in which the value of the click there falls."""
    x, y, column, row = _address(longitude, latitude, z, size)
    # The centre of that pixel, which is what the tile promises to show.
    east = (x + (column + 0.5) / size) / 2**z * 360 - 180
    north = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + (row + 0.5) / size) / 2**z))))
    found = value_at(atlas, layer, east, north)
    value = found.year if band == 0 else found.months[band - 1]
    pixel = _decode(tile(atlas, layer, band, z, x, y, size=size))[row, column]
    if value is None:
        assert pixel[3] == 0
        return
    classes = legend(layer, band).classes
    (expected,) = [
        entry
        for entry in classes
        if (entry.lower is None or value >= entry.lower) and (entry.upper is None or value < entry.upper)
    ]
    assert tuple(pixel.tolist()) == (*expected.colour, 255)


def test_outside_the_data_is_transparent(atlas: DataFolder):
    assert (_decode(tile(atlas, "solar.ghi_clear", 0, 4, 0, 0))[..., 3] == 0).all()
    # A tile across the western edge at 46 E: transparent left of it, painted right of it.
    x, y, column, row = _address(46, 50, 5, 256)
    pixels = _decode(tile(atlas, "solar.ghi_clear", 0, 5, x, y))
    assert pixels[row, column - 1, 3] == 0
    assert pixels[row, column + 1, 3] == 255


def test_a_hole_in_the_data_is_transparent(atlas: DataFolder):
    x, y, column, row = _address(51, 42, 8, 256)
    assert _decode(tile(atlas, "solar.ghi_clear", 0, 8, x, y))[row, column, 3] == 0


def test_the_world_tile_shows_the_window(atlas: DataFolder):
    opaque = _decode(tile(atlas, "solar.ghi_clear", 0, 0, 0, 0))[..., 3] == 255
    rows, columns = np.nonzero(opaque)
    assert columns.min() == round(226 / 360 * 256)
    assert columns.max() == round(268 / 360 * 256) - 1
    assert 75 < rows.min() < rows.max() < 100


def test_tiles_change_only_with_the_numbers(atlas: DataFolder):
    assert tile(atlas, "solar.ghi_clear", 7, 5, 22, 10) == tile(atlas, "solar.ghi_clear", 7, 5, 22, 10)
    assert tile_version(atlas, "solar.ghi_clear") != tile_version(atlas, "solar.dni_clear")


@pytest.mark.parametrize(
    ("z", "x", "y", "size"),
    [(-1, 0, 0, 256), (23, 0, 0, 256), (3, 8, 0, 256), (3, 0, -1, 256), (3, 0, 0, 257), (0, 0, 0, 10**6)],
)
def test_no_such_tile(atlas: DataFolder, z: int, x: int, y: int, size: int):
    with pytest.raises(Refusal) as refusal:
        tile(atlas, "solar.ghi_clear", 0, z, x, y, size=size)
    assert refusal.value.code == "tile-address"


def test_no_such_band(atlas: DataFolder):
    with pytest.raises(Refusal) as refusal:
        tile(atlas, "solar.ghi_clear", 13, 0, 0, 0)
    assert refusal.value.code == "layer-band"


@given(st.integers(1, 15), st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_png_round_trip(colours: int, height: int, half: int, random):
    palette = [(random.randrange(256), random.randrange(256), random.randrange(256)) for _ in range(colours)]
    pixels = np.array([[random.randrange(colours + 1) for _ in range(2 * half)] for _ in range(height)], dtype=np.uint8)
    seen = _decode(palette_png(pixels, palette))
    table = np.array([(0, 0, 0, 0), *((*colour, 255) for colour in palette)], dtype=np.uint8)
    assert (seen == table[pixels]).all()


def test_png_limits():
    with pytest.raises(ValueError, match="16 colours"):
        palette_png(np.zeros((2, 2), dtype=np.uint8), [(0, 0, 0)] * 16)
    with pytest.raises(ValueError, match="width 3"):
        palette_png(np.zeros((2, 3), dtype=np.uint8), [(0, 0, 0)])
