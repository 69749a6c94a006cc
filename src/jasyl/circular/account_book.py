"""Accounts kept as books: whole, by version, told to the log."""

import sqlalchemy as sa

from jasyl.facts import Book, books, get_book, keep_book
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .account import Account, account_data
from .documents import convert_document


def period_of_account(account: Account) -> str:
    """The period under which a book is kept: ``id 2018-2025``; an account's id tells accounts of one place apart."""
    first, last = account.periods[0], account.periods[-1]
    return f"{account.id} {first}" if first == last else f"{account.id} {first}–{last}"


def keep_account(connection: sa.Connection, folder: DataFolder, account: Account, author: str) -> Book:
    """Keep an examined account as the newest version of its book."""
    content = account_data(account)
    return keep_book(connection, folder, "material_account", account.place, period_of_account(account), content, author)


def account_of(book: Book) -> Account:
    """The account that a book holds."""
    return convert_document(book.content, Account, f"{book.place} {book.period}")


def kept_account(connection: sa.Connection, identity: str) -> tuple[Book, Account]:
    """The newest version of the account ``identity``. Raises Refusal ``unknown-book``."""
    for head in books(connection, "material_account"):
        if head.period.partition(" ")[0] == identity:
            book = get_book(connection, head.id)
            return book, account_of(book)
    raise Refusal("unknown-book", received=identity)
