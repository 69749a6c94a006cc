"""Files people take away: CSV, XLSX, GeoJSON, later PDF."""

from .blank import template_workbook, templates_workbook
from .column import About, AnyColumn, Column
from .delimited import write_csv
from .document import write_geojson, write_json
from .workbook import write_workbook, write_xlsx

__all__ = [
    "About",
    "AnyColumn",
    "Column",
    "template_workbook",
    "templates_workbook",
    "write_csv",
    "write_geojson",
    "write_json",
    "write_workbook",
    "write_xlsx",
]
