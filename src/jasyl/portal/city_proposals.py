"""What the system itself knows for a city's book: proposed data points, what is missing, and taking them over."""

from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.cities import entries, may_read, may_write, year_of
from jasyl.cities.access import demand
from jasyl.cities.proposal_texts import proposal_row, rounded
from jasyl.cities.proposals import Proposal, accept_proposals, proposals
from jasyl.indicators import Catalogue, catalogue, value_of
from jasyl.quantities import now_us
from jasyl.texts import Refusal

from .cities import city_asked
from .house import House
from .page import Document, NotFoundError, page
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit

CATALOGUE = "u4ssc"
_MOST = 500
COLUMNS = (
    Column("code", "proposal-column-code"),
    Column("point", "proposal-column-point"),
    Column("offered", "proposal-column-offered", number=True),
    Column("book", "proposal-column-book", number=True),
    Column("unit", "proposal-column-unit"),
    Column("kind", "proposal-column-kind"),
    Column("made", "proposal-column-made"),
    Column("missing", "proposal-column-missing"),
)


@page("/cities/{place:str}/{year:str}/proposals", "Data points of a city that the system can derive from its records")
def city_proposals_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """Every data point that has a rule: the value offered and from what, or what is missing."""
    one, asked = city_asked(place), _year(year)
    of = catalogue(CATALOGUE)
    offered = proposals(connection, one, asked, of)
    held = entries(connection, one.place, asked, of.id)
    kept = {point: entry for point, entry in held.items() if may_read(visit.actor, one, entry.level)}
    rows = [_row(visit, of, proposal, kept) for proposal in offered]
    count = sum(proposal.numbers is not None for proposal in offered)
    title = f"{visit.t('city-proposals')}: {one.name(visit.language)}, {asked}"
    caption = visit.t("city-proposals-caption", place=one.name(visit.language), year=str(asked))
    data = {
        "place": one.place,
        "year": asked,
        "offered": count,
        "of": sum(1 for _ in of.points),
        "rows": [_data(row) for row in rows],
    }
    context = {
        "city": one,
        "year": asked,
        "count": visit.t("city-proposals-count", count=str(count), of=str(data["of"])),
        "rows": rows,
        "action": visit.href(f"/cities/{one.place}/{asked}/proposals"),
        "may_write": may_write(visit.actor, one),
    }
    return Document("city_proposals.html", title, data, Sheet(COLUMNS, rows, caption), context, cacheable=False)


@post(
    "/cities/{place:str}/{year:str}/proposals",
    summary="Take proposals over into the city's book (point …)",
    status_code=200,
)
async def city_proposals_post(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str]
) -> Response[bytes]:
    """From the form, or by a program with a token; leads back to the page."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = await request.form()
    points = [str(each) for each in form.getall("point", [])]
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    said = {"csrf_token": str(form.get("csrf_token", ""))}
    await to_thread.run_sync(_take, house, state.get("cookies", {}), authorization, said, (place, year, points))
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/cities/{place}/{year}/proposals"})


def _take(
    house: House,
    cookies: dict[str, str],
    authorization: str | None,
    form: dict[str, Any],
    asked: tuple[str, str, list[str]],
) -> None:
    place, year, points = asked
    one, of_year = city_asked(place), _year(year)
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if not actor.signed_in:
            raise Refusal("not-allowed")
        if authorization is None:
            check_form(actor, form)
        demand(may_write(actor, one))
        of = catalogue(CATALOGUE)
        accept_proposals(connection, one, of_year, of, points[:_MOST], actor, now_us(), training=house.training)
    house.revision.forget()


def _year(written: str) -> int:
    try:
        return year_of(written)
    except Refusal:
        raise NotFoundError from None


def _row(visit: Visit, of: Catalogue, one: Proposal, kept: dict[str, Any]) -> dict[str, Any]:
    told = proposal_row(of, one, visit.language)
    entry = kept.get(one.point.id)
    return {
        **told,
        "offered": told["value"],
        "book": None if entry is None else rounded(value_of(one.point, entry.answer)),
        "kind": visit.t(f"kind-{'training' if visit.house.training else one.kind}") if one.kind else None,
        "kind_code": ("training" if visit.house.training else one.kind) if one.kind else None,
        "taken": entry is not None and entry.origin == "system",
    }


def _data(row: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in row.items() if key != "kind"}
