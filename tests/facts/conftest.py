"""A database that has the table of facts, on either engine, and one fact to start from."""

from decimal import Decimal

import pytest

from jasyl.facts import Fact, fact_table
from jasyl.storage import METADATA, Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, tmp_path):
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/facts.sqlite")
    else:
        made = Database(f"{request.getfixturevalue('postgresql_server')}/postgres")
    with made.writing(visible=False) as connection:
        METADATA.drop_all(connection, tables=[fact_table])
        METADATA.create_all(connection, tables=[fact_table])
    yield made
    made.close()


@pytest.fixture(scope="session")
def wind_2023():
    return Fact(
        metric="generation",
        place="KZ",
        area="",
        object="",
        technology="wind",
        period="2023",
        value=Decimal("3.80"),
        low=None,
        high=None,
        unit="TW.h",
        basis="published",
        source="a page",
        source_date="2024-01",
        confidence="high",
        confirmed=True,
        note="",
    )
