"""Indicator catalogues, evaluation, scoring."""

from .benchmark_files import benchmark_table, house_benchmarks, layered, read_benchmarks
from .benchmarks import HOUSE, Benchmark, Benchmarks
from .catalogue import YES_NO, Catalogue, DataPoint, Direction, Indicator
from .catalogue_columns import catalogue_schema
from .catalogue_files import CATALOGUES, catalogue, read_catalogue
from .evaluation import Answer, Evaluation, GroupLevel, GroupScore, Reason, Scored, evaluate, value_of
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
    "Indicator",
    "Reason",
    "Rules",
    "Scored",
    "Status",
    "Words",
    "band_name",
    "benchmark_table",
    "catalogue",
    "catalogue_schema",
    "direction_name",
    "evaluate",
    "house_benchmarks",
    "layered",
    "read_benchmarks",
    "read_catalogue",
    "reason_name",
    "status_name",
    "unit_name",
    "value_of",
]
