"""The built browser part: small at the start, and nothing in it speaks to another server."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.conftest import need

from jasyl.portal import assets

ROOT = Path(__file__).parents[2]
INITIAL_LIMIT = 350_000

# Addresses that only name something and are never fetched: namespaces, and links in messages of the libraries.
NAMED_ONLY = (
    "http://www.w3.org/",
    "https://maplibre.org/",
    "https://maplibre.invalid/",
    "https://wiki.openstreetmap.org/wiki/This_map_requires_WebGL",
    "https://github.com/",
    "https://svelte.dev/",
)


@pytest.fixture(scope="module")
def built() -> Path:
    need((assets.STATIC / "manifest.json").is_file(), "the browser part is not built: run `make setup`")
    return assets.STATIC


def packed(built: Path, addresses: list[str]) -> int:
    return sum(len(gzip.compress((built / a.removeprefix(assets.ADDRESS)).read_bytes(), 9)) for a in addresses)


def chunks_with(built: Path, source: str) -> list[str]:
    """Scripts and style sheets of ``source`` and of all it imports statically."""
    found = assets.assets(source, built)
    return [found.js, *found.preload, *found.css]


def test_the_manifest_has_the_entry_with_its_style_sheet(built: Path) -> None:
    found = assets.assets(folder=built)
    assert found.js.startswith("/static/assets/main-")
    assert len(found.css) == 1
    for address in (found.js, *found.preload, *found.css):
        assert (built / address.removeprefix(assets.ADDRESS)).is_file()


def test_the_initial_script_and_style_are_small(built: Path) -> None:
    assert 1_000 < packed(built, chunks_with(built, assets.ENTRY)) <= INITIAL_LIMIT


def test_even_the_map_page_starts_with_little(built: Path) -> None:
    """Entry and map together, before the worker and the shapes of countries, which come later."""
    first = dict.fromkeys([*chunks_with(built, assets.ENTRY), *chunks_with(built, "src/islands/map/index.ts")])
    assert packed(built, list(first)) <= INITIAL_LIMIT


def test_each_island_is_a_chunk_of_its_own(built: Path) -> None:
    known = assets.manifest(built)
    for source in ("map/index.ts", "charts/readings.ts", "charts/dynamics.ts", "charts/profile.ts"):
        assert f"src/islands/{source}" in known[assets.ENTRY].get("dynamicImports", [])  # type: ignore[typeddict-item]


def test_nothing_built_fetches_from_another_server(built: Path) -> None:
    foreign = {
        (file.name, address)
        for file in built.rglob("*")
        if file.suffix in {".js", ".css", ".svg", ".html"}
        for address in re.findall(
            r"""(?:https?:|wss?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'`)<>\\]*""", file.read_text("utf-8")
        )
        if address.startswith(("http", "ws")) and not address.startswith(NAMED_ONLY)
    }
    assert foreign == set()


def test_style_sheets_load_nothing_from_outside(built: Path) -> None:
    for file in built.rglob("*.css"):
        for target in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s;]+)", file.read_text("utf-8")):
            assert target.startswith(("/static/", "data:", "#")), (file.name, target)


def test_scripts_evaluate_no_text(built: Path) -> None:
    """The content security policy forbids it; a library that needs it would fail only in the browser."""
    for file in built.rglob("*.js"):
        assert not re.search(r"(?<![\w.$])eval\(|new Function\(", file.read_text("utf-8")), file.name


def test_a_missing_build_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match="has not been built"):
        assets.manifest(tmp_path)


def test_addresses_follow_static_imports_once(tmp_path: Path) -> None:
    chunks = {
        "src/main.ts": {"file": "m.js", "css": ["m.css"], "imports": ["_a.js", "_b.js"]},
        "_a.js": {"file": "a.js", "css": ["a.css"], "imports": ["_b.js"]},
        "_b.js": {"file": "b.js", "css": ["m.css"], "imports": ["src/main.ts"]},
    }
    (tmp_path / "manifest.json").write_bytes(msgspec.json.encode(chunks))
    (tmp_path / "favicon.svg").touch()
    found = assets.assets("src/main.ts", tmp_path)
    assert found == assets.Assets(("/static/m.css", "/static/a.css"), "/static/m.js", ("/static/a.js", "/static/b.js"))
    assert assets.static("src/main.ts", tmp_path) == "/static/m.js"
    assert assets.static("favicon.svg", tmp_path) == "/static/favicon.svg"
    with pytest.raises(assets.AssetsMissing, match="no entry"):
        assets.assets("src/other.ts", tmp_path)
    for absent in ("none.svg", "../manifest.json"):
        with pytest.raises(assets.AssetsMissing, match="no file"):
            assets.static(absent, tmp_path)


def test_the_browser_parts_own_tests_pass(built: Path) -> None:
    del built
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "node.py", "npm", "run", "test"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lock = msgspec.json.decode((ROOT / "frontend" / "package-lock.json").read_bytes())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in entry for entry in packages.values())
    assert all("integrity" in entry for entry in packages.values())
    assert lock["lockfileVersion"] == 3
