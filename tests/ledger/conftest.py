"""A data folder with keys and an outbox, and records to put into it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from jasyl.ledger import Import, Keeper, Key, Log, LogKeys, Policy, create_keys, demand_all, enqueue, load_keys
from jasyl.storage import METADATA, Database, DataFolder, create_folder, database_of, open_folder


@dataclass
class House:
    folder: DataFolder
    database: Database
    keys: LogKeys

    @property
    def log(self) -> Log:
        return Log(self.folder)

    @property
    def keys_policy(self) -> Policy:
        """The keys as somebody outside has them."""
        return demand_all([signer.verifier for signer in self.keys.signers])

    def record(self, number: int) -> Import:
        return Import(
            log_origin=self.keys.origin,
            issued="2026-11-21T08:15:30Z",
            author="agency",
            what="readings",
            file_name=f"meter-{number}.csv",
            sha256=f"{number:064x}",
            rows=number,
            source="a test",
            licence="CC0-1.0",
            actor="account:1",
        )

    def enqueue(self, first: int, end: int) -> list[str]:
        with self.database.writing(visible=False) as connection:
            return [enqueue(connection, self.record(number)) for number in range(first, end)]

    def drain(self, at_step: Callable[[str], None] = lambda step: None) -> int:
        with Keeper(self.folder, self.database, at_step=at_step) as keeper:
            return keeper.drain()

    def fill(self, first: int, end: int) -> list[str]:
        ids = self.enqueue(first, end)
        self.drain()
        return ids

    def rows(self) -> list[tuple[str, int | None]]:
        query = sa.text("select record_id, leaf_index from outbox order by seq")
        with self.database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]


def make_house(path: Path) -> House:
    folder = create_folder(path, "real")
    database = database_of(folder)
    METADATA.create_all(database.engine)
    return House(folder, database, create_keys(folder, "city.example/log"))


def copied_house(path: Path, target: Path) -> House:
    """A copy of a closed house."""
    folder = open_folder(shutil.copytree(path, target))
    return House(folder, database_of(folder), load_keys(folder))


def says_nothing(*_: object) -> list[Key]:
    """In place of what a keeper has to say of former names."""
    return []


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``filled((0, 100), (100, 150))``: the data folder of a house with these commits, made once, to be copied."""

    @cache
    def made(*commits: tuple[int, int]) -> Path:
        house = make_house(tmp_path_factory.mktemp("filled") / "data")
        for first, end in commits:
            house.fill(first, end)
        house.database.close()
        return house.folder.path

    return made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "data")
    yield made
    made.database.close()
