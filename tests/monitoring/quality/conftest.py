"""A database with every table there is (on both engines), a folder, and a plant in it."""

import json

import pytest
import sqlalchemy as sa
from tests.conftest import _fresh_postgresql
from tests.monitoring.quality.plant import a_facility, a_meter

import jasyl.monitoring.tables
from jasyl.ledger import create_keys
from jasyl.storage import METADATA, Database, create_folder
from jasyl.storage.database import revision_table

assert jasyl.monitoring.tables


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, tmp_path):
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/registry.sqlite")
    else:
        made = _fresh_postgresql(request.getfixturevalue("postgresql_server"))
    METADATA.create_all(made.engine)
    with made.writing(visible=False) as connection:
        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path):
    made = create_folder(tmp_path / "data", "real")
    create_keys(made)
    return made


@pytest.fixture
def meter(database):
    return a_meter(database, a_facility(database))


@pytest.fixture
def settings(folder):
    """Writes the part ``alerts`` of the settings."""

    def write(alerts):
        folder.settings_file.write_text(json.dumps({"kind": "real", "alerts": alerts}))

    return write
