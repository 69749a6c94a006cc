"""Building the layers of water stress, supply, losses and saving from facts, the package's and people's own."""

import csv
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec.structs import replace

from jasyl.facts import BASES, CONFIDENCES, Fact, load_facts
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..areas import write_areas
from ..layer import Layer, Source
from . import indicators as metrics
from .indicators import indicators
from .layers import LOSSES, SAVING, STRESS, SUPPLY_RURAL, SUPPLY_URBAN

METHOD = "water/indicators@1.0.0"
COLUMNS = ("metric", "place", "area", "period", "value", "source", "confidence")
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


def build_water_indicators(folder: DataFolder, more: Iterable[Fact] = ()) -> list[Layer]:
    """Build the layers that facts are at hand for, and give their records; the others stay waiting.

    ``more`` are facts of the user (`read_water_table`): newer ones count before those of the package.
    """
    facts = [fact for fact in load_facts() if fact.metric in _WANTED]
    own = list(more)
    found = indicators([*facts, *own])
    built: list[Layer] = []
    with folder.locked("atlas"):
        for layer in (STRESS, SUPPLY_URBAN, SUPPLY_RURAL, LOSSES, SAVING):
            values = found[layer.id]
            if values:
                built.append(write_areas(folder, _draft(layer, facts, own), values))
    return built


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


def read_water_table(file: Path) -> list[Fact]:
    """Facts from a CSV with the columns metric, place, area, period, value, source, confidence (also basis, note).

    ``place`` is ISO 3166 or KATO, ``area`` the name of a basin (then place is KZ or empty). The file goes in whole or
    not at all. Raises Refusal ``water-table`` (columns), ``water-metric``, ``water-number`` with file, row and field.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise Refusal("water-table", where=Where(file=file.name), received=", ".join(missing))
            return [_fact(row, Where(file=file.name, row=number)) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("waterways-unreadable", where=Where(file=file.name), reason=str(error)[:200]) from error


def _fact(row: dict[str, str], where: Where) -> Fact:
    metric = (row["metric"] or "").strip()
    if metric not in UNITS:
        raise Refusal("water-metric", where=where, received=metric[:60], expected=", ".join(sorted(UNITS)))
    unit, low, high = UNITS[metric]
    try:
        value = Decimal((row["value"] or "").strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and low <= value <= high):
        raise Refusal("water-number", where=where, received=(row["value"] or "")[:40], expected=f"{low}–{high} {unit}")
    confidence, basis = (row["confidence"] or "").strip(), (row.get("basis") or "published").strip()
    if confidence not in CONFIDENCES or basis not in BASES or not (row["source"] or "").strip():
        said = f"{confidence or '—'}, {basis}, {row['source'] or '—'}"
        raise Refusal("water-provenance", where=where, received=said[:80], expected=", ".join((*CONFIDENCES, *BASES)))
    return Fact(
        metric=metric,
        place=(row["place"] or "").strip() or ("KZ" if row["area"] else None),
        area=(row["area"] or "").strip(),
        object="",
        technology="",
        period=(row["period"] or "").strip(),
        value=value,
        low=None,
        high=None,
        unit=unit,
        basis=basis,
        source=row["source"].strip(),
        source_date="",
        confidence=confidence,
        confirmed=confidence != "low",
        note=(row.get("note") or "").strip(),
    )
