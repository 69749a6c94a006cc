"""A data folder with keys and all tables on either engine, with a meter and its sealed days in the ledger."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from tests.tables import postgresql_with_tables, with_tables

from jasyl import ledger
from jasyl.certificates import carry_out
from jasyl.people import OPERATOR
from jasyl.storage import create_folder, database_of

from .events import DAY, START

ORIGIN = "city.example/log"
HEAD = {"log_origin": ORIGIN, "issued": "2026-11-21T08:15:30Z", "author": "operator"}


@dataclass
class House:
    folder: object
    database: object
    origin: str = ORIGIN

    def act(self, *events, actor=OPERATOR):
        return carry_out(self.database, self.origin, actor, events)

    def measure(self, sums=("4003",), series="meter-1", quantity="electricity_generated", unit="W"):
        """Sealed days of hourly means in quarter watts; gives the record ids."""
        head = {**HEAD, "log_origin": self.origin}
        device = ledger.Device(
            **head, series=series, facility=None, quantity=quantity, series_kind="mean", unit=unit, scale=0,
            interval_seconds=900, trust="operator-entered",
        )  # fmt: skip
        with self.database.writing() as connection:
            known = ledger.enqueue(connection, device)
            return [
                ledger.enqueue(
                    connection,
                    ledger.Batch(
                        **head, series=series, day_start=START + place * DAY,
                        day_end=START + (place + 1) * DAY, count=1,
                        unit=unit, scale=0, sum=value, min=value, max=value, root=f"{place:064x}",
                        trust="operator-entered", device=known,
                    ),
                )
                for place, value in enumerate(sums)
            ]  # fmt: skip

    def entries(self):
        with self.database.reading() as connection:
            return [bytes(row[0]) for row in connection.execute(sa.text("select entry from outbox order by seq"))]


def make_house(path, address=None, origin=ORIGIN):
    """``address``: of a database that has its tables; without one, an SQLite file in the folder."""
    folder = create_folder(path, "real", address) if address else create_folder(path, "real")
    database = database_of(folder) if address else with_tables(database_of(folder))
    ledger.create_keys(folder, origin)
    return House(folder, database, origin)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path):
    address = None
    if request.param == "postgresql":
        address = str(postgresql_with_tables(request.getfixturevalue("postgresql_server")).url)
    made = make_house(tmp_path / "data", address)
    yield made
    made.database.close()
