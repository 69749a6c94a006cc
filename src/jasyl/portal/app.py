"""The web application: every route in one list."""

from typing import Any, cast

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from jasyl import __version__
from jasyl.storage import DataFolder

from . import (
    about,
    adviser,
    atlas,
    atlas_layer,
    certificate_forms,
    certificate_schemes,
    certificates,
    circular,
    circular_construction,
    circular_files,
    circular_stocks,
    circular_waste,
    cities,
    city,
    city_book,
    city_book_files,
    city_compare,
    city_evaluation,
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
    tokens,
    verify,
)
from . import map as map_page
from .cache import PageCache
from .door import Door
from .failures import HANDLERS
from .house import House, open_house
from .mounted import Mounted
from .page import routes
from .push_lane import PATH, PushLane
from .sensorthings.service import PREFIX, SensorThings
from .static_files import static_file
from .warm import warm_behind


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


# By module, in the order of their names.
PAGES = (
    health,
    openapi_document,
    about.about_page,
    about.facts_page,
    adviser.adviser_page,
    adviser.adviser_rules,
    adviser.decision_post,
    atlas.atlas_page,
    atlas.layer_file,
    atlas_layer.layer_page,
    certificate_forms.certificate_post,
    certificate_schemes.scheme_page,
    certificates.certificates_list,
    certificates.certificate_page,
    circular.accounts_page,
    circular.account_page,
    circular_files.circular_form,
    circular_files.circular_post,
    circular_files.circular_endpoint,
    circular_files.circular_template,
    circular_stocks.stocks_page,
    circular_construction.construction_page,
    circular_construction.passport_page,
    circular_construction.passport_pdf,
    circular_waste.waste_page,
    cities.cities_list,
    city_evaluation.city_year_page,
    city.city_page,
    city_book.book_page,
    city_book.book_post,
    city_book_files.book_file,
    city_book_files.evidence_file,
    city_compare.compare_page,
    city_files.city_file,
    city_proposals.city_proposals_page,
    city_proposals.city_proposals_post,
    city_verification.verification_page,
    city_verification.verification_post,
    dynamics.dynamics_page,
    dynamics_forecast.forecast_page,
    dynamics_regions.ranking_page,
    dynamics_targets.targets_page,
    enterprises.enterprises_list,
    enterprises.enterprise_page,
    facilities.facilities_list,
    facilities.facility_page,
    imports.import_form,
    imports.import_post,
    imports.import_endpoints,
    imports.template_file,
    inventory.inventories_page,
    inventory.inventory_page,
    inventory.inventory_pdf,
    inventory.inventory_xlsx,
    inventory_lines.inventory_lines,
    inventory_lines.inventory_lines_post,
    inventory_years.inventory_years,
    inventory_years.inventory_years_post,
    live.live,
    live.facility_live,
    log.log_page,
    log.log_file,
    map_page.index,
    map_picture.map_picture,
    map_tiles.facility_tiles,
    map_tiles.facility_tile,
    measure_form.new_measure_page,
    measure_form.new_measure_post,
    measure_form.measure_page,
    measure_form.measure_post,
    measures.measures_page,
    measures.programme_page,
    metering.metering_form,
    metering.metering_post,
    metering.mappings_page,
    open_data.statements_csv_file,
    open_data.statements_jsonld_file,
    pathway.pathway_page,
    pathway.pathway_pdf,
    performance.performance_page,
    places.shapes,
    plant_files.plant_template,
    plant_files.plant_file,
    plant_files.plant_post,
    plants.plants_list,
    plants.plant_page,
    programmes.programmes_page,
    projects.projects_list,
    projects.project_page,
    publishing.publish_post,
    push.push_readings,
    push.give_days,
    push.take_day,
    quality.quality_page,
    quality.alerts_page,
    quality.alert_page,
    quality.alert_post,
    quarantine.quarantine_page,
    readings.readings_page,
    recompute.solar_page,
    recompute.wind_page,
    recompute.recompute_file,
    regions.regions_list,
    regions.region_page,
    savings.savings_page,
    sealed.sealed_payload,
    search.search_page,
    signin.sign_in_form,
    signin.sign_in_post,
    signin.sign_out_post,
    site.site_page,
    site.site_pdf,
    stac.stac_file,
    statements.statements_list,
    statements.statement_page,
    tile_borders.borders_picture,
    titles.titles_list,
    titles.title_page,
    titles.title_post,
    titles.title_fields_post,
    tokens.tokens_page,
    tokens.tokens_post,
    verify.verify_page,
    verify.statement_passport,
    static_file,
)


def create_app(folder: DataFolder, hosts: list[str], *, warmed: bool = False) -> ASGIApp:
    """The whole application over the data in ``folder``, answering for ``hosts``; ``warmed`` behind the first answers
    so that the first site report waits for no library."""
    house = open_house(folder)
    if warmed:
        warm_behind(house)
    inner = Litestar(
        route_handlers=routes(*PAGES),
        openapi_config=OpenAPIConfig(
            title="Jasyl",
            version=__version__,
            description="Every page is also data: add .json or .csv. Tokens go into the Authorization header.",
            path="/openapi",  # the document itself is served at /openapi.json, below
            render_plugins=[JsonRenderPlugin(path="/document.json")],
        ),
        exception_handlers=HANDLERS,
        request_max_body_size=64 * 2**20,
        logging_config=None,
    )
    inner.state.house = house
    pages = cast("ASGIApp", inner)
    below = {PREFIX: cast("ASGIApp", SensorThings(house)), PATH: cast("ASGIApp", PushLane(house, pages))}
    outer = Mounted(pages, below)
    return Door(cast("ASGIApp", outer), frozenset(hosts), PageCache(house.revision), house.uses)
