"""What the server hands to the browser part: messages in the page's language and the signs of technology families."""

import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.texts import Language, say

# Messages of other files that islands also show.
SHARED = (
    "no-data", "confirmed", "unconfirmed", "status-not-confirmed", "unit-kW", "unit-MW", "unit-GW",
    *(f"{name}-{month}" for name in ("month", "month-short") for month in range(1, 13)),
)  # fmt: skip

# Places for numbers that only the browser knows; it fills them in (frontend/src/islands/number.ts).
BLANKS = {name: "{" + name + "}" for name in ("count", "area", "shown", "all", "from", "to", "time")}


def messages(language: Language, island: Literal["map", "charts", "live", "verify"]) -> dict[str, str]:
    """Every message of ``<island>.ftl`` in ``language``, and the shared ones; counts stand as ``{count}``."""
    return {name: say(language, name, **BLANKS) for name in (*SHARED, *_names(island))}


@cache
def _names(island: str) -> tuple[str, ...]:
    text = (files("jasyl.texts") / "en" / f"{island}.ftl").read_text(encoding="utf-8")
    return tuple(re.findall(r"^([a-z][\w-]*) =", text, re.MULTILINE))


@dataclass(frozen=True, slots=True)
class Sign:
    """How a technology family is drawn: a colour for light and one for dark pages, and an outline of signs.ts."""

    color: str
    dark: str
    shape: str


# Colour and outline together tell families apart, also without colour. Every colour has a contrast of at least
# 3:1 to the ground of the map (frontend/tests/contrast.test.ts); neighbours in the list differ in both.
FAMILY_SIGNS: dict[str, Sign] = {
    "solar": Sign("#b35c00", "#ffb84d", "circle"),
    "wind": Sign("#2f86cc", "#7cc4ff", "triangle"),
    "hydro": Sign("#173b8f", "#8ea6ff", "drop"),
    "bioenergy": Sign("#4d7c0f", "#a8d65c", "hexagon"),
    "geothermal": Sign("#a3262a", "#ff8f87", "inverted"),
    "heat": Sign("#c2410c", "#ff9b66", "pentagon"),
    "buildings": Sign("#7c3f00", "#d9a066", "house"),
    "industry": Sign("#5b6b80", "#b6c2d2", "square"),
    "networks": Sign("#6b21a8", "#cfa3f5", "diamond"),
    "gas": Sign("#a05195", "#e79bdb", "inverted"),
    "transport": Sign("#9d174d", "#f58fb8", "plus"),
    "water": Sign("#0b7a8a", "#63d3e0", "drop"),
    "waste": Sign("#5b4636", "#c9ad95", "square"),
    "construction": Sign("#8c6d1f", "#dcc06c", "cross"),
    "agriculture": Sign("#3f6212", "#bcdc7a", "star"),
    "nature": Sign("#166534", "#6fd39b", "triangle"),
    "monitoring": Sign("#334155", "#c3cedb", "cross"),
    "storage": Sign("#4338ca", "#a5b4fc", "pentagon"),
    "other": Sign("#8a857f", "#bdb8b1", "diamond"),
}

# The outlines of signs.ts in a box of 24 by 24 (tests/portal/test_map_picture.py holds them equal).
OUTLINES = {
    "circle": "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18Z",
    "square": "M4 4H20V20H4Z",
    "diamond": "M12 2 22 12 12 22 2 12Z",
    "triangle": "M12 2.5 22 20.5H2Z",
    "inverted": "M12 21.5 2 3.5H22Z",
    "pentagon": "M12 2 22 9.5 18 21H6L2 9.5Z",
    "hexagon": "M7 3H17L22.5 12 17 21H7L1.5 12Z",
    "star": "M12 1.5 15 8.5 22.5 9 16.8 14 18.6 21.5 12 17.4 5.4 21.5 7.2 14 1.5 9 9 8.5Z",
    "plus": "M8.5 2.5H15.5V8.5H21.5V15.5H15.5V21.5H8.5V15.5H2.5V8.5H8.5Z",
    "cross": "M6.5 2 12 7.5 17.5 2 22 6.5 16.5 12 22 17.5 17.5 22 12 16.5 6.5 22 2 17.5 7.5 12 2 6.5Z",
    "drop": "M12 1.5C16.5 7.5 19.5 10.8 19.5 15A7.5 7.5 0 0 1 4.5 15C4.5 10.8 7.5 7.5 12 1.5Z",
    "house": "M12 2 22 10.5H19.5V21.5H4.5V10.5H2Z",
}


def family_entry(key: str, label: str) -> dict[str, str]:
    """One entry of the map's and the charts' list of families; an unknown family gets the sign of ``other``."""
    return {"key": key, "label": label, **asdict(FAMILY_SIGNS.get(key, FAMILY_SIGNS["other"]))}
