"""Files of measures: who does what towards which goal, by when, with what money."""

from decimal import Decimal
from functools import cache
from typing import Any

from jasyl.intake import ChoiceList, Template, TemplateColumn
from jasyl.people import Resource
from jasyl.texts import Language, Refusal

from ..measure_states import MEASURE_STATUSES, MEASURE_THEMES, first_day, last_day
from . import codes, columns
from .codes import Row, RowFault
from .kind import FileKind, Record, copied, dated, named
from .links import Links
from .projects import financing_list, money, several


@cache
def measure_template() -> Template:
    """Columns of a file of measures. Required: name, owner, status, and the programme or the strategy it belongs to."""
    return Template(
        "measures",
        (
            columns.key("astana-led-street-lights"),
            *columns.names(),
            columns.text("programme", "field-programme", 200, example="green-economy-concept-updated-2024"),
            columns.text("strategy", "field-strategy", 200),
            columns.text("goal", "field-goal", 2000),
            columns.text("owner", "field-measure-owner", 200, required=True),
            columns.text("themes", "field-themes", 200, example="climate; u4ssc"),
            columns.choice("status", "field-status", MEASURE_STATUSES, "measure-status", required=True),
            columns.day("start", "field-start", example="2025"),
            columns.day("due", "field-due", example="2027-06"),
            columns.day("done", "field-done", past=True),
            TemplateColumn("progress", columns.headers("field-progress"), "decimal", minimum=Decimal(0),
                           maximum=Decimal(100), example="40"),
            columns.text("indicator", "field-measure-indicator", 1000),
            columns.text("point", "field-point", 80, example="EC.I.WS.3C"),
            TemplateColumn("effect", columns.headers("field-effect"), "decimal", minimum=-(Decimal(10) ** 15),
                           maximum=Decimal(10) ** 15, example="1200"),
            columns.text("effect_unit", "field-effect-unit", 60, example="t{CO2e}/a"),
            *money(),
            columns.text("region", "field-region", 80, example="KZ-71"),
            TemplateColumn("district", columns.headers("field-district-kato"), "digits", length=9),
            *columns.provenance(confirmed=False),
            columns.note(),
        ),
    )  # fmt: skip


@cache
def _themes() -> ChoiceList:
    return ChoiceList(columns.choices(MEASURE_THEMES, "measure-theme"))


def _belongs(row: Row) -> None:
    """A measure belongs to something: a programme of the register, or a strategy by its name."""
    if not row.get("programme") and not row.get("strategy"):
        raise RowFault("programme", Refusal("measure-belongs"))


def _in_order(row: Row) -> None:
    """A measure ends after it begins, and only a completed one is done."""
    start, due, done = (None if row.get(name) is None else str(row[name]) for name in ("start", "due", "done"))
    if start and due and last_day(due) < first_day(start):
        raise RowFault("due", Refusal("stages-disorder", received=due, expected=start))
    if done and row["status"] != "completed":
        raise RowFault("done", Refusal("stage-ahead", received=done, expected=row["status"]))


def _effect(row: Row) -> None:
    if row.get("effect") is not None and not row.get("effect_unit"):
        raise RowFault("effect", Refusal("capacity-without-unit", received=str(row["effect"])))


_STEPS = (
    codes.place, codes.investment, codes.listed("financing", financing_list), codes.listed("themes", _themes), _belongs,
    _in_order, _effect, codes.key_of("programme", "strategy", "region"),
)  # fmt: skip
_COPIED = (
    "programme", "strategy", "goal", "owner", "themes", "status", "progress", "indicator", "point", "effect",
    "effect_unit", "investment", "investment_currency", "price_year", "financing", "region", "district", "note",
)  # fmt: skip


def _link(row: Row, links: Links) -> None:
    links.programme(row)


def _fields(row: Row, links: Links) -> dict[str, Any]:
    fields = {**named(row), **copied(row, *_COPIED), **dated(row, "start", "due", "done")}
    for name, digits in (("progress", 4), ("effect", 6)):
        if fields.get(name) is not None:
            fields[name] = round(fields[name], digits)
    return fields


def _owned(record: Record, links: Links) -> Resource:
    """A measure is written by the akimat of its region and the agency; those of the whole country by the agency."""
    return Resource(record.get("level") or "public", region=record.get("region"))


def _written(record: Record, links: Links, language: Language) -> Row:
    names = (record.get(f"name_{tongue}") for tongue in (language, "ru", "kk", "en"))
    return {
        "name": next((name for name in names if name), None),
        "financing": several(record.get("financing")),
        "themes": several(record.get("themes")),
    }


MEASURES = FileKind(
    name="measures",
    kind="measure",
    template=measure_template,
    resolve=lambda row: codes.resolved(row, _STEPS),
    link=_link,
    fields=_fields,
    owned=_owned,
    written=_written,
)
