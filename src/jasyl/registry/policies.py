"""Programmes with their dated targets, and support open to projects."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from jasyl.texts import Language

from .tables import programme, source, support_measure, target


def programmes_and_targets(connection: sa.Connection) -> Sequence[sa.RowMapping]:
    """Every target with the names of its programme and its source, by programme and year."""
    names = (programme.c.name_kk, programme.c.name_ru, programme.c.name_en, programme.c.legal_acts)
    query = (
        sa.select(target, *names, source.c.text.label("source"), source.c.date.label("source_date"))
        .join(programme, programme.c.key == target.c.programme)
        .join(source, source.c.id == target.c.source_id)
        .order_by(programme.c.key, target.c.target_year, target.c.id)
    )
    return list(connection.execute(query).mappings())


def in_language(row: Mapping[Any, Any], column: str, language: Language) -> str | None:
    """The text of ``column`` of such a row in ``language``, or the English one where there is none."""
    own = None if language == "en" else row[f"{column}_{language}"]
    return own or (row[f"{column}_en"] if f"{column}_en" in row else row[column])


def support_measures(connection: sa.Connection) -> Sequence[sa.RowMapping]:
    """Every support measure with its source, by kind."""
    query = (
        sa.select(support_measure, source.c.text.label("source"), source.c.date.label("source_date"))
        .join(source, source.c.id == support_measure.c.source_id)
        .order_by(support_measure.c.kind, support_measure.c.key)
    )
    return list(connection.execute(query).mappings())
