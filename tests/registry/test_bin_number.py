"""BIN: the check digit by its definition, and what people type wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.registry import check_digit, parse_bin
from jasyl.texts import Refusal

elevens = st.text("0123456789", min_size=11, max_size=11)

# Published numbers of large state companies: Samruk-Kazyna, KEGOC, KazMunayGas, Kazakhstan Temir Zholy.
PUBLISHED = ["081140000436", "970740000838", "020240000555", "020540003431"]


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_numbers_pass(number):
    assert parse_bin(number) == number


@given(elevens)
def test_the_check_digit_makes_a_valid_number(eleven):
    digit = check_digit(eleven)
    if digit is not None:
        assert parse_bin(f"{eleven[:6]} {eleven[6:]}{digit}") == f"{eleven}{digit}"


@given(elevens, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_nearly_always_noticed(eleven, place, shift):
    """Every change of one digit is noticed when the first weights serve: they are all prime to 11."""
    digit = check_digit(eleven)
    remainder = sum(int(d) * w for d, w in zip(eleven, range(1, 12), strict=True)) % 11
    if digit is None or remainder == 10:
        return
    number = list(f"{eleven}{digit}")
    number[place] = str((int(number[place]) + shift) % 10)
    changed = "".join(number)
    first = sum(int(d) * w for d, w in zip(changed[:11], range(1, 12), strict=True)) % 11
    if first == 10 or place == 10:  # the eleventh weight is 11: that digit has no say in the first round
        return
    with pytest.raises(Refusal):
        parse_bin(changed)


@pytest.mark.parametrize(
    "written", ["", "12345678901", "1234567890123", "97074000083X", "970740000839", "٩٧٠٧٤٠٠٠٠٨٣٨"]
)
def test_what_is_not_a_bin_is_refused(written):
    with pytest.raises(Refusal) as refused:
        parse_bin(written)
    assert refused.value.code in {"bin-form", "bin-check"}
