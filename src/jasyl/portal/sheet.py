"""The table of a page: the same columns for people, as CSV and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jasyl import papers
from jasyl.quantities import UNITS
from jasyl.texts import Language, say, write_given, write_number


@dataclass(frozen=True)
class Column:
    """A column: key of the row, message of its heading, and how its values are shown.

    ``unit`` is the UCUM code of its numbers; ``choices`` says that values are keys whose words are the messages
    ``<choices>-<value>``; ``link`` that ``<key>_link`` of the row holds an address; ``digits`` fixes decimals;
    ``number`` says that values are numbers whose unit stands in another column, ``given`` that they are and keep the
    decimals they were given with; ``files_only`` that it is left out of pages, where something else tells the same;
    ``folded`` that a page folds a list of values, parted by semicolons, under their count.
    """

    key: str
    heading: str
    unit: str | None = None
    choices: str | None = None
    link: bool = False
    digits: int | None = None
    number: bool = False
    files_only: bool = False
    given: bool = False
    folded: bool = False

    def label(self, language: Language) -> str:
        """Heading with unit."""
        head = say(language, self.heading)
        return f"{head}, {UNITS[self.unit].written(language)}" if self.unit else head

    def is_number(self) -> bool:
        return self.number or self.given or self.unit is not None or self.digits is not None

    def written(self, language: Language, value: Any) -> str:
        """``value`` for people."""
        if value is None or value == "":
            return "—"
        if self.choices:
            return say(language, f"{self.choices}-{str(value).replace('_', '-')}")
        if self.given and isinstance(value, int | Decimal):
            return write_given(language, value)
        if isinstance(value, int | float | Decimal) and self.is_number():
            return write_number(language, value, self.digits)
        return str(value)


@dataclass(frozen=True)
class Sheet:
    """Columns and rows with a caption. ``rows`` hold plain values (texts, numbers, None); ``<key>_note`` of a row is
    shown behind its value of ``key`` on pages, ``<key>_links`` (words and address of each) in its place."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    caption: str = ""

    @property
    def shown(self) -> list[Column]:
        """The columns of a page."""
        return [one for one in self.columns if not one.files_only]

    def as_csv(self, language: Language, watermark: str | None = None) -> bytes:
        """The rows by `papers.write_csv`, with the mark that spreadsheets need to see Kazakh letters.

        Values of a page are already in the unit of its heading, so the columns handed over carry none.
        ``watermark`` stands in a column of its own in every row: a row copied elsewhere still says what it is.
        """
        columns = [papers.Column(one.key, {language: one.label(language)}) for one in self.columns]
        rows = self.rows
        if watermark:
            columns.append(papers.Column("watermark", {language: say(language, "column-watermark")}))
            rows = [{**row, "watermark": watermark} for row in rows]
        return b"".join(papers.write_csv(columns, rows, language, mark=True))
