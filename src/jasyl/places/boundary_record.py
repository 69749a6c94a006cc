"""The ledger's record of imported boundaries."""

from typing import TYPE_CHECKING

from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.storage import Database, DataFolder

if TYPE_CHECKING:
    from .boundary_import import ImportReport


def record_boundaries(
    database: Database,
    folder: DataFolder,
    report: "ImportReport",
    actor: str,
    *,
    source: str | None = None,
    licence: str | None = None,
) -> str:
    """Tell the ledger which file the boundaries now in force came from; gives the record's id.

    Comes after the file stands in its place: an interruption in between is mended by importing again.
    """
    record = Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=actor,
        what="boundaries",
        file_name=composed(report.file),
        sha256=report.sha256,
        rows=report.regions + report.districts,
        source=source or report.file,
        licence=licence or "as the file's owner says",
        actor=actor,
    )
    with database.writing() as connection:
        return enqueue(connection, record)
