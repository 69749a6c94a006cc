"""The factors an inventory uses: those of the package by id, and those it brings itself."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from jasyl.quantities import canonical_json, decimal_text, sha256_hex

from ..factor_names import factor_name
from ..factors import factor as packaged
from .document import Inventory, OwnFactor

# Parameters of the package that say how much of a gas there is; others (decay, composition) name the gas they serve.
_EMITTED = {"emission factor", "emission_factor", "grid factor", "heat factor at plant gate", "allocation factor"}


@dataclass(frozen=True)
class Used:
    """A factor as an inventory uses it: value and ends of its 95 % interval (None where unknown) in ``unit``.

    ``own`` says that the document brought it, ``assumed`` that nobody published it, ``confirmed`` is False for what
    the package carries from general knowledge only. ``gwp_set`` is that of a factor in CO2e, where it is known.
    """

    id: str
    name: str
    parameter: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    unit: str
    gas: str
    year: int | None
    source: str
    own: bool
    assumed: bool
    confirmed: bool
    gwp_set: str | None
    digest: str

    @property
    def multiplier(self) -> Decimal:
        """What the factor multiplies by, in its own unit; a loss of what goes in is more of what comes out."""
        return _multiplier(self.parameter, self.value)

    @property
    def gives(self) -> str:
        """The gas whose mass it gives; empty for a calorific value, a density, a share."""
        return self.gas if self.parameter in _EMITTED else ""

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """The ends of the multiplier, where both are known."""
        if self.low is None or self.high is None:
            return None
        return _multiplier(self.parameter, self.low), _multiplier(self.parameter, self.high)

    def as_data(self) -> dict[str, object]:
        """For programs; numbers as decimal texts."""
        ends = {
            name: None if end is None else decimal_text(end) for name, end in (("low", self.low), ("high", self.high))
        }
        return {
            "id": self.id, "parameter": self.parameter, "value": decimal_text(self.value), **ends, "unit": self.unit,
            "gas": self.gas, "year": self.year, "source": self.source, "own": self.own, "assumed": self.assumed,
            "confirmed": self.confirmed, "digest": self.digest,
        }  # fmt: skip


def used_factor(inventory: Inventory, identifier: str) -> Used:
    """The factor of an id: the document's own, else the package's. Raises Refusal ``emission-factor-unknown``."""
    own = next((one for one in inventory.factors if one.id == identifier), None)
    return _own(own) if own else _of_package(identifier)


def _multiplier(parameter: str, value: Decimal) -> Decimal:
    # Losses as a share of what enters a network are losses / (1 − losses) of what is used from it.
    return value / (1 - value) if parameter == "loss_of_input" else value


@lru_cache(maxsize=4096)
def _own(one: OwnFactor) -> Used:
    said = {key: str(value) for key, value in vars_of(one).items()}
    return Used(
        one.id, one.id, one.parameter, one.value, one.low, one.high, one.unit, one.gas, one.year, one.source,
        own=True, assumed=one.assumed, confirmed=True, gwp_set=one.gwp_set, digest=sha256_hex(canonical_json(said)),
    )  # fmt: skip


def vars_of(one: OwnFactor) -> dict[str, object]:
    """The fields of a factor by name."""
    return {name: getattr(one, name) for name in one.__struct_fields__}


@cache
def _of_package(identifier: str) -> Used:
    one = packaged(identifier)
    low, high = (None if end is None else Decimal(str(end)) for end in (one.low, one.high))
    return Used(
        one.id, factor_name(one.id, "en"), one.parameter, one.exact, low, high, one.unit, one.gas, one.year, one.source,
        own=False, assumed=False, confirmed=one.confirmed, gwp_set=None, digest=one.digest,
    )  # fmt: skip
