"""The planner's pages: the whole country again for another panel, tilt, turbine or loss, at an address to pass on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.atlas import Layer, read_record
from jasyl.atlas.recompute import VIEWS, Recomputed, RegionMean, View
from jasyl.places import region
from jasyl.texts import Language, Refusal

from . import tile_borders
from .assets import island
from .cache import CACHEABLE
from .house import House
from .page import Document, NotFoundError, page
from .planner_map import FORM, against, band_name, clicked, place_asked, planner_map, rounded, tile_address
from .recompute_form import (
    MOUNTINGS,
    SOLAR_KEYS,
    WIND_KEYS,
    Field,
    Form,
    kept_query,
    number,
    solar_form,
    solar_settings,
    wind_form,
    wind_settings,
    word,
)
from .sheet import Column, Sheet
from .visit import Visit

SOLAR_PATH: Final = "/atlas/solar/recompute"
WIND_PATH: Final = "/atlas/wind/recompute"
_TILE = re.compile(r"(value|difference)/(\d{1,2})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.png")
_MONTHS = 12
COLUMNS = (
    Column("place", "column-region", link=True),
    Column("mean", "column-mean", number=True, digits=2),
    Column("standard", "recompute-column-standard", number=True, digits=2),
    Column("difference", "recompute-column-difference", number=True, digits=2),
    *(
        Column(key, f"column-{name}", number=True, digits=2)
        for key, name in (
            ("minimum", "minimum"),
            ("p10", "p10"),
            ("p50", "median"),
            ("p90", "p90"),
            ("maximum", "maximum"),
        )
    ),
    Column("share", "column-covered", unit="%", digits=0),
)


@dataclass(frozen=True)
class _Asked:
    """A page before its answer: the form, what the address keeps, and the answer itself or why there is none."""

    path: str
    form: Form | None
    kept: dict[str, str]
    found: Recomputed | None = None
    load: str | None = None
    refusal: Refusal | None = None


@page(SOLAR_PATH, "The country's photovoltaic yield for another panel, tilt, tracking, inverter, loss or year")
def solar_page(visit: Visit, connection: sa.Connection) -> Document:
    """Yield of a mean day everywhere, beside the standard; what to load where there is no weather."""
    stores = visit.house.planner.solar_stores()
    if not stores:
        return _document(visit, _Asked(SOLAR_PATH, None, {}, load=visit.t("recompute-load-solar")))
    words = {name: visit.t(f"recompute-{name}") for name in ("period-all", *(f"mounting-{key}" for key in MOUNTINGS))}
    words |= {f"panel-{key}": visit.t(f"recompute-panel-{key}") for key in ("CSi", "CdTe", "KANENA")}
    form, kept = solar_form(visit.query, stores, words, visit.language), kept_query(visit.query, SOLAR_KEYS)
    try:
        found = visit.house.planner.solar(solar_settings(visit.query))
    except Refusal as refusal:
        return _document(visit, _Asked(SOLAR_PATH, form, kept, refusal=refusal))
    return _document(visit, _Asked(SOLAR_PATH, form, kept, found))


@page(WIND_PATH, "The country's capacity factor for another turbine or an own power curve, hub height, loss")
def wind_page(visit: Visit, connection: sa.Connection) -> Document:
    """Capacity factor everywhere, beside the layer as it is built; what to load where there is none."""
    if visit.house.planner.wind_climate() is None:
        return _document(visit, _Asked(WIND_PATH, None, {}, load=visit.t("recompute-load-wind")))
    scaling = _scaling(visit.house)
    words = {name: visit.t(f"recompute-{name}") for name in ("turbine-own", "yes", "no")}
    form = wind_form(visit.query, {**words, "megawatt": visit.t("unit-MW")}, visit.language, **scaling)
    kept = kept_query({**visit.query, "curve": ""}, WIND_KEYS)
    try:
        settings = wind_settings(visit.query, **scaling)
        kept = kept_query(visit.query, WIND_KEYS, settings.turbine)
        found = visit.house.planner.wind(settings)
    except Refusal as refusal:
        return _document(visit, _Asked(WIND_PATH, form, kept, refusal=refusal))
    return _document(visit, _Asked(WIND_PATH, form, kept, found))


@get(
    [f"{SOLAR_PATH}/{{rest:path}}", f"{WIND_PATH}/{{rest:path}}"],
    summary="Of a planner's map, with the query of its page: tiles (value|difference/band/z/x/y.png), point.json",
)
async def recompute_file(request: Request[Any, Any, Any], rest: FromPath[str]) -> Response[bytes]:
    """A tile painted from the values in memory, or the values of a place; worked out again where no longer kept."""
    house = cast("House", request.app.state.house)
    language: Language = request.scope.get("state", {})["language"]
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), max_num_fields=40))
    solar = request.scope["path"].startswith(SOLAR_PATH)
    if rest.lstrip("/") == "point.json":
        body = await to_thread.run_sync(_point, house, solar, query, language)
        return Response(body, media_type="application/json; charset=utf-8")
    asked = _TILE.fullmatch(rest.lstrip("/"))
    if asked is None:
        raise NotFoundError
    view, band, *place = asked.groups()
    body = await to_thread.run_sync(_tile, house, solar, query, cast("View", view), int(band), tuple(map(int, place)))
    # The address holds the settings and the hash of what they were answered from.
    headers = {CACHEABLE.decode(): "1", "cache-control": "public, max-age=86400"}
    return Response(body, media_type="image/png", headers=headers)


def _tile(house: House, solar: bool, query: dict[str, str], view: View, band: int, place: tuple[int, ...]) -> bytes:
    z, x, y = place
    return _found(house, solar, query).tile(band, view, (z, x, y))


def _point(house: House, solar: bool, query: dict[str, str], language: Language) -> bytes:
    view = cast("View", word(query, "show", VIEWS))
    return msgspec.json.encode(clicked(query, _found(house, solar, query), view, language))


def _found(house: House, solar: bool, query: dict[str, str]) -> Recomputed:
    if solar:
        return house.planner.solar(solar_settings(query))
    return house.planner.wind(wind_settings(query, **_scaling(house)))


def _scaling(house: House) -> dict[str, bool]:
    """Whether there is a published mean speed to scale to, and whether the built layer is scaled."""
    from jasyl.atlas.recompute.wind import scalable  # noqa: PLC0415

    built = read_record(house.folder, "wind.capacity_factor")
    scaled = built is not None and any(note.startswith("speeds scaled:") for note in built.notes)
    there = scalable(house.folder)
    return {"scalable": there, "scaled": there and scaled}


def _document(visit: Visit, asked: _Asked) -> Document:
    title = visit.t("recompute-title-solar" if asked.path == SOLAR_PATH else "recompute-title-wind")
    context: dict[str, Any] = {
        "asked": asked, "found": None, "refusal": asked.refusal, "load": asked.load, "path": asked.path,
        "other_path": WIND_PATH if asked.path == SOLAR_PATH else SOLAR_PATH, "key": asked.path.split("/")[2],
        "form_id": FORM, "map_assets": None,
    }  # fmt: skip
    if asked.found is None:
        if asked.refusal is not None and visit.form != "html":
            raise asked.refusal
        data = {"load": asked.load, "kind": "modelled"}
        sheet = Sheet((Column("load", "column-load"),), [{"load": asked.load}], title)
        return Document("recompute.html", title, data, sheet, context, cacheable=False)
    try:
        return _answer(visit, asked, asked.found, title, context)
    except Refusal as refusal:
        if visit.form != "html":
            raise
        return Document("recompute.html", title, {}, Sheet(COLUMNS, ()), {**context, "refusal": refusal}, False)


def _answer(visit: Visit, asked: _Asked, found: Recomputed, title: str, context: dict[str, Any]) -> Document:
    view = cast("View", word(visit.query, "show", VIEWS))
    band = int(number(visit.query, "band", 0, 0, len(found.values) - 1) or 0)
    legend = found.legend(band, view)
    means = visit.house.planner.regions(found, band)
    unit = legend.layer.units.written(visit.language)
    rows = [_row(visit, one) for one in means]
    sheet = Sheet(COLUMNS, rows, visit.t("recompute-table", unit=unit, band=band_name(visit, band)))
    point = place_asked(visit.query, found)
    tiles = tile_address(asked.path, asked.kept, found, view).replace("{band}", str(band))
    data = {
        "layer": legend.layer.id, "kind": legend.layer.kind, "kind_text": legend.layer.label(visit.language),
        "unit": legend.layer.unit, "band": band, "show": view, "period": found.period, "settings": found.settings,
        "method": found.method, "inputs": found.inputs, "sources": [_source(one) for one in found.sources],
        "legend": legend.as_data(visit.language), "tiles": tiles,
        "regions": [_plain(one) for one in means], "point": point,
    }  # fmt: skip
    context |= {
        "found": found, "view": view, "band": band, "unit": unit, "legend": legend, "drawn": legend.svg(visit.language),
        "picture": [
            tiles.format(z=tile_borders.ZOOM, x=x, y=y) for y in tile_borders.ROWS for x in tile_borders.COLUMNS
        ],
        "borders": tile_borders.address(visit), "country": means[0], "point": point,
        "against": partial(against, visit), "days": found.period.split(" to "),
        "shown": _shown(visit, found), "settings": _said(visit, asked, found),
    }  # fmt: skip
    if visit.form == "html":
        context["map_settings"] = planner_map(visit, asked.path, asked.kept, found, (view, band))
        context["map_assets"] = island("src/islands/map/index.ts")
    return Document("recompute.html", title, data, sheet, context)


def _shown(visit: Visit, found: Recomputed) -> Sequence[Field]:
    """What of the answer is looked at: the year or a month, the values or the difference."""
    bands = [(str(number), band_name(visit, number)) for number in range(len(found.values))]
    views = [(one, visit.t(f"recompute-show-{one}")) for one in VIEWS if one == "value" or found.standard is not None]
    made = [Field("show", "recompute-show", visit.query.get("show") or "value", views)] if len(views) > 1 else []
    return [*made, Field("band", "recompute-band", visit.query.get("band") or "0", bands)] if len(bands) > 1 else made


def _row(visit: Visit, one: RegionMean) -> dict[str, Any]:
    whole = one.place == "KZ"
    values = one.values
    return {
        "place": visit.t("country-name") if whole else region(one.place).name(visit.language),
        "place_link": None if whole else visit.href(f"/regions/{one.place}"),
        "mean": rounded(values.mean), "standard": rounded(one.standard), "difference": rounded(one.difference),
        **{key: rounded(getattr(values, key)) for key in ("minimum", "p10", "p50", "p90", "maximum")},
        "share": round(100 * values.share, 1),
    }  # fmt: skip


def _plain(one: RegionMean) -> dict[str, Any]:
    keys = ("mean", "minimum", "p10", "p50", "p90", "maximum", "share")
    said: dict[str, Any] = {key: rounded(getattr(one.values, key), 6) for key in keys}
    return {
        "place": one.place,
        **said,
        "standard": rounded(one.standard, 6),
        "difference": rounded(one.difference, 6),
    }


def _source(one: Any) -> dict[str, str]:
    return {
        "name": one.attribution or one.name,
        "version": one.version,
        "licence": one.licence,
        "reference": one.reference,
    }


def _said(visit: Visit, asked: _Asked, found: Recomputed) -> Sequence[tuple[str, str]]:
    """What was asked, as labels and values: every control with what it held."""
    form = asked.form or Form()
    rows: list[tuple[str, str]] = []
    for field in (field for _, group in form.groups for field in group if field.name != "curve" or field.value):
        chosen = next((text.replace("\t", " ") for value, text in field.options if value == field.value), field.value)
        rows.append((visit.t(field.label), chosen))
    return rows


def linked(layer: Layer) -> str | None:
    """The planner's page where a layer can be worked out anew, None for others."""
    return {"solar.pvout": SOLAR_PATH, "wind.capacity_factor": WIND_PATH}.get(layer.id)
