"""Stocks for the eye and for spreadsheets: curves, cohorts, columns of the results."""

from typing import Literal

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
    names = ("scenario", "product", "region", "year", *_NUMBERS, "unit", "kind", "input_kind")
    return tuple(
        Column(name, everywhere(f"circular-column-{name.replace('_', '-')}"), kinds.get(name, "text")) for name in names
    )


def stock_chart(run: StockRun, language: Language) -> str:
    """Stock by product, stacked: the largest apart, the others together."""
    model = run.model
    order = sorted(run.series, key=lambda one: -float(one.stock.max()))
    curves = [
        Curve(
            " ".join((one.product.name, one.product.region)).strip(),
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


def stock_scenario_name(run: StockRun, language: Language) -> str:
    """What a scenario is called; the model as it stands where there is none."""
    if run.scenario is None:
        return say(language, "circular-scenario-base")
    return run.scenario.title or run.scenario.id


def scenario_chart(run: StockRun, amount: Literal["stock", "outflow"], language: Language) -> str:
    """What is in use, or what leaves, under each scenario, all products together."""
    curves = [
        Curve(stock_scenario_name(one, language), run.model.years, list(one.total()[amount]), dashed=one is not run)
        for one in (run, *run.alternatives)
    ]
    unit = run.model.unit if amount == "stock" else f"{run.model.unit}/a"
    said = say(language, f"circular-stock-scenarios-{amount}")
    return line_chart(Chart(run.model.title, said, written_unit(unit, language), curves), language)


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
