"""Files behind entries: kept in the data folder under the SHA-256 of their bytes, never changed."""

from dataclasses import dataclass
from pathlib import PurePath

import sqlalchemy as sa

from jasyl.intake import check_size
from jasyl.ledger import composed
from jasyl.people import Actor
from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .access import demand, may_write
from .city import City
from .tables import evidence_table

MOST_BYTES = 20 * 2**20
# What people keep as evidence, by suffix. Nothing that a browser would run is among it.
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class EvidenceFile:
    """A kept file, without its bytes."""

    sha256: str
    file_name: str
    media_type: str
    size: int
    author: str
    recorded_at: int


def keep_evidence(
    connection: sa.Connection, folder: DataFolder, city: City, content: bytes, name: str, actor: Actor, now: int
) -> EvidenceFile:
    """Keep a file; the same bytes are kept once, under the name they came with first.

    Raises Refusal ``not-allowed``, ``city-evidence-kind``, ``file-too-large``, ``city-evidence-empty``.
    """
    demand(may_write(actor, city))
    plain = composed(PurePath(name.replace("\\", "/")).name)[:200]
    media_type = MEDIA_TYPES.get(PurePath(plain).suffix.lower())
    if media_type is None:
        raise Refusal("city-evidence-kind", received=plain[:80], expected=" ".join(MEDIA_TYPES))
    if not content:
        raise Refusal("city-evidence-empty", received=plain[:80])
    check_size(len(content), MOST_BYTES)
    digest = sha256_hex(content)
    known = evidence_files(connection, [digest]).get(digest)
    if known is not None:
        return known
    folder.evidence.mkdir(mode=0o700, exist_ok=True)
    write_durably(folder.evidence / digest, content)
    kept = EvidenceFile(digest, plain, media_type, len(content), actor.id, now)
    connection.execute(sa.insert(evidence_table).values(vars(kept)))
    return kept


def evidence_files(connection: sa.Connection, digests: list[str]) -> dict[str, EvidenceFile]:
    """The kept files of these hashes; unknown ones are left out."""
    if not digests:
        return {}
    query = sa.select(evidence_table).where(evidence_table.c.sha256.in_(digests))
    return {row["sha256"]: EvidenceFile(**row) for row in connection.execute(query).mappings()}


def read_evidence(folder: DataFolder, kept: EvidenceFile) -> bytes:
    """The bytes of a kept file. Raises Refusal ``city-evidence-lost`` when they are gone or no longer the same."""
    try:
        content = (folder.evidence / kept.sha256).read_bytes()
    except OSError:
        content = b""
    if sha256_hex(content) != kept.sha256:
        raise Refusal("city-evidence-lost", received=kept.file_name, expected=kept.sha256)
    return content
