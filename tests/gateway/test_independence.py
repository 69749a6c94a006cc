"""The gateway is a program of its own: it imports nothing of jasyl and few libraries."""

import ast
import subprocess
import sys

from tests.gateway.conftest import SOURCE


def test_it_imports_nothing_of_the_house():
    allowed = {"cryptography", "pymodbus"} | set(sys.stdlib_module_names)
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert {name.partition(".")[0] for name in names} <= allowed, file


def test_it_runs_by_itself(tmp_path):
    for words, code, said in (
        (["--help"], 0, "jasyl-gateway"),
        (["check", "--config", tmp_path / "absent.toml"], 1, "absent.toml"),
        (["nonsense"], 2, "invalid choice"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "jasyl_gateway.program", *map(str, words)],
            env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == code
        assert said in done.stdout + done.stderr
