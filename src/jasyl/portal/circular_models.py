"""A place's stocks and construction: the model kept last (or the one that ships), its curves and tables."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response, get

from jasyl.circular import (
    StockModel,
    StockRun,
    cohort_chart,
    flow_chart,
    run_stock_model,
    scenario_chart,
    stock_chart,
    stock_scenario_name,
)
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
from jasyl.circular.construction import (
    STARTER_PLACES as CHAIN_PLACES,
)
from jasyl.circular.kept import KEPT_KINDS, kept_model, newest_public_book
from jasyl.circular.physical import BOOK_FORMULAS, DRIVERS
from jasyl.circular.waste import STARTER_PLACES, published_series
from jasyl.facts import Book, books
from jasyl.papers.paper import Paper
from jasyl.places import region
from jasyl.registry import facility_by_key
from jasyl.texts import Refusal

from .page import Document, NotFoundError, page
from .printed import PDF, Printing, printed
from .publishing import may_publish
from .sheet import Column, Sheet
from .statements import indicator_name
from .visit import Visit

TONNE = 1000.0
PARTS = ("stocks", "construction", "waste")
_AMOUNTS = ("stock", "inflow", "outflow")


@dataclass(frozen=True)
class Picture:
    """A chart with its heading and, where it has one, the table behind it."""

    id: str
    title: str
    svg: str
    sheet: Sheet | None = None


@page("/circular/{place:str}/stocks", "Dynamic stocks of a place: what is in use, enters and leaves; cohorts")
def stocks_page(visit: Visit, connection: sa.Connection, place: str) -> Document:
    """The stock model that was kept last."""
    title = visit.t("circular-page-stocks-title", place=place_name(visit, place))
    found = kept_model(connection, StockModel, place)
    if found is None:
        return nothing_kept(visit, place, "stocks", title, "jasyl circular stocks FILE --keep")
    model, book = found
    run = run_stock_model(model)
    pictures = [
        Picture("products", visit.t("circular-page-products-title"), stock_chart(run, visit.language)),
        Picture("flows", visit.t("circular-page-flows-title"), flow_chart(run, visit.language)),
    ]
    if run.alternatives:
        pictures += [
            Picture(f"scenarios-{amount}", visit.t(f"circular-stock-scenarios-{amount}"),
                    scenario_chart(run, amount, visit.language))
            for amount in ("stock", "outflow")
        ]  # fmt: skip
    for year in model.cohorts[:3]:
        head = visit.t("circular-cohort-title", year=str(year))
        pictures.append(Picture(f"cohorts-{year}", head, cohort_chart(run, year, visit.language)))
    columns = [
        *([Column("scenario", "circular-column-scenario")] if run.alternatives else []),
        Column("product", "circular-column-product"), Column("region", "circular-column-region"),
        Column("year", "circular-column-year"),
        *(Column(name, f"circular-column-{name}", number=True) for name in _AMOUNTS),
        Column("unit", "circular-column-unit"), Column("kind", "column-kind", choices="kind"),
        Column("input_kind", "circular-column-input-kind", choices="kind"),
    ]  # fmt: skip
    rows = list(run.rows())
    last = [row | _named(visit, run, row) for row in rows if row["year"] == model.last_year]
    said = visit.t("circular-stocks-head", title=model.title, entry=visit.t(f"circular-entry-{model.entry}"))
    return model_document(
        visit, place, "stocks", title, Sheet(columns, rows, title), run.as_data(), book,
        pictures=pictures, shown=[Sheet(columns, last, f"{title}, {model.last_year}")], notes=[said],
    )  # fmt: skip


def _named(visit: Visit, run: StockRun, row: dict[str, Any]) -> dict[str, Any]:
    """What a row of a stock model stands for, in words."""
    products = {one.key: one.name for one in run.model.products}
    scenarios = {one.scenario.id if one.scenario else "": one for one in (run, *run.alternatives)}
    return {
        "product": products[row["product"], row["region"]], "unit": visit.unit(run.model.unit),
        "scenario": stock_scenario_name(scenarios[row["scenario"]], visit.language),
    }  # fmt: skip


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


def model_document(
    visit: Visit,
    place: str,
    part: str,
    title: str,
    sheet: Sheet,
    data: dict[str, Any],
    book: Book | None,
    *,
    pictures: list[Picture],
    shown: list[Sheet],
    notes: list[str],
    publishing: dict[str, Any] | None = None,
    printed: tuple[str, str] | None = None,
    registered: tuple[str, str | None] | None = None,
) -> Document:
    """The page of a model: its pictures, tables and notes, and where it comes from."""
    kept = visit.t("circular-page-starter")
    if book is not None:
        kept = visit.t("circular-page-version", version=str(book.version), digest=book.digest)
    context = {
        "lead": visit.t(f"circular-page-{part.partition('/')[0]}-lead"),
        "pictures": pictures,
        "shown": shown,
        "notes": [one for one in notes if one],
        "kept": kept,
        "parts": _parts(visit, place, part),
        "place": place,
        "publishing": publishing,
        "printed": printed,
        "registered": registered,
    }
    digest = {"book": None if book is None else {"id": book.id, "version": book.version, "digest": book.digest}}
    return Document("circular_model.html", title, data | digest, sheet, context)


def publishing(visit: Visit, connection: sa.Connection, book: Book | None, period: str) -> dict[str, Any] | None:
    """What the form needs that publishes an indicator of a kept document; None where it is not the reader's to do, or
    not this book that the figures of its place rest on."""
    if book is None or not visit.actor.signed_in or not may_publish(visit.actor, place=book.place):
        return None
    newest = newest_public_book(connection, book.kind, book.place)
    if newest is None or newest.id != book.id:
        return None
    offered = [
        (name, indicator_name(visit, name))
        for name, formula in BOOK_FORMULAS[book.kind].items()
        if not {formula.numerator, formula.less, formula.denominator} & set(DRIVERS)
    ]
    return {"subject": book.place, "indicators": offered, "period": period}


def nothing_kept(visit: Visit, place: str, part: str, title: str, command: str) -> Document:
    """The page of a place of which nothing is kept: it says how to keep something."""
    said = visit.t("circular-page-nothing", command=command)
    context = {
        "lead": said, "pictures": [], "shown": [], "notes": [], "kept": "", "parts": _parts(visit, place, part),
        "place": place, "publishing": None, "printed": None, "registered": None,
    }  # fmt: skip
    return Document("circular_model.html", title, {"kept": None}, Sheet((), ()), context)


def _parts(visit: Visit, place: str, own: str) -> list[tuple[str, str, bool]]:
    return [(*one, part == own) for part, one in zip(PARTS, model_links(visit, place), strict=True)]


def model_links(visit: Visit, place: str) -> list[tuple[str, str]]:
    """Address and short name of the three pages of a place."""
    return [(visit.href(f"/circular/{place}/{part}"), visit.t(f"circular-page-tab-{part}")) for part in PARTS]


def model_places(connection: sa.Connection) -> list[str]:
    """Places of which a model is kept, ships with the program or has published numbers: the country, then by code."""
    kept = {one.place for kind in KEPT_KINDS.values() for one in books(connection, kind) if one.publication == "public"}
    return sorted(kept | set(CHAIN_PLACES) | set(STARTER_PLACES) | {one.place for one in published_series()})


def place_name(visit: Visit, place: str) -> str:
    """A place by name; raises NotFoundError for what is no place."""
    if place == "KZ":
        return visit.t("country-name")
    if place.startswith("KZ-"):
        try:
            return region(place).name(visit.language)
        except Refusal:
            raise NotFoundError from None
    if not (place.isdigit() and len(place) <= 9):
        raise NotFoundError
    return place


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


def in_tonnes(row: dict[str, Any]) -> dict[str, Any]:
    """Masses and gases of a row (kg) in tonnes, as its columns say."""
    plain = {"scenario", "year", "kind", "material", "operation", "revenue", "investment", "jobs"}
    return {
        key: value if key in plain or "_share" in key or value is None else float(value) / TONNE
        for key, value in row.items()
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
