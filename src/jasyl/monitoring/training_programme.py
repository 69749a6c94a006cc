"""The programme of the fictional country: targets of every state, to see what progress looks like."""

from decimal import Decimal

import sqlalchemy as sa

from jasyl.registry import source_id
from jasyl.registry.tables import programme, target

from .target_measures import TRAINING_PROGRAMME, training_target_rows
from .training_register import LICENCE, SOURCE

_NAMES = {
    "name_kk": "Жасыл энергетиканың оқу бағдарламасы",
    "name_ru": "Учебная программа зелёной энергетики",
    "name_en": "Training programme of green energy",
}
_DATE = "2024-12-31"
_TEXTS = (
    "programme", "goal", "indicator", "indicator_kk", "indicator_ru", "region", "unit", "target_text", "target_text_kk",
    "target_text_ru",
)  # fmt: skip


def enter_programme(connection: sa.Connection) -> None:
    """Record the training programme and its targets, with the source of everything in the training starter."""
    rows = training_target_rows()
    goals = "; ".join(dict.fromkeys(row["goal"] for row in rows))
    head = {"key": TRAINING_PROGRAMME, **_NAMES, "levels": "national", "regions": "KZ", "goals": goals}
    connection.execute(sa.insert(programme), [head])
    said_by = source_id(connection, SOURCE, _DATE, LICENCE)
    targets = [
        {
            **{name: row[name] or None for name in _TEXTS},
            **{name: int(row[name]) if row[name] else None for name in ("base_year", "target_year")},
            **{name: Decimal(row[name]) if row[name] else None for name in ("base_value", "target_value")},
            "source_id": said_by,
            "confidence": "high",
            "confirmed": True,
        }
        for row in rows
    ]
    connection.execute(sa.insert(target), targets)
