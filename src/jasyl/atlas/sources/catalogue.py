"""The catalogue of publishers: what each gives, in which version, under which licence, and who must ask for a key."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from jasyl.texts import Language, Refusal, say

from ..layer import Source

# files: plain addresses; queue: a job is asked for and waited for (CDS); zarr: pieces of a store;
# point: a series of one place; order: a person orders by hand, nothing here can.
Kind = Literal["files", "queue", "zarr", "point", "order"]
Format = Literal["tiff", "zip", "netcdf", "zarr", "json", "pbf", "tar", "xlsx"]
# job: the queue tells size and checksum; md5-beside: a file of the same name with .md5.
Checksum = Literal["job", "md5-beside"]


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files of a source make a layer, in which unit, and which variable of them where they hold several."""

    files: tuple[str, ...]
    unit: str
    variable: str | None = None


class TileNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tiles of so many whole degrees, named by their south-western corner; ``missing``: over the sea there is none."""

    degrees: int
    name: str
    missing: bool = False


class Publisher(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One source. ``address`` are templates of addresses, ``name`` or ``names`` those of the files they become.

    ``megabytes`` is the order of size for Kazakhstan. ``key`` is the environment variable in which the operator keeps
    the key that the publisher gives on ``key_page``. ``layers`` tells what can be loaded from it.
    """

    id: str
    title: str
    version: str
    kind: Kind
    page: str
    licence: str
    attribution: str
    format: Format
    megabytes: int
    period: str
    address: tuple[str, ...] = ()
    name: str | None = None
    names: tuple[str, ...] = ()
    share_alike: bool = False
    checksum: Checksum | None = None
    key: str | None = None
    key_page: str | None = None
    variables: tuple[str, ...] = ()
    heights: tuple[int, ...] = ()
    resolutions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    tile: TileNames | None = None
    layers: dict[str, Member] = {}

    def about(self, language: Language) -> str:
        """What it gives, in a few words."""
        return say(language, f"source-{self.id}")

    @property
    def source(self) -> Source:
        """What the record of a layer says of it."""
        return Source(
            name=self.title,
            version=self.version,
            licence=self.licence,
            reference=self.page,
            attribution=self.attribution,
            share_alike=self.share_alike,
        )


@cache
def publishers() -> dict[str, Publisher]:
    """Every source by its id, in the order of the catalogue."""
    read = tomllib.loads(files("jasyl.atlas.sources").joinpath("publishers.toml").read_text(encoding="utf-8"))
    return {key: msgspec.convert({"id": key, **entry}, Publisher) for key, entry in read.items()}


def publisher(identifier: str) -> Publisher:
    """The source of this id. Raises Refusal ``source-unknown``."""
    found = publishers().get(identifier)
    if found is None:
        raise Refusal("source-unknown", received=identifier[:60], expected=", ".join(publishers()))
    return found
