"""A city's low-carbon pathway: scenarios as wedges and tables, measures in their order, targets."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response, get

from jasyl.emissions.inventory.export import place_name
from jasyl.emissions.pathway import Measure, Pathway
from jasyl.emissions.pathway.kept import kept_pathway
from jasyl.emissions.pathway.paper import pathway_data, pathway_paper, yearly_rows
from jasyl.facts import Book
from jasyl.papers.paper import Paper
from jasyl.registry import facility_by_key, project_by_key

from .page import Document, NotFoundError, page
from .printed import PDF, Printing, printed, today
from .sheet import Column, Sheet
from .visit import Visit

_STATUS_WORDS = {"facilities": "status", "projects": "project-status"}
COLUMNS = (
    Column("scenario", "pathway-scenario"),
    Column("year", "pathway-year"),
    Column("measure", "pathway-measure"),
    Column("value", "pathway-value"),
    Column("baseline", "pathway-baseline"),
    Column("low", "pathway-low"),
    Column("high", "pathway-high"),
)


@page("/cities/{place:str}/pathway/{year:str}", "A low-carbon pathway from a base year: scenarios, measures, targets")
def pathway_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """Every scenario year by year, abatement by measure without double counting, targets, sources."""
    book, plan = _found(connection, place, year)
    paper = pathway_paper(plan, place_name(place, visit.language), visit.language, day=today())
    told = {"version": book.version, "digest": book.digest, "author": plan.told(plan.author, visit.language)}
    context = {
        "paper": paper,
        "book": visit.t("inventory-book", **told),
        "inventory": visit.href(f"/cities/{place}/inventory/{year}"),
        "inventory_title": visit.t("inventory-title", place=place_name(place, visit.language), year=year),
        "files": [(visit.href(f"/cities/{place}/pathway/{year}/report.pdf"), "PDF")],
        "carried": [
            (plan.told(one.name, visit.language), _carriers(visit, connection, one))
            for one in plan.measures
            if one.facilities or one.projects
        ],
    }
    data = pathway_data(plan) | {"book": {"id": book.id, **told, "record": book.record_id}}
    return Document("pathway.html", paper.title, data, Sheet(COLUMNS, yearly_rows(plan), paper.title), context)


def _carriers(visit: Visit, connection: sa.Connection, one: Measure) -> list[tuple[str | None, str, str | None]]:
    """(address, name, how it stands) of the facilities and projects that carry a measure out; what the register does
    not have, or the visitor may not see, by its key alone."""
    listed = [("facilities", key, facility_by_key(connection, key, visit.actor)) for key in one.facilities]
    listed += [("projects", key, project_by_key(connection, key, visit.actor)) for key in one.projects]
    return [
        (None, key, None)
        if row is None
        else (
            visit.href(f"/{kind}/{row['key']}"),
            visit.name_of(row),
            visit.t(f"{_STATUS_WORDS[kind]}-{(row['status'] or 'unknown').replace('_', '-')}"),
        )
        for kind, key, row in listed
    ]


@get("/cities/{place:str}/pathway/{year:str}/report.pdf", summary="The same as PDF", media_type=PDF)
async def pathway_pdf(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report as a printed paper in the language of the address."""
    place, year = str(request.path_params["place"]), str(request.path_params["year"])
    return await printed(request, f"pathway-{place}-{year}", partial(_paper, place, year))


def _paper(place: str, year: str, connection: sa.Connection, printing: Printing) -> Paper:
    _, plan = _found(connection, place, year)
    name = place_name(place, printing.language)
    return pathway_paper(plan, name, printing.language, day=printing.day, watermark=printing.watermark)


def _found(connection: sa.Connection, place: str, year: str) -> tuple[Book, Pathway]:
    """The pathway in force. Raises NotFoundError; only public ones are shown."""
    kept = kept_pathway(connection, place, year)
    if kept is None or kept[0].publication != "public":
        raise NotFoundError("pathway-none")
    return kept
