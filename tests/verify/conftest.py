"""The wheel of jasyl-verify as a stranger gets it, and the logs that the ledger's tests make."""

import importlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.ledger.conftest import House, make_house
from tests.ledger.passports import Plant
from tests.serving import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline by hatchling alone."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT / "verify", check=True, capture_output=True)
    (made,) = target.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(scope="session")
def alone(unpacked: Path) -> ModuleType:
    sys.path.insert(0, str(unpacked))
    try:
        return importlib.import_module("jasyl_verify")
    finally:
        sys.path.remove(str(unpacked))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "data")
    yield made
    made.database.close()


@pytest.fixture
def plant(house: House) -> Plant:
    return Plant(house)
