"""The values of a layer by area or site as a table, and the works that they are taken from."""

from collections.abc import Mapping, Sequence
from typing import Any

from jasyl.atlas import Areas, AreaValue, Sites, SiteValue
from jasyl.atlas.report.words import site_name
from jasyl.atlas.value_notes import written_note
from jasyl.facts import CitedWorks
from jasyl.places import regions
from jasyl.texts import Refusal, write_given

from .parts import part_name
from .sheet import Column, Sheet
from .visit import Visit

_VALUE = (
    Column("value", "column-value", given=True),
    Column("range", "column-range"),
    Column("year", "column-year"),
    Column("kind", "column-kind", choices="kind"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("confirmation", "column-confirmation", choices="confirmation"),
    Column("parts", "column-parts", folded=True),
    Column("source", "column-source"),
    Column("note", "column-note"),
)
_AREA = (Column("place", "column-place", link=True), *_VALUE)
_SITE = (Column("name", "column-name"), Column("place", "column-region", link=True), *_VALUE)


def area_sheet(visit: Visit, areas: Areas, caption: str) -> Sheet:
    """The values of a layer of areas."""
    return _sheet(visit, _AREA, [{**_place(visit, one.place), **_row(visit, one)} for one in areas.values], caption)


def site_sheet(visit: Visit, sites: Sites, caption: str) -> Sheet:
    """The values of a layer of sites."""
    rows = [
        {"name": site_name(one.name, visit.language), **_place(visit, one.place), **_row(visit, one)}
        for one in sites.values
    ]
    return _sheet(visit, _SITE, rows, caption)


def sources(visit: Visit, sheet: Sheet) -> list[dict[str, str]]:
    """The works that the rows of a table cite, each once, in the order of their numbers."""
    works = _works(sheet.rows)
    return [{"title": work} for work in works.written(visit.language)]


def _sheet(visit: Visit, columns: Sequence[Column], rows: list[dict[str, Any]], caption: str) -> Sheet:
    """On a page a source is the numbers of its works in the list below the table, and columns without any value are
    left out; files keep all of them and write sources out."""
    if visit.form != "html":
        return Sheet(columns, rows, caption)
    works = CitedWorks()
    for row in rows:
        row["source_links"] = [(f"[{number}]", f"#source-{number}") for number in works.numbers(row["source"])]
    kept = [one for one in columns if any(row[one.key] not in (None, "") for row in rows)]
    return Sheet(kept, rows, caption)


def _works(rows: Sequence[Mapping[str, Any]]) -> CitedWorks:
    works = CitedWorks()
    for row in rows:
        if "source_links" in row:
            works.numbers(row["source"])
    return works


def _row(visit: Visit, one: AreaValue | SiteValue) -> dict[str, Any]:
    def written(number: Any) -> str:
        return write_given(visit.language, number)

    parts = "; ".join(f"{part_name(key, visit.language)}: {written(value)}" for key, value in one.parts.items())
    return {
        "value": one.value,
        "range": None if one.low is None or one.high is None else f"{written(one.low)}–{written(one.high)}",
        "year": one.year,
        "kind": one.kind,
        "confidence": one.confidence,
        "confirmation": "confirmed" if one.confirmed else "unconfirmed",
        "parts": parts or None,
        "source": one.source,
        "note": written_note(one.note, visit.language) or None,
    }


def _place(visit: Visit, code: str | None) -> dict[str, Any]:
    """Name and page of a region; the country and districts by name alone."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    if code is None:
        return {"place": None, "place_link": None}
    if code == "KZ":
        return {"place": visit.t("country-name"), "place_link": None}
    found = next((one for one in regions() if one.iso == code), None)
    if found is not None:
        return {"place": found.name(visit.language), "place_link": visit.href(f"/regions/{code}")}
    try:
        return {"place": current(visit.house.folder).unit(code).names.of(visit.language), "place_link": None}
    except Refusal:
        return {"place": code, "place_link": None}
