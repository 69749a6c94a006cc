"""Files that people bring to the register and take away: one machinery, a description for each kind of record."""

from .delivery import import_record, take_file, take_row
from .enterprises import ENTERPRISE_KINDS, ENTERPRISE_SIZES, enterprise_template
from .exporting import FORMATS, Format, export_records, formats_of
from .facilities import facility_template
from .importing import ImportReport, import_records
from .installations import installation_template
from .kind import FILE_NAMES, FileKind, FileName
from .kinds import file_kind
from .measures import measure_template
from .projects import project_template
from .row_check import Borders

__all__ = [
    "ENTERPRISE_KINDS",
    "ENTERPRISE_SIZES",
    "FILE_NAMES",
    "FORMATS",
    "Borders",
    "FileKind",
    "FileName",
    "Format",
    "ImportReport",
    "enterprise_template",
    "export_records",
    "facility_template",
    "file_kind",
    "formats_of",
    "import_record",
    "import_records",
    "installation_template",
    "measure_template",
    "project_template",
    "take_file",
    "take_row",
]
