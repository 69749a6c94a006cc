"""Canonical bytes: one way to write a thing, and refusal of what has none."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.quantities import canonical_json, decimal_text, sha256_hex, signable
from jasyl.texts import Refusal


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e20", max_value="1e20"))
def test_a_decimal_text_keeps_the_value_and_has_one_form(value):
    text = decimal_text(value)
    assert Decimal(text) == value
    assert decimal_text(Decimal(text)) == text
    assert "e" not in text.lower()
    assert not (("." in text) and text.endswith("0"))


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("-0.000"), "0"), (Decimal("1E+3"), "1000"), (Decimal("10.50"), "10.5"), (7, "7")]
)
def test_decimal_texts_by_hand(value, text):
    assert decimal_text(value) == text


def test_infinity_has_no_text():
    with pytest.raises(ValueError, match="finite"):
        decimal_text(Decimal("inf"))


def test_keys_are_ordered_by_utf16_as_rfc_8785_says():
    # RFC 8785, 3.2.3: the example's order of keys, by UTF-16 code units
    document = {
        "\u20ac": "Euro",
        "\r": "CR",
        "\ufb33": "Dalet",
        "1": "One",
        "\U0001f600": "Smile",
        "\x80": "C",
        "\xf6": "O",
    }
    keys = list(json.loads(canonical_json(document)))
    assert keys == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


def test_the_published_examples():
    # cyberphone/json-canonicalization, testdata: weird.json (77917fb), french.json (b01b023); in order of the input
    weird = {
        "\u20ac": "Euro Sign", "1": "One", "\x80": "Control\x7f", "\U0001f602": "Smiley",
        "\xf6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "</script>": "Browser Challenge",
    }  # fmt: skip
    assert canonical_json(weird).decode() == (
        '{"1":"One","</script>":"Browser Challenge","\x80":"Control\x7f","\xf6":"Latin Small Letter O With Diaeresis",'
        '"\u20ac":"Euro Sign","\U0001f602":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
    )
    french = {
        "sin": "ingnore locale", "p\xeache": "but canonicalization MUST", "p\xe9ch\xe9": "is wrong according to French",
        "peach": "This sorting order",
    }  # fmt: skip
    assert canonical_json(french).decode() == (
        '{"peach":"This sorting order","p\xe9ch\xe9":"is wrong according to French",'
        '"p\xeache":"but canonicalization MUST","sin":"ingnore locale"}'
    )


@pytest.mark.parametrize("document", [1.5, {"a": [0.1]}, {"a": 2**53}, {1: "a"}, {"a": b"x"}])
def test_what_cannot_be_signed_is_refused_with_its_place(document):
    with pytest.raises(Refusal) as refused:
        canonical_json(document)
    assert refused.value.code == "not-canonical"
    assert refused.value.arguments["path"].startswith("$")


def test_sha256_of_the_empty_text():
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_document_becomes_signable_and_loses_nothing():
    document = {"amount": Decimal("1E+3"), "shares": (0.1, 1e-7), "name": "x", "count": 3, "none": None, "yes": True}
    ready = signable(document)
    assert ready == {
        "amount": "1000", "shares": ["0.1", "0.0000001"], "name": "x", "count": 3, "none": None, "yes": True
    }  # fmt: skip
    assert canonical_json(ready) == canonical_json(signable(ready))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_signed_by_the_text_that_reads_back(number):
    assert float(signable(number)) == number
