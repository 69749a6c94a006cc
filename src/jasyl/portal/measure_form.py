"""One measure of a strategy: what is known of it and who said so, and the form in which it is entered or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.indicators import catalogue
from jasyl.intake import TemplateColumn
from jasyl.people import Actor, Resource, may
from jasyl.places import regions
from jasyl.quantities import decimal_text
from jasyl.registry import (
    FINANCING,
    MEASURE_THEMES,
    ImportReport,
    MeasureFilter,
    measure_template,
    measures,
    programme_names,
    take_row,
)
from jasyl.texts import Refusal

from .house import House
from .known import known_of
from .measures import may_enter, measure_data, measures_sheet
from .page import Document, NotFoundError, page, respond
from .sent_form import back_to, signed_in
from .signin import check_origin
from .visit import Visit, visit_of

MEASURES = "/programmes/measures"
# The fields in the order of strategy → goal → measure → owner → time → money → indicator → source, by heading.
_GROUPS = (
    ("measure-form-strategy", ("programme", "strategy", "goal")),
    ("measure-form-measure", ("name_kk", "name_ru", "name_en", "owner", "region", "district", "themes")),
    ("measure-form-status", ("status", "start", "due", "done", "progress")),
    ("measure-form-money", ("investment", "investment_currency", "price_year", "financing")),
    ("measure-form-indicator", ("indicator", "point", "effect", "effect_unit")),
    ("measure-form-source", ("source", "source_date", "confidence", "level", "note")),
)
_FIELDS = tuple(name for _, names in _GROUPS for name in names)
_NAMES = ("name_ru", "name_kk", "name_en")
_SEVERAL = {"themes": ("measure-theme", MEASURE_THEMES), "financing": ("financing", FINANCING)}
_LONG = ("goal", "note")
# What a new measure holds where the address says nothing else.
_USUAL = {"status": "planned", "confidence": "medium", "level": "public", "investment_currency": "KZT"}
_ASKED = ("programme", "goal", "indicator", "point", "region")
# Said anew with every change.
_SAID = ("source", "source_date")
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A control: its column of the template, what it holds, what is offered, and what is wrong with it."""

    column: TemplateColumn
    label: str
    value: str
    options: Options = ()
    several: bool = False
    long: bool = False
    problem: str = ""

    @property
    def chosen(self) -> list[str]:
        """Of several choices those that are made."""
        return [part.strip() for part in self.value.split(";")]


@page("/programmes/measures/new", "The form for a new measure: ?programme=&goal=&indicator=&point=&region=")
def new_measure_page(visit: Visit, connection: sa.Connection) -> Document:
    """Empty but for what the address says. Raises Refusal ``not-allowed`` for those who may enter none."""
    if not may_enter(visit.actor):
        raise Refusal("not-allowed")
    asked = {name: visit.query[name][:200] for name in _ASKED if visit.query.get(name)}
    return _document(visit, connection, None, {**_USUAL, "region": visit.actor.region or "", **asked})


@page("/programmes/measures/{key:str}", "One measure: what is known of it and who said so; its form")
def measure_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """A measure with its history; those who may change it find the form filled."""
    row = _row(visit, connection, key)
    return _document(visit, connection, row, _cells(row))


def _row(visit: Visit, connection: sa.Connection, key: str) -> sa.RowMapping:
    found = measures(connection, MeasureFilter(key=key), visit.actor)
    if not found:
        raise NotFoundError
    return found[0]


def _cells(row: sa.RowMapping) -> dict[str, str]:
    """What the form holds of a measure; who says the next change, and from when, is asked anew."""
    cells: dict[str, str] = {}
    for name in _FIELDS:
        value = None if name in _SAID else row[name]
        text = decimal_text(value) if isinstance(value, Decimal) else "" if value is None else str(value)
        cells[name] = "; ".join(text.split()) if name in _SEVERAL else text
    return cells


def _document(
    visit: Visit,
    connection: sa.Connection,
    row: sa.RowMapping | None,
    cells: Mapping[str, str],
    report: ImportReport | None = None,
) -> Document:
    writes = may_enter(visit.actor) if row is None else _may_change(visit.actor, row)
    title = visit.t("measure-new") if row is None else visit.name_of(row)
    known = known_of(visit, connection, "measure", row["id"], visit.t("measure-history")) if row else None
    sheet = measures_sheet(visit, connection, [row] if row else [], title)
    problems = _problems(visit, report)
    context = {
        "row": row,
        "groups": _groups(visit, connection, cells, problems) if writes else (),
        "refused": report is not None,
        "others": [text for name, text in problems.items() if name not in _FIELDS],
        "action": visit.href(f"{MEASURES}/{row['key']}" if row else MEASURES),
        "facts": known.sheet if known else None,
        "fact_sources": known.sources if known else [],
    }
    data: dict[str, Any] = {"measure": measure_data(row) if row else None, "assertions": known.data if known else []}
    if report is not None:
        data["report"] = report.as_data(visit.language)
    return Document("measure.html", title, data, sheet, context, cacheable=not visit.actor.signed_in)


