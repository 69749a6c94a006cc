"""Reading the JSON documents of this room: typed, every fault with its place and what was expected there."""

import re
from collections.abc import Iterable
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from jasyl.intake import choices_at, read_json, value_at
from jasyl.quantities import canonical_json, sha256_hex, signable
from jasyl.texts import Refusal, SeveralRefused, Where

Identifier = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_.-]{0,59}$", description="Lower-case letters, digits, _.-")]
Year = Annotated[int, Meta(ge=1800, le=2200)]
Amount = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Kind = Annotated[str, Meta(pattern="^(observed|published|modelled|assumed|training)$")]

# Shares that should add up to one may be this far off: what rounding to a tenth of a percent leaves of ten shares.
SHARES_WITHIN = 0.005

Document = TypeVar("Document", bound=msgspec.Struct)
_PLACE = re.compile(r"^(?P<said>.*?) - at (?P<key>`key` in )?`(?P<place>\$.*)`$", re.DOTALL)
_FIELD = re.compile(r"^Object (?P<fault>contains unknown|missing required) field `(?P<field>.*)`$")
_NUMBER = re.compile(r"\b(float|int|decimal)\b")
_BOUND = re.compile(r"^(?:float|int|decimal) ([<>]=?) ")
_SIGNS = {"<=": "≤", ">=": "≥"}
_NO_CHOICE = re.compile(r"^Invalid enum value '?(?P<word>.*?)'?$", re.DOTALL)
_GOT = re.compile(r"^(?P<expected>.*?), got (?P<got>.*)$", re.DOTALL)


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what documents hold: frozen, fields by name, unknown fields refused."""


def read_document(file: Path, kind: type[Document]) -> Document:
    """A document from a JSON file. Raises Refusal ``circular-unreadable`` or as `parse_document`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("circular-unreadable", received=str(file), reason=error.strerror or str(error)) from error
    return parse_document(content, kind, file.name)


def parse_document(content: bytes, kind: type[Document], name: str = "") -> Document:
    """A document from JSON (UTF-8, with or without a byte order mark).

    Raises Refusal as `convert_document`, with the place of the fault (``products[2].inflow``), and as `read_json`.
    """
    return convert_document(read_json(content, name or None), kind, name)


def convert_document(value: object, kind: type[Document], name: str = "") -> Document:
    """A document from the objects JSON gives.

    Raises Refusal ``circular-document`` and its kin; ``circular-number`` for a mark such as ``#NUM!`` where a number
    belongs.
    """
    try:
        return msgspec.convert(value, kind, str_keys=True)
    except msgspec.ValidationError as error:
        raise _refusal(_with_key(str(error), value, kind), value, kind, name) from error


def digest_of(document: msgspec.Struct) -> str:
    """SHA-256 of the document's canonical JSON, the same as of the book it is kept as: names what was computed from."""
    return sha256_hex(canonical_json(signable(msgspec.to_builtins(document, str_keys=True))))


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a kind of document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def refuse_all(faults: Iterable[Refusal]) -> None:
    """Raise `SeveralRefused` where there is a fault."""
    if found := tuple(faults):
        raise SeveralRefused(found)


def check_span(first_year: int, last_year: int, most: int, name: str) -> None:
    """Raises Refusal ``circular-years`` where years run backwards or are more than ``most``."""
    if not 0 <= last_year - first_year < most:
        raise refuse("circular-years", name, "last_year", last_year, f"{first_year} … +{most - 1}")


def refuse(code: str, name: str, field: str, received: object, expected: object = None) -> Refusal:
    """A refusal at a place of a document; what is no text is written short."""
    said = received if isinstance(received, str) else f"{received:g}" if isinstance(received, float) else str(received)
    wanted = None if expected is None else str(expected)
    return Refusal(code, where=Where(file=name or None, field=field), received=said[:120], expected=wanted)


def _with_key(said: str, value: object, kind: type[Any]) -> str:
    """msgspec writes ``[...]`` for a key of an object: put the key that fails in its place."""
    head, mark, tail = said.partition("[...]")
    placed = _PLACE.match(f"{head}`")
    if not mark or placed is None:
        return said
    held = value_at(value, placed["place"])
    whole = dict(held)
    try:
        for key, one in whole.items():
            held.clear()
            held[key] = one
            try:
                msgspec.convert(value, kind, str_keys=True)
            except msgspec.ValidationError as error:
                if str(error).startswith(head):
                    return f"{head}.{key}{tail}"
    finally:
        held.clear()
        held.update(whole)
    return said


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _refusal(said: str, value: object, kind: type[Any], name: str) -> Refusal:
    """What msgspec says as (place, received, expected); a plain value is shown, of others what they are."""
    placed = _PLACE.match(said)
    place = placed["place"] if placed else "$"
    where = Where(file=name or None, field=place.removeprefix("$").removeprefix(".") or None)
    text = placed["said"] if placed else said
    if fault := _FIELD.match(text):
        code = "field-unknown" if fault["fault"].endswith("unknown") else "field-missing"
        return Refusal(code, where=where, received=fault["field"][:60])
    split = _GOT.match(text)
    received, expected = (split["got"], split["expected"]) if split else ("—", text)
    if placed is None or placed["key"] is None:
        found = value_at(value, place) if "..." not in place else None
        received = str(found) if isinstance(found, str | int | float | Decimal) else received
        if isinstance(found, str) and _NUMBER.search(expected) and not _is_number(found):
            return Refusal("circular-number", where=where, received=found[:60])
    keys = placed is not None and placed["key"] is not None
    if (wrong := _NO_CHOICE.match(expected)) and (known := choices_at(kind, place, keys=keys)):
        return Refusal("not-choice", where=where, received=wrong["word"][:60], expected=", ".join(known))
    return Refusal(
        "circular-document",
        where=where,
        received=received.replace("`", "")[:120],
        expected=_BOUND.sub(
            lambda found: f"{_SIGNS.get(found[1], found[1])} ", expected.replace("`", "").removeprefix("Expected ")
        )[:120],
    )
