"""What several sources say of the same quantity at a place: layers, the weather store, published series, stations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder

from ..layer import Layer
from ..layer_catalogue import definition
from ..points import point_series
from ..points.series import PointSeries
from ..value_file import significant
from .site_report import Estimate, LayerEntry, Licence, NearSite, Spread, WeatherEntry

# Layers that show the same as another, from another source: they are compared under that one's quantity.
_SAME: Final = {"wind.speed_modelled": "wind.speed_100m", "climate.temperature": "land.temperature"}
_OF_WEATHER: Final = {
    "irradiation": "solar.ghi",
    "wind-speed-100m": "wind.speed_100m",
    "temperature": "land.temperature",
}
STATIONS: Final = "climate.temperature"
# A station says something of places this far (m), as the cells do that it is held against.
STATION_REACH: Final = 30_000.0
# A share of a mean says nothing where zero is only a convention.
_NO_SHARE: Final = frozenset({"Cel"})


def quantity_of(layer_id: str, known: Mapping[str, Layer]) -> str:
    """What a layer's values are, the same text for all layers that can be held against each other."""
    shown = _SAME.get(layer_id, layer_id)
    return known[shown].quantity if shown in known else definition(shown).quantity


def layer_estimates(entries: Iterable[LayerEntry], known: Mapping[str, Layer]) -> list[Estimate]:
    """The raster layers at the place. Upper bounds are no estimate and are left out, as are codes."""
    return [
        Estimate(
            layer=entry.id, quantity=quantity_of(entry.id, known), source=_sources(known[entry.id]), kind=entry.kind,
            value=entry.value, unit=entry.unit, period=entry.period,
        )
        for entry in entries
        if entry.value is not None and entry.code is None and entry.kind != "modelled-upper-bound"
    ]  # fmt: skip


def weather_estimates(
    profiles: Iterable[WeatherEntry], digest: str | None, licences: Sequence[Licence], known: Mapping[str, Layer],
    layers: Sequence[Estimate],
) -> list[Estimate]:  # fmt: skip
    """The weather store's means, but for quantities of which a layer was made from the same store."""
    made_of_it = {one.quantity for one in layers if known[one.layer].inputs.get("weather") == digest}
    source = "; ".join(one.name for one in licences)
    return [
        Estimate(
            layer=_OF_WEATHER[entry.quantity], quantity=quantity, source=source, kind="modelled", value=entry.mean,
            unit=entry.unit, period=f"{entry.first} to {entry.last}",
        )
        for entry in profiles
        if entry.mean is not None and (quantity := quantity_of(_OF_WEATHER[entry.quantity], known)) not in made_of_it
    ]  # fmt: skip


def series_estimates(
    folder: DataFolder, longitude: float, latitude: float, known: Mapping[str, Layer]
) -> tuple[list[Estimate], dict[str, str], list[Licence]]:
    """Fetched series of PVGIS and NASA POWER of the nearest place of each, with what they rest on."""
    found = point_series(folder, longitude, latitude)
    nearest: dict[tuple[str, str], PointSeries] = {}
    for one in found:
        if one.year is not None:
            nearest.setdefault((one.layer, one.source.name), one)
    estimates = [_of_series(one, known) for one in nearest.values()]
    sources = {one.source.name: one.source for one in nearest.values()}
    licences = [
        Licence(
            source.attribution or source.name, source.version, source.licence, source.reference,
            tuple(dict.fromkeys(one.layer for one in nearest.values() if one.source.name == name)),
        )
        for name, source in sources.items()
    ]  # fmt: skip
    written = repr([(one.layer, one.source, one.value, one.period, one.metres) for one in estimates])
    return estimates, {"series": sha256_hex(written.encode())} if estimates else {}, licences


def station_estimates(sites: Iterable[NearSite], known: Mapping[str, Layer]) -> list[Estimate]:
    """The nearest station's normal, where one is near and confirmed: as it stands there, not brought to the place."""
    near = [
        one
        for one in sites
        if one.layer == STATIONS and one.value is not None and one.confirmed and one.metres <= STATION_REACH
    ]
    return [
        Estimate(
            layer=one.layer, quantity=quantity_of(one.layer, known), source=f"{one.name}: {one.source}", kind=one.kind,
            value=one.value, unit=one.unit, period=None, metres=one.metres,
        )
        for one in near[:1]
        if one.value is not None
    ]  # fmt: skip


def spreads(estimates: Iterable[Estimate]) -> list[Spread]:
    """Where several sources say something of one quantity: the least, the greatest, half their difference."""
    same: defaultdict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for one in estimates:
        same[one.quantity, one.unit].append(one)
    found: list[Spread] = []
    for (quantity, unit), said in same.items():
        numbers = [one.value for one in said]
        mean = sum(numbers, Decimal(0)) / len(numbers)
        if len(numbers) > 1:
            low, high = min(numbers), max(numbers)
            share = None if unit in _NO_SHARE or not mean else round(float((high - low) / 2 / abs(mean)), 4)
            found.append(Spread(quantity, unit, tuple(said), low, high, share))
    return found


def _of_series(one: PointSeries, known: Mapping[str, Layer]) -> Estimate:
    assert one.year is not None
    return Estimate(
        layer=one.layer, quantity=quantity_of(one.layer, known), source=one.source.attribution or one.source.name,
        kind="modelled", value=significant(one.year, 4), unit=one.unit, period=one.period,
    )  # fmt: skip


def _sources(layer: Layer) -> str:
    return "; ".join(one.attribution or one.name for one in layer.sources) or layer.id
