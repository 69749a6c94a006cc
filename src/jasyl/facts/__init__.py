"""Sourced facts: value, unit, date, source, confidence."""

from .fact import BASES, CONFIDENCES, Basis, Confidence, Fact, confirmed_only, parse_period
from .package import Source, load_facts, sources
from .store import find, series_of, store
from .tables import fact_table
from .wording import metric_name, source_word, word, written_period

__all__ = [
    "BASES",
    "CONFIDENCES",
    "Basis",
    "Confidence",
    "Fact",
    "Source",
    "confirmed_only",
    "fact_table",
    "find",
    "load_facts",
    "metric_name",
    "parse_period",
    "series_of",
    "source_word",
    "sources",
    "store",
    "word",
    "written_period",
]
