"""Records: JSON in the one spelling of RFC 8785, with exactly the fields of its kind."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

SAFE = 2**53 - 1
MAX_ENTRY = 65_535
Record = dict[str, Any]


class Refused(Exception):
    """What was given does not hold: ``code`` for programs, ``detail`` (a line, a record's index, a file) for people."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(f"{code}: {detail}" if detail != "" else code)
        self.code, self.detail = code, detail


def strict_json(data: bytes) -> Any:
    """JSON without fractions, exponents, NaN, doubled keys or integers beyond 2^53 - 1. Raises ValueError."""
    return json.loads(
        data.decode("utf-8"), object_pairs_hook=_once, parse_float=_never, parse_constant=_never, parse_int=_safe
    )


def canonical(value: Any) -> bytes:
    """RFC 8785 for texts, integers, booleans, null, lists and objects."""
    return _written(value).encode("utf-8")


def _written(value: Any) -> str:
    if isinstance(value, dict):
        keys: list[str] = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _never(text: str) -> Any:
    raise ValueError(f"{text} is no integer")


def _safe(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE or text == "-0":
        raise ValueError(f"{text} is not a safe integer")
    return int(text)


# Checks of fields, by the words of KINDS below. Each tells whether a value is allowed.
Check = Callable[[Any], bool]


def _matches(pattern: str, longest: int) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and len(value) <= longest and bool(compiled.fullmatch(value))


def _text(shortest: int, longest: int) -> Check:
    return lambda value: isinstance(value, str) and shortest <= len(value) <= longest


def _integer(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def _list(check: Check, shortest: int, longest: int) -> Check:
    return lambda value: isinstance(value, list) and shortest <= len(value) <= longest and all(map(check, value))


def _map(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _exists(value: Any) -> bool:
    """Whether a moment's day exists: the pattern alone lets 30 February pass."""
    try:
        return _MOMENT(value) and bool(dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool) or CHECKS["integer"](value)


_MOMENT = _matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", 40)
_HASH = _matches("[0-9a-f]{64}", 64)
_SHALLOW = _either(_plain, _list(_plain, 0, MAX_ENTRY), _map(_plain))
CHECKS: dict[str, Check] = {
    "name": _text(1, 512),
    "text": _text(1, 4096),
    "unit": _text(0, 128),
    "receipt": _text(0, 49_152),
    "hash": _HASH,
    "hashes": _list(_HASH, 0, 400),
    "names": _list(_text(1, 512), 0, 64),
    "now": _exists,
    "moment": _MOMENT,
    "count": _integer(0, SAFE),
    "integer": _integer(-SAFE, SAFE),
    "scale": _integer(-18, 18),
    "seconds": _integer(1, 86_400),
    "whole": _matches("0|-?[1-9][0-9]*", 80),
    "natural": _matches("0|[1-9][0-9]*", 38),
    "decimal": _matches(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", 120),
    "signature": _matches("[A-Za-z0-9+/]+={0,2}", 8192),
    "base64": _matches("[A-Za-z0-9+/]+={0,2}", 49_152),
    "parameters": _map(_plain),
    "payload": _map(_either(_plain, _list(_SHALLOW, 0, MAX_ENTRY), _map(_SHALLOW))),
}


def _fields(words: str) -> Check:
    """``name:check`` of each field; ``?`` at the end lets null in, ``+`` before it lets the field be left out."""
    rules = [word.removeprefix("+").partition(":") for word in words.split()]
    needed = {word.partition(":")[0] for word in words.split() if not word.startswith("+")}
    checks = {name: _check(check) for name, _, check in rules}

    def allowed(value: Any) -> bool:
        complete = isinstance(value, dict) and needed <= value.keys() <= checks.keys()
        return complete and all(checks[name](each) for name, each in value.items())

    return allowed


def _check(words: str) -> Check:
    choices, plain = words.removesuffix("?").split("|"), words.removesuffix("?")
    check = CHECKS.get(plain, _matches("|".join(map(re.escape, choices)), 512))
    return _either(check, lambda value: value is None) if words.endswith("?") else check


CHECKS["trust"] = _check("device-signed|gateway-signed|operator-entered")
CHECKS["sigs"] = _list(_fields("key:hash sig:signature"), 1, 8)
CHECKS["method"] = _fields("id:name version:name parameters:parameters")
CHECKS["pseudonym"] = _matches("[0-9A-Za-z][0-9A-Za-z:._-]{0,127}", 128)
CHECKS["fields"] = _fields("root:hash count:count")
CHECKS["owner"] = _list(_HASH, 1, 4)
CHECKS["columns"] = _list(_fields("name:name sum:natural"), 1, 16)
CHECKS["inputs"] = _either(_list(_HASH, 0, MAX_ENTRY), _fields("root:hash count:count +columns:columns"))

_HEAD = "type:name log_origin:name issued:now author:name +sigs:sigs schema:integer"
# What a batch says that its device or gateway signs.
DAY = ("series", "day_start", "day_end", "count", "unit", "scale", "sum", "min", "max", "root")
_BATCH = """series:name day_start:integer day_end:integer count:count unit:name scale:scale sum:whole min:whole?
    max:whole? root:hash trust:trust supersedes:hash?"""
_CALC = """indicator:name period:name unit:unit value:decimal? uncertainty:decimal? completeness:decimal
    method:method inputs:inputs supersedes:hash?"""
_KEY = """vkey:text holder:name purpose:name valid_from:moment valid_to:moment?
    status:active|retired|revoked authorised_by:name?"""
KINDS: dict[tuple[str, int], str] = {
    ("import", 1): "what:name file_name:name sha256:hash rows:count source:text licence:text actor:name",
    ("device", 1): """series:name facility:name? quantity:name series_kind:mean|amount|counter unit:name scale:scale
        interval_seconds:seconds trust:trust key:hash? accuracy_class:name? calibration_sha256:hash?
        calibrated_until:moment? supersedes:hash?""",
    ("batch", 1): _BATCH,
    ("batch", 2): _BATCH + " device:hash +day_sigs:sigs",
    ("calc", 1): _CALC + " place:name? facility:name?",
    ("calc", 2): _CALC
    + " figure_kind:observed|published|modelled|assumed|training subject_kind:name subject:name +divisor:natural",
    ("supersede", 1): "superseded:hash replacement:hash? reason:text actor:name",
    ("erase", 1): """subject:name destroyed:series-key|payload-key reason:text authority:name actor:name
        records:hashes copies:names""",
    ("key", 1): _KEY,
    ("key", 2): _KEY + " former_size:count",
    ("certificate", 1): """event:issue|transfer|split|retire|cancel|expire|import|export certificate:name command:name
        payload:payload""",
    ("evidence", 1): "sha256:hash size:count media_type:name title:text custodian:name about:hashes actor:name",
    ("decision", 1): "subject:name rules:name rules_version:name payload:payload actor:name supersedes:hash?",
    ("anchor", 1): """target:name size:count root:hash state:pending|confirmed|failed receipt:receipt
        payload:payload""",
    ("sealed", 1): "subject:pseudonym sort:pseudonym commitment:hash fields:fields? supersedes:hash?",
    ("title", 1): """event:register|transfer title:pseudonym object_class:land|building|equipment object_mark:hash
        payload:hash owner:owner previous:hash?""",
    ("checkpoint-seen", 1): "origin:name size:count root:hash checkpoint:base64",
}
_RULES = {kind: _fields(f"{_HEAD} {words}") for kind, words in KINDS.items()}


def parse_record(entry: bytes) -> Record:
    """A record from its bytes. Raises Refused ``record``: anything but the one spelling of a known kind."""
    try:
        record = strict_json(entry)
        plain = isinstance(record, dict) and canonical(record) == entry and len(entry) <= MAX_ENTRY
    except (ValueError, RecursionError):
        plain, record = False, None
    if not plain or not isinstance(record, dict):
        raise Refused("record", entry[:40].decode(errors="replace"))
    kind, schema = record.get("type"), record.get("schema")
    fitting = _RULES.get((kind, schema)) if isinstance(kind, str) and type(schema) is int else None
    # Names of files went in as they came before the composed form was asked for.
    composed = kind == "import" or unicodedata.is_normalized("NFC", entry.decode())
    if fitting is None or not composed or not fitting(record) or not _sensible(record):
        raise Refused("record", str(kind)[:40])
    return record


def _sensible(record: Record) -> bool:
    """What fields of one record owe each other."""
    kind = record["type"], record["schema"]
    if kind[0] == "device":
        return (record["trust"] == "operator-entered") == (record["key"] is None)
    if kind[0] == "batch":
        empty = record["count"] == 0
        fits = record["day_start"] < record["day_end"] and empty == (record["min"] is None) == (record["max"] is None)
        signed = record["trust"] != "operator-entered"
        return fits and (kind[1] == 1 or signed == ("day_sigs" in record))
    if kind[0] == "calc":
        tree = isinstance(record["inputs"], dict) and "columns" in record["inputs"]
        if "divisor" in record:
            return record["divisor"] != "0" and record["value"] is not None
        return not tree
    if kind == ("key", 2):
        former, ended = record["holder"], (record["purpose"], record["status"]) == ("log", "revoked")
        return ended and former != record["log_origin"] and record["vkey"].startswith(f"{former}+")
    if kind[0] == "sealed":
        return not (_personal(record["subject"]) or _personal(record["sort"]))
    if kind[0] == "title":
        first = (record["event"] == "register") == (record["previous"] is None)
        return first and len(set(record["owner"])) == len(record["owner"]) and not _personal(record["title"])
    return True


def _personal(text: str) -> bool:
    """Whether a pseudonym looks like a person's number or mail address."""
    number = r"(?<![0-9A-Za-z])\+?[0-9]{11,12}(?![0-9A-Za-z])|[^\s@]+@[^\s@]+\.[^\s@]+"
    return re.search(number, text, re.ASCII) is not None
