"""Numbers and dates as each language writes them."""

import datetime as dt
from decimal import Decimal, localcontext

from .language import Language

Number = int | float | Decimal
# More than any number that a record or a file can hold.
_DIGITS = 200


def write_number(language: Language, value: Number | None, digits: int | None = None) -> str:
    """``1 234 567,9`` in kk and ru (no-break spaces), ``1,234,567.9`` in en; a missing value is a dash.

    ``digits`` fixes the number of decimals; without it up to three significant decimals are shown.
    """
    from babel.numbers import format_decimal  # noqa: PLC0415  (slow to load, and help needs none)

    if value is None:
        return "—"
    if digits is None:
        digits = _sensible_digits(value)
    pattern = "#,##0" + ("." + "0" * digits if digits > 0 else "")
    with localcontext(prec=_DIGITS):  # or a number of more than 28 digits would be an error
        return format_decimal(value, format=pattern, locale=language)


def write_given(language: Language, value: Decimal | int | None) -> str:
    """A number with the decimals it was given with: ``2,9`` of a source that says 2.9, neither ``2,90`` nor ``3``."""
    if value is None:
        return "—"
    decimals = f"{Decimal(value):f}".partition(".")[2].rstrip("0")
    return write_number(language, value, len(decimals))


def _sensible_digits(value: Number) -> int:
    size = abs(float(value))
    if size == int(size) and size < 1e15:
        return 0
    if size >= 100:
        return 0 if size >= 1000 else 1
    return 2 if size >= 1 else 3


def write_date(language: Language, day: dt.date) -> str:
    """A date in full words, for example ``21 қараша 2026 ж.``."""
    from babel.dates import format_date  # noqa: PLC0415  (slow to load, and help needs none)

    return format_date(day, format="long", locale=language)
