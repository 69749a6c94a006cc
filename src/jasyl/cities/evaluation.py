"""The evaluation of a city and year: the entries of its book against benchmarks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from jasyl.indicators import Answer, Benchmarks, Catalogue, Evaluation, Rules, evaluate

from .book import entries
from .entry import ENTRY_LEVELS, Entry, EntryLevel
from .verdicts import Verdict, verdicts


def answers(
    catalogue: Catalogue,
    book: Mapping[str, Entry],
    judged: Mapping[str, Verdict] | None = None,
    levels: Iterable[EntryLevel] = ENTRY_LEVELS,
) -> list[Answer]:
    """The entries of a book as evaluations take them; one that a verifier refused is ``not_verified``."""
    shown, found = frozenset(levels), list[Answer]()
    for point, entry in book.items():
        if not catalogue.has(point) or entry.level not in shown:
            continue
        verdict = (judged or {}).get(point)
        refused = verdict is not None and not verdict.verified and verdict.entry == entry.id and entry.is_given
        found.append(replace(entry.answer, status="not_verified") if refused else entry.answer)
    return found


def evaluation_of(
    connection: sa.Connection,
    place: str,
    year: int,
    catalogue: Catalogue,
    benchmarks: Benchmarks,
    rules: Rules | None = None,
    *,
    levels: Iterable[EntryLevel] = ("public",),
) -> Evaluation:
    """The evaluation of a book as it stands; by default of what everybody may see."""
    book = entries(connection, place, year, catalogue.id)
    judged = verdicts(connection, place, year, catalogue.id)
    return evaluate(catalogue, answers(catalogue, book, judged, levels), benchmarks, rules)
