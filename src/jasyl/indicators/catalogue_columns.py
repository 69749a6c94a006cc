"""The sheets and columns of a catalogue: read from files, described by a JSON Schema, told in the manual."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "list", "number", "yes_no", "choice", "goals"]

_LANGUAGES = ("kk", "ru", "en")
DIRECTIONS = ("higher", "lower", "target", "report")
BREAKDOWNS = ("sex", "age", "disability", "income", "district")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A list is written with semicolons; ``choices`` bounds a choice, and each entry of a list."""

    key: str
    meaning: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


def _said(stem: str, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{stem}_{language}", f"{meaning} ({language})") for language in _LANGUAGES)


SHEETS: dict[str, tuple[Column, ...]] = {
    "catalogue": (
        Column("id", "Short key of the catalogue, used in addresses", required=True),
        Column("version", "Version or edition", required=True),
        *_said("title", "Title"),
        Column("source", "Where the set comes from"),
        Column("licence", "Licence of the texts"),
        *_said("note", "What a reader should know"),
    ),
    "groups": (
        Column("key", "Key of a dimension, sub-dimension or category", required=True),
        *_said("name", "Name"),
    ),
    "indicators": (
        Column("id", "Key of the indicator, unique in the catalogue", required=True),
        Column("code", "Code as the source prints it; the id where empty"),
        Column("alt_codes", "Codes of the same indicator in other sources", "list"),
        Column("dimension", "Key of the dimension"),
        Column("subdimension", "Key of the sub-dimension"),
        Column("category", "Key of the category"),
        *_said("name", "Name"),
        Column("level", "Core or advanced", "choice", choices=("core", "advanced")),
        Column("type", "Type of indicator in the words of its source"),
        Column("type_guessed", "Whether no source read names the type", "yes_no"),
        Column("unit", "Unit of the value; yes/no for a plain question", required=True),
        *_said("numerator", "What is counted above the line, or the value itself"),
        *_said("denominator", "What is counted below the line; empty for a direct value"),
        Column("multiplier", "Factor of the quotient: 100 for percent; 1 where empty", "number"),
        Column("direction", "Which way is better", "choice", required=True, choices=(*DIRECTIONS, "mixed")),
        Column("sdg_targets", "SDG targets: 11.6", "list"),
        Column("sdg_goals", "SDG goals: 11", "goals"),
        Column("sdg_confidence", "How sure the link to the targets is"),
        Column("disaggregation", "Breakdowns asked for", "list", choices=BREAKDOWNS),
        *_said("rule", "Where the data come from and how they are combined"),
        Column("computed_by", "Function of jasyl.indicators that computes it"),
        *_said("gap", "What is missing to compute it"),
        Column("confidence", "How sure definition, unit and formula are", "choice", choices=("high", "medium", "low")),
        Column("code_confidence", "How sure the code is", "choice", choices=("high", "medium", "low")),
        Column("source", "Where the indicator was read"),
        *_said("notes", "Notes for those who report"),
    ),
    "points": (
        Column("indicator", "Key of the indicator", required=True),
        Column("part", "Key of the part; the data point is indicator.part", required=True),
        *_said("name", "Name of the part"),
        Column("direction", "Direction of the part; the indicator's where empty", "choice", choices=DIRECTIONS),
        Column("unit", "Unit of the part; the indicator's where empty"),
        Column("multiplier", "Factor of the part; the indicator's where empty", "number"),
        Column("denominator", "Whether the part has a denominator; as the indicator where empty", "yes_no"),
    ),
}
NEEDED_SHEETS = ("indicators",)


def catalogue_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a catalogue as a JSON document; sheets and CSV files have the same columns."""
    parts = {name: _row_schema(columns) for name, columns in SHEETS.items()}
    head = parts.pop("catalogue")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Catalogue of indicators",
        "type": "object",
        "additionalProperties": False,
        "required": ["catalogue", *NEEDED_SHEETS],
        "properties": {"catalogue": head, **{name: {"type": "array", "items": row} for name, row in parts.items()}},
    }


def _row_schema(columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [column.key for column in columns if column.required],
        "properties": {column.key: _cell_schema(column) for column in columns},
    }


def _cell_schema(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {"description": column.meaning}
    match column.kind:
        case "number":
            return said | {"type": ["string", "number"], "pattern": r"^$|^-?\d+(\.\d+)?$"}
        case "yes_no":
            return said | {"enum": ["yes", "no", ""]}
        case "choice":
            return said | {"enum": [*column.choices, *([] if column.required else [""])]}
        case "goals":
            return said | {"type": "string", "pattern": r"^$|^\d+(;\s*\d+)*$"}
        case _:
            return said | {"type": "string", **({"minLength": 1} if column.required else {})}
