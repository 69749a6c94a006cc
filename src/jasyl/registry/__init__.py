"""Enterprises, facilities, installations, series, technologies, programmes."""

from .adoption import AdoptionRow, adoption_table
from .assertions import Recorded, Statement, as_of, history, latest_assertion, rebuild, record, source_id
from .bin_number import check_digit, parse_bin
from .duplicates import Pair, likely_duplicates, merge, unmerge
from .facility_file import take_facilities
from .facility_import import ImportReport, import_facilities
from .facility_template import facility_template
from .fields import Kind, Provenance, asserted_fields
from .listing import (
    FacilityFilter,
    PublishedOutput,
    Totals,
    enterprise_id_of,
    enterprises,
    facilities,
    facilities_as_of,
    facility_by_id,
    facility_by_key,
    owners_of,
    published_outputs,
    totals,
    visible,
)
from .map_overview import OverviewSign, map_overview
from .map_points import SIZE_CLASSES_W, MapPoints, load_map_points
from .policies import programmes_and_targets, support_measures
from .series import Series, add_series, every_series, series_by_key, series_of
from .starter import load_enterprises, load_facilities, load_programmes, starter_files
from .statuses import AT_WORK, COMING, STATUS_GROUPS, STATUSES, Status, status_group
from .taxonomy import (
    MAP_FAMILIES,
    MapFamily,
    Technology,
    family_name,
    family_of,
    resolve_technology,
    technologies,
    technology,
)

__all__ = [
    "AT_WORK",
    "COMING",
    "MAP_FAMILIES",
    "SIZE_CLASSES_W",
    "STATUSES",
    "STATUS_GROUPS",
    "AdoptionRow",
    "FacilityFilter",
    "ImportReport",
    "Kind",
    "MapFamily",
    "MapPoints",
    "OverviewSign",
    "Pair",
    "Provenance",
    "PublishedOutput",
    "Recorded",
    "Series",
    "Statement",
    "Status",
    "Technology",
    "Totals",
    "add_series",
    "adoption_table",
    "as_of",
    "asserted_fields",
    "check_digit",
    "enterprise_id_of",
    "enterprises",
    "every_series",
    "facilities",
    "facilities_as_of",
    "facility_by_id",
    "facility_by_key",
    "facility_template",
    "family_name",
    "family_of",
    "history",
    "import_facilities",
    "latest_assertion",
    "likely_duplicates",
    "load_enterprises",
    "load_facilities",
    "load_map_points",
    "load_programmes",
    "map_overview",
    "merge",
    "owners_of",
    "parse_bin",
    "programmes_and_targets",
    "published_outputs",
    "rebuild",
    "record",
    "resolve_technology",
    "series_by_key",
    "series_of",
    "source_id",
    "starter_files",
    "status_group",
    "support_measures",
    "take_facilities",
    "technologies",
    "technology",
    "totals",
    "unmerge",
    "visible",
]
