"""One installation with the real starter (without the atlas), copied for each test that changes it."""

import json
import shutil

import pytest
from tests.conftest import once_a_run

from jasyl.cli import program
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


class Command:
    """The whole command line in this process: exit code, standard output and error as a shell sees them."""

    def __init__(self, capsysbinary, monkeypatch):
        self.capture, self.monkeypatch = capsysbinary, monkeypatch

    def __call__(self, *arguments):
        words = [str(one) for one in arguments]
        self.monkeypatch.setattr("sys.argv", ["jasyl", *words])
        with pytest.raises(SystemExit) as ended:
            program.main(words)
        out, err = self.capture.readouterr()
        self.out, self.err, self.code = out.decode(), err.decode(), ended.value.code
        return self.code

    def json(self, *arguments):
        assert self(*arguments, "--json") == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def jasyl(capsysbinary, monkeypatch):
    return Command(capsysbinary, monkeypatch)
