"""How the entries of a report are written: sites by their names in the reader's language, or by their place."""

import pytest

from jasyl.atlas.report.words import site_name


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("76.0521 44.7504", "kk", "44,7504° N, 76,0521° E"),
        ("76.0521 44.7504", "en", "44.7504° N, 76.0521° E"),
        ("Korday (mast)", "ru", "Korday (mast)"),
        ("Astana", "kk", "Астана"),
    ],
)
def test_a_site_without_a_name_is_told_by_its_place(name, language, written):
    assert site_name(name, language) == written
