"""Reading people's files: encodings, separators, sheets, archives; every cell keeps its place."""

from .cells import Choice, ChoiceList, boolean, digits, text
from .coordinates import Box, coordinate
from .dates import PartialDate, date, day, moment
from .file import read_tables
from .form_fault import form_fault
from .form_place import choices_at, value_at
from .grid import Grid, column_letters, read_grids
from .json_document import LARGEST_JSON, read_json
from .limits import LIMITS, Limits
from .note import Note
from .numbers import decimal, integer, quantity
from .reading import Chunk, Problem, Reading, Report, read, stream
from .source import Source, check_size, open_source
from .table import Block, Cell, Row, Table
from .template import Mapped, Match, Template, TemplateColumn, choose, match, schema

__all__ = [
    "LARGEST_JSON",
    "LIMITS",
    "Block",
    "Box",
    "Cell",
    "Choice",
    "ChoiceList",
    "Chunk",
    "Grid",
    "Limits",
    "Mapped",
    "Match",
    "Note",
    "PartialDate",
    "Problem",
    "Reading",
    "Report",
    "Row",
    "Source",
    "Table",
    "Template",
    "TemplateColumn",
    "boolean",
    "check_size",
    "choices_at",
    "choose",
    "column_letters",
    "coordinate",
    "date",
    "day",
    "decimal",
    "digits",
    "form_fault",
    "integer",
    "match",
    "moment",
    "open_source",
    "quantity",
    "read",
    "read_grids",
    "read_json",
    "read_tables",
    "schema",
    "stream",
    "text",
    "value_at",
]
