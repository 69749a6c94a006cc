"""One fact to start from."""

from decimal import Decimal

import pytest

from jasyl.facts import Fact


@pytest.fixture(scope="session")
def wind_2023():
    return Fact(
        metric="generation",
        place="KZ",
        area="",
        object="",
        technology="wind",
        period="2023",
        value=Decimal("3.80"),
        low=None,
        high=None,
        unit="TW.h",
        basis="published",
        source="a page",
        source_date="2024-01",
        confidence="high",
        confirmed=True,
        note="",
    )
