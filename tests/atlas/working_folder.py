"""A data folder in which commands work: with tables and with keys, so that what they build is told to the ledger."""

from pathlib import Path

from tests.tables import with_tables

from jasyl.ledger import create_keys
from jasyl.storage import DataFolder, create_folder, database_of


def working_folder(path: Path) -> DataFolder:
    folder = create_folder(path, "real")
    create_keys(folder)
    with_tables(database_of(folder))
    return folder
