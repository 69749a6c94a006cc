"""What is loaded at start: the lists are the promise behind ``jasyl --help`` and a quick restart."""

import subprocess
import sys

HEAVY_FOR_PAGES = {
    "alembic", "duckdb", "exactextract", "h5py", "openpyxl", "pandas", "pmtiles", "pvlib", "pyarrow", "pyogrio",
    "pyproj", "python_calamine", "rasterio", "scipy", "shapely",
}  # fmt: skip
HEAVY_FOR_HELP = HEAVY_FOR_PAGES | {"argon2", "cryptography", "granian", "litestar", "msgspec", "numpy", "sqlalchemy"}
# Everything beyond the standard library that the overview may load.
ALLOWED_FOR_HELP = {
    "_distutils_hack", "annotated_doc", "attr", "babel", "coverage", "fluent", "jasyl", "markdown_it", "mdurl",
    "pygments", "pytz", "rich", "shellingham", "typer", "typing_extensions",
}  # fmt: skip


def _loaded(program):
    ending = "; import sys; print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    said = subprocess.run([sys.executable, "-c", program + ending], capture_output=True, text=True, check=True).stdout
    return set(said.rpartition("LOADED")[2].split()) - set(sys.stdlib_module_names)


def test_the_overview_loads_almost_nothing():
    program = "import sys, jasyl.cli\ntry: jasyl.cli.main(['--help'])\nexcept SystemExit: pass\n0"
    loaded = {name for name in _loaded(program) if not name.startswith(("_", "a1_", "$"))}
    assert not loaded & HEAVY_FOR_HELP
    assert loaded <= ALLOWED_FOR_HELP


def test_pages_load_no_heavy_library():
    loaded = _loaded("import jasyl.portal.app")
    assert "litestar" in loaded
    assert not loaded & HEAVY_FOR_PAGES
