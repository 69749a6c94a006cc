"""Models of stocks, construction chains and waste programmes kept as books of their place, by version."""

from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.facts import Book, books, get_book, keep_book
from jasyl.facts.book import BookKind, BookLevel
from jasyl.quantities import signable
from jasyl.storage import DataFolder

from .account import Account
from .account_book import keep_account
from .construction import ConstructionChain
from .stock_model import StockModel
from .waste import WasteProgramme

Kept = StockModel | ConstructionChain | WasteProgramme
KEPT_KINDS: dict[type[Any], BookKind] = {
    StockModel: "stock_model",
    ConstructionChain: "construction_chain",
    WasteProgramme: "waste_programme",
}


def keep_model(
    connection: sa.Connection, folder: DataFolder, document: Kept, author: str, *, publication: BookLevel = "public"
) -> Book:
    """Keep an examined document as the newest version of the book of its place and years (``2023-2045``)."""
    span = f"{document.first_year}-{document.last_year}"
    content = signable(msgspec.to_builtins(document, str_keys=True))
    kind = KEPT_KINDS[type(document)]
    return keep_book(connection, folder, kind, document.place, span, content, author, publication=publication)


def keep_document(connection: sa.Connection, folder: DataFolder, document: Kept | Account, author: str) -> Book:
    """Keep any examined document of this room, public, as the newest version of its book."""
    if isinstance(document, Account):
        return keep_account(connection, folder, document, author)
    return keep_model(connection, folder, document, author)


def kept_model(connection: sa.Connection, kind: type[Any], place: str) -> tuple[Any, Book] | None:
    """The document of a place that was kept last and is public, with its book; None where there is none."""
    book = newest_public_book(connection, KEPT_KINDS[kind], place)
    return None if book is None else (model_of(book, kind), book)


def newest_public_book(connection: sa.Connection, kind: BookKind, place: str) -> Book | None:
    """The book of a kind and place that was kept last and is public."""
    heads = [one for one in books(connection, kind, place) if one.publication == "public"]
    return get_book(connection, max(heads, key=lambda one: (one.recorded_at, one.id)).id) if heads else None


def model_of(book: Book, kind: type[Any]) -> Any:
    """The document a book holds."""
    return msgspec.convert(book.content, kind, str_keys=True, strict=False)
