"""The atlas's names are loaded when asked for: each is there, none is hidden by a module, a map loads little."""

import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

from jasyl import atlas
from jasyl.atlas import weather


@pytest.mark.parametrize("face", [atlas, weather])
def test_every_name_is_there(face):
    for name in face.__all__:
        assert not isinstance(getattr(face, name), ModuleType)
    assert set(face.__all__) <= set(dir(face))


@pytest.mark.parametrize("face", [atlas, weather])
def test_no_name_is_that_of_a_module(face):
    # Python binds an imported module to its package, where it would stand in the way of the name.
    assert not {module.name for module in pkgutil.iter_modules(face.__path__)} & set(face.__all__)


def test_an_unknown_name_is_told():
    with pytest.raises(AttributeError, match=r"module 'jasyl\.atlas' has no attribute 'moonlight'"):
        atlas.moonlight  # noqa: B018


def test_a_map_over_a_store_loads_neither_database_nor_readers():
    code = (
        "import sys, jasyl.atlas.solar.yields, jasyl.atlas.solar.kernel, jasyl.atlas.wind.capacity\n"
        "from jasyl.atlas.weather import ZarrSource\n"
        "print([name for name in ('sqlalchemy', 'jasyl.storage', 'jasyl.intake', 'numba') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
