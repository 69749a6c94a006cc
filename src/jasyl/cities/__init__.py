"""City books, verification, city pages."""

from .access import may_discuss, may_read, may_verify, may_write
from .attestation import Attestation, Readiness, attest, attestations, entry_describers, indicator_of, readiness
from .book import books, entries, history, write_entries, write_entry, year_of
from .book_document import book_schema
from .book_file import BookFile
from .book_out import BOOK_FORMATS, BookFormat, figure_name, figure_unit, point_name, point_unit, write_book
from .book_reading import read_book
from .city import City, cities, city, city_named
from .disclosure import shown_parts, without_small
from .discussion import Message, Question, answer, ask, ask_of_findings, close_question, comment, questions
from .entry import BASES, ENTRY_LEVELS, GIVEN, ORIGINS, QUALITIES, Entry, EntryLevel, Origin, Quality
from .evaluation import answers, evaluation_of
from .evidence import EvidenceFile, evidence_files, keep_evidence, read_evidence
from .finding import SEVERITIES, Finding, Severity
from .findings import findings
from .taking import BookReport, judged_file, take_book
from .verdicts import Verdict, judge, verdicts

__all__ = [
    "BASES",
    "BOOK_FORMATS",
    "ENTRY_LEVELS",
    "GIVEN",
    "ORIGINS",
    "QUALITIES",
    "SEVERITIES",
    "Attestation",
    "BookFile",
    "BookFormat",
    "BookReport",
    "City",
    "Entry",
    "EntryLevel",
    "EvidenceFile",
    "Finding",
    "Message",
    "Origin",
    "Quality",
    "Question",
    "Readiness",
    "Severity",
    "Verdict",
    "answer",
    "answers",
    "ask",
    "ask_of_findings",
    "attest",
    "attestations",
    "book_schema",
    "books",
    "cities",
    "city",
    "city_named",
    "close_question",
    "comment",
    "entries",
    "entry_describers",
    "evaluation_of",
    "evidence_files",
    "figure_name",
    "figure_unit",
    "findings",
    "history",
    "indicator_of",
    "judge",
    "judged_file",
    "keep_evidence",
    "may_discuss",
    "may_read",
    "may_verify",
    "may_write",
    "point_name",
    "point_unit",
    "questions",
    "read_book",
    "read_evidence",
    "readiness",
    "shown_parts",
    "take_book",
    "verdicts",
    "without_small",
    "write_book",
    "write_entries",
    "write_entry",
    "year_of",
]
