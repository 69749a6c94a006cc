"""A file on its way into an installation: checked, recorded, and told to the ledger, or none of it."""

from pathlib import Path

from jasyl.intake import LIMITS, Limits
from jasyl.jobs import Progress
from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.people import Actor
from jasyl.storage import Database, DataFolder
from jasyl.texts import Language, Refusal, Where

from ..placing import place_check
from .importing import ImportReport, import_records
from .kind import FileName
from .kinds import file_kind


def take_file(
    database: Database,
    folder: DataFolder,
    what: FileName,
    file: Path | bytes,
    name: str,
    actor: Actor,
    *,
    language: Language,
    partial: bool = False,
    dry_run: bool = False,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file of ``what`` in one transaction with its record for the ledger.

    Points are compared with the declared regions and districts by the borders of the installation; warnings come in
    ``language``. ``dry_run`` does all of it and takes it back, so that the report is that of the real import.
    Raises Refusal as :func:`import_records`, and ``file-missing``.
    """
    try:
        content = file if isinstance(file, bytes) else file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=name), reason=error.strerror or str(error)) from error
    with database.writing(visible=not dry_run) as connection:
        borders = place_check(folder, language) if file_kind(what).located else None
        report = import_records(
            connection, what, content, name, actor, partial=partial, borders=borders, limits=limits, progress=progress
        )
        if dry_run:
            connection.rollback()
        elif report.applied:
            enqueue(connection, import_record(folder, report, actor))
    return report


def import_record(folder: DataFolder, report: ImportReport, actor: Actor) -> Import:
    """The ledger's record of an import."""
    return Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=actor.id,
        what=report.what,
        file_name=composed(report.file),
        sha256=report.sha256,
        rows=report.rows,
        source=report.file,
        licence="as the file's owner says",
        actor=actor.id,
    )
