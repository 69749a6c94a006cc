"""Building the layers of water stress, supply, losses and saving from facts, the package's and people's own."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from jasyl.facts import BASES, CONFIDENCES, Fact, load_facts
from jasyl.intake import Template, TemplateColumn, choose, read, read_tables
from jasyl.quantities import canonical_json, sha256_hex, written_unit
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import LANGUAGES, Language, Refusal, Where, everywhere, has, write_number

from ..areas import write_areas
from ..layer import Layer, Source
from ..place_codes import PlaceCodes
from . import indicators as metrics
from .indicators import indicators
from .layers import LOSSES, SAVING, STRESS, SUPPLY_RURAL, SUPPLY_URBAN

METHOD = "water/indicators@1.0.0"
FILE = "water-facts.json"
# What each metric is measured in, and what it may be.
UNITS = {
    **dict.fromkeys(
        (
            metrics.WITHDRAWAL,
            metrics.RENEWABLE,
            metrics.SURFACE,
            metrics.GROUND,
            metrics.OVERLAP,
            metrics.ENVIRONMENT,
            metrics.LOST,
        ),
        ("km3/a", Decimal(0), Decimal(10_000)),
    ),
    **dict.fromkeys((metrics.URBAN, metrics.RURAL, metrics.SAVING_SHARE), ("%", Decimal(0), Decimal(100))),
    metrics.SAVING_LAND: ("har", Decimal(0), Decimal(10**9)),
}


def build_water_indicators(folder: DataFolder) -> list[Layer]:
    """Build the layers that facts are at hand for, and give their records; the others stay waiting.

    Facts of the package and those that were kept in the folder (`keep_facts`): newer ones count before older ones.
    Raises Refusal ``water-facts-damaged``.
    """
    facts = [fact for fact in load_facts() if fact.metric in _WANTED]
    own = kept_facts(folder)
    found = indicators([*facts, *own])
    built: list[Layer] = []
    with folder.locked("atlas"):
        for layer in (STRESS, SUPPLY_URBAN, SUPPLY_RURAL, LOSSES, SAVING):
            values = found[layer.id]
            if values:
                built.append(write_areas(folder, _draft(layer, facts, own), values))
    return built


def keep_facts(folder: DataFolder, facts: Iterable[Fact]) -> None:
    """Keep facts of one's own in the folder, in place of what was kept before; none forgets them."""
    rows = [fact.as_data() for fact in facts]
    if rows:
        write_durably(folder.atlas / FILE, canonical_json(rows))
    else:
        (folder.atlas / FILE).unlink(missing_ok=True)


def kept_facts(folder: DataFolder) -> list[Fact]:
    """The facts kept in the folder. Raises Refusal ``water-facts-damaged``."""
    try:
        return msgspec.json.decode((folder.atlas / FILE).read_bytes(), type=list[Fact], strict=False)
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as error:
        raise Refusal("water-facts-damaged", received=FILE, reason=str(error)[:200]) from error


_WANTED = frozenset(UNITS) | {metrics.RUNOFF, metrics.RUNOFF_SHARE, metrics.BASIN_RUNOFF}


def _draft(layer: Layer, facts: list[Fact], own: list[Fact]) -> Layer:
    sources = [
        Source(
            name="Ministries, the national statistics bureau and press on water (facts of the package)",
            version="",
            licence="facts of the pages named with each value, no text taken",
            reference="facts/data/water.csv",
        )
    ]
    if own:
        names = "; ".join(dict.fromkeys(fact.source for fact in own))
        sources.append(Source(name=names, version="", licence="as its source states", reference="loaded table"))
    digest = sha256_hex(canonical_json([fact.as_data() for fact in [*facts, *own]]))
    return replace(layer, sources=tuple(sources), method=METHOD, inputs={"facts": digest}, period="newest year known")


@cache
def water_template() -> Template:
    """Columns of a table of water facts: metric, place, area, period, value, source, confidence; basis and note."""

    def column(key: str, *, required: bool = False, example: str = "", **more: Any) -> TemplateColumn:
        return TemplateColumn(key, everywhere(f"water-column-{key}"), required=required, example=example, **more)

    return Template(
        "water-facts",
        (
            column("metric", required=True, example=metrics.WITHDRAWAL),
            column("place", example="233600000"),
            column("area", example="Shu-Talas"),
            column("period", required=True, example="2024", synonyms=("year", "год", "жыл")),
            column("value", required=True, example="0.12", kind="decimal"),
            column("source", required=True, example="Water committee, 2025-03-01"),
            column("confidence", example="high"),
            column("basis", example="published"),
            column("note"),
        ),
    )


def read_water_table(file: Path, folder: DataFolder | None = None) -> list[Fact]:
    """Facts from a CSV, XLSX or ODS with the columns of `water_template`; a metric by its key or its name.

    ``place`` is KATO, ISO 3166 or a name (of a district where ``folder`` has official boundaries), ``area`` the name of
    a basin, whose place is the country or empty. Without ``confidence`` it is medium. The file goes in whole or not at
    all. Raises Refusal of ``jasyl.intake``, ``sheet-place``, ``water-metric``, ``water-number``,
    ``water-provenance`` with file, row and field.
    """
    reading = read(choose(read_tables(file), water_template()), water_template())
    if reading.problems:
        raise reading.problems[0].refusal
    places = PlaceCodes(folder)
    return [_fact(row, partial(reading.where, position), places) for position, row in enumerate(reading.rows)]


@cache
def _metric_of() -> dict[str, str]:
    """Metrics by key and by their name in each language."""
    titled = {name: f"metric-{name.replace('_', '-')}" for name in UNITS}
    named = {
        text.casefold(): name for name, key in titled.items() if has("en", key) for text in everywhere(key).values()
    }
    return named | {name: name for name in UNITS}


def _fact(row: dict[str, Any], where: Callable[[str], Where], places: PlaceCodes) -> Fact:
    def said(key: str) -> str:
        return str(row.get(key) or "").strip()

    metric = _metric_of().get(said("metric").casefold())
    if metric is None:
        expected = ", ".join(sorted(UNITS))
        raise Refusal("water-metric", where=where("metric"), received=said("metric")[:60], expected=expected)
    unit, low, high = UNITS[metric]
    value = Decimal(row["value"])
    if not low <= value <= high:
        span: dict[Language, str] = {
            language: f"{write_number(language, low)}–{write_number(language, high)} {written_unit(unit, language)}"
            for language in LANGUAGES
        }
        raise Refusal("water-number", where=where("value"), received=str(value), expected=span)
    confidence, basis = said("confidence") or "medium", said("basis") or "published"
    if confidence not in CONFIDENCES or basis not in BASES:
        expected = ", ".join((*CONFIDENCES, *BASES))
        raise Refusal(
            "water-provenance", where=where("confidence"), received=f"{confidence}, {basis}", expected=expected
        )
    area, place = said("area"), said("place")
    if not area and not place:
        raise Refusal("sheet-missing", where=where("place"), received="place")
    return Fact(
        metric=metric,
        place=places.code(place, where("place")) if place else "KZ",
        area=area,
        object="",
        technology="",
        period=said("period").removesuffix(".0"),
        value=value,
        low=None,
        high=None,
        unit=unit,
        basis=basis,
        source=said("source"),
        source_date="",
        confidence=confidence,
        confirmed=confidence != "low",
        note=said("note"),
    )
