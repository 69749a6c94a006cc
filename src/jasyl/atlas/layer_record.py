"""The ledger's record of a built layer: whichever way it was made, it is told here."""

from collections.abc import Generator
from contextlib import contextmanager

from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.quantities import sha256_hex
from jasyl.storage import Database, DataFolder

from .layer import Layer
from .layer_catalogue import catalogue


def record_layer(database: Database, folder: DataFolder, layer: Layer, actor: str) -> str:
    """Tell the ledger that ``layer`` stands: the hash of its record, its sources and their licences; the record's id.

    Comes after the layer stands in its place: an interruption in between is mended by building or loading again.
    """
    sources = "; ".join(f"{source.name}, {source.version}" for source in layer.sources)
    return record_file(
        database,
        folder,
        what=f"layer {layer.id}",
        file=f"{layer.id}.json",
        digest=sha256_hex(layer.canonical()),
        source=f"{sources}; {layer.method}" if sources else layer.method or "-",
        licence="; ".join(dict.fromkeys(source.licence for source in layer.sources)) or "-",
        actor=actor,
    )


def record_file(
    database: Database,
    folder: DataFolder,
    *,
    what: str,
    file: str,
    digest: str,
    source: str,
    licence: str,
    actor: str,
    rows: int = 0,
) -> str:
    """Tell the ledger that a file of the atlas stands; gives the record's id."""
    record = Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=actor,
        what=what,
        file_name=composed(file),
        sha256=digest,
        rows=rows,
        source=source,
        licence=licence,
        actor=actor,
    )
    with database.writing() as connection:
        return enqueue(connection, record)


@contextmanager
def layers_recorded(database: Database, folder: DataFolder, actor: str) -> Generator[None]:
    """Whatever layers are built inside are told to the ledger: all whose record is another one afterwards.

    Also when the work inside fails half-way: what stands by then is told.
    """
    before = {layer.id: layer for layer in catalogue(folder)}
    try:
        yield
    finally:
        for layer in catalogue(folder):
            if layer.state == "built" and layer != before.get(layer.id):
                record_layer(database, folder, layer, actor)
