"""The migrations make exactly the tables that the rooms describe, on both engines."""

import importlib
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from jasyl.storage import METADATA
from jasyl.storage.schema import ROOMS_WITH_TABLES

SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_migrated_tables_are_those_of_the_rooms(database):
    for room in ROOMS_WITH_TABLES:
        importlib.import_module(room)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": METADATA, "compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_room_with_tables_is_listed():
    modules = {
        ".".join(file.relative_to(SOURCE).with_suffix("").parts)
        for file in SOURCE.rglob("*.py")
        if "sa.Table(" in file.read_text(encoding="utf-8") and file.name != "database.py"
    }
    assert modules == set(ROOMS_WITH_TABLES)


def test_migrating_again_changes_nothing(database):
    before = sa.inspect(database.engine).get_table_names()
    database.migrate()
    assert sa.inspect(database.engine).get_table_names() == before
