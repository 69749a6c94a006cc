"""The business identification number (BIN) of Kazakhstan: twelve digits, the last a check digit."""

from jasyl.texts import Refusal, Where

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(eleven: str) -> int | None:
    """The check digit for the first eleven digits: weighted sum modulo 11, with a second set of weights when
    the first gives 10. None when the second gives 10 too: such numbers are not issued."""
    digits = [int(digit) for digit in eleven]
    for weights in (_FIRST, _SECOND):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def parse_bin(written: str, where: Where | None = None) -> str:
    """The twelve digits of a BIN. Blanks inside are dropped. Raises Refusal ``bin-form`` or ``bin-check``."""
    digits = "".join(written.split())
    if len(digits) != 12 or not digits.isascii() or not digits.isdigit():
        raise Refusal("bin-form", where=where, received=written[:40])
    expected = check_digit(digits[:11])
    if expected is None or int(digits[11]) != expected:
        raise Refusal("bin-check", where=where, received=digits)
    return digits
