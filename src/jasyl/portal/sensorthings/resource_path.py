"""Resource paths: ``Things('…')/Datastreams('…')/Observations/$ref`` (18-088, clause 9.2)."""

from dataclasses import dataclass

from .fault import missing
from .model import SETS, TYPES, EntityType

MOST_SEGMENTS = 12


@dataclass(frozen=True)
class Step:
    """A set or a link, with the id in its brackets if there is one."""

    name: str
    identity: str | None


@dataclass(frozen=True)
class Resource:
    """Where a path leads: through ``steps``, to the type ``kind``, perhaps to a ``property``; ``ending`` is ``$ref``,
    ``$value``, or nothing."""

    steps: tuple[Step, ...]
    kind: EntityType
    many: bool
    property: tuple[str, ...] = ()
    ending: str = ""


def read_path(path: str) -> Resource:
    """The resource of a path behind the address of the service. Raises Fault 404."""
    parts = _parts(path.strip("/"))
    if not parts or len(parts) > MOST_SEGMENTS:
        raise missing(path)
    ending = parts.pop() if parts[-1] in {"$ref", "$value"} else ""
    if not parts:
        raise missing(path)
    first = _step(parts[0])
    kind = SETS.get(first.name)
    if kind is None:
        raise missing(path)
    steps, many, place = [first], first.identity is None, 1
    while place < len(parts):
        if many:
            raise missing(path)
        step = _step(parts[place])
        if step.name not in kind.links:
            break
        target, several = kind.links[step.name]
        if step.identity is not None and not several:
            raise missing(path)
        kind, many = TYPES[target], several and step.identity is None
        steps.append(step)
        place += 1
    rest = tuple(parts[place:])
    if rest and (rest[0] not in {*kind.properties, "id", "@iot.id"} or ending == "$ref"):
        raise missing(path)
    if ending == "$value" and not rest:
        raise missing(path)
    return Resource(tuple(steps), kind, many, rest, ending)


def _parts(path: str) -> list[str]:
    """Parts between slashes; a slash inside quotes belongs to an id."""
    parts, quoted, start = list[str](), False, 0
    for place, letter in enumerate(path):
        if letter == "'":
            quoted = not quoted
        elif letter == "/" and not quoted:
            parts.append(path[start:place])
            start = place + 1
    return [*parts, path[start:]] if path else []


def _step(part: str) -> Step:
    name, bracket, inner = part.partition("(")
    if not bracket:
        return Step(name, None)
    if not inner.endswith(")") or len(inner) > 200:
        raise missing(part)
    written = inner[:-1]
    if len(written) > 1 and written[0] == written[-1] == "'":
        return Step(name, written[1:-1].replace("''", "'"))
    if not (written.isascii() and written.isdigit()):
        raise missing(part)
    return Step(name, written)


def link_of(set_name: str, identity: str) -> str:
    """``Things('…')``."""
    quoted = identity.replace("'", "''")
    return f"{set_name}('{quoted}')"
