"""CSV as RFC 4180 says, streamed, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from jasyl.texts import Language

from .column import AnyColumn, Rows, header_of, in_unit, plain

# A text that begins so is a formula to a spreadsheet (OWASP, CSV injection). Those that already begin with
# apostrophes before such a sign get one more, so that reading can take exactly one away.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_FLUSH = 64 * 1024


def write_csv(
    columns: Sequence[AnyColumn], rows: Rows, language: Language, *, mark: bool = False, keys: bool = False
) -> Iterator[bytes]:
    """The table as UTF-8 CSV in chunks of about 64 KiB: commas, CRLF, quotes where needed, numbers with a point.

    ``mark`` puts a byte order mark in front, which Excel needs to see UTF-8; ``keys`` writes machine keys as headers
    instead of names in ``language``. A text that a spreadsheet would run as a formula gets a leading apostrophe;
    numbers never do. Choices are written as codes.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if mark:
        buffer.write("\ufeff")
    writer.writerow([column.key if keys else guarded(header_of(column, language)) for column in columns])
    for row in rows:
        cells = [_cell(column, row.get(column.key)) for column in columns]
        # A row of one empty cell would be a blank line.
        buffer.write('""\r\n') if cells == [""] else writer.writerow(cells)
        if buffer.tell() >= _FLUSH:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def guarded(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(column: AnyColumn, value: object) -> str:
    return guarded(value) if isinstance(value, str) else plain(in_unit(column, value))
