"""Pages of a place's construction: the chain kept last (or the one that ships), and its buildings' passports."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response, get

from jasyl.circular.account import name_of
from jasyl.circular.construction import (
    FATES,
    ChainRun,
    ConstructionChain,
    chain_fate_chart,
    chain_stock_chart,
    material_name,
    material_passport,
    passport_paper,
    run_chain,
    starter_chain,
)
from jasyl.circular.kept import kept_model
from jasyl.facts import Book
from jasyl.papers.paper import Paper
from jasyl.registry import facility_by_key

from .circular_models import TONNE, Picture, in_tonnes, model_document, nothing_kept, place_name, publishing
from .page import Document, NotFoundError, page
from .printed import PDF, Printing, printed
from .sheet import Column, Sheet
from .visit import Visit


@page("/circular/{place:str}/construction", "Buildings as a store of materials: in use, waste by fate, passports")
def construction_page(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """The construction chain that was kept last, or the demolition list that ships."""
    title = visit.t("circular-page-construction-title", place=place_name(visit, place))
    chain, book = _chain(connection, place)
    if chain is None:
        return nothing_kept(visit, place, "construction", title, "jasyl circular construction FILE --keep")
    run = run_chain(chain)
    pictures: list[Picture] = []
    if run.knows_buildings:
        pictures.append(
            Picture("stock", _capital(visit.t("circular-chain-stock")), chain_stock_chart(run, visit.language))
        )
    pictures.append(Picture("fate", _capital(visit.t("circular-chain-fate")), chain_fate_chart(run, visit.language)))
    columns = [
        Column("year", "circular-column-year"), Column("material", "circular-column-material"),
        Column("stock", "circular-column-stock", unit="t"), Column("stock_sd", "circular-column-stock-sd", unit="t"),
        Column("inflow", "circular-column-inflow", unit="t"), Column("waste", "circular-column-waste", unit="t"),
        *(Column(fate, f"circular-fate-{fate}", unit="t") for fate in FATES),
        Column("kind", "column-kind", choices="kind"),
    ]  # fmt: skip
    rows = [in_tonnes(row) | {"material": material_name(row["material"], visit.language)} for row in run.rows()]
    last = [row for row in rows if row["year"] == chain.last_year]
    shown = [Sheet(columns, last, visit.t("circular-page-materials-title", year=str(chain.last_year)))]
    if chain.buildings:
        shown.append(_buildings(visit, chain, place))
    if run.built:
        shown.append(_built(visit, run))
    return model_document(
        visit, place, "construction", title, Sheet(columns, rows, title), run.as_data(), book,
        pictures=pictures, shown=shown, notes=[*_potential(visit, run), name_of(chain.notes, visit.language)],
        publishing=publishing(visit, connection, book, str(chain.first_year)),
    )  # fmt: skip


@page("/circular/{place:str}/construction/{building:str}", "The material passport of a building")
def passport_page(visit: Visit, connection: sa.Connection, place: str, building: str) -> Document:
    """What a building holds, measured apart from computed; its JSON is the passport with its digest."""
    chain, book = _chain(connection, place)
    if chain is None or building not in {one.id for one in chain.buildings}:
        raise NotFoundError
    made = material_passport(chain, building)
    columns = [
        Column("material", "circular-column-material"), Column("kg", "circular-column-stock", unit="kg"),
        Column("sd_kg", "circular-column-stock-sd", unit="kg"), Column("kind", "column-kind", choices="kind"),
        Column("source", "column-source"),
    ]  # fmt: skip
    rows = [one | {"material": material_name(one["material"], visit.language)} for one in made["materials"]]
    tonnes = {name: visit.number(made[f"{name}_kg"] / TONNE) for name in ("total", "measured")}
    area = visit.number(float(made["floor_area_m2"]))
    head = visit.t("circular-passport-head", title=made["title"], built=str(made["built"]), area=area, **tonnes)
    notes = [head, *made["hazards"], *made["reusable"], f"SHA-256 {made['sha256']}"]
    sheet = Sheet(columns, rows, visit.t("circular-passport-materials"))
    return model_document(
        visit, place, f"construction/{building}", made["title"], sheet, {"passport": made}, book,
        pictures=[], shown=[sheet], notes=notes, registered=_registered(visit, connection, made["register"]),
        printed=(visit.href(f"/circular/{place}/construction/{building}/passport.pdf"), "circular-passport-pdf"),
    )  # fmt: skip


def _registered(visit: Visit, connection: sa.Connection, said: str) -> tuple[str, str | None] | None:
    """Where a building is registered: a facility of the register by name with its page, a cadastral number as it is."""
    row = facility_by_key(connection, said, visit.actor) if said else None
    if row is not None:
        return visit.name_of(row), visit.href(f"/facilities/{row['key']}")
    return (said, None) if said else None


@get(
    "/circular/{place:str}/construction/{building:str}/passport.pdf",
    summary="The material passport as PDF",
    media_type=PDF,
)
async def passport_pdf(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The passport as a printed paper in the language of the address."""
    place, building = str(request.path_params["place"]), str(request.path_params["building"])
    return await printed(request, f"passport-{building}", partial(_paper, place, building))


