"""Rules of an exclusion and suitability analysis: what they may say, as data."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from jasyl.texts import Refusal, Where

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$", description="Lower-case letters, digits, hyphens.")]
Metres = Annotated[float, Meta(ge=0, le=1_000_000, description="Metres, true distance on the ground.")]
MAX_RULES = 24


class VectorSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Features of a file: GeoPackage, GeoJSON, Shapefile, FlatGeobuf; any coordinate system the file names.

    ``file`` is taken from the folder of the rules. ``layer`` names a layer of the file, ``where`` is a condition in
    OGR SQL on its attributes.
    """

    file: str
    layer: str | None = None
    where: str | None = None


class RasterSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values of cells: a built ``layer`` of the atlas, or a ``file`` (GeoTIFF) taken from the folder of the rules.

    ``band`` counts from 0. A value is the stored number times scale plus offset, where the file names them.
    """

    layer: str | None = None
    file: str | None = None
    band: Annotated[int, Meta(ge=0)] = 0


class DistanceRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="distance"
):
    """Excludes what lies ``closer_than`` so many metres to a feature (0: on it or in it), or ``farther_than``."""

    id: Identifier
    source: VectorSource
    title: str = ""
    closer_than: Metres | None = None
    farther_than: Metres | None = None


class ValueRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="value"):
    """Excludes cells with a value ``below`` or ``above`` a limit or equal to one of ``classes``, and what lies up to
    ``buffer`` metres around them. A cell without a value is kept and counted as unknown, or excluded where ``missing``
    says so.
    """

    id: Identifier
    source: RasterSource
    title: str = ""
    below: float | None = None
    above: float | None = None
    classes: tuple[int, ...] = ()
    buffer: Metres = 0
    missing: Annotated[str, Meta(pattern="^(kept|excluded)$")] = "kept"


class DistanceCriterion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="distance"
):
    """A part of the suitability score from the distance (m) to the nearest feature: 0 at ``worst`` and beyond, 1 at
    ``best`` and beyond, straight between.
    """

    id: Identifier
    source: VectorSource
    weight: Annotated[float, Meta(gt=0)]
    worst: float
    best: float
    title: str = ""


class ValueCriterion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="value"
):
    """A part of the suitability score from the value of a cell, as `DistanceCriterion`; no score without a value."""

    id: Identifier
    source: RasterSource
    weight: Annotated[float, Meta(gt=0)]
    worst: float
    best: float
    title: str = ""


Rule = DistanceRule | ValueRule
Criterion = DistanceCriterion | ValueCriterion


class SitingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An analysis: where (``regions`` by ISO 3166-2 code, all when empty), how fine (``resolution``, side of a cell in
    arc-seconds; 3″ are about 93 m by 60 m), what is excluded, what makes a place suitable, and how much fits
    (``density``, MW per km² of remaining area). The score is the weighted mean of the criteria.
    """

    title: str
    resolution: Annotated[int, Meta(ge=1, le=3600)] = 30
    regions: tuple[str, ...] = ()
    density: Annotated[float, Meta(gt=0)] | None = None
    rules: Annotated[tuple[Rule, ...], Meta(max_length=MAX_RULES)] = ()
    criteria: Annotated[tuple[Criterion, ...], Meta(max_length=MAX_RULES)] = ()
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.5


def read_rules(file: Path) -> SitingRules:
    """Rules from a JSON file. Raises Refusal ``siting-unreadable`` or ``siting-rules`` with the place of the fault."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("siting-unreadable", received=str(file), reason=error.strerror or str(error)) from error
    return parse_rules(content, str(file))


def parse_rules(content: bytes, name: str = "") -> SitingRules:
    """Rules from JSON, as `read_rules`."""
    try:
        rules = msgspec.json.decode(content, type=SitingRules)
    except msgspec.MsgspecError as error:
        raise Refusal("siting-rules", where=Where(file=name or None), reason=str(error)[:300]) from error
    fault = next(_faults(rules), None)
    if fault:
        raise Refusal("siting-rules", where=Where(file=name or None), reason=fault)
    return rules


def _faults(rules: SitingRules) -> Iterator[str]:
    """What the schema cannot say, in the words of the schema."""
    seen: set[str] = set()
    for entry in (*rules.rules, *rules.criteria):
        if entry.id in seen:
            yield f"id {entry.id} twice"
        seen.add(entry.id)
        source = entry.source
        if isinstance(source, RasterSource) and (source.layer is None) == (source.file is None):
            yield f"{entry.id}: source needs layer or file"
    for rule in rules.rules:
        if isinstance(rule, DistanceRule) and (rule.closer_than is None) == (rule.farther_than is None):
            yield f"{rule.id}: closer_than or farther_than"
        if isinstance(rule, ValueRule) and rule.below is None and rule.above is None and not rule.classes:
            yield f"{rule.id}: below, above or classes"
    for criterion in rules.criteria:
        if criterion.worst == criterion.best:
            yield f"{criterion.id}: worst = best"


def rules_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the rules."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(SitingRules)}


def example_rules() -> bytes:
    """An example that runs on a fresh installation: the clear-sky layers, one small file of features beside it."""
    return (files("jasyl.atlas.siting") / "data" / "example.json").read_bytes()
