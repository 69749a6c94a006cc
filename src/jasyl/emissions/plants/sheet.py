"""A plant's report as a workbook: one sheet of the plant's own facts, one row for each line; read back unchanged."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jasyl.intake import Choice, Problem, Reading, Table, Template, TemplateColumn, decimal, read, read_tables
from jasyl.intake.cells import fold
from jasyl.quantities import decimal_text
from jasyl.texts import Language, Refusal, Where, everywhere

from ..cogeneration import ALLOCATIONS, PARAMETERS
from ..warming import GWP_SETS, METHANE
from .report import STAGES, PlantReport, plant_report_of

_PARTS = ("choice", "value", "unit", "source", "low", "high")
_NUMBERS = frozenset({"value", "low", "high"})
# Factors a line may state, by section; ``factor`` is that of a process or of bought energy.
_STATED = ("calorific", "density", "oxidation", "co2", "ch4", "n2o", "factor", "contract")
_SECTIONS = {"fuel": "fuels", "process": "processes", "bought": "bought"}
_SUBJECT = {"fuel": "fuel", "process": "kind", "bought": "carrier"}
_GASES = {"co2": "CO2", "ch4": "CH4", "n2o": "N2O"}
_PLAN = ("plan_tier", "plan_measured", "plan_every", "plan_uncertainty")
_WAYS = tuple(dict.fromkeys(name for names in PARAMETERS.values() for name in names))
# Facts of the plant: the field of the sheet and where it stands in the document.
_FACTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("plant", "name", "place", "year", "stage", "sector", "series", "methane")},
    **{f"quota_{name}": ("quota", name) for name in ("amount", "unit", "covers", "source")},
    "quota_benchmark": ("quota", "benchmark", "choice"),
    **{f"output_{name}": ("quota", "output", name) for name in ("amount", "unit", "meter")},
    **{
        f"{what}_{name}": ("sent_out", what, name) for what in ("heat", "power") for name in ("amount", "unit", "meter")
    },
    "allocation": ("sent_out", "allocation"),
    **{name: ("sent_out", "parameters", name) for name in _WAYS},
    **{f"plan_{name}": ("plan", name) for name in ("approved", "by")},
    **{
        f"verified_{name}": ("verification", name) for name in ("verifier", "date", "opinion", "amount", "unit", "note")
    },
    "training": ("training",),
    "note": ("note",),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "stage": STAGES,
    "series": GWP_SETS,
    "methane": METHANE,
    "allocation": ALLOCATIONS,
}


def _headers(message: str) -> dict[Language, str]:
    return dict(everywhere(message))


def _word(name: str) -> str:
    return f"plant-field-{name.replace('_', '-')}"


@cache
def facts_template() -> Template:
    """Two columns: a fact and its value; one row for each fact of the plant."""
    facts = tuple(Choice(name, _headers(_word(name))) for name in _FACTS)
    return Template(
        "plant-report-facts",
        (
            TemplateColumn("fact", _headers("plant-column-fact"), "choice", required=True, unique=True, choices=facts),
            TemplateColumn("value", _headers("plant-column-value"), length=1000),
        ),
    )


@cache
def lines_template() -> Template:
    """One row for each source stream, process or purchase: section, name, what it is, amount, factors, plan."""
    sections = tuple(Choice(name, _headers(f"plant-section-{name}")) for name in _SECTIONS)
    uses = tuple(Choice(name, _headers(f"plant-use-{name}")) for name in ("own", "supplied"))
    plain: dict[str, Mapping[str, Any]] = {
        "section": {"kind": "choice", "choices": sections, "required": True},
        "line": {"length": 120, "required": True, "unique": True},
        "subject": {"length": 120, "required": True},
        "amount": {"kind": "decimal", "minimum": Decimal(0)},
        "unit": {"length": 40},
        "meter": {"length": 120},
        "uncertainty": {"kind": "decimal", "minimum": Decimal(0)},
        "tier": {"kind": "integer", "minimum": Decimal(1), "maximum": Decimal(3)},
        "use": {"kind": "choice", "choices": uses},
        "line_series": {"length": 20},
        "source": {"length": 1000},
    }
    columns = [TemplateColumn(key, _headers(_word(key)), **settings) for key, settings in plain.items()]
    columns += [
        TemplateColumn(f"{what}_{part}", _pair(what, part), "decimal" if part in _NUMBERS else "text", length=None)
        for what in _STATED
        for part in _PARTS
    ]
    kinds = {"plan_tier": "integer", "plan_uncertainty": "decimal"}
    columns += [TemplateColumn(key, _headers(_word(key)), kinds.get(key, "text")) for key in _PLAN]  # pyright: ignore[reportArgumentType]
    return Template("plant-report", tuple(columns))


def read_plant_sheet(given: Path | bytes, name: str | None = None) -> tuple[PlantReport, dict[str, Where]]:
    """The report of a workbook, and the place of each of its lines.

    Raises the first Refusal of a cell (``cell-error`` for ``#NUM!``, a number that is text …) and of the form;
    ``plant-sheet-missing`` where a sheet is not there.
    """
    tables = read_tables(given, name)
    facts = _clean(read(_sheet_of(tables, facts_template(), name), facts_template()))
    lines = _clean(read(_sheet_of(tables, lines_template(), name), lines_template()))
    document: dict[str, Any] = {}
    for position, row in enumerate(facts.rows):
        if row.get("value"):
            try:
                value = _fact(row["fact"], row["value"])
            except Refusal as refusal:
                raise Refusal(refusal.code, where=facts.where(position, "value"), **refusal.arguments) from None
            _put(document, _FACTS[row["fact"]], value)
    places: dict[str, Where] = {}
    for position, row in enumerate(lines.rows):
        section = row["section"]
        document.setdefault(_SECTIONS[section], []).append(_line(section, row))
        places[row["line"]] = lines.where(position)
        if row.get("plan_tier") is not None:
            document.setdefault("plan", {}).setdefault("lines", []).append(_planned(row))
    return plant_report_of(document, name), places


def fact_rows(report: PlantReport) -> Iterator[dict[str, Any]]:
    """The rows of the sheet of facts."""
    document = report.as_data()
    for name, path in _FACTS.items():
        value: Any = document
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        yield {"fact": name, "value": None if value is None else str(value).lower() if value is True else str(value)}


def line_rows(report: PlantReport) -> Iterator[dict[str, Any]]:
    """The rows of the sheet of lines; factors and plans of a line in its own row."""
    document = report.as_data()
    plans = {one["name"]: one for one in (document.get("plan") or {}).get("lines", ())}
    for section, field in _SECTIONS.items():
        for line in document.get(field, ()):
            row: dict[str, Any] = {"section": section, "line": line["name"], "subject": line[_SUBJECT[section]]}
            row |= {key: line.get(key) for key in ("amount", "unit", "meter", "uncertainty", "tier", "use", "source")}
            row["line_series"] = line.get("series")
            for what in _STATED:
                given = line.get("factors", {}).get(_GASES[what]) if what in _GASES else line.get(what)
                row |= {f"{what}_{part}": (given or {}).get(part) for part in _PARTS}
            plan = plans.get(line["name"], {})
            row |= {key: plan.get(key.removeprefix("plan_")) for key in _PLAN}
            yield row


def _line(section: str, row: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"name": row["line"], _SUBJECT[section]: row["subject"]}
    keys = ["amount", "unit", "meter", "uncertainty", "source"]
    keys += ["tier"] if section != "bought" else []
    keys += ["use"] if section == "fuel" else []
    line |= {key: _json(row[key]) for key in keys if row.get(key) is not None}
    if row.get("line_series"):
        line["series"] = row["line_series"]
    for what in _STATED:
        given = {part: _json(row[f"{what}_{part}"]) for part in _PARTS if row.get(f"{what}_{part}") is not None}
        if given and what in _GASES:
            line.setdefault("factors", {})[_GASES[what]] = given
        elif given:
            line[what] = given
    return line


def _planned(row: Mapping[str, Any]) -> dict[str, Any]:
    planned = {key.removeprefix("plan_"): _json(row[key]) for key in _PLAN if row.get(key) is not None}
    return {"name": row["line"], **planned}


def _clean(reading: Reading) -> Reading:
    if not reading.is_clean:
        first: Problem = reading.problems[0]
        raise first.refusal
    return reading


def _sheet_of(tables: list[Table], template: Template, name: str | None) -> Table:
    """The sheet whose heading has most of a template; the explanations beside it list the same words in rows."""

    def known(table: Table) -> int:
        return len({template.by_header[fold(one)].key for one in table.header if fold(one) in template.by_header})

    required = sum(column.required for column in template.columns)
    best = max(tables, key=known)
    if known(best) < max(required, 2):
        raise Refusal("plant-sheet-missing", where=Where(file=name), received=template.name)
    return best


def _fact(name: str, written: str) -> Any:
    if name == "year" and written.isdigit():
        return int(written)
    if name == "training":
        return written.casefold() == "true"
    for choice in _CHOICES.get(name, ()):
        if written.casefold() == choice.casefold():
            return choice
    if name in _WAYS or name.endswith("_amount"):
        return _json(decimal(written))
    return written


def _put(document: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        document = document.setdefault(step, {})
    document[path[-1]] = value


def _json(value: Any) -> Any:
    return decimal_text(value) if isinstance(value, Decimal) else value


def _pair(what: str, part: str) -> dict[Language, str]:
    first, second = everywhere(_word(what)), everywhere(f"plant-part-{part}")
    return {language: f"{first[language]}: {second[language]}" for language in first}
