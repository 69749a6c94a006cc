"""Puts a site report together."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor
from jasyl.places.boundaries import Boundaries, current
from jasyl.quantities import canonical_json, decimal_text, sha256_hex
from jasyl.storage import DataFolder

from ..layer import Layer
from ..layer_catalogue import catalogue
from ..loading.features import SUBJECTS
from ..point import value_at
from ..siting.at_point import distance_to, hits_at
from ..siting.exclusion import analyse_site
from ..siting.result import RuleHit
from ..siting.rules import SitingRules, read_rules
from ..weather.chunk import WeatherSource
from .estimates import layer_estimates, series_estimates, spreads, station_estimates, weather_estimates
from .features import loaded
from .layers import layer_entries
from .local import area_entries, near_sites
from .place import Place
from .plants import Modelled, near_plants
from .site_report import AreaEntry, Distance, Licence, NearSite, Room, SiteReport, WeatherEntry
from .weather import store_at, weather_entries

# Rules that an installation has adopted; every report says which of them hit.
ADOPTED = "siting.json"
_FAMILY_OF_PLANTS = {"hydro": "water", "bioenergy": "biomass"}


def site_report(
    folder: DataFolder,
    place: Place,
    *,
    connection: sa.Connection | None = None,
    actor: Actor = ANYBODY,
    weather: WeatherSource | None = None,
    rules: tuple[SitingRules, Path] | None = None,
) -> SiteReport:
    """The report of ``place``: what is built and loaded in ``folder``, and with a ``connection`` what is registered.

    ``weather`` is the source of profiles, by default the store of the folder that holds the place; ``rules`` with the
    folder of their files, else those the installation has adopted. Of a polygon, profiles, region and district are of a
    point inside it. Raises what damaged layers, features and rules raise.
    """
    borders = current(folder)
    layers = catalogue(folder)
    by_id = {layer.id: layer for layer in layers}
    entries = layer_entries(folder, place, borders)
    areas, sites = area_entries(folder, place), near_sites(folder, place)
    profiles, weather_inputs, weather_licences = _weather(folder, place, weather)
    distances, feature_inputs, feature_licences = _distances(folder, place)
    series, series_inputs, series_licences = series_estimates(folder, place.longitude, place.latitude, by_id)
    of_layers = layer_estimates(entries, by_id)
    of_weather = weather_estimates(profiles, weather_inputs.get("weather"), weather_licences, by_id, of_layers)
    chosen = rules or _adopted(folder)
    hits, room = _excluded(folder, place, chosen)
    plants = [] if connection is None else near_plants(connection, place, _modelled(folder, layers), actor)
    used = [by_id[identifier] for identifier in _used([entry.id for entry in entries], areas, sites)]
    inputs = (
        {layer.id: layer.array or "" for layer in used}
        | feature_inputs
        | weather_inputs
        | series_inputs
        | {"borders": borders.digest}
    )
    if chosen is not None:
        inputs["rules"] = sha256_hex(msgspec.json.encode(chosen[0]))
    if room is not None:
        inputs["exclusion"] = room.digest
    inputs["plants"] = sha256_hex(msgspec.json.encode(plants))
    longitude, latitude = place.written
    return SiteReport(
        shape="point" if place.polygon is None else "polygon",
        longitude=longitude,
        latitude=latitude,
        area=place.area,
        region=place.region,
        district=place.district,
        borders=borders.precision,
        layers=tuple(entries),
        weather=tuple(profiles),
        spreads=tuple(spreads([*of_layers, *of_weather, *series, *station_estimates(sites, by_id)])),
        distances=tuple(distances),
        rules=hits,
        room=room,
        plants=tuple(plants),
        areas=tuple(areas),
        sites=tuple(sites),
        licences=(*_licences(used), *feature_licences, *weather_licences, *series_licences, _licence_of(borders)),
        waiting=tuple(layer.id for layer in layers if layer.state == "waiting"),
        inputs=dict(sorted(inputs.items())),
        digest=_digest(place, longitude, latitude, inputs),
    )


def _digest(place: Place, longitude: Decimal, latitude: Decimal, inputs: dict[str, str]) -> str:
    shape = None if place.polygon is None else sha256_hex(place.polygon.wkb)
    where = [decimal_text(longitude), decimal_text(latitude), shape]
    return sha256_hex(canonical_json({"place": where, "inputs": inputs}))


def _distances(folder: DataFolder, place: Place) -> tuple[list[Distance], dict[str, str], list[Licence]]:
    found: list[Distance] = []
    inputs: dict[str, str] = {}
    licences: list[Licence] = []
    for subject in SUBJECTS:
        held = loaded(folder, subject)
        if held is None:
            found.append(Distance(subject, None))
            continue
        lines, record = held
        found.append(Distance(subject, round(distance_to(lines, place.shape), 1)))
        inputs[f"features-{subject}"] = record.sha256
        licences.append(
            Licence(record.attribution or record.source, record.version or "", record.licence, "", (subject,))
        )
    return found, inputs, licences


def _excluded(
    folder: DataFolder, place: Place, chosen: tuple[SitingRules, Path] | None
) -> tuple[tuple[RuleHit, ...], Room | None]:
    """What the rules say of a point, or leave of a polygon."""
    if chosen is None:
        return (), None
    rules, base = chosen
    if place.polygon is None:
        return hits_at(rules.rules, folder, base, place.longitude, place.latitude), None
    found = analyse_site(rules, folder, base, place.polygon)
    total = found.total
    return (), Room(
        title=found.title, area=total.area, excluded=total.excluded, remaining=total.remaining, unknown=total.unknown,
        capacity=total.capacity, rules=found.rules, precision=found.precision, digest=found.digest,
    )  # fmt: skip


def _weather(
    folder: DataFolder, place: Place, given: WeatherSource | None
) -> tuple[list[WeatherEntry], dict[str, str], list[Licence]]:
    """Profiles of the source ``given``, else of the store of the folder, with its digest and licence."""
    held = (given, None) if given is not None else store_at(folder, place.longitude, place.latitude)
    if held is None:
        return [], {}, []
    source, licence = held
    entries = weather_entries(source, place.longitude, place.latitude)
    return entries, {"weather": source.digest}, [licence] if licence else []


def _adopted(folder: DataFolder) -> tuple[SitingRules, Path] | None:
    file = folder.atlas / ADOPTED
    return (read_rules(file), folder.atlas) if file.is_file() else None


def _modelled(folder: DataFolder, layers: Sequence[Layer]) -> Modelled:
    """What a built layer of capacity factors says at a plant of its family."""
    factors = {
        layer.family: layer
        for layer in layers
        if layer.state == "built" and layer.shape == "raster" and "capacity_factor" in layer.id
    }

    def at(family: str, longitude: float, latitude: float) -> tuple[Decimal | None, str | None]:
        layer = next((one for key, one in factors.items() if key == _FAMILY_OF_PLANTS.get(family, family)), None)
        if layer is None or layer.grid is None or layer.grid.cell(longitude, latitude) is None:
            return None, None
        value = value_at(folder, layer.id, longitude, latitude).year
        return (None if value is None else layer.units.to_base(value)), layer.id

    return at


def _used(rasters: list[str], areas: list[AreaEntry], sites: list[NearSite]) -> list[str]:
    return list(dict.fromkeys([*rasters, *(entry.layer for entry in areas), *(entry.layer for entry in sites)]))


def _licences(used: Sequence[Layer]) -> list[Licence]:
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for layer in used:
        for source in layer.sources:
            key = (source.attribution or source.name, source.version, source.licence, source.reference)
            found.setdefault(key, []).append(layer.id)
    return [Licence(*key, tuple(ids)) for key, ids in found.items()]


def _licence_of(borders: Boundaries) -> Licence:
    return Licence(borders.attribution or borders.source, "", borders.licence, "", ("borders",))
