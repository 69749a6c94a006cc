"""Makes a data folder and fills it with a starter. Everything or nothing: an interrupted start leaves no folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import typer

from jasyl.circular.starter import load_example_accounts
from jasyl.facts import load_facts, store
from jasyl.figures import keep_published_outputs
from jasyl.ledger import Import, Keeper, composed, create_issuer, create_keys, enqueue, issued_now, log_origin
from jasyl.people import create_account, new_password
from jasyl.places import regions, regions_file
from jasyl.quantities import now_us
from jasyl.registry import load_enterprises, load_facilities, load_programmes, load_projects, starter_files
from jasyl.storage import Database, DataFolder, Kind, check_empty, check_reachable, create_folder, database_of
from jasyl.storage.s3_store import parse_address
from jasyl.texts import Language, Refusal, say

ADMINISTRATOR = "admin"
LICENCE = "facts with their sources, Apache-2.0"


def initialise(data: Path, starter: str, address: str | None, language: Language, segments: str | None = None) -> str:
    """Make ``data`` and give the first administrator's password, which is kept nowhere."""
    if DataFolder(data.absolute()).exists:
        raise Refusal("data-folder-taken", received=str(data))
    _check_free(data)
    kind: Kind = "training" if starter == "training" else "real"
    growing = data.absolute().with_name(f".{data.name}.growing")
    shutil.rmtree(growing, ignore_errors=True)
    if segments:
        parse_address(segments)
    folder = create_folder(growing, kind, address, segments)
    database = database_of(folder)
    fill = _fill if address is None else _fill_apart
    try:
        check_reachable(database)
        check_empty(database)
        password = fill(folder, database, starter, lambda step: typer.echo(f"  {say(language, f'init-step-{step}')}"))
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    finally:
        database.close()
    try:
        if data.exists():
            data.rmdir()
        growing.rename(data)
    except OSError as error:
        shutil.rmtree(growing, ignore_errors=True)
        raise _unwritable(data, error) from error
    return password


def _fill_apart(folder: DataFolder, database: Database, starter: str, tell: Callable[[str], None]) -> str:
    """:func:`_fill` in a database apart from the folder: what an interrupted start made there goes with it."""
    before = database.table_names()
    try:
        return _fill(folder, database, starter, tell)
    except BaseException:
        database.drop(database.table_names() - before)
        raise


def _check_free(data: Path) -> None:
    """Raises Refusal ``data-folder-not-empty`` or ``data-folder-unwritable`` before minutes of work."""
    try:
        taken = data.exists() and any(data.iterdir())
    except OSError as error:
        raise _unwritable(data, error) from error
    if taken:
        raise Refusal("data-folder-not-empty", received=str(data))


def _unwritable(data: Path, error: OSError) -> Refusal:
    return Refusal("data-folder-unwritable", received=str(data), reason=error.strerror or str(error))


def _fill(folder: DataFolder, database: Database, starter: str, tell: Callable[[str], None]) -> str:
    tell("tables")
    database.migrate()
    create_keys(folder)
    create_issuer(folder, database)
    password = new_password()
    with database.writing() as connection:
        create_account(connection, ADMINISTRATOR, password, frozenset({"administrator", "agency"}))
    tell("regions")
    _record_import(folder, database, "regions", *regions_file(), len(regions()), regions()[0].source)
    if starter == "kazakhstan":
        tell("facilities")
        _load_kazakhstan(folder, database)
        tell("readings")
        _load_readings(folder, database)
    if starter == "training":
        tell("training")
        _load_training(folder, database)
    if starter != "empty":
        tell("atlas")
        _build_atlas(folder, database)
        _keep_inventories(folder, database)
    tell("log")
    with Keeper(folder, database) as keeper:
        keeper.drain()
    return password


def _load_kazakhstan(folder: DataFolder, database: Database) -> None:
    with database.writing() as connection:
        load_enterprises(connection)
        load_facilities(connection)
        load_projects(connection)
        load_programmes(connection)
        store(connection, load_facts())
        keep_published_outputs(connection, now_us())
        load_example_accounts(connection, folder, now_us())
    for name, digest in starter_files().items():
        _record_import(folder, database, f"starter {name}", name, digest, 0, "see the source of each row")


def _load_readings(folder: DataFolder, database: Database) -> None:
    from jasyl.monitoring.reference_plant import load_reference_plant  # noqa: PLC0415  (loads DuckDB and pyarrow)

    load_reference_plant(database, folder, now_us(), log_origin=log_origin(folder))


def _load_training(folder: DataFolder, database: Database) -> None:
    from jasyl.cities.training_book import load_training_books  # noqa: PLC0415
    from jasyl.cities.training_records import load_training_records  # noqa: PLC0415
    from jasyl.emissions.plants import load_training_plants  # noqa: PLC0415
    from jasyl.monitoring.training import load_training  # noqa: PLC0415  (loads DuckDB and pyarrow)
    from jasyl.monitoring.training_plant import load_metered_plant  # noqa: PLC0415

    load_training(folder, database)
    with database.writing() as connection:
        load_training_books(connection)
        load_training_records(connection)
        load_training_plants(connection, folder)
        load_metered_plant(connection, folder, now_us())


def _keep_inventories(folder: DataFolder, database: Database) -> None:
    from jasyl.emissions.inventory.figures import AUTHOR, keep_examples  # noqa: PLC0415  (loads numpy)
    from jasyl.emissions.pathway.kept import keep_pathway  # noqa: PLC0415
    from jasyl.emissions.pathway.training import training_pathway  # noqa: PLC0415

    with database.writing() as connection:
        keep_examples(connection, folder, now_us())
        if folder.kind == "training":
            keep_pathway(connection, folder, training_pathway(), AUTHOR)


def _build_atlas(folder: DataFolder, database: Database) -> None:
    from jasyl.atlas import build_defaults  # noqa: PLC0415  (loads the geographic libraries)
    from jasyl.atlas.layer_record import layers_recorded  # noqa: PLC0415

    with layers_recorded(database, folder, "jasyl init"), database.reading() as connection:
        build_defaults(folder, connection)


def _record_import(
    folder: DataFolder, database: Database, what: str, name: str, digest: str, rows: int, source: str
) -> None:
    record = Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author="jasyl init",
        what=what,
        file_name=composed(name),
        sha256=digest,
        rows=rows,
        source=source,
        licence=LICENCE,
        actor="jasyl init",
    )
    with database.writing() as connection:
        enqueue(connection, record)
