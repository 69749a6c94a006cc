import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger.tiles import ENTRIES, TilePath, decode_bundle, encode_bundle, parse_tile_path, tile_width, tiles_of
from jasyl.texts import Refusal


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TilePath(0, 1234067), "tile/0/x001/x234/067"),
        (TilePath(0, 0, 1), "tile/0/000.p/1"),
        (TilePath(ENTRIES, 999), "tile/entries/999"),
        (TilePath(1, 1000, 255), "tile/1/x001/000.p/255"),
    ],
)
def test_paths_of_the_standard(tile: TilePath, path: str) -> None:
    assert str(tile) == path
    assert parse_tile_path(path) == tile


@given(st.integers(ENTRIES, 3), st.integers(0, 2**20), st.integers(1, 256))
def test_paths_read_as_written(level: int, index: int, width: int) -> None:
    tile = TilePath(level, index, width)
    assert parse_tile_path(str(tile)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/../../keys/log-ed25519.key",
        "tile/0/..",
        "tile/../checkpoint",
        "/tile/0/000",
        "tile/0/000/",
        "tile//0/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/002",
        "tile/0/x1/000",
        "tile/00/000",
        "tile/64/000",
        "tile/7/000",
        "tile/-1/000",
        "tile/entry/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "tile/0/000.p",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/000%2e%2e",
        "tile/0/000\x00",
        "tile/0/" + "x999/" * 5 + "999",
        "tile/0/" + "x999/" * 5000 + "999",
        "tile/6/x999/999",
        "journal",
        "",
    ],
)
def test_path_tricks_name_nothing(path: str) -> None:
    assert parse_tile_path(path) is None


def test_tiles_of_the_standards_examples() -> None:
    found = list(tiles_of(70_000))
    count = {level: [tile for tile in found if tile.level == level] for level in range(-1, 3)}
    assert (len(count[0]), count[0][-1].width) == (274, 112)
    assert [tile.width for tile in count[1]] == [256, 17]
    assert [tile.width for tile in count[2]] == [1]
    assert [str(tile) for tile in tiles_of(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 200_000))
def test_widths_agree_with_the_list(size: int) -> None:
    for tile in tiles_of(size):
        assert tile_width(tile.level, tile.index, size) == tile.width
        assert tile_width(tile.level, tile.index + 300, size) in {0, 256} or tile.width == 256


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=20))
def test_bundles_read_as_written(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_sizes_of_entries() -> None:
    assert decode_bundle(encode_bundle([b"x" * 65_535])) == [b"x" * 65_535]
    for entry in (b"", b"x" * 65_536):
        with pytest.raises(Refusal, match="is refused"):
            encode_bundle([b"good", entry])


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x00", b"\x00\x02x", b"\x00\x01x\x00"])
def test_broken_bundles(data: bytes) -> None:
    assert decode_bundle(data) is None
