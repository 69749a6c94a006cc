"""Kept pathways: books of a place under their base year."""

import sqlalchemy as sa

from jasyl.facts import Book, keep_book, newest_book
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..inventory.figures import kept_inventory
from ..inventory.totals import evaluate
from .document import Pathway, pathway_of
from .scenario import examine

KIND = "ghg_pathway"


def keep_pathway(connection: sa.Connection, folder: DataFolder, plan: Pathway, author: str) -> Book:
    """Keep a pathway; its base must agree with the kept inventory of its base year, where there is one.

    Raises the first Refusal of :func:`.scenario.examine`, and ``inventory-training-place``.
    """
    if plan.training and folder.kind != "training":
        raise Refusal("inventory-training-place", received=plan.place)
    kept = kept_inventory(connection, plan.place, plan.base_year)
    wrong = examine(plan, evaluate(kept[1]) if kept else None)
    if wrong:
        raise wrong[0]
    return keep_book(connection, folder, KIND, plan.place, str(plan.base_year), plan.as_data(), author)


def kept_pathway(connection: sa.Connection, place: str, year: int | str) -> tuple[Book, Pathway] | None:
    """The pathway in force of a place and base year."""
    book = newest_book(connection, KIND, place, str(year))
    return None if book is None else (book, pathway_of(book.content))
