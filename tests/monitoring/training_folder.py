"""A folder with the training starter, and what is read from it."""

import sqlalchemy as sa

from jasyl.ledger import create_keys
from jasyl.monitoring import load_training
from jasyl.storage import create_folder, database_of

SEED = 2026


def load(path, seed=SEED, progress=None):
    folder = create_folder(path, "training")
    create_keys(folder)
    database = database_of(folder)
    database.migrate()
    return folder, database, load_training(folder, database, progress, seed=seed)


def rows_in(database, table):
    with database.reading() as connection:
        return list(connection.execute(sa.select(table)).mappings())
