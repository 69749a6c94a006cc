"""Every attack and every known answer of the manual is a test that exists."""

import re

from tests.serving import ROOT

PAGE = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
ROWS = [
    line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "| what", "| -"))
]
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def test_each_row_names_tests_that_exist():
    assert len(ROWS) >= 18 + 7
    for row in ROWS:
        found = NAMED.findall(row)
        assert found, row
        assert len(found) == row.count("::"), row
        for file, name in found:
            source = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^def {name}\(", source, re.MULTILINE), f"{file}::{name}"
