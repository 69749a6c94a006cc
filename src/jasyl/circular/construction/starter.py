"""Construction chains that ship with the program: the demolition list that Astana published."""

from functools import cache
from importlib.resources import files

from .chain import ConstructionChain
from .examination import parse_chain

_FILES = {"KZ-71": "astana_demolition.json"}
STARTER_PLACES = tuple(_FILES)


@cache
def starter_chain(place: str) -> ConstructionChain | None:
    """The chain of a place (ISO code); None where none is kept."""
    if place not in _FILES:
        return None
    name = _FILES[place]
    return parse_chain((files("jasyl.circular") / "data" / name).read_bytes(), name)
