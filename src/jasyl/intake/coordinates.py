"""Longitudes and latitudes as people write them, and the notice of swapped ones."""

import re
from dataclasses import dataclass
from typing import Literal

from jasyl.texts import Refusal

from .numbers import Convention, decimal
from .raw import Raw, shown

Axis = Literal["longitude", "latitude"]

LIMIT = {"longitude": 180, "latitude": 90}
# Side → sign, blanks and points gone. Kazakh: солтүстік/оңтүстік ендік, шығыс/батыс бойлық.
_SIDES: dict[Axis, dict[str, int]] = {
    "latitude": {"n": 1, "s": -1, "с": 1, "ю": -1, "сш": 1, "юш": -1, "се": 1, "ое": -1},
    "longitude": {"e": 1, "w": -1, "в": 1, "з": -1, "вд": 1, "зд": -1, "шб": 1, "бб": -1},
}
_SIDE = r"[A-Za-zА-Яа-я]\.?\s*[А-Яа-я]?\.?"
_NUMBER = r"\d+(?:[.,]\d+)?"
_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?\s*(?P<minus>[-−])?\s*(?P<degrees>{_NUMBER})\s*(?:°|º|град\.?|\s)\s*"
    rf"(?:(?P<minutes>{_NUMBER})\s*(?:['’′]|мин\.?|\s|$)\s*)?"
    rf"(?:(?P<seconds>{_NUMBER})\s*(?:[\"”″]|''|’’|′′|сек\.?|$)?\s*)?(?P<after>{_SIDE})?"
)
_SIDED = re.compile(rf"(?P<before>{_SIDE})\s*(?P<left>{_NUMBER})|(?P<right>{_NUMBER})\s*(?P<after>{_SIDE})")
_PLAIN = re.compile(r"[+-]?\d{1,3}(?:\.\d*)?(?:[eE]-?\d{1,2})?", re.ASCII)
# A coordinate cannot reach the thousands, so its comma is a decimal sign without any doubt.
_DECIMAL_COMMA = Convention(comma="decimal")


@dataclass(frozen=True)
class Box:
    """Bounds in degrees of WGS 84, inside which points are expected."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether the point lies inside, the edge included."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    def is_swapped(self, longitude: float, latitude: float) -> bool:
        """Whether the point lies outside, and inside once its two numbers change places."""
        return not self.holds(longitude, latitude) and self.holds(latitude, longitude)


def coordinate(raw: Raw, axis: Axis) -> float | None:
    """Degrees, east and north positive: ``43.238``, ``43,238``, ``43°14'18"N``, ``43 14 18 с.ш.``, ``76,9 в.д.``.

    Raises Refusal ``not-coordinate``, ``coordinate-range``.
    """
    if isinstance(raw, str):
        text = raw.strip()
        if not text:
            return None
        value = _of_text(text, axis, raw)
    else:
        number = decimal(raw)
        if number is None:
            return None
        value = float(number)
    if not -LIMIT[axis] <= value <= LIMIT[axis]:
        raise Refusal("coordinate-range", received=shown(raw), expected=LIMIT[axis])
    return value


def _of_text(text: str, axis: Axis, raw: Raw) -> float:
    if _PLAIN.fullmatch(text):
        return float(text)
    sided = _SIDED.fullmatch(text)
    if sided:
        sign = _sign(sided["before"] or sided["after"], axis, raw)
        return sign * _figure(sided["left"] or sided["right"])
    found = _DEGREES.fullmatch(text)
    if found is None:
        try:
            value = decimal(raw, _DECIMAL_COMMA)
        except Refusal as error:
            raise Refusal("not-coordinate", received=shown(raw)) from error
        assert value is not None
        return float(value)
    minutes, seconds = _figure(found["minutes"]), _figure(found["seconds"])
    side = found["before"] or found["after"]
    if minutes >= 60 or seconds >= 60 or (found["before"] and found["after"]) or (found["minus"] and side):
        raise Refusal("not-coordinate", received=shown(raw))
    sign = _sign(side, axis, raw) if side else (-1 if found["minus"] else 1)
    return sign * round(_figure(found["degrees"]) + minutes / 60 + seconds / 3600, 9)


def _figure(written: str | None) -> float:
    return float(written.replace(",", ".")) if written else 0.0


def _sign(side: str, axis: Axis, raw: Raw) -> int:
    sign = _SIDES[axis].get(re.sub(r"[.\s]", "", side).lower())
    if sign is None:
        raise Refusal("not-coordinate", received=shown(raw))
    return sign
