"""Writes the next migration from the difference between the rooms' tables and the migrations so far.

Usage: python scripts/new_migration.py "what changes". Read the result before committing it.
"""

import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command

from jasyl.storage import Database
from jasyl.storage.database import alembic_configuration
from jasyl.storage.schema import ROOMS_WITH_TABLES

for room in ROOMS_WITH_TABLES:
    importlib.import_module(room)
with tempfile.TemporaryDirectory() as folder:
    database = Database(f"sqlite:///{folder}/x.sqlite")
    database.migrate()
    with database.engine.connect() as connection:
        configuration = alembic_configuration(connection)
        configuration.attributes["write"] = True
        number = len(list(Path("src/jasyl/storage/migrations/versions").glob("*.py"))) + 1
        command.revision(configuration, sys.argv[1], autogenerate=True, rev_id=f"{number:04}")
    database.close()
