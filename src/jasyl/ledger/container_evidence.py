"""Keeping a verified container: the bytes under their hash in the data folder, an ``evidence`` record in the log."""

from collections.abc import Sequence

import sqlalchemy as sa

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .confidential_records import looks_personal
from .event_records import Evidence
from .outbox import enqueue
from .records import issued_now

MEDIA_TYPE = "application/pkcs7-signature"


def keep_container(
    connection: sa.Connection,
    folder: DataFolder,
    container: bytes,
    *,
    origin: str,
    author: str,
    actor: str,
    custodian: str,
    title: str,
    about: Sequence[str] = (),
) -> str:
    """Write a container that ``verify_container`` accepted and tell the log; gives the record's id.

    The record says hash, size, title and custodian; who signed stays in the container. Raises Refusal
    ``evidence-personal`` when the public texts hold a number or address of a person.
    """
    for text in (title, custodian):
        if looks_personal(text):
            raise Refusal("evidence-personal", received=text[:80])
    digest = sha256_hex(container)
    folder.evidence.mkdir(mode=0o700, exist_ok=True)
    write_durably(folder.evidence / digest, container)
    record = Evidence(
        log_origin=origin,
        issued=issued_now(),
        author=author,
        sha256=digest,
        size=len(container),
        media_type=MEDIA_TYPE,
        title=title,
        custodian=custodian,
        about=list(about),
        actor=actor,
    )
    return enqueue(connection, record)
