"""Enterprises, facilities, installations, series, technologies, programmes."""

from .assertions import Recorded, Statement, as_of, history, rebuild, record, source_id
from .bin_number import check_digit, parse_bin
from .fields import Kind, Provenance, asserted_fields
from .listing import (
    FacilityFilter,
    PublishedOutput,
    Totals,
    facilities,
    facility_by_key,
    owners_of,
    published_outputs,
    totals,
    visible,
)
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
    "STATUSES",
    "STATUS_GROUPS",
    "FacilityFilter",
    "Kind",
    "MapFamily",
    "Provenance",
    "PublishedOutput",
    "Recorded",
    "Statement",
    "Status",
    "Technology",
    "Totals",
    "as_of",
    "asserted_fields",
    "check_digit",
    "facilities",
    "facility_by_key",
    "family_name",
    "family_of",
    "history",
    "load_enterprises",
    "load_facilities",
    "load_programmes",
    "owners_of",
    "parse_bin",
    "published_outputs",
    "rebuild",
    "record",
    "resolve_technology",
    "source_id",
    "starter_files",
    "status_group",
    "technologies",
    "technology",
    "totals",
    "visible",
]
