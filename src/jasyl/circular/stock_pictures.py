"""Stocks for the eye and for spreadsheets: curves, cohorts, columns of the results."""

import numpy as np

from jasyl.papers import Column
from jasyl.papers.chart import Chart, Curve, line_chart
from jasyl.quantities import written_unit
from jasyl.texts import Language, everywhere, say

from .stock_model import StockRun

_SHOWN = 6  # curves that one chart bears
_NUMBERS = ("stock", "inflow", "outflow")


def stock_columns() -> tuple[Column, ...]:
    """The columns of `StockRun.rows` with headings in three languages."""
    kinds = {"year": "integer", **dict.fromkeys(_NUMBERS, "decimal")}
    names = ("product", "region", "year", *_NUMBERS, "unit", "kind", "input_kind")
    return tuple(
        Column(name, everywhere(f"circular-column-{name.replace('_', '-')}"), kinds.get(name, "text")) for name in names
    )


def stock_chart(run: StockRun, language: Language) -> str:
    """Stock by product, stacked: the largest apart, the others together."""
    model = run.model
    order = sorted(run.series, key=lambda one: -float(one.stock.max()))
    curves = [
        Curve(
            one.product.title or " ".join((one.product.id, one.product.region)).strip(),
            model.years,
            list(one.stock),
            "area",
        )
        for one in order[:_SHOWN]
    ]
    rest = order[_SHOWN:]
    if rest:
        amounts = np.sum([one.stock for one in rest], axis=0)
        curves.append(Curve(say(language, "circular-others"), model.years, list(amounts), "area"))
    return line_chart(
        Chart(model.title, say(language, "circular-stock-chart"), written_unit(model.unit, language), curves), language
    )


def flow_chart(run: StockRun, language: Language) -> str:
    """What enters and what leaves, all products together, on a scale of its own."""
    total, years = run.total(), run.model.years
    curves = [
        Curve(say(language, "circular-column-inflow"), years, list(total["inflow"])),
        Curve(say(language, "circular-column-outflow"), years, list(total["outflow"]), dashed=True),
    ]
    chart = Chart(
        run.model.title, say(language, "circular-flow-chart"), written_unit(f"{run.model.unit}/a", language), curves
    )
    return line_chart(chart, language)


def cohort_chart(run: StockRun, year: int, language: Language) -> str:
    """What stands at the end of ``year`` by year of entry, one bar a year; ``year`` is among the model's cohorts."""
    entered: dict[int, float] = {}
    for one in run.series:
        for cohort, (held, _) in one.cohorts[year].items():
            entered[cohort] = entered.get(cohort, 0.0) + held
    known = sorted(entered)
    curve = Curve(say(language, "circular-column-stock"), known, [entered[each] for each in known], "bars")
    title = say(language, "circular-cohort-title", year=str(year))
    return line_chart(
        Chart(title, say(language, "circular-cohort-chart"), written_unit(run.model.unit, language), [curve]), language
    )
