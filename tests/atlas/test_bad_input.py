"""The manual's table of wrong input names, for every row, tests that are there."""

import re
from pathlib import Path

HERE = Path(__file__).parent
MANUAL = HERE.parents[1] / "docs" / "atlas-sources.md"


def test_every_row_names_a_test_that_exists():
    tests = "\n".join(file.read_text(encoding="utf-8") for file in HERE.rglob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    chapter = MANUAL.read_text(encoding="utf-8").partition("## What comes in wrong")[2].partition("\n## ")[0]
    rows = [line for line in chapter.splitlines() if line.startswith("| ")][1:]
    rows = [row for row in rows if not row.startswith("| ---")]
    assert len(rows) == 15
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert set(named) <= known, row
