"""Figures that others published: carried with their source, never computed again by us."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from .figure import Reference
from .method import Outcome, method
from .recomputation import Gathered


class FromSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``source`` is the publication as it is cited, ``confirmed`` False for values that stay out of totals."""

    source: str
    confirmed: bool = True


@dataclass(frozen=True)
class PublishedValue:
    """A value of a source in Wh, with the standard uncertainty the source states, if any."""

    value: Decimal | None
    uncertainty: Decimal | None = None


@method(
    "annual_output.published",
    "1.0.0",
    indicator="electricity.generated",
    kind="published",
    unit="W.h",
    parameters=FromSource,
)
def annual_output_published(parameters: FromSource, data: PublishedValue) -> Outcome:
    """The annual output that a source states, as it stands there (converted to Wh)."""
    return Outcome(data.value, uncertainty=data.uncertainty)


def published(value: PublishedValue, fact: Reference) -> Gathered:
    """What a published figure is made of: the value and the fact it was taken from."""
    return Gathered(value, (fact,))
