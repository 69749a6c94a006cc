"""One installation with the real starter (without the atlas), copied for each test that changes it."""

import shutil

import pytest
from tests.conftest import once_a_run

from jasyl.cli import starter as starter_command


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    def build(home):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(starter_command, "_build_atlas", lambda *_: None)  # its own tests build it
            starter_command.initialise(home / "data", "kazakhstan", None, "en")

    built = once_a_run(tmp_path_factory, "commands", build)
    return shutil.copytree(built / "data", tmp_path_factory.mktemp("commands") / "data")


@pytest.fixture
def data(installation, tmp_path):
    return shutil.copytree(installation, tmp_path / "data")
