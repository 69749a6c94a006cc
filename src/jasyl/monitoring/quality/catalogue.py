"""The catalogue of checks: which there are, what each applies to, with which parameters, and how grave it is."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import msgspec

from jasyl.texts import Refusal

from ..series import SeriesKind
from .findings import Finding
from .observation import Observed

Severity = Literal["suspect", "wrong"]
Need = Literal["place", "capacity", "irradiance", "wind", "parts", "twins"]
Judge = Callable[[Observed, Any], list[Finding]]


# Whether what a check needs is known. The sun is reckoned only for those who need it.
_KNOWN: dict[Need, Callable[[Observed], bool]] = {
    "place": lambda seen: seen.sun is not None,
    "capacity": lambda seen: seen.capacity is not None,
    "irradiance": lambda seen: seen.irradiance is not None,
    "wind": lambda seen: seen.wind is not None,
    "parts": lambda seen: seen.parts is not None,
    "twins": lambda seen: bool(seen.twins),
}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of a check: numbers with defaults, each with its meaning and unit in the JSON Schema."""


@dataclass(frozen=True)
class Check:
    """A named check; ``story`` is the incident it catches, its function's docstring.

    It applies to series of the given ``families`` of technology, ``quantities`` and ``kinds`` (None: any), whose
    intervals are shorter than a day unless ``daily``, where what it ``needs`` is known. ``context`` is how many days
    before and behind the judged ones it wants to see. ``severity`` is the verdict on what it finds.
    """

    id: str
    version: str
    severity: Severity
    judge: Judge
    settings: type[Settings]
    families: frozenset[str] | None = None
    quantities: frozenset[str] | None = None
    kinds: frozenset[SeriesKind] | None = None
    needs: frozenset[Need] = frozenset()
    daily: bool = False
    context: int = 0

    @property
    def story(self) -> str:
        return inspect.cleandoc(self.judge.__doc__ or "")

    @property
    def name(self) -> str:
        """``frozen@1.0.0``"""
        return f"{self.id}@{self.version}"

    def applies(self, seen: Observed) -> bool:
        """Whether this check can be asked about ``seen``."""
        series = seen.series
        return (
            (self.families is None or seen.family in self.families)
            and (self.quantities is None or series.quantity in self.quantities)
            and (self.kinds is None or series.kind in self.kinds)
            and (self.daily or series.interval_seconds < 86_400)
            and all(_KNOWN[need](seen) for need in self.needs)
        )

    def ask(self, seen: Observed, settings: Settings | None = None) -> list[Finding]:
        """What the check finds in ``seen``; nothing where it does not apply."""
        if not len(seen) or not self.applies(seen):
            return []
        return self.judge(seen, settings or self.settings())

    def as_data(self) -> dict[str, Any]:
        """The entry of the catalogue as JSON."""
        limited = {
            name: sorted(getattr(self, name)) if getattr(self, name) is not None else None
            for name in ("families", "quantities", "kinds", "needs")
        }
        return {
            "id": self.id,
            "version": self.version,
            "severity": self.severity,
            "applies_to": limited | {"daily": self.daily},
            "context_days": self.context,
            "parameters": _parameters(self.settings),
            "story": self.story,
        }


def _parameters(settings: type[Settings]) -> list[dict[str, Any]]:
    schema = msgspec.json.schema(settings)
    fields = schema["$defs"][settings.__name__]["properties"]
    return [
        {"name": name, "default": each["default"], "unit": each["unit"], "meaning": each["description"]}
        for name, each in fields.items()
    ]


def parameter(meaning: str, unit: str) -> msgspec.Meta:
    """What a parameter of a check means, and its unit (UCUM)."""
    return msgspec.Meta(description=meaning, extra_json_schema={"unit": unit})


# The modules whose functions are entered when the catalogue is first opened.
SUBJECTS = ("flows", "groups", "limits", "plants", "presence", "registers", "repetition", "sunlight")
_CHECKS: dict[str, Check] = {}


def check(
    name: str,
    version: str,
    severity: Severity,
    settings: type[Settings],
    *,
    families: set[str] | frozenset[str] | None = None,
    quantities: set[str] | frozenset[str] | None = None,
    kinds: set[SeriesKind] | None = None,
    needs: set[Need] | None = None,
    daily: bool = False,
    context: int = 0,
) -> Callable[[Judge], Judge]:
    """Enter the decorated pure function ``(Observed, settings) → findings`` as check ``name``."""

    def enter(judge: Judge) -> Judge:
        if name in _CHECKS:
            raise ValueError(f"{name} is entered twice")
        _CHECKS[name] = Check(
            name, version, severity, judge, settings,
            None if families is None else frozenset(families),
            None if quantities is None else frozenset(quantities),
            None if kinds is None else frozenset(kinds),
            frozenset(needs or ()), daily, context,
        )  # fmt: skip
        return judge

    return enter


def checks() -> tuple[Check, ...]:
    """All checks, by id."""
    for name in SUBJECTS:
        import_module(f"{__package__}.{name}")
    return tuple(sorted(_CHECKS.values(), key=lambda each: each.id))


def find_check(name: str) -> Check:
    """The check of one id. Raises Refusal ``unknown-check``."""
    found = {each.id: each for each in checks()}
    if name not in found:
        raise Refusal("unknown-check", received=name[:60], expected=", ".join(found))
    return found[name]