def _may_change(actor: Actor, row: sa.RowMapping) -> bool:
    return actor.signed_in and may(actor, "write_registry", Resource(row["level"], region=row["region"]))


def _problems(visit: Visit, report: ImportReport | None) -> dict[str, str]:
    """What is wrong, and how to mend it, by field."""
    found: dict[str, str] = {}
    for one in report.problems if report else ():
        found[one.where.field or ""] = one.refusal.said(visit.language)
    # The one name that a row must have is the first that is given.
    return {"name_ru" if name == "name" else name: text for name, text in found.items()}


def _groups(
    visit: Visit, connection: sa.Connection, cells: Mapping[str, str], problems: Mapping[str, str]
) -> list[tuple[str, list[Field]]]:
    columns = {column.key: column for column in measure_template().columns}
    offered = _offered(visit, connection)
    return [
        (
            visit.t(heading),
            [
                Field(
                    columns[name],
                    columns[name].headers[visit.language],
                    cells.get(name, ""),
                    offered.get(name) or [(one.code, one.names[visit.language]) for one in columns[name].choices],
                    name in _SEVERAL,
                    name in _LONG,
                    problems.get(name, ""),
                )
                for name in names
            ],
        )
        for heading, names in _GROUPS
    ]


def _offered(visit: Visit, connection: sa.Connection) -> dict[str, Options]:
    """The choices that are no list of the template: programmes, regions, data points, and those of which several
    may be made."""
    named = {key: visit.name_of(row) for key, row in programme_names(connection).items()}
    own = visit.actor.region
    places = [(one.iso, one.name(visit.language)) for one in regions() if own in (None, one.iso)]
    u4ssc = catalogue("u4ssc")
    several = {
        name: [(code, visit.t(f"{words}-{code.replace('_', '-')}")) for code in codes]
        for name, (words, codes) in _SEVERAL.items()
    }
    return {
        "programme": sorted(named.items(), key=lambda one: one[1]),
        "region": places,
        "point": [(one.id, u4ssc.indicator_of(one.id).name[visit.language]) for one in u4ssc.points],
        **several,
    }


@post(MEASURES, summary="Enter a measure (the columns of the template of measures)", status_code=200)
async def new_measure_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From the form, or by a program with a token; leads to the page of the measure, or back with what is wrong."""
    return await _posted(request, None)


@post(f"{MEASURES}/{{key:str}}", summary="Change a measure (the columns of the template of measures)", status_code=200)
async def measure_post(request: Request[Any, Any, Any], key: FromPath[str]) -> Response[bytes]:
    """The same for a measure that is there; a field sent empty takes back what stood in it."""
    return await _posted(request, key)


async def _posted(request: Request[Any, Any, Any], key: str | None) -> Response[bytes]:
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = await request.form()
    sent = {name: "; ".join(filter(None, map(str, form.getall(name)))) for name in form}
    return await to_thread.run_sync(_take, house, request, key, sent)


def _take(house: House, request: Request[Any, Any, Any], key: str | None, sent: dict[str, str]) -> Response[bytes]:
    cookies, authorization = request.scope.get("state", {}).get("cookies", {}), request.headers.get("authorization")
    visit = visit_of(request, house, _sender(house, cookies, authorization, sent), f"{MEASURES}/{key or 'new'}", "html")
    with house.database.reading() as connection:
        row = None if key is None else _row(visit, connection, key)
    if row is not None and not _may_change(visit.actor, row):
        raise Refusal("not-allowed")
    cells = _cells(row) if row else {}
    cells |= {name: sent[name].strip() for name in _FIELDS if name in sent}
    named = {"name": next((cells[name] for name in _NAMES if cells.get(name)), "")} | ({"key": key} if key else {})
    report = take_row(house.database, house.folder, "measures", cells | named, visit.actor)
    if report.applied:
        house.revision.forget()
        recorded = report.recorded
        return back_to(request, f"{MEASURES}/{next(iter((*recorded.new, *recorded.changed, *recorded.same)))}")
    with house.database.reading() as connection:
        return respond(visit, _document(visit, connection, row, cells, report), 422)


def _sender(house: House, cookies: dict[str, str], authorization: str | None, sent: dict[str, str]) -> Actor:
    with house.database.reading() as connection:
        actor = signed_in(connection, cookies, authorization, sent)
    if not may_enter(actor):
        raise Refusal("not-allowed")
    return actor
