"""What the pages of a place's circular models share: their frame, their pictures, and which places have any."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.circular.construction import STARTER_PLACES as CHAIN_PLACES
from jasyl.circular.kept import KEPT_KINDS, newest_public_book
from jasyl.circular.physical import BOOK_FORMULAS, DRIVERS
from jasyl.circular.waste import STARTER_PLACES, published_series
from jasyl.facts import Book, books
from jasyl.places import region
from jasyl.texts import Refusal

from .page import Document, NotFoundError
from .publishing import may_publish
from .sheet import Sheet
from .statements import indicator_name
from .visit import Visit

TONNE = 1000.0
PARTS = ("stocks", "construction", "waste")


@dataclass(frozen=True)
class Picture:
    """A chart with its heading and, where it has one, the table behind it."""

    id: str
    title: str
    svg: str
    sheet: Sheet | None = None


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


def in_tonnes(row: dict[str, Any]) -> dict[str, Any]:
    """Masses and gases of a row (kg) in tonnes, as its columns say."""
    plain = {"scenario", "year", "kind", "material", "operation", "revenue", "investment", "jobs"}
    return {
        key: value if key in plain or "_share" in key or value is None else float(value) / TONNE
        for key, value in row.items()
    }
