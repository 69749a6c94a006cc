"""What a printed paper holds: blocks in the order of reading, ready-written texts, no numbers to format."""

import datetime as dt
from typing import Literal

import msgspec

from jasyl.texts import Language

# How a number came about; shown as a mark beside it, never left out.
Mark = Literal["observed", "published", "modelled", "allocated", "assumed", "bound", "plain"]


class Heading(msgspec.Struct, frozen=True, tag="heading", tag_field="block"):
    """A heading of a part."""

    text: str


class Text(msgspec.Struct, frozen=True, tag="text", tag_field="block"):
    """A paragraph; ``soft`` sets it small and grey, for remarks."""

    text: str
    soft: bool = False


class KeyNumber(msgspec.Struct, frozen=True):
    """One large number: what it is, the number as written, its unit, how it came about."""

    label: str
    value: str
    unit: str = ""
    mark: Mark = "plain"
    mark_text: str = ""
    note: str = ""


class Numbers(msgspec.Struct, frozen=True, tag="numbers", tag_field="block"):
    """Key numbers side by side, four to a row."""

    entries: tuple[KeyNumber, ...]


class Table(msgspec.Struct, frozen=True, tag="table", tag_field="block"):
    """A table of written cells; ``numeric`` names the columns (from 0) that are set to the right, ``widths`` are shares
    of the page's width. Under a heading that says the same the caption may be empty.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()


class Chart(msgspec.Struct, frozen=True):
    """An SVG picture with a caption; ``alternative`` says in words what it shows."""

    svg: str
    caption: str
    alternative: str


class Charts(msgspec.Struct, frozen=True, tag="charts", tag_field="block"):
    """Pictures side by side, ``columns`` to a row."""

    entries: tuple[Chart, ...]
    columns: int = 2


class Items(msgspec.Struct, frozen=True, tag="items", tag_field="block"):
    """A numbered list: sources, notes."""

    entries: tuple[str, ...]


Block = Heading | Text | Numbers | Table | Charts | Items


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A whole paper. ``digest`` (hexadecimal) stands at the foot of each page, so that a print can be matched with its
    data; ``day`` is the only date in the file. ``watermark`` is printed across every page.
    """

    title: str
    subtitle: str = ""
    lead: str = ""
    language: Language
    day: dt.date
    issuer: str = "Jasyl"
    digest: str = ""
    watermark: str | None = None
    blocks: tuple[Block, ...] = ()
