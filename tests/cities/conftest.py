"""A database with every table, in memory."""

from importlib import import_module

import pytest
import sqlalchemy as sa

from jasyl.storage import METADATA
from jasyl.storage.schema import ROOMS_WITH_TABLES


@pytest.fixture
def connection():
    for module in ROOMS_WITH_TABLES:
        import_module(module)
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as made:
        yield made
    engine.dispose()
