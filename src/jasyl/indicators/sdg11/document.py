"""SDG 11 of a city as a JSON document: which files and numbers each indicator is computed from."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jasyl.intake import form_fault, read_json
from jasyl.texts import Refusal, Where

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
File = Annotated[str, Meta(min_length=1, description="Path beside the document")]


class Transit(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """11.2.1: people (CSV with lon, lat, persons and groups such as ``sex=female``, or a GeoTIFF on WGS 84) and stops
    (CSV with lon, lat, high_capacity yes or no)."""

    people: File
    stops: File
    low: Positive = 500
    high: Positive = 1000
    detour: Annotated[float, Meta(ge=1, description="How much longer a walk is than a straight line")] = 1


class Land(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """11.3.1: built-up area in m² and people of one boundary at two dates."""

    built_then: Positive
    built_now: Positive
    people_then: Positive
    people_now: Positive
    years: Positive
    rate: Literal["simple", "logarithmic"] = "simple"


class Receiver(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A facility that received municipal waste; masses in kg."""

    name: str
    control: Literal["full", "improved", "basic", "limited", "none"]
    received: NotNegative
    passed_on: NotNegative = 0


class Waste(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """11.6.1: municipal waste generated (kg) and the facilities that received it."""

    generated: Positive
    facilities: list[Receiver]


class Air(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """11.6.2: CSV files with concentration (µg/m³; empty where none is known), persons and groups, a row a cell."""

    pm25: File | None = None
    pm10: File | None = None


class OpenSpaces(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """11.7.1: GeoJSON shapes on WGS 84; streets are surfaces, or lines with one width; people as in ``transit``."""

    built_up: File
    spaces: File
    streets: File | None = None
    street_width: Positive | None = None
    people: File | None = None
    reach: Positive = 400
    detour: Annotated[float, Meta(ge=1)] = 1


class CitySdg11(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Any of the five indicators of a place and year."""

    place: Annotated[str, Meta(min_length=1)]
    year: Annotated[int, Meta(ge=1900, le=2200)]
    transit: Transit | None = None
    land: Land | None = None
    waste: Waste | None = None
    air: Air | None = None
    open_space: OpenSpaces | None = None


def sdg11_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(CitySdg11)}


def read_sdg11(file: Path) -> CitySdg11:
    """Raises Refusal ``file-missing``, those of `read_json`, and of `form_fault` with ``sdg-document``."""
    try:
        document = read_json(file.read_bytes(), file.name)
    except OSError as error:
        raise Refusal("file-missing", where=Where(file.name), reason=error.strerror or str(error)) from error
    try:
        return msgspec.convert(document, CitySdg11)
    except msgspec.ValidationError as error:
        raise form_fault(error, document, CitySdg11, "sdg-document", file=file.name) from None
