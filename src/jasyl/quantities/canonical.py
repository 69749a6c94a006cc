"""Bytes and texts that get signed: decimal numbers and JSON with exactly one way to be written."""

import hashlib
from decimal import Decimal
from typing import Any, cast

import rfc8785

from jasyl.texts import Refusal

SAFE_INTEGER = 2**53 - 1


def decimal_text(value: Decimal | int) -> str:
    """The one way to write a decimal number: no exponent, no trailing zeros, no minus zero (``-12.5``)."""
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} is not a finite number")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def canonical_json(document: Any) -> bytes:
    """``document`` as RFC 8785 (JCS) bytes. Floats are refused: what is signed is an integer or a decimal string.

    Raises Refusal ``not-canonical``.
    """
    _check(document, "$")
    return rfc8785.dumps(document)


def signable(value: Any) -> Any:
    """A document as `canonical_json` takes it: decimals, and floats by the shortest text that reads back, as decimal
    texts; everything else as it is."""
    match value:
        case dict():
            return {key: signable(inner) for key, inner in cast("dict[str, Any]", value).items()}
        case list() | tuple():
            return [signable(inner) for inner in cast("list[Any]", value)]
        case Decimal():
            return decimal_text(value)
        case float():
            return decimal_text(Decimal(repr(value)))
        case _:
            return value


def sha256_hex(data: bytes) -> str:
    """SHA-256 of ``data`` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _check(value: Any, path: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise Refusal("not-canonical", received=type(key).__name__, expected="a text as key", path=path)
            _check(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            _check(inner, f"{path}[{position}]")
    elif isinstance(value, float):
        raise Refusal("not-canonical", received=str(value), expected="an integer or a decimal string", path=path)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE_INTEGER:
        raise Refusal("not-canonical", received=str(value), expected="an integer below 2^53", path=path)
    elif not (value is None or isinstance(value, str | int | bool)):
        raise Refusal("not-canonical", received=type(value).__name__, expected="JSON", path=path)
