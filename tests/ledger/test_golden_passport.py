"""A passport made once and kept: whoever holds one from today must be able to check it for ever."""

from pathlib import Path

from jasyl.ledger import check_passport, parse_passport, parse_policy

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


def test_the_kept_passport_of_a_log_with_former_names_verifies() -> None:
    data = (KEPT / "renamed.passport").read_bytes()
    found = check_passport(data, parse_policy((KEPT / "renamed.policy").read_bytes()))
    assert (found.head.origin, found.weakest, found.inputs.recomputed) == ("city.example/log-3", "gateway-signed", 1)
    names = [record.log_origin for _, record in found.records]
    assert list(dict.fromkeys(names)) == [f"city.example/log{suffix}" for suffix in ("", "-2", "-3")]
