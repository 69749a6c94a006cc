"""The file of a layer's values by place: one canonical JSON document, found by the hash its record names."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec

from jasyl.quantities import canonical_json, decimal_text, sha256_hex
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .layer import Layer, Shape
from .layer_catalogue import definition, put_in_place, read_record

Confidence = Literal["high", "medium", "low"]
# How the number of one place came about. A layer may hold several kinds; they are never shown as one another.
ValueKind = Literal["observed", "published", "allocated", "modelled", "assumed"]


class PlaceValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the value of a district and that of a site have in common.

    ``value`` is in the layer's unit, None where nothing is known; ``low`` and ``high`` bound it where a range is
    known. ``parts`` are the numbers it is made of or stands beside, by a name that says the unit. ``factors`` are the
    ids of the factors used. What is not ``confirmed`` is shown as such and enters no total.
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    year: int | None = None
    kind: ValueKind
    source: str
    confidence: Confidence
    confirmed: bool = True
    note: str = ""
    parts: dict[str, Decimal] = {}
    factors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        numbers = [self.value, self.low, self.high, *self.parts.values()]
        if not all(number is None or number.is_finite() for number in numbers):
            raise ValueError("a value is a finite number or None")
        if not self.source:
            raise ValueError("a value needs a source")
        if self.confirmed and self.confidence == "low":
            raise ValueError("what is of low confidence cannot be confirmed")
        given = [number for number in (self.low, self.value, self.high) if number is not None]
        if given != sorted(given):
            raise ValueError(f"low, value and high are not in order: {given}")

    def as_data(self) -> dict[str, Any]:
        """For JSON: numbers as decimal texts, what is not known left out."""
        return _plain(msgspec.to_builtins(self, builtin_types=(Decimal,)))


def significant(value: Decimal | float, digits: int = 6) -> Decimal:
    """``value`` to so many significant digits, so that what is published does not pretend more."""
    number = Decimal(value)
    return Decimal(decimal_text(Decimal(f"{number:.{digits - 1}e}"))) if number else Decimal(0)


def write_values(folder: DataFolder, draft: Layer, values: Iterable[PlaceValue]) -> Layer:
    """Write ``<id>.<hash>.json`` and then the record ``<id>.json`` that names it; older values are removed.

    The record that comes back is ``draft`` with state, hash and file filled in.
    """
    content = canonical_json({"layer": draft.id, "values": [value.as_data() for value in values]})
    return put_in_place(folder, draft, sha256_hex(content), "json", lambda file, _: write_durably(file, content))


def read_values(folder: DataFolder, layer_id: str, shape: Shape) -> tuple[Layer, list[dict[str, Any]]]:
    """Record and values of a built layer, the values as JSON, compared with the hash in the record.

    Raises Refusal ``layer-unknown``, ``layer-shape``, ``layer-waiting`` and ``layer-damaged``.
    """
    if definition(layer_id).shape != shape:
        raise Refusal("layer-shape", received=layer_id, expected=definition(layer_id).shape)
    layer = read_record(folder, layer_id)
    if layer is None:
        raise Refusal("layer-waiting", received=layer_id)
    try:
        return layer, _read(folder.atlas / (layer.file or ""), layer)
    except Refusal:
        # Built anew between the two reads: the file that the older record names is gone, the newer stands.
        newer = read_record(folder, layer_id)
        if newer is None or newer == layer:
            raise
        return newer, _read(folder.atlas / (newer.file or ""), newer)


def _read(file: Path, layer: Layer) -> list[dict[str, Any]]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("layer-damaged", received=file.name, reason=error.strerror or str(error)) from error
    if sha256_hex(content) != layer.array:
        raise Refusal("layer-damaged", received=file.name, reason="SHA-256")
    return msgspec.json.decode(content)["values"]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
