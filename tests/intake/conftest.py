from decimal import Decimal

import pytest

from jasyl.intake import Choice, Template, TemplateColumn


def column(key, kind="text", kk=None, ru=None, en=None, **more):
    return TemplateColumn(
        key, {"kk": kk or f"{key} kk", "ru": ru or f"{key} ru", "en": en or f"{key} en"}, kind, **more
    )


@pytest.fixture(scope="session")
def facility():
    statuses = (
        Choice("operating", {"kk": "жұмыс істейді", "ru": "действует", "en": "operating"}, ("эксплуатация",)),
        Choice("planned", {"kk": "жоспарланған", "ru": "планируется", "en": "planned"}),
    )
    return Template(
        "facility",
        (
            column("name", kk="Атауы", ru="Название", en="Name", required=True),
            column("bin", "digits", kk="БСН", ru="БИН", en="BIN", length=12),
            column("capacity", "decimal", kk="Қуаты", ru="Мощность", en="Capacity", unit="MW", minimum=Decimal(0)),
            column("lon", "longitude", kk="Бойлық", ru="Долгота", en="Longitude"),
            column("lat", "latitude", kk="Ендік", ru="Широта", en="Latitude"),
            column("commissioned", "date", kk="Іске қосылған күні", ru="Дата ввода", en="Commissioned", past=True),
            column("status", "choice", kk="Мәртебесі", ru="Статус", en="Status", choices=statuses),
            column("units", "integer", kk="Саны", ru="Количество", en="Units"),
        ),
    )
