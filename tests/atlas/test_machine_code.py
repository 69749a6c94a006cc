"""Loops that are kept as machine code: what they give, when they are compiled anew, and what they refuse."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from jasyl.atlas.machine_code import Argument, Loop, reads, writes

SOURCE = """
def scaled(values, factor, doubled, out):
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            out[row, column] = values[row, column] * factor * (2 if doubled else 1) + {added}
"""
ARGUMENTS = (reads("float32", 2), Argument("float64"), Argument("bool"), writes("float64", 2))
VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A module of a loop, in a folder of its own."""
    file = tmp_path / "code" / "scaling.py"
    file.parent.mkdir()
    file.write_text(SOURCE.format(added=0))
    monkeypatch.syspath_prepend(file.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield file
    sys.modules.pop("scaling", None)


def loop() -> Loop:
    importlib.invalidate_caches()
    return Loop(("scaling",), "scaled", ARGUMENTS)


def result(one: Loop) -> list[list[float]]:
    out = np.zeros(VALUES.shape)
    one(VALUES, 10.0, True, out)
    return out.tolist()


def test_a_loop_gives_the_same_compiled_and_kept(source: Path):
    first = loop()
    assert not first.ready()
    kept = loop()
    assert kept.ready()
    assert kept.files[0].parent == source.parent / "__pycache__"
    assert result(first) == result(kept) == [[0, 20, 40], [60, 80, 100]]


def test_another_source_is_compiled_anew(source: Path):
    assert result(loop()) == [[0, 20, 40], [60, 80, 100]]
    source.write_text(SOURCE.format(added=1))
    sys.modules.pop("scaling")
    changed = loop()
    assert not changed.ready()
    assert result(changed) == [[1, 21, 41], [61, 81, 101]]


def test_code_that_was_cut_is_compiled_anew(source: Path):
    loop().ready()
    file = loop().files[0]
    file.write_bytes(file.read_bytes()[:-100])
    again = loop()
    assert not again.ready()
    assert result(again) == [[0, 20, 40], [60, 80, 100]]
    assert loop().ready()


def test_where_the_source_lies_read_only_the_user_s_cache_keeps_it(source: Path, tmp_path: Path):
    (source.parent / "__pycache__").touch()  # a file where a folder should be: cannot be written by anybody
    assert not loop().ready()
    assert loop().ready()
    assert [file.parent for file in (tmp_path / "cache").rglob("*.o")] == [tmp_path / "cache" / "jasyl"]


@pytest.mark.parametrize(
    "values",
    [VALUES.astype(np.float64), VALUES[0], VALUES[:, ::2], VALUES.tolist()],
    ids=["kind", "dimensions", "order", "list"],
)
def test_arrays_the_code_was_not_made_for_are_refused(source: Path, values: object):
    with pytest.raises(TypeError, match="float32"):
        loop()(values, 1.0, True, np.zeros((2, 3)))


def test_what_is_written_must_be_writable(source: Path):
    out = np.zeros((2, 3))
    out.setflags(write=False)
    with pytest.raises(TypeError, match="float64"):
        loop()(VALUES, 1.0, True, out)


def test_a_loop_that_allocates_is_not_compiled(source: Path):
    from numba.core.errors import NumbaError

    source.write_text("import numpy as np\ndef scaled(values, factor, doubled, out):\n    out[0] = np.ones(3)\n")
    with pytest.raises(NumbaError):
        loop().ready()
