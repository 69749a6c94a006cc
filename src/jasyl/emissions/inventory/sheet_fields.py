"""The fields of the sheets of an inventory: what stands in which column, and what it may be."""

from collections.abc import Mapping
from typing import get_args

from .document import ChpMethod, GwpSet, LandfillMethod, Methane, RoadMethod
from .structure import KEYS

SINGLE = (
    "place", "year", "boundary", "area", "population.value", "population.basis", "population.source", "gwp_set",
    "methane", "author", "road_method", "landfill_method", "allocation.method", "allocation.reason",
    "allocation.plants",
    "allocation.heat", "allocation.power", "allocation.parameters",
    "policy.base_year", "policy.threshold", "training", "note",
)  # fmt: skip
FIELDS: Mapping[str, tuple[str, ...]] = {
    "activities": (
        "id", "ref", "name", "amount", "unit", "through", "gases", "masses", "omitted", "uncertainty", "quality",
        "factor_quality", "source", "calculation.method", "calculation.version", "calculation.inputs", "gwp_set",
        "plant", "assumed", "carried_from", "note",
    ),
    "parameters": ("activity", "parameter", "value"),
    "factors": (
        "id", "parameter", "gas", "value", "low", "high", "unit", "year", "source", "assumed", "gwp_set",
    ),
    "cells": ("ref", "key", "target", "reason"),
    "checks": ("name", "of", "value", "year", "source", "note"),
    "words": ("text", "kk", "ru", "en"),
}  # fmt: skip
NUMBERS = {
    "allocation.heat",
    "allocation.power",
    "amount",
    "uncertainty",
    "value",
    "low",
    "high",
    "area",
    "population.value",
    "policy.threshold",
}
INTEGERS = {"year", "policy.base_year", "carried_from"}
FLAGS = {"training", "assumed"}
LISTS = {"through", "allocation.plants"}
BY_GAS = {"gases", "masses", "omitted"}
# Parts that stand in one cell as JSON.
JSON = {"allocation.parameters"}
# Computed columns of the matrix: CO2e and gases in t, grades.
RESULTS = ("co2e", "co2", "ch4", "n2o", "fluorinated", "biogenic", "quality", "factor_quality")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "quality": ("H", "M", "L"), "factor_quality": ("H", "M", "L"), "gwp_set": get_args(GwpSet), "key": KEYS,
}  # fmt: skip
OFFERED: Mapping[str, tuple[str, ...]] = {
    "gwp_set": get_args(GwpSet), "methane": get_args(Methane), "road_method": get_args(RoadMethod),
    "landfill_method": get_args(LandfillMethod), "allocation.method": get_args(ChpMethod),
    "population.basis": ("inhabitants", "households"),
}  # fmt: skip
# Sheets that a workbook may leave out.
OPTIONAL = {"parameters", "words"}
WIDE = {"name", "source", "gases", "through", "reason", "note", "omitted", "text", "kk", "ru", "en"}
# Between the ids of a list in one cell.
BETWEEN = "; "
# Rows above the first one of data: mark, names, headings.
FIRST = 3
