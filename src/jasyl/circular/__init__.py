"""Material flows and stocks, reconciliation, waste, construction."""

from .cohorts import DynamicStock, Shortfall, Standing, inflow_driven, path, stock_driven
from .documents import digest_of, parse_document, read_document
from .lifetime import ENTRIES, LIFETIMES, Entry, Lifetime, LifetimeKind, fixed, lognormal, normal, weibull, weibull_of
from .stock_model import (
    LifetimeGiven,
    Product,
    StockModel,
    StockRun,
    StockSeries,
    examine_stock_model,
    parse_stock_model,
    run_stock_model,
    stock_model_schema,
)
from .stock_pictures import cohort_chart, flow_chart, stock_chart, stock_columns
from .stock_sheet import read_stock_sheet, stock_template

__all__ = [
    "ENTRIES",
    "LIFETIMES",
    "DynamicStock",
    "Entry",
    "Lifetime",
    "LifetimeGiven",
    "LifetimeKind",
    "Product",
    "Shortfall",
    "Standing",
    "StockModel",
    "StockRun",
    "StockSeries",
    "cohort_chart",
    "digest_of",
    "examine_stock_model",
    "fixed",
    "flow_chart",
    "inflow_driven",
    "lognormal",
    "normal",
    "parse_document",
    "parse_stock_model",
    "path",
    "read_document",
    "read_stock_sheet",
    "run_stock_model",
    "stock_chart",
    "stock_columns",
    "stock_driven",
    "stock_model_schema",
    "stock_template",
    "weibull",
    "weibull_of",
]
