"""Reports of fictional plants for a training folder: a plant of heat and power over three years, a gas boiler house.

Every number is made up and every document says so; they exist to show pages and to be tried out.
"""

import time
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.storage import DataFolder

from .figures import keep_plant_report, make_plant_figures, plant_subject
from .report import PlantReport, example, plant_report_of

AUTHOR = "training"
# Coal burnt and its calorific value: the plant burns less each year, of better coal.
_YEARS: dict[int, tuple[str, str]] = {2022: ("1216000", "4105"), 2023: ("1198000", "4150"), 2024: ("1180000", "4180")}
_QUOTAS = {2022: "1980000", 2023: "1940000", 2024: "1900000"}


def training_reports() -> list[PlantReport]:
    """The fictional reports, oldest first."""
    return [*(_year(year) for year in _YEARS), _boilers()]


def load_training_plants(connection: sa.Connection, folder: DataFolder) -> int:
    """Keep the reports in a training folder with their figures; gives how many."""
    reports = training_reports()
    for report in reports:
        book = keep_plant_report(connection, folder, report, AUTHOR)
        make_plant_figures(connection, book, plant_subject(None, report.plant), "training", time.time_ns() // 1000)
    return len(reports)


def _year(year: int) -> PlantReport:
    last = example()
    if year == last.year:
        return last
    mass, value = _YEARS[year]
    coal, *others = last.fuels
    assert coal.calorific is not None
    calorific = msgspec.structs.replace(coal.calorific, value=Decimal(value), low=None, high=None,
                                        source=f"laboratory of the plant, weighted mean of {year}")  # fmt: skip
    quota = None if last.quota is None else msgspec.structs.replace(last.quota, amount=Decimal(_QUOTAS[year]))
    fuels = (msgspec.structs.replace(coal, amount=Decimal(mass), calorific=calorific), *others)
    return msgspec.structs.replace(last, year=year, fuels=fuels, quota=quota, stage="report", verification=None)


def _boilers() -> PlantReport:
    gas: dict[str, Any] = {
        "name": "Boilers 1 to 3, gas", "fuel": "natural_gas", "amount": "41500", "unit": "1000 m3",
        "uncertainty": "1.5", "tier": 2, "use": "supplied",
        "calorific": {"value": "8010", "unit": "kcal/m3", "source": "certificates of the supplier, 2024 (fictional)"},
    }  # fmt: skip
    power = {"name": "Pumps", "carrier": "electricity", "amount": "9800", "unit": "MWh", "factor": {"choice": "om"}}
    return plant_report_of(
        {
            "plant": "training-boiler-house-north", "name": "Training boiler house North (fictional)",
            "place": "KZ-75", "year": 2024, "stage": "report", "sector": "energy_industries", "series": "AR5",
            "methane": "split", "fuels": [gas], "bought": [power], "training": True,
            "sent_out": {"heat": {"amount": "302000", "unit": "Gcal"}},
            "quota": {"amount": "82000", "unit": "t", "covers": "CO2", "source": "fictional allocation"},
        }
    )  # fmt: skip
