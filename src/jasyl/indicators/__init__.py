"""Indicator catalogues, evaluation, scoring."""

from .benchmark_files import benchmark_table, house_benchmarks, layered, read_benchmarks
from .benchmarks import HOUSE, RECALLED, WHY_NONE, Benchmark, Benchmarks, NoBenchmark
from .breakdown_files import Breakdowns, read_breakdowns
from .catalogue import YES_NO, Catalogue, DataPoint, Direction, Indicator
from .catalogue_columns import BREAKDOWNS, catalogue_schema
from .catalogue_files import CATALOGUES, catalogue, read_catalogue
from .disaggregation import By, Part, Shown, disaggregate, missing_breakdowns, parts_of
from .evaluation import Answer, Evaluation, GroupLevel, GroupScore, Reason, Scored, evaluate, value_of
from .evaluation_table import (
    GROUP_COLUMNS,
    POINT_COLUMNS,
    CityYear,
    breakdown_key,
    evaluation_columns,
    evaluation_csv,
    evaluation_data,
    group_rows,
    point_rows,
)
from .next_band import GroupStep, Step, group_steps, step_up, steps_up
from .ngsi_ld import ngsi_entities
from .outlook import NotProjectable, Outlook, OutlookState, outlook
from .rules import BANDS, STATUSES, Band, Rules, Status
from .sdmx import sdmx_csv, structure_id
from .sdmx_structure import sdmx_structure
from .turtle import catalogue_turtle, evaluation_turtle
from .wording import band_name, basis_name, direction_name, group_name, label_name, reason_name, status_name, unit_name
from .words import Words

__all__ = [
    "BANDS",
    "BREAKDOWNS",
    "CATALOGUES",
    "GROUP_COLUMNS",
    "HOUSE",
    "POINT_COLUMNS",
    "RECALLED",
    "STATUSES",
    "WHY_NONE",
    "YES_NO",
    "Answer",
    "Band",
    "Benchmark",
    "Benchmarks",
    "Breakdowns",
    "By",
    "Catalogue",
    "CityYear",
    "DataPoint",
    "Direction",
    "Evaluation",
    "GroupLevel",
    "GroupScore",
    "GroupStep",
    "Indicator",
    "NoBenchmark",
    "NotProjectable",
    "Outlook",
    "OutlookState",
    "Part",
    "Reason",
    "Rules",
    "Scored",
    "Shown",
    "Status",
    "Step",
    "Words",
    "band_name",
    "basis_name",
    "benchmark_table",
    "breakdown_key",
    "catalogue",
    "catalogue_schema",
    "catalogue_turtle",
    "direction_name",
    "disaggregate",
    "evaluate",
    "evaluation_columns",
    "evaluation_csv",
    "evaluation_data",
    "evaluation_turtle",
    "group_name",
    "group_rows",
    "group_steps",
    "house_benchmarks",
    "label_name",
    "layered",
    "missing_breakdowns",
    "ngsi_entities",
    "outlook",
    "parts_of",
    "point_rows",
    "read_benchmarks",
    "read_breakdowns",
    "read_catalogue",
    "reason_name",
    "sdmx_csv",
    "sdmx_structure",
    "status_name",
    "step_up",
    "steps_up",
    "structure_id",
    "unit_name",
    "value_of",
]
