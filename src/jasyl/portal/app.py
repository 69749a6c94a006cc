"""The web application: every route in one list."""

import logging
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from jasyl import __version__
from jasyl.people import ANYBODY
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from . import (
    about,
    adviser,
    atlas,
    atlas_layer,
    certificate_forms,
    certificate_schemes,
    certificates,
    circular,
    circular_files,
    circular_models,
    circular_waste,
    cities,
    city,
    city_book,
    city_compare,
    city_files,
    city_proposals,
    city_verification,
    dynamics,
    dynamics_forecast,
    dynamics_regions,
    dynamics_targets,
    enterprises,
    facilities,
    imports,
    inventory,
    inventory_lines,
    inventory_years,
    live,
    log,
    map_picture,
    map_tiles,
    measure_form,
    measures,
    metering,
    open_data,
    pathway,
    performance,
    places,
    plant_files,
    plants,
    programmes,
    projects,
    publishing,
    push,
    quality,
    quarantine,
    readings,
    recompute,
    regions,
    savings,
    sealed,
    search,
    signin,
    site,
    stac,
    statements,
    tile_borders,
    titles,
    verify,
)
from . import map as map_page
from .cache import PageCache
from .door import Door
from .house import House, open_house
from .mounted import Mounted
from .page import MovedError, NotFoundError, refused, routes, split_form
from .push_lane import PATH, PushLane
from .sensorthings.service import PREFIX, SensorThings
from .static_files import static_file
from .visit import Visit, visit_of
from .warm import warm_behind

logger = logging.getLogger("jasyl.portal")


@get("/health", summary="Whether the server and its database answer", media_type="application/json")
async def health(request: Request[Any, Any, Any]) -> dict[str, str | int]:
    """The state of this process: version and data revision."""
    house = cast("House", request.app.state.house)
    return {"status": "ok", "version": __version__, "revision": house.revision.current()}


