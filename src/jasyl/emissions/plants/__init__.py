"""Plants and enterprises: monitoring plan, annual report, verification, quota; scope 1 and 2 with passports."""

from .amounts import Metered
from .assessment import Balance, Energy, PlantResult, assess
from .figures import (
    PLANT_INDICATORS,
    keep_plant_report,
    make_plant_figures,
    metered_amounts,
    meters_of,
    plant_gatherers,
    plant_subject,
    report_of,
)
from .for_inventory import inventory_activities
from .lines import LineResult
from .report import PlantReport, example, plant_report_of, read_plant_json, report_schema
from .sensitivity import Sensitivity, sensitivity
from .sheet import fact_rows, facts_template, line_rows, lines_template, read_plant_sheet
from .training import load_training_plants, training_reports

__all__ = [
    "PLANT_INDICATORS",
    "Balance",
    "Energy",
    "LineResult",
    "Metered",
    "PlantReport",
    "PlantResult",
    "Sensitivity",
    "assess",
    "example",
    "fact_rows",
    "facts_template",
    "inventory_activities",
    "keep_plant_report",
    "line_rows",
    "lines_template",
    "load_training_plants",
    "make_plant_figures",
    "metered_amounts",
    "meters_of",
    "plant_gatherers",
    "plant_report_of",
    "plant_subject",
    "read_plant_json",
    "read_plant_sheet",
    "report_of",
    "report_schema",
    "sensitivity",
    "training_reports",
]
