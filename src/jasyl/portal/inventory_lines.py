"""The lines of an inventory: one activity at a time put in, changed, taken out by whoever keeps the city's book.

Every change is examined as a whole inventory and kept as another version; versions before it stay and can be read.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.cities import City, may_write
from jasyl.emissions.inventory import (
    Activity,
    Inventory,
    Result,
    Statement,
    cells,
    evaluate,
    findings,
    inventory_of,
    refused,
)
from jasyl.emissions.inventory.figures import KIND, keep_inventory, kept_inventory, make_totals
from jasyl.emissions.inventory.lines import (
    LINE_FIELDS,
    PARAMETERS,
    activity_of,
    line_fields,
    with_key,
    with_line,
    with_plants,
    without_line,
)
from jasyl.emissions.inventory.method_data import method_name
from jasyl.emissions.inventory.sheet_fields import CHOICES, FLAGS
from jasyl.emissions.inventory.uncertainty import activity_halves
from jasyl.facts import Book, BookHead, book_versions, get_book
from jasyl.monitoring import figure_kind
from jasyl.monitoring.plant_meters import plant_activities
from jasyl.quantities import instant, now_us
from jasyl.texts import Refusal

from .cities import city_asked
from .form_fields import headed
from .house import House
from .inventory import no_inventory
from .page import Document, NotFoundError, page, respond
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

COLUMNS = (
    Column("ref", "inventory-field-ref"),
    Column("id", "inventory-field-id", link=True),
    Column("name", "inventory-field-name"),
    Column("amount", "inventory-field-amount", number=True),
    Column("unit", "column-unit"),
    Column("method", "inventory-field-calculation-method"),
    Column("co2e", "inventory-line-co2e", digits=1),
    Column("half", "inventory-half", digits=1),
    Column("quality", "inventory-column-grades"),
    Column("carried_from", "inventory-field-carried-from"),
)
# What every line has to say stands open in the form; the rest is folded.
_OPEN = ("id", "ref", "name", "amount", "unit", "carried_from", "through", "gases", PARAMETERS, "uncertainty",
         "quality", "factor_quality", "source")  # fmt: skip
_LONG = {"through", "gases", "masses", "omitted", "source", "note", PARAMETERS}
_ACTIONS = ("line", "remove", "key", "plants")


@page("/cities/{place:str}/inventory/{year:str}/lines", "The lines of an inventory: ?line=&version=; also a form")
def inventory_lines(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """Every activity with what it comes to; with ``line`` its fields; with ``version`` as they stood then."""
    return _document(visit, connection, place, year, visit.query, ())


@post("/cities/{place:str}/inventory/{year:str}/lines", summary="Keep an inventory with one line changed (fields as in "
      "the workbook; action: line, remove, key, plants)", status_code=303)  # fmt: skip
async def inventory_lines_post(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str]
) -> Response[bytes]:
    """From the form of the page, or by a program with a token. What is wrong is told on the page, nothing is kept."""
    check_origin(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await to_thread.run_sync(_answer, request, form, place, year)


def _answer(request: Request[Any, Any, Any], form: dict[str, str], place: str, year: str) -> Response[bytes]:
    house = cast("House", request.app.state.house)
    state, authorization = request.scope.get("state", {}), request.headers.get("authorization")
    path = f"/cities/{place}/inventory/{year}/lines"
    with house.database.writing() as connection:
        actor = actor_of(connection, state.get("cookies", {}), authorization)
        if authorization is None:
            check_form(actor, form)
        city, kept = _kept(connection, place, year)
        if not may_write(actor, city):
            raise Refusal("not-allowed")
        plants: list[Activity] = []
        if form.get("action") == "plants":
            plants = plant_activities(connection, place, int(year), figure_kind(house.folder), ("public",))
        changed, wrong = _examined(kept, form, plants)
        if not wrong:
            keep_inventory(connection, house.folder, changed, actor.id, form.get("reason_of_change", "")[:1000])
            make_totals(connection, changed, now_us())
    visit = visit_of(request, house, actor, path, "html")
    if wrong and authorization is not None:
        raise wrong[0]
    if wrong:  # the page is made when nobody waits for the writer any more
        with house.database.reading() as connection:
            return respond(visit, _document(visit, connection, place, year, form, wrong), 400)
    house.revision.forget()
    line = f"?line={form.get('id', '')}" if form.get("action") == "line" else ""
    return Response(b"", status_code=303, headers={"location": f"{visit.href(path)}{line}"})


def _examined(
    kept: tuple[Book, Inventory], form: Mapping[str, str], plants: Sequence[Activity]
) -> tuple[Inventory, Sequence[Refusal]]:
    """The changed inventory and everything wrong with it; the unchanged one where the form itself is wrong."""
    book, inventory = kept
    try:
        if form.get("version", "") not in {"", str(book.version)}:
            raise Refusal("inventory-version", received=form["version"][:20], expected=str(book.version))
        changed = _changed(inventory, form, plants)
    except Refusal as refusal:
        return inventory, [refusal]
    return changed, refused(findings(changed))


def _changed(inventory: Inventory, form: Mapping[str, str], plants: Sequence[Activity]) -> Inventory:
    statement = _statement(form)
    match form.get("action"):
        case "line":
            return with_line(inventory, activity_of(form), form.get("line", ""))
        case "remove":
            return without_line(inventory, form.get("line", ""), statement)
        case "plants":
            return with_plants(inventory, plants)
        case "key" if statement is not None:
            return with_key(inventory, statement)
        case _:
            raise Refusal(
                "query-choice", received=f"action={form.get('action', '')}"[:60], expected=", ".join(_ACTIONS)
            )


def _statement(form: Mapping[str, str]) -> Statement | None:
    """The key that the form gives to a cell; None for none."""
    key = form.get("key", "")
    if not key:
        return None
    if key not in CHOICES["key"]:
        raise Refusal("query-choice", received=f"key={key}"[:60], expected=", ".join(CHOICES["key"]))
    target, reason = (form.get(name, "").strip() for name in ("target", "reason"))
    return Statement(ref=form.get("cell", ""), key=key, target=target, reason=reason)  # pyright: ignore[reportArgumentType]


def _document(
    visit: Visit, connection: sa.Connection, place: str, year: str, asked: Mapping[str, str], wrong: Sequence[Refusal]
) -> Document:
    city, (book, inventory) = _kept(connection, place, year)
    versions = book_versions(connection, KIND, place, year)
    shown = visit.whole("version", book.version, 1, book.version)
    if shown != book.version:
        inventory = inventory_of(get_book(connection, versions[shown - 1].id).content)
    result = evaluate(inventory)
    rows = list(_rows(visit, result))
    line = asked.get("line", "")
    opened = next((one for one in inventory.activities if one.id == line), None)
    if line and opened is None and not wrong:
        raise NotFoundError
    context = {
        "city": city.name(visit.language),
        "back": visit.href(f"/cities/{place}/inventory/{year}"),
        "address": f"/cities/{place}/inventory/{year}/lines",
        "book": book,
        "shown": shown,
        "line": line,
        "may_write": shown == book.version and visit.actor.signed_in and may_write(visit.actor, city),
        "fields": _fields(asked if wrong and asked.get("action") == "line" else line_fields(opened) if opened else {}),
        "opened": opened,
        "alone": opened is not None and [one.ref for one in inventory.activities].count(opened.ref) == 1,
        "asked": asked if wrong else {},
        "wrong": [headed(one, visit.language, "inventory-field").text(visit.language) for one in wrong],
        "cells": [(one.ref, f"{one.ref} {one.name(visit.language)}") for one in cells()],
        "keys": CHOICES["key"],
        "versions": [_version(visit, one) for one in reversed(versions)],
    }
    title = visit.t("inventory-lines-title", place=city.name(visit.language), year=year)
    data = {"lines": rows, "version": shown, "digest": versions[shown - 1].digest}
    return Document("inventory_lines.html", title, data, Sheet(COLUMNS, rows, title), context)


def _kept(connection: sa.Connection, place: str, year: str) -> tuple[City, tuple[Book, Inventory]]:
    city, kept = city_asked(place), kept_inventory(connection, place, year)
    if kept is None or kept[0].publication != "public":
        raise no_inventory(place)
    return city, kept


def _rows(visit: Visit, result: Result) -> Sequence[dict[str, Any]]:
    halves = activity_halves(result)
    order = {one.ref: at for at, one in enumerate(cells())}
    return [
        {
            "ref": one.ref,
            "id": one.id,
            "name": result.inventory.told(one.name, visit.language),
            "amount": None if one.amount is None else float(one.amount),
            "unit": visit.unit(one.unit) if one.unit else None,
            "method": _method(visit, one.calculation.by if one.calculation else ""),
            "co2e": float(result.by_activity[one.id]) / 1000,
            "half": halves[one.id],
            "quality": f"{one.quality} / {one.factor_quality}",
            "carried_from": None if one.carried_from is None else str(one.carried_from),
            "id_link": visit.with_query(line=one.id) + "#line",
        }
        for one in sorted(result.inventory.activities, key=lambda each: order[each.ref])
    ]


def _method(visit: Visit, by: str) -> str | None:
    """A method in words on the page, by its key in files."""
    return (method_name(by, visit.language) if visit.form == "html" else by) or None


def _fields(values: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The fields of the form, those that stand open and those that are folded."""
    names = [*_OPEN, *(name for name in LINE_FIELDS if name not in _OPEN)]
    made = [
        {
            "name": name, "value": values.get(name, ""), "long": name in _LONG,
            "heading": f"inventory-field-{name.replace('.', '-').replace('_', '-')}",
            "choices": ("true",) if name in FLAGS else CHOICES.get(name, ()),
            "required": name in {"id", "ref", "name", "source", "quality", "factor_quality"},
        }
        for name in names
    ]  # fmt: skip
    return {"open": made[: len(_OPEN)], "folded": made[len(_OPEN) :]}


def _version(visit: Visit, one: BookHead) -> dict[str, Any]:
    return {
        "number": one.version, "when": instant(one.recorded_at).date().isoformat(), "note": one.note,
        "digest": one.digest, "href": visit.with_query(version=one.version, line=None),
    }  # fmt: skip
