"""Books: documents kept of a place and a period, such as a city's greenhouse-gas inventory or a material account.

A book is kept whole, in canonical JSON, and never edited: a change is another version, and every version is told to
the ledger by its SHA-256, so that a figure made from a book can name exactly the bytes it was made from.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa
from ulid import ULID

from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.quantities import canonical_json, now_us, sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .tables import book_table

BookKind = Literal[
    "ghg_inventory", "ghg_pathway", "plant_report", "material_account", "building_stock", "stock_model",
    "construction_chain", "waste_programme",
]  # fmt: skip
BOOK_KINDS: tuple[BookKind, ...] = get_args(BookKind)
BookLevel = Literal["public", "aggregated", "closed"]


@dataclass(frozen=True)
class BookHead:
    """A version of a book without its content. ``digest`` is the SHA-256 of the content's canonical JSON."""

    id: str
    kind: BookKind
    place: str
    period: str
    version: int
    digest: str
    note: str
    author: str
    publication: BookLevel
    record_id: str
    recorded_at: int


@dataclass(frozen=True)
class Book(BookHead):
    """A version of a book with its ``content``: the JSON document as it was kept."""

    text: str

    @property
    def content(self) -> Any:
        """The document, parsed anew at each call."""
        return json.loads(self.text)


def keep_book(
    connection: sa.Connection,
    folder: DataFolder,
    kind: BookKind,
    place: str,
    period: str,
    content: object,
    author: str,
    *,
    note: str = "",
    publication: BookLevel = "public",
) -> Book:
    """Keep ``content`` (anything JSON can say) as the newest version of the book of ``place`` and ``period``.

    Kept again unchanged, at the same publication level, it stays the version it is. Part of the caller's transaction;
    the ledger's record names the digest, never the content. Raises Refusal ``unknown-book-kind``.
    """
    if kind not in BOOK_KINDS:
        raise Refusal("unknown-book-kind", received=kind, expected=", ".join(BOOK_KINDS))
    text = canonical_json(content)
    digest = sha256_hex(text)
    before = newest_book(connection, kind, place, period)
    if before is not None and (before.digest, before.publication) == (digest, publication):
        return before
    version = 1 if before is None else before.version + 1
    record = Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=author,
        what=kind,
        file_name=composed(f"{place} {period} version {version}"),
        sha256=digest,
        rows=1,
        source="book",
        licence="as its keeper says",
        actor=author,
    )
    record_id = enqueue(connection, record)
    head = BookHead(str(ULID()), kind, place, period, version, digest, note, author, publication, record_id, now_us())
    connection.execute(sa.insert(book_table).values(**vars(head), content=text.decode()))
    return Book(**vars(head), text=text.decode())


def newest_book(connection: sa.Connection, kind: BookKind, place: str, period: str) -> Book | None:
    """The version in force, or None where there is no such book."""
    found = sa.select(book_table).where(*_of(kind, place, period)).order_by(book_table.c.version.desc()).limit(1)
    row = connection.execute(found).mappings().first()
    return None if row is None else _book(row)


def get_book(connection: sa.Connection, identity: str) -> Book:
    """One version by its id. Raises Refusal ``unknown-book``."""
    row = connection.execute(sa.select(book_table).where(book_table.c.id == identity)).mappings().first()
    if row is None:
        raise Refusal("unknown-book", received=identity)
    return _book(row)


def book_versions(connection: sa.Connection, kind: BookKind, place: str, period: str) -> list[BookHead]:
    """Every version of one book, oldest first."""
    return _heads(connection, _of(kind, place, period))


def books(connection: sa.Connection, kind: BookKind, place: str | None = None) -> list[BookHead]:
    """The versions in force of all books of a kind (of one place), by place and period."""
    other = book_table.alias()
    newest = sa.select(sa.func.max(other.c.version)).where(
        other.c.kind == book_table.c.kind, other.c.place == book_table.c.place, other.c.period == book_table.c.period
    )
    conditions = [book_table.c.kind == kind, book_table.c.version == newest.scalar_subquery()]
    if place is not None:
        conditions.append(book_table.c.place == place)
    return _heads(connection, conditions)


def _of(kind: BookKind, place: str, period: str) -> list[sa.ColumnElement[bool]]:
    return [book_table.c.kind == kind, book_table.c.place == place, book_table.c.period == period]


def _heads(connection: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]]) -> list[BookHead]:
    table = book_table.c
    wanted = [column for column in table if column.name != "content"]
    query = sa.select(*wanted).where(*conditions).order_by(table.place, table.period, table.version)
    return [BookHead(**dict(row)) for row in connection.execute(query).mappings()]


def _book(row: sa.RowMapping) -> Book:
    values = dict(row)
    text = values.pop("content")
    return Book(**values, text=text)
