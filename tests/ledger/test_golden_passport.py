"""A passport made once and kept: whoever holds one from today must be able to check it for ever."""

from pathlib import Path

import pytest

from jasyl.ledger import check_passport, parse_passport, parse_policy
from jasyl.texts import Language

KEPT = Path(__file__).parents[2] / "frontend" / "tests" / "fixtures"


def test_the_kept_passport_verifies() -> None:
    data = (KEPT / "statement.passport").read_bytes()
    found = check_passport(data, parse_policy((KEPT / "policy").read_bytes()))
    assert parse_passport(data).encode() == data
    assert (found.trusted, found.weakest, found.signatures) == (True, "operator-entered", 2)
    assert found.inputs.levels["gateway-signed"] == 48
    assert (found.inputs.count, found.inputs.committed) == (50, 1)
    assert found.statement.value is not None
    assert float(found.statement.value) > 2**53


@pytest.mark.parametrize(
    ("language", "value", "day"),
    [
        ("en", "360,000,000,000,000,000.184 Wh (observed)", "30,000,000,000,000,000.007 W,"),
        ("ru", "360 000 000 000 000 000,184 Вт·ч (измерено)", "30 000 000 000 000 000,007 Вт,"),
        ("kk", "360 000 000 000 000 000,184 Вт·сағ (өлшенген)", "30 000 000 000 000 000,007 Вт,"),
    ],
)
def test_numbers_stand_to_their_last_digit_as_the_reader_writes_them(language: Language, value: str, day: str) -> None:
    found = check_passport((KEPT / "statement.passport").read_bytes())
    said = "\n".join(found.lines(language)).replace("\u00a0", " ").replace("\u202f", " ")
    assert value in said
    assert day in said


def test_the_kept_passport_of_a_log_with_former_names_verifies() -> None:
    data = (KEPT / "renamed.passport").read_bytes()
    found = check_passport(data, parse_policy((KEPT / "renamed.policy").read_bytes()))
    assert (found.head.origin, found.weakest, found.inputs.recomputed) == ("city.example/log-3", "gateway-signed", 1)
    names = [record.log_origin for _, record in found.records]
    assert list(dict.fromkeys(names)) == [f"city.example/log{suffix}" for suffix in ("", "-2", "-3")]
