"""Vector tiles of points: bytes by hand, and the same features read back by GDAL."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vector_tiles import read_tile

from jasyl.papers.vector_tile import TileColumn, varint
from jasyl.papers.vector_tile import encode_points as encode


def encode_points(layer, x, y, columns):
    """The tile of plain lists; None: the point has no such property."""
    return encode(layer, np.array(x), np.array(y), {key: _column(values) for key, values in columns.items()})


def _column(values):
    return TileColumn(values, np.array([-1 if value is None else place for place, value in enumerate(values)]))


def test_a_tiny_tile_has_the_bytes_computed_by_hand():
    tile = encode_points("p", [25], [17], {"n": [300], "ok": [True]})
    assert tile.hex(" ") == (
        "1a 27"  # layers (field 3), 39 bytes
        " 0a 01 70"  # name (1): p
        " 12 0d"  # a feature (2), 13 bytes
        " 12 04 00 00 01 01"  # tags (2): key 0 value 0, key 1 value 1
        " 18 01"  # type (3): point
        " 22 03 09 32 22"  # geometry (4): MoveTo × 1 (1 | 1 << 3), zigzag 25 = 50, zigzag 17 = 34
        " 1a 01 6e"  # keys (3): n
        " 1a 02 6f 6b"  # ok
        " 22 03 28 ac 02"  # values (4): uint (5) 300
        " 22 02 38 01"  # bool (7) true
        " 28 80 20"  # extent (5): 4096
        " 78 02"  # version (15): 2
    )


def test_nothing_makes_nothing():
    assert encode_points("p", [], [], {"n": []}) == b""


@pytest.mark.parametrize(
    ("number", "written"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (2**64 - 1, "ff" * 9 + "01")]
)
def test_varints_are_those_of_the_protobuf_documentation(number, written):
    assert varint(number).hex() == written


def test_a_number_beyond_64_bits_is_not_written_wrongly():
    with pytest.raises(OverflowError):
        encode_points("p", [0], [0], {"n": [1 << 64]})


def test_columns_of_other_lengths_are_not_accepted():
    with pytest.raises(ValueError, match="'n' tells of 1 points, the tile has 2"):
        encode_points("p", [0, 1], [0, 1], {"n": [1]})


def test_equal_values_are_written_once():
    one = len(encode_points("p", [0], [0], {"a": ["longer than a varint"]}))
    many = len(encode_points("p", [0] * 9, [0] * 9, {"a": ["longer than a varint"] * 9}))
    assert many - one < 9 * len("longer than a varint")


def test_true_is_not_one(tmp_path):
    tile = encode_points("p", [0, 1], [0, 1], {"flag": [True, False], "number": [1, 0]})
    assert tile.count(bytes.fromhex("22023801")) == 1  # bool true
    assert tile.count(bytes.fromhex("22022801")) == 1  # uint 1


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8)
points = st.lists(
    st.tuples(
        st.integers(0, 4095),
        st.integers(0, 4095),
        texts,
        st.one_of(st.none(), st.integers(-(2**40), 2**40)),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(points)
def test_gdal_reads_the_same_features(tmp_path_factory, said):
    x, y, names, numbers, flags = (list(column) for column in zip(*said, strict=True))
    columns = {"имя": names, "number": numbers, "flag": flags}
    layer, places, rows = read_tile(encode_points("объекты", x, y, columns), tmp_path_factory.mktemp("tile"))
    assert layer == "объекты"
    assert len(rows) == len(said)
    for place, row, (east, south, name, number, flag) in zip(places, rows, said, strict=True):
        assert place == (east, south)
        assert row["имя"] == name
        assert row.get("number") == number
        assert bool(row["flag"]) is flag


def test_gdal_reads_points_of_the_buffer(tmp_path):
    _, places, _ = read_tile(encode_points("p", [-5, 4200], [-7, 4100], {}), tmp_path)
    assert places == [(-5, -7), (4200, 4100)]
