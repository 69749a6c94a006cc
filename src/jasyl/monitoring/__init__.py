"""Readings, rollups, performance, dynamics of introduction and development.

Depends on DuckDB and pyarrow only when readings are touched; importing the room loads neither.
"""

from .amounts import AMOUNTS, indicator_of
from .backtest import Backtest, backtest
from .compaction import Tidied, compact, damaged, fragmented, orphans, tidy, unfit
from .csv_import import ImportReport, LineRefusal, SheetMapping, SheetRow, import_sheet, rows_of, with_series
from .decomposition import Decomposition, capacity_growth, lmdi, output_growth
from .definitions import definition_of, definitions
from .degradation import AgainstExpected, Degradation, availability, performance_against_expected, year_on_year
from .delivery import Batch, Outcome, Receipt, RefusedReading, Source
from .diffusion import MODELS, DiffusionFit, Forecast, fit_diffusion, forecast
from .diffusion_report import Curve, History, best_curve, curves, history, rows_of_forecast
from .dynamics import Apart, Dynamics, Progress, dynamics, progress
from .dynamics_figures import (
    DYNAMICS_INDICATORS,
    MEASURES,
    dynamics_gatherers,
    dynamics_indicator,
    dynamics_kind,
    dynamics_subject,
    make_dynamics_figure,
    register_describers,
)
from .dynamics_row import DIMENSIONS, Dimension, DynamicsRow, Invested, MeteredAmount
from .engine import DuckDB, Engine
from .facility_figures import facility_indicators, make_figure
from .metered_amounts import AmountRow, metered_amounts
from .metered_years import MeteredYears, metered_years
from .methods import changes, describers, gatherers
from .performance import Performance, capacity_factor, specific_yield
from .place_amounts import make_place_figure
from .reading_file import take_readings
from .readings import append, append_all, append_within
from .region_ranking import RANKING_MEASURES, SCALES, RankedRegion, RankingMeasure, Scale, rank_regions, region_scale
from .rollup_table import TouchedPeriod, hourly, rebuild, roll_up
from .rollup_table import load as load_rollups
from .rollups import Rollups
from .savings import Consumption, NormalisedSavings, Savings, measured_savings, normalised_savings
from .savings_readings import MeteredSpan, Span, consumption_series, metered_span, parse_span, read_temperatures
from .sealing import seal_days
from .seals import Mismatch, SealedDay, check_sealed, sealed_day_of, sealed_days, sealed_readings
from .segments import Readings
from .segments import read as read_readings
from .series import SeriesDefinition, SeriesKind, Trust, check_series
from .spark import Spark
from .target_progress import (
    TARGET_STATES,
    Assessment,
    TargetProgress,
    TargetState,
    assess,
    counted_states,
    target_progress,
)
from .training import TrainingSummary, load_training, training_faults
from .training_faults import Fault, truth_csv
from .upkeep import Housekeeping, Upkeep, bring_up_to_date, figure_kind, house_kept_on, keep_house
from .verification import FolderReport, verify_folder

__all__ = [
    "AMOUNTS",
    "DIMENSIONS",
    "DYNAMICS_INDICATORS",
    "MEASURES",
    "MODELS",
    "RANKING_MEASURES",
    "SCALES",
    "TARGET_STATES",
    "AgainstExpected",
    "AmountRow",
    "Apart",
    "Assessment",
    "Backtest",
    "Batch",
    "Consumption",
    "Curve",
    "Decomposition",
    "Degradation",
    "DiffusionFit",
    "Dimension",
    "DuckDB",
    "Dynamics",
    "DynamicsRow",
    "Engine",
    "Fault",
    "FolderReport",
    "Forecast",
    "History",
    "Housekeeping",
    "ImportReport",
    "Invested",
    "LineRefusal",
    "MeteredAmount",
    "MeteredSpan",
    "MeteredYears",
    "Mismatch",
    "NormalisedSavings",
    "Outcome",
    "Performance",
    "Progress",
    "RankedRegion",
    "RankingMeasure",
    "Readings",
    "Receipt",
    "RefusedReading",
    "Rollups",
    "Savings",
    "Scale",
    "SealedDay",
    "SeriesDefinition",
    "SeriesKind",
    "SheetMapping",
    "SheetRow",
    "Source",
    "Span",
    "Spark",
    "TargetProgress",
    "TargetState",
    "Tidied",
    "TouchedPeriod",
    "TrainingSummary",
    "Trust",
    "Upkeep",
    "append",
    "append_all",
    "append_within",
    "assess",
    "availability",
    "backtest",
    "best_curve",
    "bring_up_to_date",
    "capacity_factor",
    "capacity_growth",
    "changes",
    "check_sealed",
    "check_series",
    "compact",
    "consumption_series",
    "counted_states",
    "curves",
    "damaged",
    "definition_of",
    "definitions",
    "describers",
    "dynamics",
    "dynamics_gatherers",
    "dynamics_indicator",
    "dynamics_kind",
    "dynamics_subject",
    "facility_indicators",
    "figure_kind",
    "fit_diffusion",
    "forecast",
    "fragmented",
    "gatherers",
    "history",
    "hourly",
    "house_kept_on",
    "import_sheet",
    "indicator_of",
    "keep_house",
    "lmdi",
    "load_rollups",
    "load_training",
    "make_dynamics_figure",
    "make_figure",
    "make_place_figure",
    "measured_savings",
    "metered_amounts",
    "metered_span",
    "metered_years",
    "normalised_savings",
    "orphans",
    "output_growth",
    "parse_span",
    "performance_against_expected",
    "progress",
    "rank_regions",
    "read_readings",
    "read_temperatures",
    "rebuild",
    "region_scale",
    "register_describers",
    "roll_up",
    "rows_of",
    "rows_of_forecast",
    "seal_days",
    "sealed_day_of",
    "sealed_days",
    "sealed_readings",
    "specific_yield",
    "take_readings",
    "target_progress",
    "tidy",
    "training_faults",
    "truth_csv",
    "unfit",
    "verify_folder",
    "with_series",
    "year_on_year",
]
