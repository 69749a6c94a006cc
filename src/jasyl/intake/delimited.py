"""Delimited text: separator, quotes, comments and preambles; read line by line in bounded memory."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TextIO, TypeVar

from jasyl.texts import Refusal, Where

from .encoding import Encoding, detect
from .note import Note, note
from .source import Source
from .table import TOP, Delimited, NumberedRow, Table, find_header

# Preferred in this order where the rows speak for several equally; a comma last, since it is also a decimal sign.
SEPARATORS = (";", "\t", "|", ",")
_PART = 1024 * 1024
_SAMPLE_LINES = 200
_SHOWN = {"\t": "tab"}
T = TypeVar("T")


def read_delimited(source: Source) -> Table:
    """The table of a CSV or TSV file.

    Raises Refusal ``encoding-unclear``, ``encoding-broken``, ``zero-byte``, ``line-too-long``, ``quote-open``,
    ``no-header``, ``too-many-columns``.
    """
    rows, notes, text = _opened(source)
    top = tuple(_take(rows(), TOP))
    number, header = find_header(top, source.name, None, source.limits)
    if number > 1:
        notes.append(note("header", Where(source.name), row=str(number)))
    table = Table(source.name, None, header, number, rows, source.limits, top=top, guarded=True, delimited=text)
    return replace(table, notes=tuple(notes))


def delimited_rows(source: Source) -> tuple[Callable[[], Iterator[NumberedRow]], list[Note]]:
    """Every row of a CSV or TSV file, read anew at each call, and how its encoding and separator were found."""
    rows, notes, _ = _opened(source)
    return rows, notes


def _opened(source: Source) -> tuple[Callable[[], Iterator[NumberedRow]], list[Note], Delimited]:
    with source.stream() as stream:
        encoding = detect(iter(lambda: stream.read(_PART), b""), source.name)
    separator = find_separator(_sample(source, encoding))

    def rows() -> Iterator[NumberedRow]:
        return _rows(source, encoding, separator)

    notes = [
        note("encoding", Where(source.name), encoding=encoding.called, evidence=encoding.evidence),
        note("separator", Where(source.name), separator=_SHOWN.get(separator, separator)),
    ]
    if source.entry:
        notes.insert(0, note("entry", Where(source.name), entry=source.entry))

    def content() -> bytes:
        with source.stream() as stream:
            return stream.read()

    return rows, notes, Delimited(content, encoding.codec, separator)


def find_separator(lines: Sequence[str]) -> str:
    """The separator under which most of the first rows have the same number of cells, more than one.

    A first line ``sep=;`` (written by spreadsheets) decides. Rows whose cells are all words count double:
    a decimal comma splits numbers, never a header.
    """
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if any(cell.strip() for cell in row)]
        except csv.Error:
            continue
        score = _consistency(rows)
        if score > best_score:
            best, best_score = separator, score
    return best


def _consistency(rows: Sequence[Sequence[str]]) -> float:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    header = next((row for row in rows if len(row) == width), ())
    is_worded = all(not any(sign.isdigit() for sign in cell) or any(sign.isalpha() for sign in cell) for cell in header)
    # A file of one header and one row must still decide, hence the weight of the width is small but not zero.
    return count / len(rows) * (2 if is_worded else 1) + 0.001 * min(width, 100)


def _sample(source: Source, encoding: Encoding) -> list[str]:
    with source.stream() as stream:
        text = io.TextIOWrapper(stream, encoding.codec, newline="", errors="replace")
        lines = [line for line in _take(_lines(text, source, check=False), _SAMPLE_LINES) if not line.startswith("#")]
        text.detach()
    return lines


def _rows(source: Source, encoding: Encoding, separator: str) -> Iterator[NumberedRow]:
    number = 0
    with source.stream() as stream:
        text = io.TextIOWrapper(stream, encoding.codec, newline="", errors="strict")
        reader = csv.reader(_lines(text, source), delimiter=separator, strict=False)
        try:
            for number, row in enumerate(reader, 1):
                yield number, row
        except csv.Error as error:
            raise Refusal("quote-open", where=Where(source.name, row=number + 1)) from error
        except UnicodeError as error:
            where = Where(source.name, row=number + 1)
            raise Refusal("encoding-broken", where=where, expected=encoding.called) from error


def _lines(text: TextIO, source: Source, *, check: bool = True) -> Iterator[str]:
    limit = source.limits.line_chars
    for number, line in enumerate(iter(lambda: text.readline(limit), ""), 1):
        if len(line) >= limit:
            raise Refusal("line-too-long", where=Where(source.name, row=number), expected=limit)
        if check and "\0" in line:
            raise Refusal("zero-byte", where=Where(source.name, row=number))
        yield line


def _take(iterator: Iterator[T], count: int) -> list[T]:
    return [item for item, _ in zip(iterator, range(count), strict=False)]
