"""One layer of the atlas: its picture, its values by region or site, where they come from, and how to take it away."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from jasyl.atlas import (
    Layer,
    catalogue,
    definition,
    export,
    legend,
    load_areas,
    load_sites,
    statistics,
)
from jasyl.atlas.layer_notes import layer_note, layer_period
from jasyl.atlas.report.words import written_place
from jasyl.places import regions
from jasyl.texts import Refusal

from . import layer_values, tile_borders
from .atlas import layer_picture
from .layer_places import features
from .page import Document, NotFoundError, page
from .recompute import linked
from .sheet import Column, Sheet
from .visit import Visit

RASTER_COLUMNS = (
    Column("place", "column-region", link=True),
    Column("mean", "column-mean", number=True),
    Column("minimum", "column-minimum", number=True),
    Column("p10", "column-p10", number=True),
    Column("p50", "column-median", number=True),
    Column("p90", "column-p90", number=True),
    Column("maximum", "column-maximum", number=True),
    Column("share", "column-covered", unit="%", digits=0),
)


@page("/atlas/{identity:str}", "One resource layer: values by region or site, sources, downloads")
def layer_page(visit: Visit, connection: sa.Connection, identity: str) -> Document:
    """A layer: what it shows and how sure it is, its values, where they come from; or what it waits for."""
    try:
        definition(identity)
    except Refusal:
        raise NotFoundError from None
    layer = next(one for one in catalogue(visit.house.folder) if one.id == identity)
    title = layer.title(visit.language)
    if layer.state == "waiting":
        sheet = Sheet((Column("load", "column-load"),), [{"load": layer.load(visit.language)}], title)
        return Document(
            "layer.html",
            title,
            {"layer": layer.as_data()},
            sheet,
            {"layer": layer, "total": None, "planner": linked(layer)},
        )
    sheet, values, total = _values(visit, layer)
    data = {"layer": layer.as_data(), "values": values, "total": None if total is None else total.as_data()}
    context = {
        "layer": layer,
        "notes": [layer_note(note, visit.language) for note in layer.notes],
        "period": layer_period(layer.period or "", visit.language),
        "forms": export.formats_of(layer),
        "legend": legend(layer.id).svg(visit.language),
        "picture": layer_picture(visit, layer),
        "borders": tile_borders.address(visit) if layer.shape == "raster" else None,
        "planner": linked(layer),
        "total": total,
        "missing": _names(visit, total.missing) if total else "",
        "unconfirmed": _names(visit, total.unconfirmed) if total else "",
        "sources": layer_values.sources(visit, sheet),
    }
    return Document("layer.html", title, data, sheet, context)


def _values(visit: Visit, layer: Layer) -> tuple[Sheet, Sequence[Mapping[str, Any]], Any]:
    """The table of a layer, the same for programs, and the sum over regions of a layer of areas."""
    caption = visit.t(f"layer-values-{layer.shape}", unit=layer.units.written(visit.language) or "1")
    if layer.shape == "areas":
        areas = load_areas(visit.house.folder, layer.id)
        summable = layer.unit not in UNSUMMED
        sheet = layer_values.area_sheet(visit, areas, caption)
        return sheet, [one.as_data() for one in areas.values], _total(areas, summable)
    if layer.shape == "sites":
        sites = load_sites(visit.house.folder, layer.id)
        return layer_values.site_sheet(visit, sites, caption), [one.as_data() for one in sites.values], None
    if layer.shape == "lines":
        rows = _line_rows(visit, layer)
        return Sheet(LINE_COLUMNS, rows, caption), rows, None
    rows = _raster_rows(visit, layer)
    return Sheet(RASTER_COLUMNS, rows, caption), rows, None


# The page shows the largest; the files hold them all.
LINES_SHOWN = 100
LINE_COLUMNS = (Column("name", "column-name", link=True), Column("text", "column-value"))


def _line_rows(visit: Visit, layer: Layer) -> list[dict[str, Any]]:
    found = features(visit.house.folder, layer, visit.language)[:LINES_SHOWN]
    return [_line_row(visit, one) for one in found]


def _line_row(visit: Visit, feature: Mapping[str, Any]) -> dict[str, Any]:
    """A line by its name, else by a point on it, with the report on that place."""
    from shapely.geometry import shape  # noqa: PLC0415

    point = shape(feature["geometry"]).representative_point()
    return {
        "name": feature["properties"]["name"] or written_place(point.x, point.y, visit.language, 2),
        "name_link": visit.href(f"/atlas/site?lon={point.x:.4f}&lat={point.y:.4f}"),
        "text": feature["properties"]["text"],
    }


# Shares, temperatures and distances do not add up over regions.
UNSUMMED = frozenset({"%", "1", "Cel", "km", "m/s", "m", "m3/{person}/a"})


def _total(areas: Any, summable: bool) -> Any:
    return areas.total() if summable else None


def _raster_rows(visit: Visit, layer: Layer) -> list[dict[str, Any]]:
    """Area-weighted statistics over every region, in the layer's unit."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    borders = current(visit.house.folder)
    shapes = [borders.unit(one.iso).shape for one in regions()]
    found = statistics(visit.house.folder, layer.id, shapes, beyond=True)
    return [
        {
            "place": one.name(visit.language),
            "place_link": visit.href(f"/regions/{one.iso}"),
            **{key: _rounded(getattr(row, key)) for key in ("mean", "minimum", "p10", "p50", "p90", "maximum")},
            "share": _rounded(row.share * 100, 1),
        }
        for one, row in zip(regions(), found, strict=True)
    ]


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _names(visit: Visit, codes: Sequence[str]) -> str:
    known = {one.iso: one.name(visit.language) for one in regions()}
    return ", ".join(known.get(code, code) for code in codes)
