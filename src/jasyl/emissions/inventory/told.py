"""A result of an inventory as it is told: numbers, factors and names in one language."""

from dataclasses import dataclass
from decimal import Decimal

from jasyl.texts import Language, say, write_number

from ..factor_names import factor_name, word
from .totals import Result


@dataclass(frozen=True)
class Told:
    """A result with what is told of it in one language."""

    result: Result
    language: Language
    place: str

    def say(self, message: str, **arguments: str | int) -> str:
        return say(self.language, message, **arguments)

    def text(self, said: str) -> str:
        """A text of the inventory in this language."""
        return self.result.inventory.told(said, self.language)

    def thousand(self, kg: Decimal | float | None) -> str:
        """kg as thousand t."""
        return "—" if kg is None else write_number(self.language, Decimal(kg) / 10**6, 1)

    def tonnes(self, kg: Decimal | None) -> str:
        """kg as t: whole ones, finer below ten."""
        if kg is None:
            return "—"
        value = kg / 1000
        return write_number(self.language, value, 0 if abs(value) >= 10 or value == 0 else 2)

    def factor(self, identifier: str) -> str:
        """A factor by its name in this language; one of the document's own by what it is and its id."""
        own = next((one for one in self.result.inventory.factors if one.id == identifier), None)
        return (
            factor_name(identifier, self.language) if own is None else f"{word(own.parameter, self.language)}, {own.id}"
        )

    def variable(self, identifier: str) -> str:
        """What an error is of: an activity by its name, a factor by its name in this language."""
        kind, _, key = identifier.partition(":")
        if kind == "factor":
            return self.factor(key)
        return next((self.text(one.name) for one in self.result.inventory.activities if one.id == key), key)

    def sharing(self, method: str) -> str:
        """A way of sharing the fuel of cogeneration in words."""
        return self.say(f"plant-way-{method.replace('_', '-')}")

    def total(self, total: str) -> str:
        return self.say(f"inventory-total-{total.replace('_', '-')}")
