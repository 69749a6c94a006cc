"""System query options of a request, and those nested in ``$expand``."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from .expression import Expression, Path, parse
from .fault import invalid
from .model import TYPES, EntityType

DEFAULT_TOP, MOST_TOP, MOST_SKIP = 100, 1000, 1_000_000
MOST_CHARACTERS, DEEPEST_EXPAND = 16_000, 4
_KNOWN = {"$filter", "$expand", "$orderby", "$top", "$skip", "$count", "$select", "$resultFormat", "$skiptoken"}


@dataclass(frozen=True)
class Expansion:
    """A link that is to be followed, with the options for what it leads to."""

    link: str
    options: "Options"


@dataclass
class Options:
    """What was asked of a set or an entity; ``after`` is the key behind which the page begins."""

    filter: Expression | None = None
    expand: list[Expansion] = field(default_factory=list[Expansion])
    orderby: list[tuple[Path, bool]] = field(default_factory=list[tuple[Path, bool]])
    top: int = DEFAULT_TOP
    skip: int = 0
    count: bool = False
    select: list[str] | None = None
    data_array: bool = False
    after: list[Any] | None = None
    raw: dict[str, str] = field(default_factory=dict[str, str])


def read_options(query: bytes, kind: EntityType | None) -> Options:
    """The options of a query string. Raises Fault 400."""
    if len(query) > MOST_CHARACTERS:
        raise invalid("sta-query-long", received=len(query), expected=MOST_CHARACTERS)
    found: dict[str, str] = {}
    for part in query.decode("latin-1").split("&"):
        if part:
            name, _, value = part.partition("=")
            name = unquote_plus(name)
            name = "$resultFormat" if name == "resultFormat" else name
            if name == "lang":
                continue
            if name in found:
                raise invalid("sta-option-twice", received=name[:40])
            found[name] = unquote_plus(value)
    return _options(found, kind, 0)


def _options(found: dict[str, str], kind: EntityType | None, depth: int) -> Options:
    made = Options(raw=found)
    for name, text in found.items():
        if name not in _KNOWN:
            raise invalid("sta-option", received=name[:40], expected=", ".join(sorted(_KNOWN - {"$skiptoken"})))
        if kind is None:
            raise invalid("sta-option-here", received=name)
        _read_option(made, name, text, kind, depth)
    return made


def _read_option(made: Options, name: str, text: str, kind: EntityType, depth: int) -> None:
    match name:
        case "$filter":
            made.filter = parse(text)
        case "$expand":
            made.expand = _expansions(text, kind, depth)
        case "$orderby":
            made.orderby = [_order(part) for part in _split(text, ",")]
        case "$top":
            made.top = min(_whole(name, text, 2**63), MOST_TOP)
        case "$skip":
            made.skip = _whole(name, text, MOST_SKIP)
        case "$count":
            if text not in {"true", "false"}:
                raise invalid("sta-option-value", option=name, received=text[:40], expected="true, false")
            made.count = text == "true"
        case "$select":
            made.select = _select(text, kind)
        case "$resultFormat":
            if text != "dataArray" or kind.name != "Observation":
                raise invalid("sta-option-value", option="$resultFormat", received=text[:40], expected="dataArray")
            made.data_array = True
        case _:
            made.after = _token(text)


def _whole(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > most:
        raise invalid("sta-option-value", option=name, received=text[:40], expected=f"0 – {most}")
    return int(text)


def _order(text: str) -> tuple[Path, bool]:
    words = text.split()
    if not 1 <= len(words) <= 2 or (len(words) == 2 and words[1].lower() not in {"asc", "desc"}):
        raise invalid("sta-option-value", option="$orderby", received=text[:60], expected="property [asc|desc]")
    return Path(tuple(words[0].split("/"))), len(words) == 2 and words[1].lower() == "desc"


def _select(text: str, kind: EntityType) -> list[str]:
    names = [part.strip() for part in text.split(",")]
    known = {"id", "@iot.id", *kind.properties, *kind.links}
    wrong = next((name for name in names if name.partition("/")[0] not in known), None)
    if wrong is not None:
        raise invalid("sta-property", received=wrong[:60], expected=", ".join(sorted(known)))
    return [name.partition("/")[0] for name in names]


def _expansions(text: str, kind: EntityType, depth: int) -> list[Expansion]:
    if depth >= DEEPEST_EXPAND:
        raise invalid("sta-expand-deep", expected=DEEPEST_EXPAND)
    made: dict[str, Expansion] = {}
    for part in _split(text, ","):
        head, _, inner = part.strip().partition("(")
        link, _, rest = head.strip().partition("/")
        if link not in kind.links:
            raise invalid("sta-link", received=link[:60], expected=", ".join(kind.links))
        target = TYPES[kind.links[link][0]]
        pairs: dict[str, str] = {}
        if inner:
            if not inner.endswith(")"):
                raise invalid("sta-option-value", option="$expand", received=part[:60], expected="Link($option=…;…)")
            for option in _split(inner[:-1], ";"):
                name, _, value = option.strip().partition("=")
                if name in pairs:
                    raise invalid("sta-option-twice", received=name[:40])
                pairs[name] = value
        if rest:
            # Thing/Locations: the last link has the options in brackets.
            below = _expansions(rest + (f"({inner}" if inner else ""), target, depth + 1)
            options = Options(expand=below)
        else:
            options = _options(pairs, target, depth + 1)
        if link in made:
            made[link].options.expand.extend(options.expand)
        else:
            made[link] = Expansion(link, options)
    return list(made.values())


def _split(text: str, sign: str) -> list[str]:
    """Parts between ``sign``, which counts neither inside brackets nor inside quotes."""
    parts, depth, quoted, start = list[str](), 0, False, 0
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if letter == sign and depth == 0:
                parts.append(text[start:place])
                start = place + 1
    if depth or quoted:
        raise invalid("sta-brackets", received=text[:60])
    return [*parts, text[start:]]


def write_token(after: list[Any]) -> str:
    """A key as the opaque token of a next link."""
    return base64.urlsafe_b64encode(json.dumps(after, separators=(",", ":")).encode()).decode().rstrip("=")


def _token(text: str) -> list[Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(found, list):
            return found  # pyright: ignore[reportUnknownVariableType]
    except (ValueError, binascii.Error, RecursionError):
        pass
    raise invalid("sta-token", received=text[:40])
