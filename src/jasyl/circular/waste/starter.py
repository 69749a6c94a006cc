"""Waste programmes that ship with the program: Almaty and Astana as published, gaps named."""

from functools import cache
from importlib.resources import files

from .examination import parse_programme
from .programme import WasteProgramme

_FILES = {"KZ-75": "waste_almaty.json", "KZ-71": "waste_astana.json"}
STARTER_PLACES = tuple(_FILES)


@cache
def starter_programme(place: str) -> WasteProgramme | None:
    """The programme of a place (ISO code); None where none is kept."""
    if place not in _FILES:
        return None
    name = _FILES[place]
    return parse_programme((files("jasyl.circular") / "data" / name).read_bytes(), name)
