"""The forms of the planner's pages: what may be changed, what the address says of it, and the settings it means."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final, Literal

from jasyl.atlas import Turbine, turbine, turbines
from jasyl.atlas.recompute import SolarSettings, WindSettings, pasted_turbine, whole_years, written_curve
from jasyl.atlas.solar.mounting import Mounting, Tracking
from jasyl.atlas.solar.panels import Losses, panel_names
from jasyl.atlas.weather.record import StoreRecord
from jasyl.atlas.wind.turbine_yield import Losses as WindLosses
from jasyl.texts import Language, Refusal, write_given

Query = Mapping[str, str]
Options = Sequence[tuple[str, str]]

# How panels stand, by the word in the address. Which of them have a tilt, which an axis that rows can shade.
MOUNTINGS: Final[dict[str, Tracking | None]] = {
    "fixed": None,
    "axis": "horizontal",
    "tilted-axis": "tilted_horizontal",
    "vertical-axis": "vertical",
    "two-axes": "dual",
}
_TILTED = ("fixed", "tilted-axis", "vertical-axis")
_AXIS = ("axis", "tilted-axis")
DEFAULT_TURBINE: Final = "E-126/4200"
OWN: Final = "own"
# What the address keeps of a map: all of these and nothing else.
SOLAR_KEYS: Final = (
    "panel", "mounting", "tilt", "azimuth", "ground", "limit", "inverter", "soiling", "other", "availability",
    "store", "period",
)  # fmt: skip
WIND_KEYS: Final = (
    "turbine", "curve", "height", "wake", "standstill", "electrical", "other", "density", "scale"
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A control: its name in the address, the message of its label, and what it holds.

    ``options`` (value, text) make it a list, grouped where a text begins with its group and a tab; ``rows`` a text of
    several lines; else it is a number from ``low`` to ``high``. ``hint`` is a message.
    """

    name: str
    label: str
    value: str
    options: Options = ()
    rows: int = 0
    low: float = 0
    high: float = 100
    hint: str | None = None

    @property
    def kind(self) -> Literal["list", "text", "number"]:
        return "list" if self.options else "text" if self.rows else "number"

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The options by group, "" for those without one."""
        found: dict[str, list[tuple[str, str]]] = {}
        for value, text in self.options:
            group, _, rest = text.rpartition("\t")
            found.setdefault(group, []).append((value, rest))
        return list(found.items())


@dataclass(frozen=True)
class Form:
    """The controls in the order of the page, by group (message of its heading)."""

    groups: Sequence[tuple[str, Sequence[Field]]] = field(default_factory=tuple[tuple[str, Sequence[Field]], ...])


def number(query: Query, key: str, default: float | None, low: float, high: float) -> float | None:
    """A number of the query, with decimal point or comma; ``default`` where none stands.

    Raises Refusal ``recompute-number``.
    """
    written = query.get(key, "").strip().replace(",", ".").rstrip("%°").strip()
    if not written:
        return default
    try:
        found = float(written)
    except ValueError:
        found = math.nan
    if not low <= found <= high:
        raise Refusal("recompute-number", received=f"{key}={query[key][:20]}", low=f"{low:g}", high=f"{high:g}")
    return round(found, 3)


def word(query: Query, key: str, known: Sequence[str]) -> str:
    """One of ``known`` words, the first where none stands. Raises Refusal ``recompute-word``."""
    found = query.get(key) or known[0]
    if found not in known:
        raise Refusal("recompute-word", received=f"{key}={found[:40]}", expected=", ".join(known))
    return found


def solar_settings(query: Query) -> SolarSettings:
    """What the address says of panels. A number that has no part in the chosen mounting is left aside."""
    stands = word(query, "mounting", tuple(MOUNTINGS))
    tilt = number(query, "tilt", None, 0, 90) if stands in _TILTED else None
    azimuth = number(query, "azimuth", 180, 0, 360) if stands != "two-axes" else 180
    if tilt is None and stands in _TILTED and azimuth != 180:
        raise Refusal("recompute-azimuth", received=f"{azimuth:g}")
    named = None if tilt is not None or stands == "axis" else "latitude_optimal"
    ground = number(query, "ground", None, 1, 99) if stands in _AXIS else None
    mounting = Mounting(
        named, tilt or 0.0, azimuth or 0.0, MOUNTINGS[stands],
        None if ground is None else round(ground / 100, 5),
        number(query, "limit", None, 1, 90) if stands in _AXIS else None,
    )  # fmt: skip
    losses = Losses(
        _share(query, "soiling", 3.5), _share(query, "other", 0), _share(query, "availability", 100, 1, 100)
    )
    return SolarSettings(
        panel=word(query, "panel", panel_names()),
        mounting=mounting,
        inverter=_share(query, "inverter", 90, 1, 100),
        losses=losses,
        store=query.get("store") or None,
        period=query.get("period") or None,
    )


def solar_form(query: Query, stores: Sequence[StoreRecord], words: Mapping[str, str], language: Language) -> Form:
    """The form over the stores there are; ``words`` are texts of the values ``panel-CSi``, ``mounting-fixed``, …"""
    chosen = next((one for one in stores if one.name == query.get("store")), stores[0])
    years = [str(year) for year in reversed(whole_years(chosen))]
    periods = [(year, year) for year in years] + [("all", words["period-all"])]
    weather = [_list(query, "period", periods)]
    control = partial(_number, language, query)
    if len(stores) > 1:
        weather.insert(0, _list(query, "store", [(one.name, one.name) for one in stores]))
    return Form((
        ("recompute-panels", (
            _list(query, "panel", [(name, words[f"panel-{name}"]) for name in panel_names()]),
            _list(query, "mounting", [(name, words[f"mounting-{name}"]) for name in MOUNTINGS]),
            control("tilt", None, 0, 90, hint="recompute-tilt-hint"),
            control("azimuth", 180, 0, 360, hint="recompute-azimuth-hint"),
            control("ground", None, 1, 99, hint="recompute-ground-hint"),
            control("limit", None, 1, 90, hint="recompute-limit-hint"),
        )),
        ("recompute-losses", (
            control("inverter", 90, 1, 100), control("soiling", 3.5, 0, 99),
            control("other", 0, 0, 99), control("availability", 100, 1, 100),
        )),
        ("recompute-weather", weather),
    ))  # fmt: skip


def wind_settings(query: Query, *, scalable: bool, scaled: bool) -> WindSettings:
    """What the address says of a turbine; ``scaled`` is what holds where it says nothing of scaling."""
    losses = WindLosses(
        _share(query, "wake", 0), _share(query, "standstill", 0), _share(query, "electrical", 0),
        _share(query, "other", 0),
    )  # fmt: skip
    chosen = chosen_turbine(query)
    scale = word(query, "scale", ("yes", "no") if scaled else ("no", "yes"))
    return WindSettings(
        turbine=chosen,
        hub_height=chosen.hub_height(number(query, "height", None if chosen.hub_heights else 100, 10, 300)),
        losses=losses,
        density_correction=word(query, "density", ("yes", "no")) == "yes",
        scaled=scalable and scale == "yes",
    )


def chosen_turbine(query: Query) -> Turbine:
    """The turbine of the catalogue, or that of the pasted curve where one stands. Raises Refusal
    ``turbine-unknown``, ``power-curve…``."""
    if query.get("turbine") == OWN or (query.get("curve") and not query.get("turbine")):
        made = pasted_turbine(query.get("curve", ""))
        # What is called the same and gives the same is the same: whoever pasted it.
        return replace(made, name=OWN)
    return turbine(query.get("turbine") or DEFAULT_TURBINE)


def wind_form(query: Query, words: Mapping[str, str], language: Language, *, scalable: bool, scaled: bool) -> Form:
    """The form; ``words`` are texts of the values."""
    types = [(one.id, f"{one.manufacturer}\t{one.name}, {_written(language, one.rated / 1e6)} {words['megawatt']}")
             for one in _ordered()]  # fmt: skip
    control = partial(_number, language, query)
    unit = [_list(query, "scale", _yes_no(words, scaled))] if scalable else []
    return Form((
        ("recompute-turbine", (
            replace(_list(query, "turbine", [(OWN, words["turbine-own"]), *types]), value=_turbine_word(query)),
            control("height", None, 10, 300, hint="recompute-height-hint"),
            Field("curve", "recompute-curve", _curve_lines(query), rows=5, hint="recompute-curve-hint"),
        )),
        ("recompute-losses", tuple(
            control(key, 0, 0, 99) for key in ("wake", "standstill", "electrical", "other")
        )),
        ("recompute-air", (_list(query, "density", _yes_no(words, True)), *unit)),
    ))  # fmt: skip


def kept_query(query: Query, keys: Sequence[str], found: Turbine | None = None) -> dict[str, str]:
    """What of the query makes the map, for addresses: a pasted curve in its short form, nothing empty."""
    kept = {key: query[key].strip() for key in keys if query.get(key, "").strip()}
    if found is not None and found.collection == OWN:
        kept |= {"turbine": OWN, "curve": written_curve(found)}
    else:
        kept.pop("curve", None)
    return kept


def _turbine_word(query: Query) -> str:
    return OWN if query.get("curve") and not query.get("turbine") else query.get("turbine") or DEFAULT_TURBINE


def _curve_lines(query: Query) -> str:
    """The curve as lines of two columns, from its short form too."""
    text = query.get("curve", "")
    return text.replace(":", "\t").replace(",", "\n") if ":" in text and "\n" not in text else text


def _ordered() -> list[Turbine]:
    return sorted(turbines().values(), key=lambda one: (one.manufacturer.casefold(), one.rated, one.name))


def _yes_no(words: Mapping[str, str], first: bool) -> Options:
    found = [("yes", words["yes"]), ("no", words["no"])]
    return found if first else found[::-1]


def _list(query: Query, key: str, options: Options) -> Field:
    return Field(key, f"recompute-{key}", query.get(key) or options[0][0], options)


def _number(
    language: Language, query: Query, key: str, default: float | None, low: float, high: float, hint: str | None = None
) -> Field:
    """A number as the reader writes it; what is none stays as it was typed, for its refusal."""
    try:
        asked = number(query, key, default, low, high)
    except Refusal:
        return Field(key, f"recompute-{key}", query[key], low=low, high=high, hint=hint)
    value = "" if asked is None else _written(language, asked)
    return Field(key, f"recompute-{key}", value, low=low, high=high, hint=hint)


def _written(language: Language, value: float) -> str:
    return write_given(language, Decimal(f"{value:g}"))


def _share(query: Query, key: str, default: float, low: float = 0, high: float = 99) -> float:
    found = number(query, key, default, low, high)
    return round((default if found is None else found) / 100, 5)
