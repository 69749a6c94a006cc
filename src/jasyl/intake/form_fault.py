"""What is wrong with a JSON document whose form msgspec refuses: the field, what stands there, what may stand there."""

import re
from decimal import Decimal

import msgspec

from jasyl.texts import Refusal, Where

from .form_place import choices_at, value_at

_NUMBERS = ("decimal", "float", "int")
_NO_NUMBER = re.compile(r"Invalid decimal string|Expected `(?P<kinds>[a-z| ]+)`, got `(?:str|bool|object|array)`")
_NO_CHOICE = re.compile(r"Invalid enum value ")
_FIELD = re.compile(r"Object (?P<fault>contains unknown|missing required) field `(?P<field>.*)`")
_LONGEST = 120


def form_fault(
    error: msgspec.ValidationError,
    document: object,
    kind: type[msgspec.Struct],
    code: str,
    *,
    file: str | None = None,
    expected: str | None = None,
) -> Refusal:
    """The refusal of a document that is no ``kind``: ``not-number`` and ``not-choice`` with what stands in the field,
    ``field-missing``, ``field-unknown``; for all else ``code`` with what msgspec says and ``expected``."""
    said, _, told = str(error).partition(" - at ")
    path = told.strip("`")
    where = Where(file=file, field=path.removeprefix("$").removeprefix(".") or None)
    if fault := _FIELD.fullmatch(said):
        missing = fault["fault"].startswith("missing")
        return Refusal("field-missing" if missing else "field-unknown", where=where, received=fault["field"][:_LONGEST])
    held = None if "..." in path else value_at(document, path)
    if isinstance(held, str | int | float | Decimal):
        received = str(held)[:_LONGEST]
        if _is_no_number(said):
            return Refusal("not-number", where=where, received=received)
        if _NO_CHOICE.match(said) and (choices := choices_at(kind, path)):
            return Refusal("not-choice", where=where, received=received, expected=", ".join(choices))
    return Refusal(code, where=where, received=said[:_LONGEST], expected=expected)


def _is_no_number(said: str) -> bool:
    found = _NO_NUMBER.match(said)
    kinds = found["kinds"] if found else None
    return found is not None and (kinds is None or all(one in (*_NUMBERS, "null") for one in kinds.split(" | ")))
