"""``jasyl ledger erase`` of a series: named as people name it, told in words, its days no longer counted as checked."""

import pytest
from tests.cli.test_certificates import HERE, logged, metered


@pytest.fixture
def data(tmp_path):
    metered(tmp_path / "data", HERE)
    logged(tmp_path / "data")
    return tmp_path / "data"


def test_a_series_is_erased_by_its_key(jasyl, data):
    before = jasyl.json("monitor", "check", "--data", data)
    assert (before["sealed_days"], before["erased_days"]) == (4, 0)
    why = ("--reason", "asked for by the owner", "--authority", "agency", "--data", data)
    assert jasyl("ledger", "erase", "meter", *why, "--lang", "en") == 0, jasyl.err
    assert "series meter is destroyed" in jasyl.out
    assert "Payloads erased" not in jasyl.out
    after = jasyl.json("monitor", "check", "--data", data)
    assert (after["ok"], after["sealed_days"], after["erased_days"]) == (True, 2, 2)
    for language in ("kk", "ru", "en"):
        assert jasyl("monitor", "check", "--data", data, "--lang", language) == 0
        assert ": 2." in jasyl.out
    assert jasyl.json("ledger", "verify", data)["ok"]
    assert jasyl("ledger", "erase", "meter", *why, "--lang", "en") == 1
    assert "erased before" in jasyl.err
