"""Any file that may hold a table, as tables."""

from pathlib import Path

from .delimited import read_delimited
from .geojson import read_geojson
from .limits import LIMITS, Limits
from .sheet import read_workbook
from .source import open_source
from .table import Table


def read_tables(given: Path | str | bytes, name: str | None = None, *, limits: Limits = LIMITS) -> list[Table]:
    """The tables of a CSV, TSV, XLSX, ODS or GeoJSON file, or of a zip that holds exactly one of these.

    ``given`` is a path or the bytes; ``name`` is what people call the file (needed with bytes). The kind is told by
    content. Always at least one table. Raises Refusal with file, sheet and row; nothing else for any content.
    """
    source = open_source(given, name, limits)
    match source.kind:
        case "delimited":
            return [read_delimited(source)]
        case "geojson":
            return [read_geojson(source)]
        case _:
            return read_workbook(source)
