"""Indicator catalogues, evaluation, scoring."""

from .benchmark_files import benchmark_table, house_benchmarks, layered, read_benchmarks
from .benchmarks import HOUSE, Benchmark, Benchmarks
from .catalogue import YES_NO, Catalogue, DataPoint, Direction, Indicator
from .catalogue_columns import catalogue_schema
from .catalogue_files import CATALOGUES, catalogue, read_catalogue
from .disaggregation import Part, Shown, disaggregate, missing_breakdowns, parts_of
from .evaluation import Answer, Evaluation, GroupLevel, GroupScore, Reason, Scored, evaluate, value_of
from .next_band import GroupStep, Step, group_steps, step_up, steps_up
from .outlook import NotProjectable, Outlook, OutlookState, outlook
from .rules import BANDS, STATUSES, Band, Rules, Status
from .wording import band_name, direction_name, reason_name, status_name, unit_name
from .words import Words

__all__ = [
    "BANDS",
    "CATALOGUES",
    "HOUSE",
    "STATUSES",
    "YES_NO",
    "Answer",
    "Band",
    "Benchmark",
    "Benchmarks",
    "Catalogue",
    "DataPoint",
    "Direction",
    "Evaluation",
    "GroupLevel",
    "GroupScore",
    "GroupStep",
    "Indicator",
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
    "benchmark_table",
    "catalogue",
    "catalogue_schema",
    "direction_name",
    "disaggregate",
    "evaluate",
    "group_steps",
    "house_benchmarks",
    "layered",
    "missing_breakdowns",
    "outlook",
    "parts_of",
    "read_benchmarks",
    "read_catalogue",
    "reason_name",
    "status_name",
    "step_up",
    "steps_up",
    "unit_name",
    "value_of",
]
