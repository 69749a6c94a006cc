"""A data folder beside the database, which comes from the common fixture on both engines."""

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import once_a_run
from tests.monitoring.training_folder import load

from jasyl.jobs import Silent
from jasyl.monitoring import read_readings
from jasyl.monitoring.training_meters import END, START
from jasyl.registry import every_series
from jasyl.storage import DataFolder, create_folder, database_of, open_folder
from jasyl.texts import LANGUAGES, say


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return create_folder(tmp_path / "data", "real")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory):
    """Folder, database and summary of the training starter; loaded once, tests read it and leave it as it is."""

    def build(home):
        progress = Silent()
        _, database, summary = load(home / "data", progress=progress)
        database.close()
        (home / "summary").write_bytes(pickle.dumps(summary))
        assert all(done == total for done, total in progress.steps.values())
        for name in progress.steps:
            assert all(say(language, name) for language in LANGUAGES)

    built = once_a_run(tmp_path_factory, "training", build)
    folder = open_folder(shutil.copytree(built / "data", tmp_path_factory.mktemp("training") / "data"))
    database = database_of(folder)
    yield folder, database, pickle.loads((built / "summary").read_bytes())
    database.close()


@pytest.fixture(scope="session")
def stored(loaded):
    """All readings with every revision, as columns by series key."""
    folder, database, _ = loaded
    with database.reading() as connection:
        readings = read_readings(connection, folder, None, START, END, newest=False)
        return {
            each.key: readings.take(np.flatnonzero(readings.series == each.number)) for each in every_series(connection)
        }
