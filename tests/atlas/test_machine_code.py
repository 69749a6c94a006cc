"""Loops that are kept as machine code: what they give, when they are compiled anew, and what they refuse."""

import importlib
import json
import subprocess
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
    # Of another length: Python itself takes what it compiled in this second from a source of this length for current.
    source.write_text(SOURCE.format(added=100))
    sys.modules.pop("scaling")
    changed = loop()
    assert not changed.ready()
    assert result(changed) == [[100, 120, 140], [160, 180, 200]]


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


SCATTERED = """
import ctypes
import sys
import numpy as np
from jasyl.atlas.machine_code import Argument, Loop, _linker, reads, writes

system, page = ctypes.CDLL(None), 4096
system.mmap.restype = ctypes.c_void_p
system.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
system.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
taken = lambda size: system.mmap(None, size, 0, 0x22, -1, 0)  # out of reach, belonging to no file
arguments = (reads("float32", 2), Argument("float64"), Argument("bool"), writes("float64", 2))
loop, values, out = Loop(("scaling",), "scaled", arguments), np.ones((2, 3), np.float32), np.zeros((2, 3))
loop.files, _linker()
hole = taken(3 * page)
wall = taken(6 << 30)
while taken(2 * page) > wall:  # every gap above the wall that holds more than a page
    pass
system.munmap(hole + page, page)
loop(values, 10.0, True, out)
print(out.tolist())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="lays out memory as Linux does")
def test_code_and_its_constants_lie_together_in_a_process_that_fills_gigabytes(source: Path):
    """A test of performance aborted once in many runs: its code lay more than 2 GiB from the constants it read."""
    text = "\n".join(
        f"            out[row, column] += 0.{number} * values[row, column] ** {number}" for number in range(1, 99)
    )
    source.write_text(SOURCE.format(added=0) + text + "\n")
    loop().ready()
    done = subprocess.run(
        [sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=True, cwd=source.parent
    )
    expected = 20 + sum(float(f"0.{number}") for number in range(1, 99))
    assert np.allclose(json.loads(done.stdout), expected)


@pytest.mark.parametrize("loops", ["jasyl.atlas.wind.capacity_loop", "jasyl.atlas.solar.pass_loop"])
def test_maps_of_wind_and_sun_need_no_compiler(loops: str):
    """Numba and its linear algebra are half a second of a processor, more than a year's map of the country."""
    importlib.import_module(loops).compile_now()
    asked = {
        "jasyl.atlas.wind.capacity_loop": """
from jasyl.atlas.wind.capacity import Regions, capacity_factors, regional_output
from jasyl.atlas.wind.turbines import turbine
one = turbine("V126/3450")
found = capacity_factors(source, one.curve, 117).mean
assert regional_output(source, one.curve, 117, Regions.of(np.ones((1, 12)))).shape == (1, 24)
""",
        "jasyl.atlas.solar.pass_loop": """
from jasyl.atlas.solar.kernel import solar_kernel
from jasyl.atlas.solar.yields import mean_of
from jasyl.atlas.weather.fold import fold
found = mean_of(fold(source, solar_kernel(source.fields)), "power")
""",
    }
    script = """
import sys
import numpy as np
from jasyl.atlas.grid import Grid
from jasyl.atlas.weather.memory import MemorySource

sun = {"influx_direct": 300, "influx_diffuse": 100, "influx_toa": 900, "albedo": 0.2, "temperature": 280}
given = sun | {"wnd100m": 9, "roughness": 0.1}
fields = {name: np.full((24, 3, 4), value, np.float32) for name, value in given.items()}
source = MemorySource(Grid(60 * 3600, 50 * 3600, 900, 3, 4), 1_680_000_000_000_000, 3_600_000_000, fields)
"""
    after = """
assert 0.05 < found.min() < 0.9
print([name for name in ("numba", "scipy", "pandas", "xarray") if name in sys.modules])
"""
    command = [sys.executable, "-c", script + asked[loops] + after]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["[]"]
