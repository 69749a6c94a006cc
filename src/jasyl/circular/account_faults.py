"""Faults of an account and their places: in a JSON document, or in the table an account was read from."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from jasyl.texts import Refusal, Where

# Gives the place of a field of the nth entry of a section, in the words of the file the account came from.
Place = Callable[[str, int, str], Where]
# Numbers from here on are slips of the pen; their squares would leave what a computer can hold.
_TOO_LARGE = Decimal("1e30")


def in_document(name: str = "") -> Place:
    """Places in a JSON document: ``observations[3].unit``; fields of the account itself stand at its top."""

    def place(section: str, at: int, field: str) -> Where:
        if section == "account":
            return Where(file=name or None, field=field)
        return Where(file=name or None, field=f"{section}[{at}].{field}" if field else f"{section}[{at}]")

    return place


def fault(code: str, where: Where, received: object, expected: object = None) -> Refusal:
    """A refusal at a place; what was received and expected as text."""
    return Refusal(code, where=where, received=str(received), expected=None if expected is None else str(expected))


def number_faults(number: Decimal, where: Where) -> Iterator[Refusal]:
    """No number, or one no account can hold."""
    if not number.is_finite():
        yield fault("circular-number", where, number)
    elif abs(number) >= _TOO_LARGE:
        yield fault("circular-number-large", where, number)
