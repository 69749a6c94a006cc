"""City books, verification, city pages."""

from .access import may_discuss, may_read, may_verify, may_write
from .attestation import Attestation, Readiness, attest, attestations, indicator_of, readiness
from .book import books, entries, history, write_entries, write_entry, year_of
from .city import City, cities, city
from .discussion import Message, Question, answer, ask, ask_of_findings, close_question, comment, questions
from .entry import BASES, ENTRY_LEVELS, GIVEN, ORIGINS, QUALITIES, Entry, EntryLevel, Origin, Quality
from .evaluation import answers, evaluation_of
from .evidence import EvidenceFile, evidence_files, keep_evidence, read_evidence
from .finding import SEVERITIES, Finding, Severity
from .findings import findings
from .verdicts import Verdict, judge, verdicts

__all__ = [
    "BASES",
    "ENTRY_LEVELS",
    "GIVEN",
    "ORIGINS",
    "QUALITIES",
    "SEVERITIES",
    "Attestation",
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
    "books",
    "cities",
    "city",
    "close_question",
    "comment",
    "entries",
    "evaluation_of",
    "evidence_files",
    "findings",
    "history",
    "indicator_of",
    "judge",
    "keep_evidence",
    "may_discuss",
    "may_read",
    "may_verify",
    "may_write",
    "questions",
    "read_evidence",
    "readiness",
    "verdicts",
    "write_entries",
    "write_entry",
    "year_of",
]
