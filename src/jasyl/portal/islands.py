"""What the server hands to the browser part: messages in the page's language and the signs of technology families."""

import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.texts import Language, say

# Messages of other files that islands also show.
SHARED = (
    "no-data", "confirmed", "unconfirmed", "unit-kW", "unit-MW", "unit-GW",
    *(f"{name}-{month}" for name in ("month", "month-short") for month in range(1, 13)),
)  # fmt: skip

# Places for numbers that only the browser knows; it fills them in (frontend/src/islands/number.ts).
BLANKS = {name: "{" + name + "}" for name in ("count", "shown", "all", "from", "to")}


def messages(language: Language, island: Literal["map", "charts"]) -> dict[str, str]:
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


def family_entry(key: str, label: str) -> dict[str, str]:
    """One entry of the map's and the charts' list of families; an unknown family gets the sign of ``other``."""
    return {"key": key, "label": label, **asdict(FAMILY_SIGNS.get(key, FAMILY_SIGNS["other"]))}
