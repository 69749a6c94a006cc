"""A copy of a log as static files that any web server can offer and anybody can check."""

from pathlib import Path

from jasyl.storage import DataFolder, sync_directory, write_durably
from jasyl.texts import Refusal

from .checkpoint import read_checkpoint
from .keys import FROZEN, PAST, POLICY
from .log import Log
from .published import CHECKPOINT
from .tiles import tiles_of


def export_log(folder: DataFolder | Path, target: Path) -> int:
    """Copy checkpoint, policy, tiles and bundles to ``target``, an empty or new folder; gives the number of files.

    The copy is of one moment even while the log grows: the newest checkpoint, or the newest that a quorum of witnesses
    cosigned where the policy demands one. The checkpoint is written last: a copy without one is not
    finished. Raises Refusal ``log-export-target``, ``log-missing``, ``log-damaged``.
    """
    log = Log(folder)
    try:
        checkpoint = log.proven_by()
    except Refusal as refusal:
        if refusal.code != "log-unwitnessed":
            raise
        checkpoint = log.checkpoint_bytes()  # a check of the copy will say that it is unwitnessed
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise Refusal("log-export-target", received=str(target))
    except OSError as error:
        raise Refusal("data-folder-unwritable", received=str(target), reason=error.strerror) from error
    count = 0
    for tile in tiles_of(read_checkpoint(checkpoint).size):
        content = log.read(str(tile))
        if content is None:
            raise Refusal("log-damaged", received=str(tile))
        file = target / str(tile)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        count += 1
    for file in [*log.path.glob(f"{PAST}/*.policy"), *log.path.glob(f"{FROZEN}/*")]:
        copied = target / file.parent.name / file.name
        copied.parent.mkdir(exist_ok=True)
        copied.write_bytes(file.read_bytes())
        count += 1
    write_durably(target / POLICY, log.policy.encode())
    write_durably(target / CHECKPOINT, checkpoint)
    sync_directory(target)
    return count + 2