@get("/openapi.json", summary="This description", media_type="application/json", include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 document of every page and endpoint."""
    schema = request.app.openapi_schema.to_schema()
    return Response(msgspec.json.encode(schema), media_type="application/json; charset=utf-8")


def create_app(folder: DataFolder, hosts: list[str], *, warmed: bool = False) -> ASGIApp:
    """The whole application over the data in ``folder``, answering for ``hosts``; ``warmed`` behind the first answers
    so that the first site report waits for no library."""
    house = open_house(folder)
    if warmed:
        warm_behind(house)
    inner = Litestar(
        route_handlers=routes(
            health,
            openapi_document,
            map_page.index,
            facilities.facilities_list,
            facilities.facility_page,
            projects.projects_list,
            projects.project_page,
            enterprises.enterprises_list,
            enterprises.enterprise_page,
            readings.readings_page,
            push.push_readings,
            push.give_days,
            push.take_day,
            quarantine.quarantine_page,
            performance.performance_page,
            savings.savings_page,
            publishing.publish_post,
            quality.quality_page,
            quality.alerts_page,
            quality.alert_page,
            quality.alert_post,
            dynamics.dynamics_page,
            dynamics_forecast.forecast_page,
            dynamics_targets.targets_page,
            dynamics_regions.ranking_page,
            regions.regions_list,
            regions.region_page,
            circular_files.circular_form,
            circular_files.circular_post,
            circular_files.circular_endpoint,
            circular_files.circular_template,
            circular_models.stocks_page,
            circular_models.construction_page,
            circular_models.passport_page,
            circular_models.passport_pdf,
            circular_waste.waste_page,
            cities.cities_list,
            city_compare.compare_page,
            city.city_page,
            cities.city_year_page,
            city_files.city_file,
            city_proposals.city_proposals_page,
            city_proposals.city_proposals_post,
            atlas.atlas_page,
            site.site_page,
            site.site_pdf,
            recompute.solar_page,
            recompute.wind_page,
            recompute.recompute_file,
            tile_borders.borders_picture,
            atlas.layer_file,
            atlas_layer.layer_page,
            stac.stac_file,
            places.shapes,
            search.search_page,
            open_data.statements_csv_file,
            open_data.statements_jsonld_file,
            statements.statements_list,
            statements.statement_page,
            verify.verify_page,
            verify.statement_passport,
            about.about_page,
            about.facts_page,
            programmes.programmes_page,
            circular.accounts_page,
            circular.account_page,
            plants.plants_list,
            plants.plant_page,
            plant_files.plant_template,
            plant_files.plant_file,
            plant_files.plant_post,
            measures.measures_page,
            measure_form.new_measure_page,
            measure_form.new_measure_post,
            measure_form.measure_page,
            measure_form.measure_post,
            measures.programme_page,
            adviser.adviser_page,
            adviser.adviser_rules,
            adviser.decision_post,
            certificates.certificates_list,
            certificates.certificate_page,
            certificate_schemes.scheme_page,
            city_book.book_page,
            city_book.book_post,
            city_book.book_file,
            city_book.evidence_file,
            city_verification.verification_page,
            city_verification.verification_post,
            certificate_forms.certificate_post,
            titles.titles_list,
            titles.title_page,
            titles.title_post,
            titles.title_fields_post,
            signin.sign_in_form,
            signin.sign_in_post,
            signin.sign_out_post,
            inventory.inventories_page,
            inventory.inventory_page,
            inventory_lines.inventory_lines,
            inventory_lines.inventory_lines_post,
            inventory_years.inventory_years,
            inventory_years.inventory_years_post,
            inventory.inventory_pdf,
            inventory.inventory_xlsx,
            pathway.pathway_page,
            pathway.pathway_pdf,
            imports.import_form,
            imports.import_post,
            imports.import_endpoints,
            imports.template_file,
            live.live,
            live.facility_live,
            log.log_page,
            metering.metering_form,
            metering.metering_post,
            metering.mappings_page,
            log.log_file,
            sealed.sealed_payload,
            map_picture.map_picture,
            map_tiles.facility_tiles,
            map_tiles.facility_tile,
            static_file,
        ),
        openapi_config=OpenAPIConfig(
            title="Jasyl",
            version=__version__,
            description="Every page is also data: add .json or .csv. Tokens go into the Authorization header.",
            path="/openapi",  # the document itself is served at /openapi.json, below
            render_plugins=[JsonRenderPlugin(path="/document.json")],
        ),
        exception_handlers={
            Refusal: _on_refusal,
            NotFoundError: _on_missing,
            MovedError: _on_moved,
            HTTPException: _on_http_error,
            Exception: _on_fault,
        },
        request_max_body_size=64 * 2**20,
        logging_config=None,
    )
    inner.state.house = house
    pages = cast("ASGIApp", inner)
    below = {PREFIX: cast("ASGIApp", SensorThings(house)), PATH: cast("ASGIApp", PushLane(house, pages))}
    outer = Mounted(pages, below)
    return Door(cast("ASGIApp", outer), frozenset(hosts), PageCache(house.revision))


def _visit(request: Request[Any, Any, Any]) -> Visit:
    path, form = split_form(request.scope["path"])
    return visit_of(request, cast("House", request.app.state.house), ANYBODY, path, form)


def _on_refusal(request: Request[Any, Any, Any], error: Refusal) -> Response[bytes]:
    status = {
        "token-unknown": 401,
        "not-allowed": 403,
        "delivery-signature": 403,
        "delivery-gateway": 403,
        "form-too-old": 403,
        "sign-in-failed": 403,
        "too-many-tries": 429,
        "push-too-often": 429,
        "push-busy": 503,
        "quarantine-full": 507,
        "push-too-large": 413,
        "push-too-many": 413,
        "live-full": 503,
        "recompute-busy": 503,
    }
    return refused(_visit(request), error, status.get(error.code, 400), back=_form_page(request))


def _form_page(request: Request[Any, Any, Any]) -> str | None:
    """The address of our page whose form was sent, as the browser tells it; None for programs and plain visits."""
    said = urlsplit(request.headers.get("referer", "") if request.method == "POST" else "")
    if not said.netloc or said.netloc != request.headers.get("host"):
        return None
    return "/" + said.path.lstrip("/") + (f"?{said.query}" if said.query else "")


def _on_missing(request: Request[Any, Any, Any], error: NotFoundError) -> Response[bytes]:
    meant = cities.coded_address(request.scope["path"]) if request.method in {"GET", "HEAD"} else None
    if meant is not None:
        asked = request.scope["query_string"].decode("ascii", "replace")
        return _on_moved(request, MovedError(f"{meant}?{asked}" if asked else meant))
    return refused(_visit(request), Refusal(error.message, received=request.scope["path"][:80]), 404, error.see)


def _on_moved(request: Request[Any, Any, Any], error: MovedError) -> Response[bytes]:
    prefix = request.scope.get("state", {})["prefix"]
    return Response(b"", status_code=308, headers={"location": prefix + error.path})


def _on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return _on_missing(request, NotFoundError())
    return refused(_visit(request), Refusal("bad-request", received=str(error.detail)[:200]), error.status_code)


def _on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of ours: the reader gets a sentence and a number to quote, the log gets the rest."""
    number = f"{abs(hash((id(error), request.scope['path']))) % 10**8:08}"
    logger.error("fault %s at %s %s", number, request.method, request.scope["path"], exc_info=error)
    return refused(_visit(request), Refusal("fault", number=number), 500)
