"""Reading a city book from a file of any form."""

from pathlib import Path

from jasyl.indicators import Catalogue
from jasyl.texts import Refusal, Where

from .book_document import is_document, read_document
from .book_file import BookFile
from .book_table import read_table


def read_book(given: Path | bytes, name: str, *, catalogue: Catalogue | None = None) -> BookFile:
    """The book in a file; ``catalogue`` replaces the one that the file names.

    Cells that cannot be read are in its ``problems``. Raises Refusal of the file itself (damaged, no header, columns
    missing), ``city-book-json``, ``city-book-empty``, ``city-book-mixed``, ``city-unknown``, ``city-year``,
    ``catalogue-unknown``.
    """
    if not is_document(name):
        return read_table(given, name, catalogue)
    try:
        content = given if isinstance(given, bytes) else given.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(name), reason=error.strerror or str(error)) from error
    return read_document(content, name, catalogue)
