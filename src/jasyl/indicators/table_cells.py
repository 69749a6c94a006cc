"""Cells of tables that people keep of indicators, by the name of their column."""

from collections.abc import Sequence
from decimal import Decimal

from jasyl.intake import Row, Table, decimal, text
from jasyl.texts import Refusal


def texts_of(table: Table, row: Row, columns: Sequence[str]) -> dict[str, str]:
    """What stands in each of ``columns``; empty where nothing does or the table has no such column."""
    return {
        column: text(row[column].raw, guarded=table.guarded) or "" if column in table.header else ""
        for column in columns
    }


def number_of(table: Table, row: Row, column: str) -> Decimal | None:
    """The number in a cell. Raises Refusal ``not-number`` and the like, with the cell."""
    try:
        return decimal(row[column].raw)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=table.where(row.number, column), **refusal.arguments) from None
