"""Readings, rollups, performance, dynamics of introduction and development.

Depends on DuckDB and pyarrow only when readings are touched; importing the room loads neither.
"""

from .amounts import AMOUNTS, indicator_of
from .compaction import Tidied, compact, damaged, fragmented, orphans, tidy
from .csv_import import ImportReport, LineRefusal, SheetMapping, SheetRow, import_sheet, rows_of, with_series
from .definitions import definition_of, definitions
from .dynamics import Apart, Dynamics, Progress, dynamics, progress
from .dynamics_row import DIMENSIONS, Dimension, DynamicsRow, Invested, MeteredAmount
from .facility_figures import facility_indicators, make_figure
from .metered_years import MeteredYears, metered_years
from .methods import changes, describers, gatherers
from .performance import Performance, capacity_factor, specific_yield
from .reading_file import take_readings
from .readings import Batch, Receipt, RefusedReading, Source, append
from .rollup_table import TouchedPeriod, hourly, rebuild, roll_up
from .rollup_table import load as load_rollups
from .rollups import Rollups
from .sealing import Mismatch, SealedDay, check_sealed, seal_days, sealed_day_of, sealed_days, sealed_readings
from .segments import Readings
from .segments import read as read_readings
from .series import SeriesDefinition, SeriesKind, Trust, check_series
from .training import TrainingSummary, load_training, training_faults
from .training_faults import Fault, truth_csv
from .upkeep import Housekeeping, Upkeep, bring_up_to_date, figure_kind, house_kept_on, keep_house
from .verification import FolderReport, verify_folder

__all__ = [
    "AMOUNTS",
    "DIMENSIONS",
    "Apart",
    "Batch",
    "Dimension",
    "Dynamics",
    "DynamicsRow",
    "Fault",
    "FolderReport",
    "Housekeeping",
    "ImportReport",
    "Invested",
    "LineRefusal",
    "MeteredAmount",
    "MeteredYears",
    "Mismatch",
    "Performance",
    "Progress",
    "Readings",
    "Receipt",
    "RefusedReading",
    "Rollups",
    "SealedDay",
    "SeriesDefinition",
    "SeriesKind",
    "SheetMapping",
    "SheetRow",
    "Source",
    "Tidied",
    "TouchedPeriod",
    "TrainingSummary",
    "Trust",
    "Upkeep",
    "append",
    "bring_up_to_date",
    "capacity_factor",
    "changes",
    "check_sealed",
    "check_series",
    "compact",
    "damaged",
    "definition_of",
    "definitions",
    "describers",
    "dynamics",
    "facility_indicators",
    "figure_kind",
    "fragmented",
    "gatherers",
    "hourly",
    "house_kept_on",
    "import_sheet",
    "indicator_of",
    "keep_house",
    "load_rollups",
    "load_training",
    "make_figure",
    "metered_years",
    "orphans",
    "progress",
    "read_readings",
    "rebuild",
    "roll_up",
    "rows_of",
    "seal_days",
    "sealed_day_of",
    "sealed_days",
    "sealed_readings",
    "specific_yield",
    "take_readings",
    "tidy",
    "training_faults",
    "truth_csv",
    "verify_folder",
    "with_series",
]
