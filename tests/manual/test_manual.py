"""The manual is checked like code: it names everything there is, and it builds without a warning."""

import os
import re
import subprocess
from importlib import import_module

import httpx
import pytest
import typer
from tests.manual.pages import IN_THE_MANUAL, PAGES
from tests.serving import PROGRAMS, ROOT

from jasyl.cli import house, program

MANUAL = "\n".join(page.read_text(encoding="utf-8") for page in PAGES[1:])


def _names(command, words):
    """Every command below ``command``, as it is typed."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [" ".join(words)]
    return [name for word, one in inner.items() for name in _names(one, [*words, word])]


def _group(name):
    return typer.main.get_command(import_module(f"jasyl.cli.{program._MODULES.get(name, name)}").app)


def _missing(names, text=MANUAL):
    return [name for name in names if f"`{name}" not in text]


@pytest.mark.parametrize("group", sorted(program._GROUPS))
def test_every_command_of_a_group_is_in_the_manual(group):
    names = _names(_group(group), ["jasyl", group])
    assert names
    assert _missing(names) == []


def test_every_command_of_the_house_is_in_the_manual():
    fresh = typer.Typer()
    house.register(fresh)
    names = _names(typer.main.get_command(fresh), ["jasyl"])
    assert {"jasyl init", "jasyl serve", "jasyl run"} <= set(names)
    assert _missing(names) == []


def test_every_page_and_endpoint_is_in_the_manual(served):
    described = httpx.get(f"{served}/openapi.json", trust_env=False).json()["paths"]
    known = [
        path if method == "get" else f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
    ]
    assert len(known) > 40
    endpoints = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    assert [path for path in known if f"`{path}`" not in endpoints] == []


def test_the_manual_names_no_endpoint_that_is_not_there(served):
    described = httpx.get(f"{served}/openapi.json", trust_env=False).json()["paths"]
    rows = re.findall(r"^\| `(?:POST )?(/\S*?)`", (ROOT / "docs" / "http.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows
    assert [path for path in rows if path not in {*described, "/openapi.json"}] == []


def test_every_setting_is_in_the_manual():
    folders = ("src", "tests", "scripts", "benchmarks", ".ci")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ""}]
    read = (file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file())
    settings = {name for text in read for name in re.findall(r"\bJASYL_[A-Z][A-Z_]*[A-Z]\b", text)}
    assert {"JASYL_DATA", "JASYL_LANG", "JASYL_HOSTS"} <= settings
    assert _missing(sorted(settings)) == []


def test_every_target_and_variable_of_make_is_in_the_manual():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [f"make {name}" for name in re.findall(r"^([a-z]+):", makefile, re.MULTILINE)]
    assert "make run" in targets
    assert _missing([*targets, *re.findall(r"^([A-Z]+) *\?=", makefile, re.MULTILINE)]) == []


def test_every_path_of_a_data_folder_is_in_the_manual(starter_folder):
    there = [path.name + "/" * path.is_dir() for path in starter_folder.iterdir() if not path.name.startswith(".")]
    assert "registry.sqlite" in there
    assert _missing(there) == []


def test_addresses_in_the_manual_answer(served):
    asked = {
        address.rstrip(".,")
        for page in PAGES
        for address in re.findall(rf"\]\({IN_THE_MANUAL}(/[^)\s]*)\)", page.read_text(encoding="utf-8"))
    }
    assert "/dynamics" in asked
    with httpx.Client(base_url=served, trust_env=False, timeout=60) as client:
        answers = {path: client.get(path).status_code for path in sorted(asked)}
    assert answers.pop("/import") == 403  # wants somebody signed in
    assert set(answers.values()) == {200}, answers


def test_files_named_in_the_readme_are_there():
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGES[0].read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_pictures_are_small():
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    assert [file.name for file in pictures if file.suffix != ".png" or file.stat().st_size > 400_000] == []


def test_the_manual_builds_strictly_and_asks_nothing_of_other_servers(tmp_path):
    done = subprocess.run(
        [PROGRAMS / "mkdocs", "build", "--strict", "-q", "-d", tmp_path],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 12
    loaded = re.compile(
        r"<(?:script|img|iframe|link rel=\"(?:stylesheet|preconnect|icon)\")[^>]*(?:src|href)=\"https?:"
    )
    assert [page.name for page in pages if loaded.search(page.read_text(encoding="utf-8"))] == []
