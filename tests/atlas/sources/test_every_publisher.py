"""``jasyl atlas fetch`` of every source that is plain addresses, from a publisher played on this machine.

Each file comes in two parts, because the publisher hangs up half-way; what is kept is whole, with hash and licence.
"""

import hashlib
from typing import Any
from urllib.parse import urlsplit

import pytest

from jasyl.atlas.sources import Transfer, Wanted, fetch, fetched, place_of, publishers
from jasyl.atlas.sources.plan import pieces
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .conftest import PBF, TIFF, md5
from .test_fetch import at

SMALL = Wanted(window=(76.1, 42.1, 76.9, 42.9), years=(2020,), place=(76.5, 42.5))
CONTENT = {
    "tiff": TIFF,
    "zip": b"PK\x03\x04" + bytes(5000),
    "tar": bytes(257) + b"ustar" + bytes(5000),
    "json": b"{" + b" " * 5000 + b"}",
    "pbf": PBF,
}
KEYS = {"JASYL_EARTHDATA_TOKEN": "token", "JASYL_MERIT_LOGIN": "name:word"}
PLAIN = sorted(key for key, one in publishers().items() if one.kind in {"files", "point"})
# The others: jobs in a queue and pieces of a store have tests of their own (test_queue), two are ordered by hand.
assert set(publishers()) - set(PLAIN) == {"era5", "era5-land", "glofas", "arco-era5", "sarah3", "stat-kz"}


@pytest.mark.parametrize("source", PLAIN)
def test_it_comes_whole_with_hash_and_licence(source: str, server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    played = at(url, source)
    content = CONTENT[played.format]
    planned = pieces(played, SMALL)
    for piece in planned:
        path = urlsplit(piece.url).path
        handler.answers[path] = lambda one: one.cut(content, after=len(content) // 2)
        handler.answers[f"{path}.md5"] = lambda one: one.send(200, f"{md5(content)}  x\n".encode())
    record = fetch(empty, played, SMALL, how=how, environment=KEYS)
    assert record == fetched(place_of(empty, source))
    assert (record.source.licence, record.source.reference) == (played.licence, played.page)
    assert {one.name: one.sha256 for one in record.files} == {
        piece.name: hashlib.sha256(content).hexdigest() for piece in planned
    }
    assert all((place_of(empty, source) / one.name).read_bytes() == content for one in record.files)
    assert [one[2]["range"] for one in handler.seen if "range" in one[2]] == [f"bytes={len(content) // 2}-"] * len(
        planned
    )


@pytest.mark.parametrize(
    ("source", "command"),
    [("sarah3", "jasyl atlas load FILE --as LAYER --source sarah3"), ("stat-kz", "jasyl atlas sheet FILE")],
)
def test_what_a_person_orders_says_where(source: str, command: str, how: Transfer, empty: DataFolder) -> None:
    with pytest.raises(Refusal) as caught:
        fetch(empty, source, how=how)
    assert caught.value.code == "fetch-by-hand"
    assert publishers()[source].page in caught.value.text("ru")
    assert command in caught.value.text("kk")