def _paper(place: str, building: str, connection: sa.Connection, printing: Printing) -> Paper:
    chain, _ = _chain(connection, place)
    if chain is None or building not in {one.id for one in chain.buildings}:
        raise NotFoundError
    made = material_passport(chain, building)
    return passport_paper(made, printing.language, day=printing.day, watermark=printing.watermark)


def _chain(connection: sa.Connection, place: str) -> tuple[ConstructionChain | None, Book | None]:
    found = kept_model(connection, ConstructionChain, place)
    return found or (starter_chain(place), None)


def _built(visit: Visit, run: ChainRun) -> Sheet:
    """Materials in use at the end of the last year by decade of building."""
    columns = [
        Column("decade", "circular-page-decade"), Column("material", "circular-column-material"),
        Column("stock", "circular-column-stock", unit="t"),
    ]  # fmt: skip
    masses: dict[tuple[int, str], float] = {}
    for (built, material), mass in run.built.items():
        key = (built // 10 * 10, material)
        masses[key] = masses.get(key, 0.0) + float(mass[-1]) / TONNE
    rows = [
        {"decade": f"{decade}–{decade + 9}", "material": material_name(material, visit.language), "stock": mass}
        for (decade, material), mass in masses.items()
        if mass
    ]
    return Sheet(columns, rows, visit.t("circular-page-decades-title", year=str(run.chain.last_year)))


def _buildings(visit: Visit, chain: ConstructionChain, place: str) -> Sheet:
    columns = [
        Column("building", "circular-page-building", link=True), Column("built", "circular-page-built"),
        Column("area", "circular-page-area", unit="m2"), Column("total", "circular-column-stock", unit="t"),
        Column("measured", "circular-page-measured", unit="t"),
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for one in chain.buildings:
        made = material_passport(chain, one.id)
        rows.append(
            {"building": one.title, "building_link": visit.href(f"/circular/{place}/construction/{one.id}"),
             "built": str(one.built), "area": one.area, "total": made["total_kg"] / TONNE,
             "measured": made["measured_kg"] / TONNE}
        )  # fmt: skip
    return Sheet(columns, rows, visit.t("circular-page-buildings-title"))


def _potential(visit: Visit, run: ChainRun) -> list[str]:
    potential = [found for one in run.materials if (found := run.recoverable(one)) is not None]
    total = sum(float(run.waste_of(one).sum()) for one in run.materials)
    if not potential or not total:
        return []
    mass = sum(float(one.sum()) for one in potential)
    said = {"mass": visit.number(mass / TONNE), "total": visit.number(total / TONNE)}
    return [visit.t("circular-chain-recoverable", **said, share=visit.number(100 * mass / total, 2))]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
