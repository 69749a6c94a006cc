"""Material flows and stocks, reconciliation, waste, construction."""

from .account import Account, account_schema, parse_account, read_account
from .account_checks import examine_account
from .cohorts import DynamicStock, Shortfall, Standing, inflow_driven, path, stock_driven
from .documents import digest_of, parse_document, read_document
from .frames import frame_of, reconcile_frame
from .lifetime import ENTRIES, LIFETIMES, Entry, Lifetime, LifetimeKind, fixed, lognormal, normal, weibull, weibull_of
from .reconciled import Reconciled, reconcile_account, what_if_left_out
from .stock_checks import examine_stock_model, parse_stock_model
from .stock_model import (
    LifetimeGiven,
    Product,
    StockModel,
    StockRun,
    StockScenario,
    StockSeries,
    run_stock_model,
    stock_model_schema,
)
from .stock_pictures import cohort_chart, flow_chart, scenario_chart, stock_chart, stock_columns, stock_scenario_name
from .stock_sheet import read_stock_sheet, stock_template

__all__ = [
    "ENTRIES",
    "LIFETIMES",
    "Account",
    "DynamicStock",
    "Entry",
    "Lifetime",
    "LifetimeGiven",
    "LifetimeKind",
    "Product",
    "Reconciled",
    "Shortfall",
    "Standing",
    "StockModel",
    "StockRun",
    "StockScenario",
    "StockSeries",
    "account_schema",
    "cohort_chart",
    "digest_of",
    "examine_account",
    "examine_stock_model",
    "fixed",
    "flow_chart",
    "frame_of",
    "inflow_driven",
    "lognormal",
    "normal",
    "parse_account",
    "parse_document",
    "parse_stock_model",
    "path",
    "read_account",
    "read_document",
    "read_stock_sheet",
    "reconcile_account",
    "reconcile_frame",
    "run_stock_model",
    "scenario_chart",
    "stock_chart",
    "stock_columns",
    "stock_driven",
    "stock_model_schema",
    "stock_scenario_name",
    "stock_template",
    "weibull",
    "weibull_of",
    "what_if_left_out",
]
