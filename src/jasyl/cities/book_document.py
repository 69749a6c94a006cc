"""A city book as a JSON document, and its JSON Schema."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from jasyl.indicators import STATUSES, Catalogue
from jasyl.indicators import catalogue as catalogue_of
from jasyl.intake import read_json, text
from jasyl.intake.dates import date
from jasyl.texts import Refusal, Where

from .book import unknown_points, year_of
from .book_columns import FILLED
from .book_file import BookFile, entry_of
from .breakdown import groups_data, groups_of_data, groups_schema
from .city import City, city
from .entry import ENTRY_LEVELS, ORIGINS, QUALITIES, Entry
from .finding import Finding
from .units_given import in_own_unit

FORMAT = "jasyl-city-book"
NUMBERS = ("numerator", "denominator", "value")
CHOICES = {"status": STATUSES, "origin": ORIGINS, "quality": QUALITIES, "level": ENTRY_LEVELS}
_LENGTHS = {"unit": 40, "note": 4_000, "evidence": 64, "proposal": 80, "reason": 4_000, "dated": 10}


def is_document(name: str) -> bool:
    """Whether a file is JSON by its name."""
    return name.lower().endswith(".json")


def document(
    city_: City, year: int, catalogue: Catalogue, entries: Mapping[str, Entry], *, training: bool = False
) -> dict[str, Any]:
    """The book as JSON: what is said, without by whom and when; numbers as decimal text. Fictional ones say so."""
    return {
        "format": FORMAT,
        "version": 1,
        "place": city_.place,
        "year": year,
        "catalogue": catalogue.id,
        "catalogue_version": catalogue.version,
        **({"training": True} if training else {}),
        "entries": [
            {key: value for key, value in entry.content().items() if value not in (None, "")}
            | ({"parts": groups_data(entry.parts, entry.closed)} if entry.parts or entry.closed else {})
            for entry in entries.values()
        ],
    }


def read_document(content: bytes, name: str, asked: Catalogue | None = None) -> BookFile:
    """The book of a JSON document. Raises as ``read_book``."""
    head = _mapping(
        read_json(content, name),
        name,
        "",
        {"format", "version", "place", "year", "catalogue", "catalogue_version", "training", "entries"},
    )
    if head.get("format") != FORMAT or head.get("version") != 1:
        raise _refusal(name, "format", f"{head.get('format')} {head.get('version')}", f"{FORMAT} 1")
    rows = head.get("entries")
    if not isinstance(rows, list):
        raise _refusal(name, "entries", rows, "[…]")
    catalogue = asked or catalogue_of(str(head.get("catalogue") or "u4ssc"))
    entries: dict[str, Entry] = {}
    problems: list[Refusal] = []
    places: dict[tuple[str, str], Where] = {}
    converted: list[Finding] = []
    for number, row in enumerate(cast("list[object]", rows)):
        at = f"entries[{number}]"
        try:
            entry = _entry(row, name, at, catalogue)
            if entry.point in entries:
                raise Refusal("value-twice", where=Where(name, None, None, f"{at}.point"), received=entry.point,
                    expected=places[entry.point, "point"].field)  # fmt: skip
        except Refusal as refusal:
            problems.append(refusal)
            continue
        entry, remark = in_own_unit(catalogue, entry)
        entries[entry.point] = entry
        places |= {(entry.point, key): Where(name, None, None, f"{at}.{key}") for key in ("point", *FILLED)}
        converted += [remark] if remark else []
    return BookFile(
        name, city(str(head.get("place"))), year_of(str(head.get("year"))), catalogue, entries, tuple(problems),
        tuple(converted), 0, places, head.get("training") is True,
    )  # fmt: skip


def book_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a city book."""
    number = {"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?$", "minimum": 0}
    fields: dict[str, Any] = {
        "point": {"type": "string", "description": "a data point of the catalogue, or base.population and the like"},
        **dict.fromkeys(NUMBERS, number),
        **{key: {"enum": list(values)} for key, values in CHOICES.items()},
        **{key: {"type": "string", "maxLength": length} for key, length in _LENGTHS.items()},
    }
    fields["parts"] = groups_schema()
    fields["dated"]["pattern"] = r"^\d{4}(-\d{2}(-\d{2})?)?$"
    fields["evidence"]["pattern"] = "^[0-9a-f]{64}$"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "city-book",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": 1},
            "place": {"type": "string", "pattern": r"^(KZ-\d{2}|\d{9}|G\d{1,8})$"},
            "year": {"type": "integer", "minimum": 1990, "maximum": 2100},
            "catalogue": {"type": "string", "default": "u4ssc"},
            "catalogue_version": {"type": "string"},
            "training": {"type": "boolean", "description": "the values are fictional"},
            "entries": {
                "type": "array",
                "items": {"type": "object", "properties": fields, "required": ["point"], "additionalProperties": False},
            },
        },
        "required": ["format", "version", "place", "year", "entries"],
        "additionalProperties": False,
    }


def _entry(row: object, name: str, at: str, catalogue: Catalogue) -> Entry:
    given = _mapping(row, name, at, {"point", *FILLED})
    point = given.get("point")
    if not isinstance(point, str) or unknown_points(catalogue, [point]):
        where = Where(name, None, None, f"{at}.point")
        raise Refusal("indicator-unknown-point", where=where, received=str(point)[:80], expected=catalogue.id)
    typed: dict[str, Any] = {}
    cells = {key: Where(name, None, None, f"{at}.{key}") for key in FILLED}
    for key, value in given.items():
        if key != "point" and value is not None:
            typed[key] = _typed(key, value, name, f"{at}.{key}")
    entry = entry_of(catalogue, point, typed, cells)
    if entry is None:
        raise _refusal(name, at, point, "numerator, value, status …")
    return entry


def _typed(key: str, value: object, name: str, at: str) -> Any:
    """A field as ``entry_of`` takes it: numbers exact, the rest text of its length."""
    if key in NUMBERS:
        if key == "value" and isinstance(value, bool):
            return Decimal(int(value))
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, str) and value.isascii() and value.strip().count(".") <= 1:
            bare = value.strip().lstrip("-").replace(".", "", 1)
            if bare.isdigit():
                return Decimal(value.strip())
        raise Refusal("not-number", where=Where(name, None, None, at), received=str(value)[:60])
    if key == "parts":
        return groups_of_data(value, Where(name, None, None, at))
    if not isinstance(value, str):
        raise _refusal(name, at, value, "text")
    if key in CHOICES:
        if value not in CHOICES[key]:
            raise _refusal(name, at, value, ", ".join(CHOICES[key]))
        return value
    try:
        plain = text(value, _LENGTHS[key])
        return date(plain) if key == "dated" else plain
    except Refusal as refusal:
        raise Refusal(refusal.code, where=Where(name, None, None, at), **refusal.arguments) from None


def _mapping(value: object, name: str, at: str, known: set[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _refusal(name, at, value, "{…}")
    made = cast("Mapping[str, object]", value)
    for key in made:
        if key not in known:
            raise _refusal(name, f"{at}.{key}"[:80].lstrip("."), key[:40], ", ".join(sorted(known)))
    return made


def _refusal(name: str, at: str, received: object, expected: str) -> Refusal:
    return Refusal("city-book-json", where=Where(name, None, None, at or None), received=str(received)[:80],
        expected=expected)  # fmt: skip
