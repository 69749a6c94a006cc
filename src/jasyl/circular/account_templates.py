"""The tables of an account as people fill them in: one sheet a section, headers in three languages."""

from functools import cache
from typing import Any, get_args

from jasyl.intake import Choice, Template, TemplateColumn
from jasyl.texts import LANGUAGES, Language, everywhere

from .account import Distribution, Layer, ObservationKind, Quantity, RelationType
from .pedigree import QUESTIONS

SECTIONS = (
    "account", "regions", "processes", "materials", "flows", "stocks", "relations", "observations", "correlations",
    "definitions", "pedigree",
)  # fmt: skip
# Texts that may differ by language: a column for each language beside the one without.
NAMED = ("title", "name", "text", "note_text")
_CHOICES: dict[str, tuple[str, ...]] = {
    "layer": get_args(Layer), "type": get_args(RelationType), "distribution": get_args(Distribution),
    "quantity": get_args(Quantity), "kind": get_args(ObservationKind), "confidence": ("high", "medium", "low"),
    "question": QUESTIONS,
}  # fmt: skip
_DECIMALS = ("density", "constant", "value", "sd", "cv", "low", "high", "rho", *(f"grade{n}" for n in range(1, 5)))
_INTEGERS = QUESTIONS
_BOOLEANS = ("balance", "negative")
# Columns of each section; a star marks those that must be there.
_COLUMNS = {
    "account": "*id title *place unit *periods note_text",
    "regions": "*id name",
    "processes": "*id name region sector balance",
    "materials": "*id name layer parent scheme code density",
    "flows": "*id *source_process *target *material name negative",
    "stocks": "*id *process material name",
    "relations": "*id *type results of terms constant unit group name",
    "observations": (
        "id *observed *period quantity value *unit distribution sd cv low high " + " ".join(QUESTIONS)
        + " kind series *source method confidence note"
    ),
    "correlations": "*id *members *rho reason",
    "definitions": "series *since text",
    "pedigree": "*question *grade1 *grade2 *grade3 *grade4",
}  # fmt: skip


def headers(key: str) -> dict[Language, str]:
    """What a column is called in each language."""
    base, _, language = key.rpartition("_")
    if base in NAMED and language in LANGUAGES:
        return {one: f"{word} ({language})" for one, word in everywhere(f"account-column-{_word(base)}").items()}
    return dict(everywhere(f"account-column-{_word(key)}"))


@cache
def section_template(section: str) -> Template:
    """The columns of one section."""
    columns: list[TemplateColumn] = []
    for written in _COLUMNS[section].split():
        key = written.removeprefix("*")
        columns.append(_column(key, required=written.startswith("*")))
        if key in NAMED:
            columns += [_column(f"{key}_{language}", required=False) for language in LANGUAGES]
    return Template(f"material-account-{section}", tuple(columns))


@cache
def section_names() -> dict[str, str]:
    """Section by the name of its sheet or file, in any language, in lower case."""
    known = {section: section for section in SECTIONS}
    for section in SECTIONS:
        for word in everywhere(f"account-sheet-{section}").values():
            known[word.lower()] = section
    return known


def _column(key: str, *, required: bool) -> TemplateColumn:
    more: dict[str, Any] = {}
    kind = "text"
    if key in _CHOICES:
        kind = "choice"
        more["choices"] = tuple(Choice(one, dict(everywhere(f"account-{key}-{one}"))) for one in _CHOICES[key])
    elif key in _DECIMALS:
        kind = "decimal"
    elif key in _INTEGERS:
        kind = "integer"
    elif key in _BOOLEANS:
        kind = "boolean"
    return TemplateColumn(key, headers(key), kind, required=required, **more)  # type: ignore[arg-type]


def _word(key: str) -> str:
    return key.replace("_", "-")
