"""The page of a place's dynamic stocks: the model kept last, its curves and tables."""

from typing import Any

import sqlalchemy as sa

from jasyl.circular import (
    StockModel,
    StockRun,
    cohort_chart,
    flow_chart,
    run_stock_model,
    scenario_chart,
    stock_chart,
    stock_scenario_name,
)
from jasyl.circular.kept import kept_model

from .circular_models import Picture, model_document, nothing_kept, place_name
from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

_AMOUNTS = ("stock", "inflow", "outflow")


@page("/circular/{place:str}/stocks", "Dynamic stocks of a place: what is in use, enters and leaves; cohorts")
def stocks_page(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """The stock model that was kept last."""
    title = visit.t("circular-page-stocks-title", place=place_name(visit, place))
    found = kept_model(connection, StockModel, place)
    if found is None:
        return nothing_kept(visit, place, "stocks", title, "jasyl circular stocks FILE --keep")
    model, book = found
    run = run_stock_model(model)
    pictures = [
        Picture("products", visit.t("circular-page-products-title"), stock_chart(run, visit.language)),
        Picture("flows", visit.t("circular-page-flows-title"), flow_chart(run, visit.language)),
    ]
    if run.alternatives:
        pictures += [
            Picture(f"scenarios-{amount}", visit.t(f"circular-stock-scenarios-{amount}"),
                    scenario_chart(run, amount, visit.language))
            for amount in ("stock", "outflow")
        ]  # fmt: skip
    for year in model.cohorts[:3]:
        head = visit.t("circular-cohort-title", year=str(year))
        pictures.append(Picture(f"cohorts-{year}", head, cohort_chart(run, year, visit.language)))
    columns = [
        *([Column("scenario", "circular-column-scenario")] if run.alternatives else []),
        Column("product", "circular-column-product"), Column("region", "circular-column-region"),
        Column("year", "circular-column-year"),
        *(Column(name, f"circular-column-{name}", number=True) for name in _AMOUNTS),
        Column("unit", "circular-column-unit"), Column("kind", "column-kind", choices="kind"),
        Column("input_kind", "circular-column-input-kind", choices="kind"),
    ]  # fmt: skip
    rows = list(run.rows())
    last = [row | _named(visit, run, row) for row in rows if row["year"] == model.last_year]
    said = visit.t("circular-stocks-head", title=model.title, entry=visit.t(f"circular-entry-{model.entry}"))
    return model_document(
        visit, place, "stocks", title, Sheet(columns, rows, title), run.as_data(), book,
        pictures=pictures, shown=[Sheet(columns, last, f"{title}, {model.last_year}")], notes=[said],
    )  # fmt: skip


def _named(visit: Visit, run: StockRun, row: dict[str, Any]) -> dict[str, Any]:
    """What a row of a stock model stands for, in words."""
    products = {one.key: one.name for one in run.model.products}
    scenarios = {one.scenario.id if one.scenario else "": one for one in (run, *run.alternatives)}
    return {
        "product": products[row["product"], row["region"]], "unit": visit.unit(run.model.unit),
        "scenario": stock_scenario_name(scenarios[row["scenario"]], visit.language),
    }  # fmt: skip
