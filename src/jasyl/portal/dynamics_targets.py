"""Targets: how far the dated targets of programmes are reached, where something of the same definition is measured."""

from typing import Any

import sqlalchemy as sa

from jasyl.monitoring import TARGET_STATES, TargetProgress, counted_states, target_progress
from jasyl.places import region

from .islands import messages
from .page import Document, page
from .programmes import told
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("programme", "column-programme"),
    Column("indicator", "column-indicator"),
    Column("region", "column-region"),
    Column("state", "column-target-state", choices="target-state"),
    Column("unit", "column-unit"),
    Column("base", "column-base"),
    Column("target", "column-target", number=True),
    Column("year", "column-year"),
    Column("value", "column-last-value", digits=1),
    Column("last", "column-last-year"),
    Column("path", "column-path", digits=1),
    Column("linear", "column-linear", digits=1),
    Column("interval", "column-interval"),
    Column("completion", "column-completion"),
    Column("fitted", "column-fitted-completion"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
    Column("note", "column-note"),
    Column("source", "column-source"),
)


@page("/dynamics/targets", "Progress towards dated targets: base, path, projected completion, state")
def targets_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every target; those that something measures first, the others with the reason why nothing does."""
    found = target_progress(connection)
    ordered = sorted(found, key=lambda one: (one.measure is None, TARGET_STATES.index(one.assessment.state)))
    counts = counted_states(found)
    context = {
        "counts": [(visit.t(f"target-state-{key.replace('_', '-')}"), count) for key, count in counts.items() if count],
        "chart": _chart(visit, [one for one in ordered if one.assessment.share is not None]),
    }
    data = {"states": counts, "targets": [one.as_data() for one in ordered]}
    sheet = Sheet(COLUMNS, [target_row(visit, one) for one in ordered], visit.t("targets-progress-caption"))
    return Document("dynamics_targets.html", visit.t("targets-title"), data, sheet, context)


def _place(visit: Visit, code: str) -> str:
    if code == "KZ":
        return visit.t("country-name")
    return region(code).name(visit.language) if code.startswith("KZ-") else code


def _year(value: float | None) -> str | None:
    return None if value is None else str(round(value))


def target_row(visit: Visit, one: TargetProgress) -> dict[str, Any]:
    """A target with what is known about the way to it, as a row of a table."""
    row, found = one.target, one.assessment
    linear, fitted = found.linear, found.fitted
    interval = None
    if linear is not None and linear.low is not None and linear.high is not None:
        interval = f"{visit.number(linear.low, 1)} … {visit.number(linear.high, 1)}"
    base = row["base_value"]
    return {
        "programme": told(visit, row, "name") or row["programme"],
        "indicator": told(visit, row, "indicator"),
        "region": _place(visit, row["region"]),
        "state": found.state,
        "unit": visit.unit(row["unit"]),
        "base": None if base is None else f"{visit.number(base)} ({row['base_year'] or '—'})",
        "target": told(visit, row, "target_text") if row["target_value"] is None else row["target_value"],
        "year": row["target_year"],
        "value": found.value,
        "last": found.last,
        "path": found.path,
        "linear": None if linear is None else linear.at_target,
        "interval": interval,
        "completion": None if linear is None else _year(linear.completion),
        "fitted": None if fitted is None else _year(fitted.completion),
        "confirmation": "confirmed" if row["confirmed"] else "unconfirmed",
        "note": one.note.get(visit.language),
        "source": row["source"],
    }


def _chart(visit: Visit, rows: list[TargetProgress]) -> dict[str, Any] | None:
    """Share of the way from base to target."""
    if not rows:
        return None
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("targets-chart-title"),
        "description": visit.t("targets-chart-text"),
        "unit": "%",
        "mark": 100,
        "rows": [
            {
                "label": _label(visit, one.target),
                "value": (one.assessment.share or 0) * 100,
                "low": (one.assessment.share or 0) * 100,
                "high": (one.assessment.share or 0) * 100,
                "note": visit.t(f"target-state-{one.assessment.state.replace('_', '-')}"),
            }
            for one in rows
        ],
    }


def _label(visit: Visit, row: Any) -> str:
    """What tells targets apart comes first: the chart cuts long names."""
    unit = visit.unit(row["unit"]) or ""
    aim = f"{visit.number(row['target_value'])}{' × ' if unit[:1].isdigit() else ' '}{unit}".rstrip()
    return f"{row['target_year']}, {aim}: {told(visit, row, 'indicator')}"
