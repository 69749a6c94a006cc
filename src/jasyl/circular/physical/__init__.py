"""Physical accounts over reconciled flows: supply and use, EW-MFA, indicators computed from the same tables."""

from .deviations import deviation_in, first_known, programme_deviation
from .economy import EconomyFlows, economy_flows
from .figures import (
    BOOK_FORMULAS,
    INDICATOR_BOOKS,
    indicator_gatherers,
    make_book_figures,
    make_indicator_figure,
)
from .indicators import FORMULAS, Formula, IndicatorValue, indicator_columns, indicators_of, quantities_of
from .inputs import DRIVERS, Content, Driver, IndicatorInputs, examine_inputs, inputs_schema
from .tables import FlowAmount, Identity, PhysicalTable, physical_table, reconciled_table, table_columns

__all__ = [
    "BOOK_FORMULAS",
    "DRIVERS",
    "FORMULAS",
    "INDICATOR_BOOKS",
    "Content",
    "Driver",
    "EconomyFlows",
    "FlowAmount",
    "Formula",
    "Identity",
    "IndicatorInputs",
    "IndicatorValue",
    "PhysicalTable",
    "deviation_in",
    "economy_flows",
    "examine_inputs",
    "first_known",
    "indicator_columns",
    "indicator_gatherers",
    "indicators_of",
    "inputs_schema",
    "make_book_figures",
    "make_indicator_figure",
    "physical_table",
    "programme_deviation",
    "quantities_of",
    "reconciled_table",
    "table_columns",
]
