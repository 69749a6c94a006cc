"""A fictional plant of a training folder whose report is fed by its own meter: a biomass boiler house of the register.

The heat it sent out is the figure of its meter, as complete as the readings are; the straw it burnt is typed and made
up.
"""

import sqlalchemy as sa

from jasyl.emissions.plants import (
    PlantReport,
    keep_plant_report,
    make_plant_figures,
    metered_amounts,
    plant_report_of,
    plant_subject,
)
from jasyl.facts import Book
from jasyl.people import OPERATOR
from jasyl.registry import facility_by_key
from jasyl.storage import DataFolder

from .plant_meters import make_plant_amounts
from .training import MONTHS

METERED_PLANT = "training-facility-062"
AUTHOR = "training"


def metered_report(name: str, region: str, year: int) -> PlantReport:
    """The report of a year: straw burnt, heat as its meter counted it."""
    straw = {
        "name": "Straw, boilers 1 and 2", "fuel": "other_primary_solid_biomass", "amount": "1450", "unit": "t",
        "uncertainty": "5", "tier": 1, "use": "supplied", "source": "weighbridge (fictional)",
    }  # fmt: skip
    return plant_report_of(
        {
            "plant": METERED_PLANT, "name": name[:120], "place": region, "year": year, "stage": "report",
            "sector": "energy_industries", "series": "AR5", "methane": "unsplit", "fuels": [straw], "training": True,
            "sent_out": {"heat": {"meter": "heat.supplied"}},
        }
    )  # fmt: skip


def load_metered_plant(connection: sa.Connection, folder: DataFolder, now: int) -> Book | None:
    """Keep the report of the year that the training readings end in, with the figures of its meter and its own.

    None where the register has no such facility.
    """
    facility = facility_by_key(connection, METERED_PLANT, OPERATOR)
    if facility is None:
        return None
    report = metered_report(str(facility["name_en"]), str(facility["region"]), int(MONTHS[-1][:4]))
    make_plant_amounts(connection, facility, report, "training", now)
    subject = plant_subject(facility, report.plant)
    metered = metered_amounts(connection, report, subject, "training")
    book = keep_plant_report(connection, folder, report, AUTHOR, metered=metered)
    make_plant_figures(connection, book, subject, "training", now)
    return book
