"""Sourced facts: value, unit, date, source, confidence; and books, the documents kept of a place and a period."""

from .book import (
    BOOK_KINDS,
    Book,
    BookHead,
    BookKind,
    BookLevel,
    book_versions,
    books,
    get_book,
    keep_book,
    newest_book,
)
from .citation import Citation, CitedWorks, citations
from .fact import BASES, CONFIDENCES, Basis, Confidence, Fact, confirmed_only, parse_period
from .package import Source, load_facts, package_file, sources
from .store import find, series_of, store
from .tables import book_table, fact_table
from .wording import metric_name, source_word, word, written_period

__all__ = [
    "BASES",
    "BOOK_KINDS",
    "CONFIDENCES",
    "Basis",
    "Book",
    "BookHead",
    "BookKind",
    "BookLevel",
    "Citation",
    "CitedWorks",
    "Confidence",
    "Fact",
    "Source",
    "book_table",
    "book_versions",
    "books",
    "citations",
    "confirmed_only",
    "fact_table",
    "find",
    "get_book",
    "keep_book",
    "load_facts",
    "metric_name",
    "newest_book",
    "package_file",
    "parse_period",
    "series_of",
    "source_word",
    "sources",
    "store",
    "word",
    "written_period",
]
