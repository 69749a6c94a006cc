"""Physical accounts over reconciled flows: supply and use, EW-MFA, indicators computed from the same tables."""

from .economy import EconomyFlows, economy_flows
from .figures import ACCOUNT_FORMULAS, account_gatherers, make_account_figures
from .indicators import FORMULAS, Formula, IndicatorValue, indicator_columns, indicators_of, quantities_of
from .inputs import DRIVERS, Content, Driver, IndicatorInputs, examine_inputs, inputs_schema
from .tables import FlowAmount, Identity, PhysicalTable, physical_table, reconciled_table, table_columns

__all__ = [
    "ACCOUNT_FORMULAS",
    "DRIVERS",
    "FORMULAS",
    "Content",
    "Driver",
    "EconomyFlows",
    "FlowAmount",
    "Formula",
    "Identity",
    "IndicatorInputs",
    "IndicatorValue",
    "PhysicalTable",
    "account_gatherers",
    "economy_flows",
    "examine_inputs",
    "indicator_columns",
    "indicators_of",
    "inputs_schema",
    "make_account_figures",
    "physical_table",
    "quantities_of",
    "reconciled_table",
    "table_columns",
]
