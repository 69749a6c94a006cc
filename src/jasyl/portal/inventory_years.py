"""The inventories of one city by year, and the form that begins another one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.cities import City, may_write, year_of
from jasyl.emissions.inventory import Inventory, Population, begun, carried_over, evaluate, findings, refused
from jasyl.emissions.inventory.figures import KIND, keep_inventory, kept_inventory, make_totals
from jasyl.emissions.inventory.sheet_fields import OFFERED
from jasyl.facts import Book, books
from jasyl.quantities import now_us
from jasyl.texts import Language, Refusal, say

from .cities import city_asked
from .house import House
from .inventory import LIST_COLUMNS, list_row
from .page import Document, page, respond
from .printed import today
from .session import actor_of, check_form
from .sheet import Sheet
from .signin import check_origin
from .visit import Visit, visit_of

_LONGEST = 500


@page("/cities/{place:str}/inventory", "The greenhouse-gas inventories of a city by year; also a form to begin one")
def inventory_years(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """Every year that is kept with its three totals, the newest first; none is said in words."""
    return _document(visit, connection, city_asked(place), {}, ())


@post("/cities/{place:str}/inventory", summary="Begin an inventory of a year: year, carry (an earlier year, or empty), "
      "people, source, boundary, gwp_set, methane, author", status_code=303)  # fmt: skip
async def inventory_years_post(request: Request[Any, Any, Any], place: FromPath[str]) -> Response[bytes]:
    """From the form of the page, or by a program with a token. What is wrong is told on the page, nothing is kept."""
    check_origin(request)
    form = {name: str(value).strip()[:_LONGEST] for name, value in (await request.form()).items()}
    return await to_thread.run_sync(_answer, request, form, place)


def _answer(request: Request[Any, Any, Any], form: dict[str, str], place: str) -> Response[bytes]:
    house = cast("House", request.app.state.house)
    state, authorization = request.scope.get("state", {}), request.headers.get("authorization")
    with house.database.writing() as connection:
        actor = actor_of(connection, state.get("cookies", {}), authorization)
        if authorization is None:
            check_form(actor, form)
        city = city_asked(place)
        if not may_write(actor, city):
            raise Refusal("not-allowed")
        made, wrong = _examined(connection, city, form, state["language"], training=house.training)
        if made is not None:
            keep_inventory(connection, house.folder, made, actor.id, _note(form, state["language"]))
            make_totals(connection, made, now_us())
    visit = visit_of(request, house, actor, f"/cities/{city.place}/inventory", "html")
    if made is None and authorization is not None:
        raise wrong[0]
    if made is None:
        with house.database.reading() as connection:
            return respond(visit, _document(visit, connection, city, form, wrong), 400)
    house.revision.forget()
    return Response(b"", status_code=303, headers={"location": visit.href(_lines(city, str(made.year)))})


def _examined(
    connection: sa.Connection, city: City, form: Mapping[str, str], language: Language, *, training: bool
) -> tuple[Inventory | None, Sequence[Refusal]]:
    """The inventory that the form begins, or everything that is wrong with it."""
    try:
        made = _begun(connection, city, form, language, training=training)
    except Refusal as refusal:
        return None, [refusal]
    wrong = refused(findings(made))
    return (None, wrong) if wrong else (made, ())


def _begun(
    connection: sa.Connection, city: City, form: Mapping[str, str], language: Language, *, training: bool
) -> Inventory:
    year = year_of(form.get("year", ""))
    if kept_inventory(connection, city.place, year) is not None:
        raise Refusal("inventory-begin-exists", received=str(year))
    people, author = _population(form), form.get("author", "")
    reason = say(language, "inventory-begin-reason", day=today().isoformat())
    boundary, carry = form.get("boundary", ""), form.get("carry", "")
    if carry:
        earlier = _public(connection, city, carry)
        if earlier is None or earlier[1].year >= year:
            raise Refusal("inventory-begin-earlier", received=carry[:20])
        return carried_over(earlier[1], year, people, author, reason=reason, boundary=boundary)
    gwp_set, methane = form.get("gwp_set", ""), form.get("methane") or None
    if gwp_set not in OFFERED["gwp_set"] or methane not in {None, *OFFERED["methane"]}:
        raise Refusal("inventory-begin-set", expected=", ".join(OFFERED["gwp_set"]))
    return begun(
        city.place, year, people, boundary, gwp_set, methane,  # pyright: ignore[reportArgumentType]
        author, reason=reason, training=training,
    )  # fmt: skip


def _population(form: Mapping[str, str]) -> Population:
    said = "".join(form.get("people", "").split())
    if not (said.isascii() and said.isdigit() and int(said) and form.get("source")):
        raise Refusal("inventory-begin-people", received=form.get("people", "")[:20])
    return Population(value=Decimal(said), source=form["source"])


def _note(form: Mapping[str, str], language: Language) -> str:
    carry = form.get("carry", "")
    return say(language, "inventory-begun-from", year=carry) if carry else say(language, "inventory-begun")


def _document(
    visit: Visit, connection: sa.Connection, city: City, asked: Mapping[str, str], wrong: Sequence[Refusal]
) -> Document:
    held = [one.period for one in books(connection, KIND, city.place)]
    kept = [one for year in sorted(held, key=int, reverse=True) if (one := _public(connection, city, year))]
    rows = [list_row(visit, book, evaluate(inventory)) for book, inventory in kept]
    title = visit.t("inventory-years-title", place=city.name(visit.language))
    context = {
        "city": city.name(visit.language),
        "place": city.place,
        "address": f"/cities/{city.place}/inventory",
        "may_write": visit.actor.signed_in and may_write(visit.actor, city),
        "earlier": [inventory.year for _, inventory in kept],
        "offered": OFFERED,
        "asked": asked,
        "wrong": [one.text(visit.language) for one in wrong],
    }
    return Document("inventory_years.html", title, {"inventories": rows}, Sheet(LIST_COLUMNS, rows, title), context)


def _public(connection: sa.Connection, city: City, year: str) -> tuple[Book, Inventory] | None:
    kept = kept_inventory(connection, city.place, year)
    return None if kept is None or kept[0].publication != "public" else kept


def _lines(city: City, year: str) -> str:
    return f"/cities/{city.place}/inventory/{year}/lines"
