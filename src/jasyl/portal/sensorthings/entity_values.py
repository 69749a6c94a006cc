"""What a client states of an entity, checked: texts, shapes, units, whole numbers."""

import json
from typing import Any

from jasyl.quantities import UNITS, Unit, unit
from jasyl.texts import Refusal

from .fault import Fault, invalid
from .model import GEOJSON, TYPES

_LONGEST = {"name": 200, "description": 10_000, "definition": 2_000}


def unit_of(given_: Any) -> Unit:
    """The unit that a Datastream states, by definition, symbol or name. Raises Refusal ``unknown-unit``."""
    if not isinstance(given_, dict):
        raise invalid(
            "sta-value", field="unitOfMeasurement", received=type(given_).__name__, expected="name, symbol, definition"
        )
    said = [str(given_.get(name) or "") for name in ("definition", "symbol", "name")]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    code = said[0].rpartition("#")[2].removeprefix("ucum:")
    for each in (code, *said[1:]):
        if each in UNITS:
            return UNITS[each]
    for each in said[1:]:
        try:
            return unit(each)
        except Refusal:
            continue
    return unit(said[1] or said[0])


def check_values(kind: str, body: dict[str, Any], *, whole: bool) -> None:
    """Raises Fault 400 for properties that are not of their type, or (``whole``) lacking ones."""
    type_ = TYPES[kind]
    lacking = [name for name in type_.mandatory if body.get(name) is None]
    if whole and lacking:
        raise invalid("sta-mandatory", kind=kind, received=", ".join(lacking), expected=", ".join(type_.mandatory))
    for name in ("name", "description", "definition", "encodingType"):
        if name in body and name in type_.properties:
            _check_text(name, body[name])
    if body.get("properties") is not None and not isinstance(body["properties"], dict):
        raise invalid("sta-value", field="properties", received=type(body["properties"]).__name__, expected="{…}")
    for name in ("location", "feature"):
        if name in body and name in type_.properties:
            _check_shape(name, body.get("encodingType", GEOJSON), body[name])
    if len(json.dumps(body, default=str)) > 2_000_000:
        raise Fault(413, "sta-body", reason="2 MB")


def _check_text(name: str, found: Any) -> None:
    longest = _LONGEST.get(name, 200)
    if not isinstance(found, str) or not found.strip() or len(found) > longest or "\x00" in found:
        raise invalid("sta-value", field=name, received=str(found)[:40], expected=f"1 – {longest}")


def _check_shape(name: str, encoding: str, found: Any) -> None:
    from .evaluation import shape  # noqa: PLC0415  (shapely, which few requests need)

    if "geo+json" not in encoding:
        return
    geometry = shape(found)
    low_x, low_y, high_x, high_y = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    if not (-180 <= low_x <= high_x <= 180 and -90 <= low_y <= high_y <= 90):
        raise invalid("sta-value", field=name, received=str(found)[:60], expected="WGS 84: -180–180, -90–90")


def whole_number(told: dict[str, Any], name: str, low: int, high: int, default: int) -> int:
    """A property stated as a whole number from ``low`` to ``high``. Raises Fault 400."""
    found = told.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise invalid("sta-value", field=f"properties/{name}", received=str(found)[:40], expected=f"{low} – {high}")
    return found
