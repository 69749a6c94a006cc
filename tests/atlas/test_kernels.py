"""Kernels are compiled at set-up, and never from older sources."""

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
    for name in ("pass.nbi", "pass.1.nbc"):
        (cache / name).write_bytes(b"old")
        os.utime(cache / name, (1000, 1000))
    source = tmp_path / "pass.py"
    source.write_text("")
    os.utime(source, (900, 900))
    kernels._forget_stale(tmp_path)
    assert len(list(cache.iterdir())) == 2
    os.utime(source, (2000, 2000))
    kernels._forget_stale(tmp_path)
    assert not list(cache.iterdir())
