"""Where an installation keeps things: data folder, registry database, durable files."""

from .alone import alone
from .bulk import append_rows
from .database import METADATA, Database, check_empty, check_reachable, database_of, is_away, kazakh_order
from .folder import DataFolder, Kind, check_writable, create_folder, open_folder, sync_directory, write_durably
from .segment_store import LocalStore, SegmentStore, StoredFile, segment_store

__all__ = [
    "METADATA",
    "DataFolder",
    "Database",
    "Kind",
    "LocalStore",
    "SegmentStore",
    "StoredFile",
    "alone",
    "append_rows",
    "check_empty",
    "check_reachable",
    "check_writable",
    "create_folder",
    "database_of",
    "is_away",
    "kazakh_order",
    "open_folder",
    "segment_store",
    "sync_directory",
    "write_durably",
]
