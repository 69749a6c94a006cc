"""Where an installation keeps things: data folder, registry database, durable files."""

from .alone import alone
from .bulk import append_rows
from .database import METADATA, Database, check_reachable, database_of, kazakh_order
from .folder import DataFolder, Kind, check_writable, create_folder, open_folder, sync_directory, write_durably

__all__ = [
    "METADATA",
    "DataFolder",
    "Database",
    "Kind",
    "alone",
    "append_rows",
    "check_reachable",
    "check_writable",
    "create_folder",
    "database_of",
    "kazakh_order",
    "open_folder",
    "sync_directory",
    "write_durably",
]
