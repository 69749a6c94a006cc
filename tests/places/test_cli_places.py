"""The commands: regions, import boundaries, fetch-boundaries."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.tables import with_tables
from typer.testing import CliRunner

from jasyl.cli import places
from jasyl.ledger import create_keys
from jasyl.places import publishers
from jasyl.places.boundaries import current
from jasyl.storage import DataFolder, database_of
from jasyl.texts import Refusal

RUN = CliRunner()


@pytest.fixture
def folder(folder: DataFolder) -> DataFolder:
    """With database and keys: imported boundaries are told to the ledger."""
    create_keys(folder)
    with_tables(database_of(folder))
    return folder


@pytest.fixture
def importing() -> typer.Typer:
    """The command as it hangs under ``jasyl import``."""
    app = typer.Typer()
    app.command("boundaries")(places.import_boundaries)
    return app


def test_regions_as_table_and_as_json() -> None:
    for language, name in (("kk", "Ұлытау облысы"), ("ru", "Улытауская область"), ("en", "Ulytau")):
        said = RUN.invoke(places.app, ["regions", "--lang", language], catch_exceptions=False)
        assert said.exit_code == 0
        assert name in said.stdout
        assert len(said.stdout.splitlines()) == 20
    read = json.loads(RUN.invoke(places.app, ["regions", "--json"], catch_exceptions=False).stdout)
    assert len(read) == 20
    assert read[0]["names"]["en"] == "Abai"
    assert read[0]["population"].keys() == {"value", "date", "confidence"}


def test_import(
    importing: typer.Typer, folder: DataFolder, region_features: list[dict[str, Any]], written: Callable[..., Path]
) -> None:
    file = str(written(region_features))
    said = RUN.invoke(importing, [file, "--data", str(folder.path), "--lang", "ru"], catch_exceptions=False)
    assert said.exit_code == 0
    assert "20 регионов" in said.stdout
    assert current(folder).precision == "official"
    said = RUN.invoke(importing, [file, "--data", str(folder.path), "--json", "--source", "A"], catch_exceptions=False)
    assert json.loads(said.stdout)["regions"] == 20
    assert current(folder).source == "A"
    with pytest.raises(Refusal):
        RUN.invoke(importing, [file + "x", "--data", str(folder.path)], catch_exceptions=False)


def test_fetch(
    folder: DataFolder,
    region_features: list[dict[str, Any]],
    written: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jasyl.places.boundary_import import import_boundaries

    def fetch_boundaries(folder: DataFolder, publisher: str, *, progress: Callable[..., None] | None) -> Any:
        if progress:
            progress("a", 1, 2)
            progress("a", 2, 2)
        assert publisher == "ocha"
        return import_boundaries(folder, written(region_features))

    monkeypatch.setattr(publishers, "fetch_boundaries", fetch_boundaries)
    asked = ["fetch-boundaries", "ocha", "--data", str(folder.path), "--lang", "en"]
    assert "20 regions" in RUN.invoke(places.app, asked, catch_exceptions=False).stdout
    with places._progress(shown=True) as progress:  # type: ignore[attr-defined]
        fetch_boundaries(folder, "ocha", progress=progress)


def test_the_room_loads_no_heavy_library() -> None:
    heavy = ("shapely", "pyproj", "pyogrio", "numpy")
    program = f"import sys, jasyl.places, jasyl.cli.places; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
