"""Computed numbers, their methods and dependencies, and the statements somebody published."""

from .book_reference import book_describers
from .dependencies import mark_stale, store
from .figure import (
    Figure,
    Publication,
    Reference,
    StoredFigure,
    Subject,
    Watch,
    current,
    current_of,
    get,
    history,
    key_of,
)
from .method import FigureKind, Method, NoParameters, Outcome, Parameter, find, method, methods, retire
from .open_statements import open_rows, statements_csv, statements_jsonld
from .passport import Describer, Node, walk, walk_figure
from .passport_file import passport_file, weakest_level
from .published import FromSource, PublishedValue, published
from .published_outputs import keep_published_outputs
from .recomputation import Change, Gathered, Gatherer, Recomputation, Request, make, recompute
from .statement import Statement, found_outdated, in_force, last_outdated, outdated, publish
from .statement import get as get_statement
from .statement import newest as newest_statements
from .statement import of_subject as statements_of
from .wording import figure_value

__all__ = [
    "Change",
    "Describer",
    "Figure",
    "FigureKind",
    "FromSource",
    "Gathered",
    "Gatherer",
    "Method",
    "NoParameters",
    "Node",
    "Outcome",
    "Parameter",
    "Publication",
    "PublishedValue",
    "Recomputation",
    "Reference",
    "Request",
    "Statement",
    "StoredFigure",
    "Subject",
    "Watch",
    "book_describers",
    "current",
    "current_of",
    "figure_value",
    "find",
    "found_outdated",
    "get",
    "get_statement",
    "history",
    "in_force",
    "keep_published_outputs",
    "key_of",
    "last_outdated",
    "make",
    "mark_stale",
    "method",
    "methods",
    "newest_statements",
    "open_rows",
    "outdated",
    "passport_file",
    "publish",
    "published",
    "recompute",
    "retire",
    "statements_csv",
    "statements_jsonld",
    "statements_of",
    "store",
    "walk",
    "walk_figure",
    "weakest_level",
]
