"""How indicators are told to readers: units, statuses, reasons, bands and directions in the three languages."""

import re

from jasyl.texts import Language, has, say

from .catalogue import DataPoint, Direction
from .disaggregation import By
from .evaluation import Reason
from .rules import Band, Status

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def unit_name(unit: str, language: Language) -> str:
    """``ug/m3`` is "µg/m³", "мкг/м³"; a unit that the program does not know is told as it was written."""
    message = f"indicator-unit-{_slug(unit)}"
    return say(language, message) if has(language, message) else unit


def status_name(status: Status, language: Language) -> str:
    return say(language, f"indicator-status-{_slug(status)}")


def reason_name(reason: Reason, language: Language) -> str:
    """Why a data point has no points; nothing where it has."""
    return say(language, f"indicator-reason-{_slug(reason)}") if reason else ""


def band_name(band: Band, language: Language) -> str:
    """``66–95 %``, ``95 % and more``: to be written beside every colour."""
    return say(language, f"indicator-band-{_slug(band)}")


def basis_name(basis: str, language: Language) -> str:
    """Why a benchmark is set so, or why there is none; a basis that the program does not know as it was written."""
    message = f"indicator-basis-{_slug(basis)}"
    return say(language, message) if has(language, message) else basis


def label_name(label: str, language: Language) -> str:
    """Whose target a benchmark is; a name that the program does not know as it was written."""
    message = f"indicator-label-{_slug(label)}"
    return say(language, message) if has(language, message) else label


def group_name(by: By, language: Language) -> str:
    """The group of a breakdown: ``sex: women, age: 65+``; its few words that every table has, all others as written."""
    said = {name: say(language, f"city-group-{name}") for name in ("female", "male", "yes", "no")}
    return ", ".join(f"{say(language, f'indicator-breakdown-{axis}')}: {said.get(name, name)}" for axis, name in by)


def direction_name(point: DataPoint, language: Language, direction: Direction | None = None) -> str:
    """Which way is better at this data point, or ``direction`` where a benchmark says another."""
    return say(language, f"indicator-direction-{direction or point.direction}")


def _slug(text: str) -> str:
    return _NOT_IN_KEYS.sub("-", text.lower()).strip("-")
