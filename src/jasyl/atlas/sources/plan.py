"""What is to be fetched from a publisher: addresses and file names for a window, years, variables and heights."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from jasyl.texts import Refusal

from ..grid import KAZAKHSTAN
from ..window import checked
from .catalogue import Publisher, TileNames

# How the Global Solar Atlas and Geofabrik write countries; only those whose pages are known to be named so.
COUNTRIES = {
    "KAZ": "Kazakhstan",
    "UZB": "Uzbekistan",
    "TKM": "Turkmenistan",
    "TJK": "Tajikistan",
    "MNG": "Mongolia",
    "AZE": "Azerbaijan",
}
Window = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of a source; empty fields take what the catalogue proposes.

    ``window`` is west, south, east, north in degrees; ``place`` longitude and latitude for series of one point.
    """

    window: Window | None = None
    years: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()
    heights: tuple[int, ...] = ()
    resolution: str | None = None
    regions: tuple[str, ...] = ()
    country: str = "KAZ"
    place: tuple[float, float] | None = None

    @property
    def box(self) -> Window:
        return self.window or KAZAKHSTAN.bounds


@dataclass(frozen=True)
class Piece:
    """One file to fetch: its name, its address, and whether the publisher may not have it (a tile of the sea)."""

    name: str
    url: str
    may_miss: bool = False


def pieces(source: Publisher, wanted: Wanted) -> list[Piece]:
    """The files of a source of plain addresses, in order. Raises Refusal ``fetch-argument`` and ``fetch-by-hand``."""
    if source.kind == "order":
        raise by_hand(source)
    check(source, wanted)
    made: list[Piece] = []
    for number, address in enumerate(source.address):
        name = source.names[number] if source.names else source.name
        for values in _values(source, wanted, address):
            url = address.format_map(values)
            file = name.format_map(values) if name else PurePosixPath(urlsplit(url).path).name
            made.append(Piece(file, url, may_miss=source.tile is not None and source.tile.missing))
    return made


def by_hand(source: Publisher) -> Refusal:
    """Why nothing here can fetch a source, and which command takes what a person has got from it."""
    command = "sheet FILE" if source.format == "xlsx" else f"load FILE --as LAYER --source {source.id}"
    return Refusal("fetch-by-hand", received=source.title, page=source.page, command=f"jasyl atlas {command}")


def check(source: Publisher, wanted: Wanted) -> None:
    """Raises Refusal ``fetch-argument`` for what the source does not have, ``fetch-option`` for what it cannot go
    without, ``fetch-place``, ``fetch-place-exchanged`` and ``window-…``."""
    _one_of("--country", wanted.country, tuple(COUNTRIES))
    for name in wanted.variables:
        _one_of("--variable", name, source.variables)
    for height in wanted.heights:
        _one_of("--height", str(height), tuple(map(str, source.heights)))
    if wanted.resolution is not None:
        _one_of("--resolution", wanted.resolution, source.resolutions)
    checked(wanted.box)
    if source.kind == "point" and wanted.place is None:
        raise Refusal("fetch-option", received=source.title, option="--at", expected="--at 71.43,51.13")
    if wanted.place is not None:
        _check_place(*wanted.place)
    if source.kind in ("queue", "zarr") and not wanted.years:
        raise Refusal("fetch-option", received=source.title, option="--years", expected="--years 2013-2022")


def _check_place(longitude: float, latitude: float) -> None:
    received = f"{longitude:g},{latitude:g}"
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise Refusal("fetch-place", received=received)
    if KAZAKHSTAN.cell(longitude, latitude) is None and KAZAKHSTAN.cell(latitude, longitude) is not None:
        raise Refusal("fetch-place-exchanged", received=received, expected=f"{latitude:g},{longitude:g}")


def _one_of(option: str, received: str, expected: tuple[str, ...]) -> None:
    if received not in expected:
        raise Refusal("fetch-argument", option=option, received=received[:40], expected=", ".join(expected) or "-")


def _values(source: Publisher, wanted: Wanted, address: str) -> Iterator[Mapping[str, object]]:
    """The values of the fields of an address, every combination once."""
    years = wanted.years or source.years
    loops: dict[str, list[Mapping[str, object]]] = {
        "{variable}": [{"variable": name} for name in wanted.variables or source.variables],
        "{height}": [{"height": height} for height in wanted.heights or source.heights],
        "{region}": [{"region": region} for region in wanted.regions or source.regions],
        "{resolution}": [{"resolution": wanted.resolution or (source.resolutions or ("",))[0]}],
        "{year}": [{"year": year} for year in years],
        "{tile}": list(_tiles(source.tile, wanted.box)) if source.tile else [],
    }
    country = COUNTRIES[wanted.country]
    fixed: dict[str, object] = {
        "country": wanted.country,
        "country_lower": wanted.country.lower(),
        "country_name": country,
        "country_page": country.lower(),
        "first": min(years, default=0),
        "last": max(years, default=0),
    }
    if wanted.place:
        fixed |= {"lon": f"{wanted.place[0]:.4f}", "lat": f"{wanted.place[1]:.4f}"}
    for chosen in product(*(values for field, values in loops.items() if field in address)):
        yield {**fixed, **{key: value for one in chosen for key, value in one.items()}}


def _tiles(names: TileNames, box: Window) -> Iterator[Mapping[str, object]]:
    """The tiles that touch the window, from the south-west."""
    west, south, east, north = box
    size = names.degrees
    for low in range(math.floor(south / size) * size, math.ceil(north / size) * size, size):
        for left in range(math.floor(west / size) * size, math.ceil(east / size) * size, size):
            ns, ew = "N" if low >= 0 else "S", "E" if left >= 0 else "W"
            parts = {"ns": ns, "ew": ew, "ns_lower": ns.lower(), "ew_lower": ew.lower()}
            yield {"tile": names.name.format(**parts, lat=abs(low), lon=abs(left))}
