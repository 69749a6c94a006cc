"""The steps by which a published number was made, as rows: in the reader's words on a page, by field in files."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jasyl.figures import Node
from jasyl.quantities import UTC, civil_time

from .sheet import Column
from .visit import Visit

STEP_COLUMNS = (Column("step", "column-step"), Column("name", "column-name"), Column("said", "column-value"))

# Facts that are a choice of a list, by the kind of step: the messages of their values.
_CHOICES = {
    "figure": {"kind": "kind"},
    "city_entry": {"status": "indicator-status", "origin": "city-origin", "quality": "city-quality"},
}


# Facts that are numbers, whole or with all their decimals; a page writes them as its reader does.
_NUMBERS = {"value", "uncertainty", "completeness", "count", "expected", "sum", "position"}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)  # a value may also be a word
# So many sealed days stand among the other steps on a page; more of them are folded behind them.
_FEW_DAYS = 5


def shown_and_folded(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps that a page shows at once, and the sealed days it folds where they are many."""
    days = [row for row in rows if row["kind"] == "sealed_day"]
    return (rows, []) if len(days) <= _FEW_DAYS else ([row for row in rows if row["kind"] != "sealed_day"], days)


def step_rows(visit: Visit, node: Node, depth: int = 0) -> Iterator[dict[str, Any]]:
    """A row for each step, the one it was made from below it; the number of arrows is the depth."""
    said = ((name, value) for name, value in node.values.items() if value is not None)
    yield {
        "kind": node.kind,
        "step": "→ " * depth + visit.t(f"node-{node.kind.replace('_', '-')}"),
        "name": node.id,
        "said": "; ".join(_worded(visit, node.kind, name, value) if visit.form == "html" else f"{name}: {value}"
                          for name, value in said),
    }  # fmt: skip
    for child in node.children:
        yield from step_rows(visit, child, depth + 1)


def _worded(visit: Visit, kind: str, name: str, value: Any) -> str:
    what, _, parameter = name.partition(" ")
    label = visit.t(f"node-field-{what.replace('_', '-')}")
    if isinstance(value, bool):
        value = visit.t("yes" if value else "no")
    elif choices := _CHOICES.get(kind, {}).get(name):
        value = visit.t(f"{choices}-{value.replace('_', '-')}")
    elif name == "published_at":
        value = f"{civil_time(value, UTC)} UTC"
    elif name in _NUMBERS and _NUMBER.fullmatch(str(value)):
        value = visit.number(Decimal(value), len(str(value).partition(".")[2]))
    return f"{label} {parameter}: {value}" if parameter else f"{label}: {value}"
