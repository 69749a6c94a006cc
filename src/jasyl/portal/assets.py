"""Addresses of the built browser part, read once from Vite's manifest."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

import msgspec

STATIC = Path(__file__).parent / "static"
ADDRESS = "/static/"
ENTRY = "src/main.ts"


class AssetsMissing(RuntimeError):
    """The browser part has not been built, or its manifest does not know what was asked for."""


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest (https://vite.dev/guide/backend-integration); only the fields used here."""

    file: str
    css: list[str]
    imports: list[str]
    isEntry: bool


@dataclass(frozen=True, slots=True)
class Assets:
    """What a page puts into its head: style sheets, the module script, and modules that script imports at once."""

    css: tuple[str, ...]
    js: str
    preload: tuple[str, ...]


@cache
def manifest(folder: Path = STATIC) -> dict[str, Chunk]:
    """Vite's manifest in ``folder``; AssetsMissing when the browser part has not been built."""
    file = folder / "manifest.json"
    try:
        return cast("dict[str, Chunk]", msgspec.json.decode(file.read_bytes()))
    except FileNotFoundError:
        raise AssetsMissing(
            f"The browser part has not been built: {file} does not exist. "
            "Run `make setup`, or `.venv/bin/python scripts/node.py build`."
        ) from None


@cache
def assets(entry: str = ENTRY, folder: Path = STATIC) -> Assets:
    """Addresses of ``entry``, with the style sheets of everything it imports statically."""
    chunks = list(_closure(entry, manifest(folder)))
    return Assets(
        css=tuple(dict.fromkeys(ADDRESS + name for chunk in chunks for name in chunk.get("css", []))),
        js=ADDRESS + chunks[0].get("file", ""),
        preload=tuple(ADDRESS + chunk.get("file", "") for chunk in chunks[1:]),
    )


@cache
def island(source: str, entry: str = ENTRY, folder: Path = STATIC) -> Assets:
    """What the chunk of an island asks for beyond what ``entry`` brings: a page that names it early shows it sooner."""
    known = {chunk.get("file") for chunk in _closure(entry, manifest(folder))}
    chunks = [chunk for chunk in _closure(source, manifest(folder)) if chunk.get("file") not in known]
    return Assets(
        css=tuple(dict.fromkeys(ADDRESS + name for chunk in chunks for name in chunk.get("css", []))),
        js=ADDRESS + chunks[0].get("file", ""),
        preload=tuple(ADDRESS + chunk.get("file", "") for chunk in chunks),
    )


def static(name: str, folder: Path = STATIC) -> str:
    """Address of a source named in the manifest (``src/main.ts``) or of a file served as it is (``favicon.svg``)."""
    known = manifest(folder)
    if name in known:
        return ADDRESS + known[name].get("file", "")
    if (folder / name).is_file() and ".." not in name:
        return ADDRESS + name
    raise AssetsMissing(f"The built browser part has no file {name!r}.")


def _closure(entry: str, chunks: dict[str, Chunk]) -> Iterator[Chunk]:
    """The entry first, then every chunk it imports statically, each once."""
    if entry not in chunks:
        raise AssetsMissing(f"The built browser part has no entry {entry!r}.")
    seen: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = None
            yield chunks[name]
            waiting += chunks[name].get("imports", [])
