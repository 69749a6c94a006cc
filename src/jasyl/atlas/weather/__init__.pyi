from .chunk import MISSING, WeatherChunk, WeatherSource
from .conversion import Wish, convert
from .dataset import as_dataset
from .field import FIELDS, Field
from .memory import MemorySource
from .netcdf_source import NetCDFSource
from .record import StoreRecord
from .store import ZarrSource, open_store, stores, verify

__all__ = [
    "FIELDS",
    "MISSING",
    "Field",
    "MemorySource",
    "NetCDFSource",
    "StoreRecord",
    "WeatherChunk",
    "WeatherSource",
    "Wish",
    "ZarrSource",
    "as_dataset",
    "convert",
    "open_store",
    "stores",
    "verify",
]
