"""A city's greenhouse-gas inventory after the Global Protocol (GPC): document, examination, totals, uncertainty."""

from .beginning import begun, carried_over
from .check import Places, findings, refused
from .document import (
    Activity,
    Allocation,
    Calculation,
    CheckValue,
    Inventory,
    OwnFactor,
    Policy,
    Population,
    Statement,
    inventory_of,
    inventory_schema,
    read_inventory,
)
from .method_data import LandfillData, MethodData, WastewaterData, WastewaterPath
from .structure import KEYS, SECTORS, TOTALS, GpcCell, Total, cell, cells, sector_name, subsectors
from .totals import CellValue, Cogeneration, Result, TotalValue, evaluate, in_set, series_in_set

__all__ = [
    "KEYS",
    "SECTORS",
    "TOTALS",
    "Activity",
    "Allocation",
    "Calculation",
    "CellValue",
    "CheckValue",
    "Cogeneration",
    "GpcCell",
    "Inventory",
    "LandfillData",
    "MethodData",
    "OwnFactor",
    "Places",
    "Policy",
    "Population",
    "Result",
    "Statement",
    "Total",
    "TotalValue",
    "WastewaterData",
    "WastewaterPath",
    "begun",
    "carried_over",
    "cell",
    "cells",
    "evaluate",
    "findings",
    "in_set",
    "inventory_of",
    "inventory_schema",
    "read_inventory",
    "refused",
    "sector_name",
    "series_in_set",
    "subsectors",
]
