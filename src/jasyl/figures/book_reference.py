"""Books as inputs of figures: what a passport says of one."""

import sqlalchemy as sa

from jasyl.facts import get_book
from jasyl.texts import Refusal

from .figure import Reference
from .passport import Describer, Node


def book_describers() -> dict[str, Describer]:
    """What the passport of a statement says of a book: whose it is, which version, and its digest in the ledger."""
    return {"book": _said}


def _said(connection: sa.Connection, reference: Reference) -> Node:
    try:
        book = get_book(connection, reference.id)
    except Refusal:
        return Node(reference.kind, reference.id, {"digest": reference.hash})
    values: dict[str, str | int | bool | None] = {
        "book": book.kind, "place": book.place, "period": book.period, "version": book.version,
        "digest": book.digest, "author": book.author, "record": book.record_id,
        "current": book.digest == reference.hash,
    }  # fmt: skip
    return Node(reference.kind, reference.id, values)
