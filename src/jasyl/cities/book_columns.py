"""The columns of a city book as a file: the same in XLSX, CSV and, by their keys, JSON."""

from functools import cache

from jasyl.indicators import STATUSES
from jasyl.intake import Choice, Template, TemplateColumn
from jasyl.texts import Language, everywhere

from .entry import ENTRY_LEVELS, ORIGINS, QUALITIES

# Columns that tell what a data point is: written for people, locked in the template, never read.
TOLD = ("name", "category", "measured_in", "counts", "counts_against", "guidance", "result")
# Columns that people fill in, in the order of the sheet.
FILLED = (
    "numerator", "denominator", "value", "unit", "status", "origin", "quality", "dated", "note", "evidence",
    "proposal", "reason", "level", "parts",
)  # fmt: skip
# A note may hold what a sheet cell can; a book keeps less.
LONGEST_NOTE = 4_000
LONGEST_PARTS = 20_000


def said(message: str) -> dict[Language, str]:
    """A text in each language."""
    return dict(everywhere(message))


def choices_of(values: tuple[str, ...], message: str) -> tuple[Choice, ...]:
    """A list of keys with their words, messages ``<message>-<value>``."""
    return tuple(Choice(value, said(f"{message}-{value.replace('_', '-')}")) for value in values)


@cache
def book_template() -> Template:
    """The template of a city book: one row per data point."""
    return Template(
        "city-book",
        (
            _column("place", required=True, length=9, example="KZ-71"),
            _column("year", "integer", required=True, example="2024"),
            _column("catalogue", length=40, example="u4ssc"),
            _column("point", required=True, unique=True, length=80, example="EC.ICT.ICT.1C"),
            _column("name"),
            _column("category"),
            _column("measured_in"),
            _column("counts"),
            _column("counts_against"),
            _column("guidance"),
            _column("numerator", "decimal", example="300000"),
            _column("denominator", "decimal", example="400000"),
            # Yes and no stand here too, so it is read as text first.
            _column("value", example="75"),
            _column("result"),
            _column("unit", length=40, example="ppm"),
            _column("status", "choice", choices=choices_of(STATUSES, "indicator-status")),
            _column("origin", "choice", choices=choices_of(ORIGINS, "city-origin")),
            _column("quality", "choice", choices=choices_of(QUALITIES, "city-quality")),
            _column("dated", "date", example="2024-12-31"),
            _column("note", length=LONGEST_NOTE),
            _column("evidence", length=64),
            _column("proposal", length=80),
            _column("reason", length=LONGEST_NOTE),
            _column("level", "choice", choices=choices_of(ENTRY_LEVELS, "city-level")),
            _column("parts", length=LONGEST_PARTS, example="sex=female: 120 / 400"),
        ),
    )


@cache
def read_template() -> Template:
    """The same without the columns that only tell: whatever stands in those is not looked at."""
    whole = book_template()
    return Template(whole.name, tuple(column for column in whole.columns if column.key not in TOLD))


def _column(
    key: str,
    kind: str = "text",
    *,
    required: bool = False,
    unique: bool = False,
    length: int | None = None,
    choices: tuple[Choice, ...] = (),
    example: str | None = None,
) -> TemplateColumn:
    words = f"city-column-{key.replace('_', '-')}"
    return TemplateColumn(
        key,
        said(words),
        kind,  # type: ignore[arg-type]
        required=required,
        unique=unique,
        length=length,
        choices=choices,
        description=f"{words}-about",
        example=example,
    )
