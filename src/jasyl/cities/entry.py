"""What a city says of one data point in one year."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from jasyl.indicators import Answer, By, Part, Status
from jasyl.quantities import canonical_json, decimal_text, sha256_hex

from .breakdown import groups_text

# The origins are our own words: the three choices printed in the manual (VM 163) repeat those of quality.
Origin = Literal["city", "statistics", "utility", "survey", "measurement", "system", "other"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
# The six choices of data quality of the U4SSC template (VM 163).
Quality = Literal[
    "measured", "survey_extrapolated", "higher_level_extrapolated", "estimate_assumptions", "personal_estimate",
    "unknown",
]  # fmt: skip
QUALITIES: tuple[Quality, ...] = get_args(Quality)
EntryLevel = Literal["public", "closed"]
ENTRY_LEVELS: tuple[EntryLevel, ...] = get_args(EntryLevel)

# Statuses under which there is something to show and to score.
GIVEN: frozenset[Status] = frozenset(("reported", "partly", "not_verified", "not_verifiable"))

MONEY = "currency"
# Numbers of the city itself, on which many data points rest, with their unit; the last is what the city's own product
# is compared with. Amounts of money name their currency as the unit of the entry.
BASES: dict[str, str] = {
    "base.population": "number",
    "base.households": "number",
    "base.area": "km2",
    "base.gdp": MONEY,
    "base.budget": MONEY,
    "base.national_gdp_per_head": MONEY,
}


@dataclass(frozen=True)
class Entry:
    """One entry of a city book.

    ``value`` is given where only the result is known; else it follows from numerator and denominator. ``unit`` is the
    unit of ``value`` (the currency, for amounts of money) where the catalogue does not say it. ``parts`` are the groups
    behind it (by sex, age, disability, income, district), ``closed`` those that a public copy
    does not tell. ``id``, ``author``, ``recorded_at`` (µs UTC) and ``digest`` are empty as long as it is not in a book.
    """

    point: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    status: Status = "reported"
    origin: Origin | None = None
    quality: Quality | None = None
    unit: str | None = None
    dated: str | None = None
    note: str = ""
    evidence: str | None = None
    proposal: str | None = None
    reason: str = ""
    level: EntryLevel = "public"
    parts: tuple[Part, ...] = ()
    id: str = ""
    author: str = ""
    recorded_at: int = 0
    digest: str = ""
    closed: tuple[By, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether there is a number that the city stands by."""
        return self.status in GIVEN and any(each is not None for each in (self.numerator, self.value))

    @property
    def is_base(self) -> bool:
        return self.point in BASES

    @property
    def answer(self) -> Answer:
        """The entry as evaluations take it."""
        return Answer(
            self.point, self.numerator, self.denominator, self.value, self.status, self.origin or "", self.quality or ""
        )

    def content(self) -> dict[str, str | None]:
        """What was said, as JSON; numbers as decimal text, groups only where there are any."""
        return {
            "point": self.point,
            "numerator": _text(self.numerator),
            "denominator": _text(self.denominator),
            "value": _text(self.value),
            "unit": self.unit,
            "status": self.status,
            "origin": self.origin,
            "quality": self.quality,
            "dated": self.dated,
            "note": self.note,
            "evidence": self.evidence,
            "proposal": self.proposal,
            "reason": self.reason,
            "level": self.level,
            **({"parts": groups_text(self.parts)} if self.parts else {}),
        }

    def says_the_same(self, other: "Entry | None") -> bool:
        """Whether ``other`` says the same, whoever said it and when."""
        return other is not None and self.content() == other.content()

    def sealed(self, place: str, year: int, catalogue: str) -> "Entry":
        """The entry with its digest: SHA-256 over the canonical JSON of what was said, of which book, by whom, when."""
        about = {"place": place, "year": year, "catalogue": catalogue}
        by = {"id": self.id, "author": self.author, "recorded_at": self.recorded_at}
        return replace(self, digest=sha256_hex(canonical_json({**about, **self.content(), **by})))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
