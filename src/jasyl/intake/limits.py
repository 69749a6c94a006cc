"""What a file may be at most. One struct, so that a server and a test can be stricter."""

from dataclasses import dataclass

MEBI = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file from outside; every one of them is a refusal, never a silent cut.

    Attributes:
        file_bytes: size of the file as it arrives.
        unpacked_bytes: size of everything in an archive (or a workbook, which is one) once unpacked.
        ratio: unpacked ÷ packed size; judged only above ``ratio_from`` bytes, since small sheets of equal cells
            pack very well. DEFLATE cannot exceed 1032; real workbooks stay below 100.
        ratio_from: unpacked size from which ``ratio`` is judged.
        entries: files inside an archive.
        workbook_bytes: size of a workbook, or of GeoJSON, that has to be held in memory whole.
        cells: extent (rows × columns, empty ones included) of a sheet; the reader holds about 32 bytes for each.
        rows: rows of a table.
        columns: columns of a table.
        cell_chars: characters in a cell; the limit of Excel itself.
        line_chars: characters in one line of a delimited file.
        problems: problems told one by one; the rest is only counted.
    """

    file_bytes: int = 512 * MEBI
    unpacked_bytes: int = 2048 * MEBI
    ratio: int = 300
    ratio_from: int = 32 * MEBI
    entries: int = 2_000
    workbook_bytes: int = 256 * MEBI
    cells: int = 30_000_000
    rows: int = 2_000_000
    columns: int = 512
    cell_chars: int = 32_767
    line_chars: int = 4 * MEBI
    problems: int = 200


LIMITS = Limits()
