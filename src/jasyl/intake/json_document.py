"""JSON that people send, read strictly and in one way, whatever it is about."""

import json
from decimal import Decimal
from typing import Any

from jasyl.texts import Refusal, Where

LARGEST_JSON = 16 * 1024 * 1024


class _FaultError(Exception):
    def __init__(self, code: str, received: str) -> None:
        super().__init__(code)
        self.code, self.received = code, received


def read_json(content: bytes, name: str | None = None, *, largest: int = LARGEST_JSON) -> Any:
    """The value that JSON text holds: UTF-8, with or without a byte order mark.

    Fractions are `Decimal`, to the last digit; whole numbers are `int`.
    Raises Refusal ``json-large`` above ``largest`` bytes, ``json-unreadable`` with what stands where,
    ``json-twice`` for a key that stands twice in one object (readers would drop the first without a word) and
    ``json-number`` for NaN and the infinities, which JSON does not have.
    """
    where = Where(file=name)
    if len(content) > largest:
        raise Refusal("json-large", where=where, received=len(content), expected=largest)
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
        )
    except _FaultError as fault:
        raise Refusal(fault.code, where=Where(file=name, field=fault.received), received=fault.received) from None
    except (ValueError, RecursionError) as error:  # both undecodable bytes and what is no JSON are ValueErrors
        raise Refusal("json-unreadable", where=where, received=str(error)[:120]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _FaultError("json-twice", key[:60])
        found[key] = value
    return found


def _no_constant(word: str) -> float:
    raise _FaultError("json-number", word)
