"""The examples of the manual run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import need
from tests.forks import program_in_forks
from tests.manual.pages import IN_THE_MANUAL, PAGES
from tests.serving import environment

_BLOCK = re.compile(r"^( *)<!-- run(: served)? -->\n *```(sh|console|python)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A fenced block that the manual marks as runnable."""

    page: Path
    number: int
    tongue: str
    text: str
    wants_server: bool

    @property
    def script(self) -> str:
        if self.tongue != "console":
            return self.text
        return "\n".join(line[2:] for line in self.text.splitlines() if line.startswith("$ "))


def _examples() -> list[Example]:
    return [
        Example(page, number, tongue, textwrap.dedent(text), bool(served))
        for page in PAGES
        for number, (_, served, tongue, text) in enumerate(_BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
    ]


@pytest.fixture(scope="module")
def surroundings():
    """The environment of an example: ``jasyl`` is a fork of a process that is ready."""
    plain = environment(no_proxy="127.0.0.1")
    with tempfile.TemporaryDirectory(prefix="jasyl-") as folder, program_in_forks(Path(folder), plain) as programs:
        yield {**plain, "PATH": os.pathsep.join([str(programs), plain["PATH"]])}


@pytest.mark.parametrize("example", _examples(), ids=lambda one: f"{one.page.stem}-{one.number}")
def test_examples_run(example, starter_folder, surroundings, tmp_path, request):
    shutil.copytree(starter_folder, tmp_path / "data")
    text = example.script.replace(".venv/bin/jasyl", "jasyl")
    if example.wants_server:
        assert IN_THE_MANUAL in text
        text = text.replace(IN_THE_MANUAL, request.getfixturevalue("served"))
    if "curl" in text:
        need(shutil.which("curl"), "curl is not installed: apt install curl")
    runner = [sys.executable, "-W", "error", "-c"] if example.tongue == "python" else ["bash", "-euo", "pipefail", "-c"]
    done = subprocess.run([*runner, text], cwd=tmp_path, env=surroundings, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
