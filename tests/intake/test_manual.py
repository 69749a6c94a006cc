"""The examples of docs/files.md run as they stand there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "files.md"


def test_the_examples_of_the_manual_run(capsys):
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)
    said = capsys.readouterr().out
    assert said.startswith("50000000\nplants.csv, row 3, field “Мощность, кВт”: -5 is below")
    assert "Windows-1251" in said
    assert "Бурное,50,70.6,42.6" in said
    assert names["empty"].startswith(b"PK")
