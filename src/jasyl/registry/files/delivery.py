"""A file, or the one row of a form, on its way into an installation: checked, recorded, and told to the ledger, or
none of it."""

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from jasyl.intake import LIMITS, Limits
from jasyl.jobs import Progress
from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.papers import write_csv
from jasyl.people import Actor
from jasyl.storage import Database, DataFolder
from jasyl.texts import Language, Refusal, Where

from ..assertions import Statement, record
from ..fields import Provenance, asserted_fields
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


# The source of a row that names none.
FORM = "form"


def take_row(
    database: Database, folder: DataFolder, what: FileName, cells: Mapping[str, str], actor: Actor
) -> ImportReport:
    """Take the row of a form in, by the keys of the template's columns: checked, allowed and recorded as a file of one
    row. A cell that is there and empty takes back what stood in its field. Without ``key`` the record is a new one.

    Raises Refusal ``record-there`` for a new record that would change one that is there already.
    """
    columns = [column for column in file_kind(what).template().columns if column.key in cells]
    content = b"".join(write_csv(columns, [dict(cells)], "en", keys=True))
    with database.writing() as connection:
        report = import_records(connection, what, content, FORM, actor)
        if not report.applied:
            return report
        recorded = report.recorded
        (key,) = (*recorded.new, *recorded.changed, *recorded.same)
        if not cells.get("key") and key not in recorded.new:
            raise Refusal("record-there", received=key)
        _take_back(connection, what, key, cells, actor)
        enqueue(connection, import_record(folder, report, actor))
    return report


def _take_back(connection: sa.Connection, what: FileName, key: str, cells: Mapping[str, str], actor: Actor) -> None:
    """Of a record that was there, the fields whose cells are empty now."""
    kind = file_kind(what).kind
    emptied = [name for name in asserted_fields(kind) if name in cells and not cells[name].strip()]
    said = Provenance(
        cells.get("source") or FORM,
        actor.id,
        cells.get("confidence") or "medium",
        cells.get("source_date") or None,
        level=cells.get("level") or "public",
    )
    record(connection, kind, [Statement(key, dict.fromkeys(emptied), said)])


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
