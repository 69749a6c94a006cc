"""City books, verification, city pages."""

from .access import may_discuss, may_read, may_verify, may_write
from .book import books, entries, history, write_entries, write_entry, year_of
from .city import City, cities, city
from .entry import BASES, ENTRY_LEVELS, GIVEN, ORIGINS, QUALITIES, Entry, EntryLevel, Origin, Quality
from .evidence import EvidenceFile, evidence_files, keep_evidence, read_evidence
from .finding import SEVERITIES, Finding, Severity
from .findings import findings

__all__ = [
    "BASES",
    "ENTRY_LEVELS",
    "GIVEN",
    "ORIGINS",
    "QUALITIES",
    "SEVERITIES",
    "City",
    "Entry",
    "EntryLevel",
    "EvidenceFile",
    "Finding",
    "Origin",
    "Quality",
    "Severity",
    "books",
    "cities",
    "city",
    "entries",
    "evidence_files",
    "findings",
    "history",
    "keep_evidence",
    "may_discuss",
    "may_read",
    "may_verify",
    "may_write",
    "read_evidence",
    "write_entries",
    "write_entry",
    "year_of",
]
