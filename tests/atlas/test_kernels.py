"""Kernels are compiled at set-up, and never from older sources."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jasyl.atlas import kernels


def test_every_kernel_module_is_compiled(monkeypatch: pytest.MonkeyPatch):
    room = Path(kernels.__file__).parent
    offered = {
        "jasyl.atlas." + ".".join(file.relative_to(room).with_suffix("").parts)
        for file in room.rglob("*.py")
        if "\ndef compile_now" in file.read_text(encoding="utf-8")
    }
    assert offered == set(kernels.MODULES)
    said: list[str] = []
    monkeypatch.setattr(kernels, "_forget_stale", lambda room: None)
    kernels.compile_all(said.append)
    assert said == list(kernels.MODULES)


def test_what_was_compiled_from_older_sources_is_removed(tmp_path: Path):
    import os

    cache = tmp_path / "__pycache__"
    cache.mkdir()
    for name in ("pass.nbi", "pass.1.nbc", "pass.loop.0123.o"):
        (cache / name).write_bytes(b"old")
        os.utime(cache / name, (1000, 1000))
    source = tmp_path / "pass.py"
    source.write_text("")
    os.utime(source, (900, 900))
    kernels._forget_stale(tmp_path)
    assert len(list(cache.iterdir())) == 3
    os.utime(source, (2000, 2000))
    kernels._forget_stale(tmp_path)
    assert not list(cache.iterdir())


def test_only_one_module_knows_numba_s_decorator():
    """Who compiled a kernel before the processor's features were settled kept it under another name: never found again.

    This happened: set-up began with a module that took ``njit`` from numba, and every solar map of a fresh process
    waited half a minute for a compiler.
    """
    room = Path(kernels.__file__).parent
    taken = re.compile(r"^\s*(import numba\b|from numba import .*\b(njit|jit|vectorize|guvectorize)\b)", re.MULTILINE)
    for file in room.rglob("*.py"):
        if file.name != "compiled.py":
            assert not taken.search(file.read_text(encoding="utf-8")), file


def test_what_set_up_compiled_is_found_by_every_process_in_any_order():
    """Each a process of its own: here, libraries of the tests may have settled the features before."""
    setup = "from jasyl.atlas.kernels import compile_all; compile_all()"
    subprocess.run([sys.executable, "-c", setup], check=True, timeout=600)
    script = """
import importlib, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    module.compile_now()
    for kernel in vars(module).values():
        if hasattr(kernel, "stats") and hasattr(kernel, "signatures"):
            assert not kernel.stats.cache_misses, (name, kernel, kernel.stats)
    if hasattr(module, "kept"):
        assert all(loop.ready() for loop in module.kept()), name
"""
    names = [*kernels.MODULES][2:] + [*kernels.MODULES][:2]
    subprocess.run([sys.executable, "-c", script, *names], check=True, timeout=300)
